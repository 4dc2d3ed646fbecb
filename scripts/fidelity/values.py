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
