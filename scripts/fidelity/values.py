"""Strategies for JSON values of any schema, odd ones among them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

if TYPE_CHECKING:
    from spec.json_value import Json

MAX_LENGTH: Final = 12
"""The length of the longest text without a limit of its own."""
_BIG: Final = 10**40

large_integers: Final = st.sampled_from([2**31, 2**53 + 1, 2**63, -(2**63) - 1, 2**64, 10**30 + 1])
names: Final = st.sampled_from(
    ["id", "type", "self", "class", "model_config", "model_fields", "additional_properties", "__dict__", "_private", ""]
)
"""Names of properties that generated code may trip over."""
texts: Final = st.text(max_size=MAX_LENGTH) | st.sampled_from(["", "null", "1", "true", "é", "\u2028", "𝄞", "a\x00b"])
_integers: Final = st.integers(-100, 100) | st.integers(-_BIG, _BIG) | large_integers
_floats: Final = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-100, 100).map(float)
_scalars: st.SearchStrategy[Json] = st.none() | st.booleans() | _integers | _floats | texts
_nested: st.SearchStrategy[Json] = st.sampled_from(
    [[], {}, [[]], [None, 1.5, "a"], {"a": {"b": [1, {}]}}, {"": None, "type": "object"}]
)
json_values: st.SearchStrategy[Json] = _scalars | _nested.map(copy.deepcopy)

_digits: Final = st.text("0123456789", min_size=1, max_size=12)
_offsets: Final = st.sampled_from(["Z", "z", "+00:00", "-00:00", "+05:30", "-11:59", "+23:59", "-08:00"])
_dates: Final = st.dates().map(str) | st.sampled_from(["0001-01-01", "2016-12-31", "2024-02-29", "9999-12-31"])
_ODD_TIMES: Final = ("23:59:60", "15:59:60", "00:00:00")
_times: Final = st.times().map(lambda time: time.isoformat("seconds")) | st.sampled_from(_ODD_TIMES)
date_times: Final = st.builds(
    "{}{}{}{}{}".format, _dates, st.sampled_from("TTTt"), _times, st.just("") | _digits.map(".{}".format), _offsets
)
"""Date-times as RFC 3339 writes them. Some have leap seconds at times that have none."""

FORMATTED: Final = {
    "byte": ("", "0", "aGk=", "a-_b", "é"),
    "date": (
        "2026-01-31",
        "2024-02-29",
        "2026-02-29",
        "0000-02-29",
        "2026-1-1",
        "20260131",
        "\uff12026-01-01",
        "2026-01-31\n",
    ),
    "duration": ("P1D", "P", "PT", "P1Y2M3DT4H5M6S", "PT1H1S", "P1W", "P1W1D", "-P1D", "p1d", "PT0.5S", "P1DT"),
    "email": ("a@example.com", "a", "a@b", '"a b"@example.com'),
    "ipv4": ("192.0.2.1", "01.2.3.4", "1.2.3", "256.1.1.1", "1.2.3.4/8", "\uff11.2.3.4"),
    "ipv6": ("::1", "2001:DB8::1", "::ffff:192.0.2.1", "::1%eth0", ":::", "12345::", "::1/64"),
    "json-pointer": ("", "/a/0", "a", "/~0~1", "/~2", "/~", "/a\n/b"),
    "time": ("09:30:00Z", "09:30:00.5+01:00", "23:59:60Z", "09:30:60Z", "09:30:00", "24:00:00Z", "09:30Z"),
    "uri": ("https://example.com/a?b#c", "HTTP://Example.com", "a", "https://example.com/é", "urn:a:b"),
    "uuid": (
        "123e4567-e89b-12d3-a456-426614174000",
        "123E4567-E89B-12D3-A456-42661417400F",
        "123e4567e89b12d3a456426614174000",
        "{123e4567-e89b-12d3-a456-426614174000}",
    ),
}
"""Texts of some formats, and some that are nearly such."""
