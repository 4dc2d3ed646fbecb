"""A request goes out only if no reader could find a number, a URL or a duration in it that is not allowed."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.guard.policy import find_complaint
from contract_tests.target.limits import FREE, DurationRule, Limits, NumberRule, UrlRule

if TYPE_CHECKING:
    from spec.json_value import Json

LISTED = "+4915112345678"
STRANGER = "+15551234567"
WEBHOOK = "https://webhook.invalid/"
LIMITS = Limits(
    {
        "/order/phone": NumberRule(frozenset({LISTED})),
        "/hooks/*/to": UrlRule(frozenset({WEBHOOK})),
        "/order/seconds": DurationRule(60),
    }
)
NUMBERS = Limits({"/phone": NumberRule(frozenset({LISTED}))})


def complaint(
    body: object, media_type: str = "application/json", limits: Limits = NUMBERS, query: str = ""
) -> str | None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return find_complaint(Request("POST", f"/y{query}", Headers([("content-type", media_type)]), content), limits)


@pytest.mark.parametrize(
    "body",
    [
        {"phone": STRANGER},
        {"phone": 15551234567},
        {"phone": 1.5551234567e10},
        {"phone": [STRANGER]},
        {"phone": {"number": STRANGER}},
        {"phone": {STRANGER: None}},
        {"phone": f" {STRANGER}"},
        {"phone": f"{LISTED}9"},
        {"phone": LISTED[1:]},
        {"phone": int(LISTED)},
        {"phone": "٠١٥٥٥١٢٣"},
        {"phone": "+1555123456⑦"},
        {"phone": "sip:someone@example.com"},
        {"Phone": STRANGER},
        {"p-hone": STRANGER},
        {"\uff50hone": STRANGER},
        {"phone[0]": STRANGER},
        {"phone.number": STRANGER},
        {"x": {"phone": STRANGER}},
        {"x.phone": STRANGER},
        {"x": [{"y": {"Phone": [STRANGER]}}]},
        [{"phone": STRANGER}],
        json.dumps({"phone": STRANGER}),
        15551234567,
        b'{"phone": "%s", "phone": "%s"}' % (LISTED.encode(), STRANGER.encode()),
        b'{"phone": "%s", "phone": "%s"}' % (STRANGER.encode(), LISTED.encode()),
        b'{"phone": "\\u002b15551234567"}',
        b'{"phone": "%s"' % STRANGER.encode(),
        b"{'phone': '%s'}" % STRANGER.encode(),
        b'{phone: "%s"}' % STRANGER.encode(),
        b'{"phone": "%s\xff"}' % STRANGER.encode(),
        b'{"phone": "\\u0031\\u0035\\u0035"',
        b'{"phone": "%s"}//%s' % (LISTED.encode(), STRANGER.encode()),
        b'{"phone": "sip:mallory@evil.example",}',
        b'{"phone": "SIPS:mallory"',
        b"{'phone': 'tel:mallory'}",
        "{'phone': 'mallory\uff20evil'}".encode(),
        b'{"phone": "mallory\\u0040evil"',
        json.dumps({"phone": STRANGER}).encode("utf-16"),
        json.dumps({"phone": STRANGER}).encode("utf-32-be"),
        b"\xef\xbb\xbf" + json.dumps({"phone": STRANGER}).encode(),
        b"phone: " + STRANGER.encode(),
        b"[" * 5000 + STRANGER.encode(),
    ],
)
def test_a_number_off_the_list_does_not_go_out(body: object) -> None:
    assert complaint(body)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/x-www-form-urlencoded", f"phone={quote(STRANGER)}"),
        ("application/x-www-form-urlencoded", f"phone={STRANGER}"),
        ("application/x-www-form-urlencoded", f"phone={LISTED}"),  # read as a space and another number
        ("application/x-www-form-urlencoded", '{"a": "b&phone=%31%35%35"}'),
        (
            "multipart/form-data; boundary=b",
            f'--b\r\nContent-Disposition: form-data; name="phone"\r\n\r\n{STRANGER}\r\n',
        ),
        ("text/plain", f'{{"phone": "{STRANGER}"}}'),
        ("application/x-www-form-urlencoded", "phone=sip:m@evil.example"),
        ("application/x-www-form-urlencoded", "phone=sip%3Am%40evil"),
        ("application/xml", f"<phone>{STRANGER}</phone>"),
        ("application/json; charset=utf-7", '{"phone": "no digit"}'),
    ],
)
def test_a_number_does_not_go_out_under_another_media_type(media_type: str, body: str) -> None:
    assert complaint(body.encode(), media_type)


@pytest.mark.parametrize(
    "query", ["phone={}", "phone%5B0%5D={}", "order.phone={}", "a=1;phone={}", "a=1;phone={}&b=2", "order[phone]={}"]
)
def test_a_number_does_not_go_out_in_the_query(query: str) -> None:
    assert complaint(b"", query="?" + query.replace("{}", quote(STRANGER)))
    assert not complaint(b"", query="?" + query.replace("{}", quote(LISTED)).replace("&b=2", ""))


@pytest.mark.parametrize("name", ["page", "phones", "telephone", "microphone.level"])
def test_a_number_goes_out_under_another_name(name: str) -> None:
    assert not complaint(b"", query=f"?{name}=15551234567")
    assert not complaint({name: STRANGER, "x": {name: STRANGER}})


def test_a_number_does_not_go_out_in_a_header_field() -> None:
    assert find_complaint(Request("POST", "/y", Headers([("phone", STRANGER)])), NUMBERS)
    assert not find_complaint(Request("POST", "/y", Headers([("page", STRANGER)])), NUMBERS)


def test_a_coded_body_does_not_go_out() -> None:
    headers = Headers([("content-type", "application/json"), ("content-encoding", "gzip")])
    assert find_complaint(Request("POST", "/", headers, b"\x1f\x8b"), NUMBERS)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ({"phone": LISTED, "speed": 1.5, "note": "call 15551234567"}, "application/json"),
        ({"phone": "no digit"}, "application/json"),
        ({"phone": None}, "application/json"),
        ({"phone": True}, "application/json"),
        ({"phone": [LISTED, {}]}, "application/json"),
        ({}, "application/json"),
        ([], "application/json"),
        ({"phone": LISTED}, "text/plain"),
        ({"phone": LISTED}, "application/x-www-form-urlencoded"),
        (f"phone={quote(LISTED)}".encode(), "application/x-www-form-urlencoded"),
        (f'{{"phone": "{LISTED}",}}'.encode(), "application/json"),
        (f'{{"phone": "{LISTED}"'.encode(), "application/json"),
        (f'{{"phone": "{LISTED}", "x": "'.encode() + b'\xff"}', "application/json"),
        (b"hello", "application/json"),
        (b"", "application/json"),
    ],
)
def test_what_rings_nobody_else_goes_out(body: object, media_type: str) -> None:
    assert complaint(body, media_type) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example",
        "evil.example",
        "http:evil",
        "https:\\\\evil",
        "localhost",
        "http://[::1]/",
        "https://evil。example",
        "https://webhook.invalid@evil.example/",
        WEBHOOK + "x",
    ],
)
@pytest.mark.parametrize(
    "wrap",
    [
        lambda url: {"hooks": [{"to": url}]},
        lambda url: {"hooks": [{"to": [url]}]},
        lambda url: {"hooks": {"to": url}},
        lambda url: {"hooks": {"a": {"to": url}}},
        lambda url: {"hooks": url},
        lambda url: {"hooks": [url]},
        lambda url: {"hooks": [{"to": WEBHOOK}, {"To": url}]},
        lambda url: {"hooks[0]": {"to": url}},
        lambda url: {"hooks[0][to]": url},
        lambda url: {"hooks.0.to": url},
        lambda url: {"hooks.to": [url]},
    ],
)
def test_a_url_off_the_list_does_not_go_out(url: str, wrap: Json) -> None:
    assert complaint(wrap(url), limits=LIMITS)


@pytest.mark.parametrize("text", [WEBHOOK, "<string>", "", "a", "Grüße, 你好"])
def test_a_listed_url_and_text_without_a_host_go_out(text: str) -> None:
    assert complaint({"hooks": [{"to": text}]}, limits=LIMITS) is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"hooks": [{"to": "https:\\/\\/evil"',
        b'{"hooks": [{"to": "evil.example"}]},}',
        "{'hooks': [{'to': 'evil。example'}]}".encode(),
        b"to=evil.example",
        b"to=http:evil",
        b"to=HTTPS%3Aevil",
        b"to=someone%40evil",
    ],
)
def test_a_body_of_unknown_form_with_a_url_does_not_go_out(body: bytes) -> None:
    media_type = "application/x-www-form-urlencoded" if body.startswith(b"to") else "application/json"
    assert complaint(body, media_type, limits=LIMITS)


@pytest.mark.parametrize(
    "body", [b'{"hooks": [{"to": "%s"}' % WEBHOOK.encode(), b"to=%s" % quote(WEBHOOK, "").encode()]
)
def test_a_body_of_unknown_form_with_a_listed_url_goes_out(body: bytes) -> None:
    assert complaint(body, "application/x-www-form-urlencoded", limits=LIMITS) is None


@pytest.mark.parametrize(
    "seconds",
    [
        61,
        1e9,
        "61",
        "1e9",
        "60m",
        None,
        [100],
        "NaN5",
        2**53,
        0,
        -1,
        "-5",
        math.nan,
        math.inf,
        -math.inf,
        "NaN",
        "Infinity",
    ],
)
def test_a_long_call_does_not_go_out(seconds: object) -> None:
    assert complaint({"order": {"phone": LISTED, "seconds": seconds}}, limits=LIMITS)


def test_a_call_without_a_limit_does_not_go_out() -> None:
    assert complaint({"order": {"phone": LISTED}}, limits=LIMITS)
    assert complaint({"order": {"phone": LISTED, "Seconds": 60}}, limits=LIMITS)
    assert complaint({"order": {"phone": LISTED}, "order.seconds": 61}, limits=LIMITS)


@pytest.mark.parametrize("seconds", [60, 1, 0.5, "5", True, "AAA", [], {}])
def test_a_short_call_goes_out(seconds: object) -> None:
    assert complaint({"order": {"phone": LISTED, "seconds": seconds}}, limits=LIMITS) is None


@pytest.mark.parametrize("order", [None, "text", [], {"seconds": 1}])
def test_where_no_call_is_described_no_limit_is_missed(order: object) -> None:
    assert complaint({"order": order}, limits=LIMITS) is None


def test_a_free_target_gets_anything() -> None:
    assert complaint({"phone": STRANGER}, limits=FREE) is None


@given(
    st.recursive(
        st.sampled_from([STRANGER, 15551234567, LISTED, "text", None]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["phone", "other"]), inner),
    )
)
def test_whatever_stands_below_the_place_is_looked_at(value: object) -> None:
    text = json.dumps(value)
    assert bool(complaint({"phone": value})) is (STRANGER in text or "15551234567" in text)


@given(st.binary(max_size=60), st.sampled_from(["application/json", "text/plain", "application/x-www-form-urlencoded"]))
def test_no_body_is_too_odd_to_be_judged(body: bytes, media_type: str) -> None:
    found = complaint(body, media_type, LIMITS)
    assert found is None or isinstance(found, str)


@pytest.mark.parametrize("deep", ["[" * 1000 + "]" * 1000, '{"x":' * 1000 + "1" + "}" * 1000])
def test_a_body_that_is_nested_too_deeply_to_look_into_does_not_go_out(deep: str) -> None:
    body = f'{{"phone": "{LISTED}", "x": {deep}}}'.encode()
    assert complaint(body) == "a body nested too deeply to look into"
    assert complaint(body, limits=FREE) is None
