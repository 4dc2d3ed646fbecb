"""A request goes out only if no reader could find a number, a URL or a duration in it that is not allowed."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.malformed import malform
from contract_tests.guard.media_type import media_type_complaint
from contract_tests.guard.policy import find_complaint
from contract_tests.target.limits import FREE, DurationRule, Limits, NumberRule, UrlRule
from tests.conftest import ROOT
from tests.support.exchanges import write_contract
from tests.support.minimal import KEYS

if TYPE_CHECKING:
    from pathlib import Path

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


@cache
def guarded() -> Contract:
    return read_contract(ROOT / "tests" / "data" / "guarded.yaml")


def complaint(
    body: object, media_type: str = "application/json", limits: Limits = NUMBERS, target: str = "/y"
) -> str | None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return find_complaint(Request("POST", target, Headers([("content-type", media_type)]), content), limits, guarded())


def complaint_of(*fields: tuple[str, str], body: bytes = b"{}", limits: Limits = NUMBERS) -> str | None:
    return find_complaint(Request("POST", "/y", Headers(fields), body), limits, guarded())


# -------------------------------------------------------------------------------------------------------------- numbers


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
        {"phone": "sip\uff1asomeone\uff20example.com"},
        {"phone": "someone\uff20example"},
        {"phone": "+GETHELPNOW"},
        {"phone": "GETHELPNOW"},
        {"phone": "*#"},
        {"phone": ["call", None]},
        {"p%68one": STRANGER},
        {"p%2568one": STRANGER},
        {"anything": STRANGER},
        {"anything": "00 1 555 123-4567"},
        {"anything": f" {STRANGER}"},
        {"anything": "%2B15551234567"},
        {"anything": [{"else": "sip:someone@example.com"}]},
        {"anything": "s\u200bip:someone@example.com"},
        {"anything": "tel:911"},
        {"anything": "+1/555/123/4567"},
        {"anything": "+1\u2011555\u2013123\u22124567"},
        {"anything": "+[1] 555 123 4567"},
        {"anything": "+1~555~1234567"},
        {"anything": f"{STRANGER},,123#"},
        {"anything": f"{STRANGER};ext=5"},
        {"anything": f"{STRANGER} x5"},
        {"to": f"{STRANGER[2:]} ext. 5"},
        {STRANGER: None},
        {"anything": "+GETHELPNOW"},
        {"anything": "+1-800-GETHELP"},
        {"phone_number": STRANGER[1:]},
        {"to": STRANGER[2:]},
        {"x": [{"Dial": STRANGER[2:]}]},
        {"phoneNumber": 15551234567},
        b'{"phoneNumber": 1.5551234567e10}',
        {"telephones": [STRANGER[1:]]},
        {"transfer": {"to": "0155512345"}},
        {"customer": {"number": "1 (555) 123-4567"}},
        {"%64estination": STRANGER[1:]},
        "phone",
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
        ("application/x-www-form-urlencoded", f"telephone={STRANGER[1:]}"),
        ("application/x-www-form-urlencoded", "anything=\u00e9"),
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


@pytest.mark.parametrize("name", ["page", "size", "levels.left"])
def test_digits_go_out_under_another_name(name: str) -> None:
    assert not complaint({name: "15551234567", "x": {name: 15551234567}})


# ------------------------------------------------------------------------------------------------------ beside the body


@pytest.mark.parametrize(
    "query",
    [
        "phone={}",
        "page={}",
        "page=sip:m",
        "phone%5B0%5D={}",
        "order.phone={}",
        "page=1;phone={}",
        "page=1;phone={}&b=2",
        "order[phone]={}",
        "%70hone={}",
        "%2570hone={}",
        "%252570hone={}",
        "unknown=1",
        "page=https://evil.example",
    ],
)
def test_a_number_does_not_go_out_in_the_query(query: str) -> None:
    assert complaint({}, target="/y?" + query.replace("{}", quote(STRANGER)))
    assert complaint({}, target="/y?" + query.replace("{}", quote(quote(STRANGER))))


@pytest.mark.parametrize(
    "value", ['{"phone": "{}"}', '[["{}"]]', "1,{}", "phone,{}", "1|{}", "phone={}", '[{"Dial": "{}"}]']
)
def test_a_number_in_a_part_of_a_parameter_does_not_go_out(value: str) -> None:
    target = f"/y?page={quote(value.replace('{}', STRANGER[1:]))}"
    assert complaint({}, target=target)
    assert complaint_of(("X-Page", value.replace("{}", STRANGER[1:])))


@pytest.mark.parametrize(
    "query", ["page=1,2", 'page={"a":"b"}', "page=1", "page=", f"phone={quote(LISTED)}", "page=1&phone="]
)
def test_documented_fields_go_out_in_the_query(query: str) -> None:
    assert not complaint({}, target=f"/y?{query}")


@pytest.mark.parametrize(
    "path",
    [
        f"/y/{STRANGER}/a",
        f"/y/{quote(STRANGER)}/a",
        f"/y/{quote(quote(STRANGER))}/a",
        f"/y/{quote(LISTED)}/{quote(STRANGER)}",
        f"/y/{quote(LISTED)}/15551234567",
        "/y/sip:m@evil/a",
        f"/y/{quote(LISTED)}/a;phone={STRANGER[1:]}",
        f"/y/{quote(LISTED)}/a,{STRANGER[1:]}",
        f"/y/{quote(LISTED)}/..",
        f"/y/{quote(LISTED)}/%2e%2E",
        f"/y/{quote(LISTED)}/%252e",
        f"/y/{quote(LISTED)}/..%2Fz",
        f"/y/{quote(LISTED)}/a%5Cb",
        f"/y/{quote(LISTED)}/a%00",
        f"/z/{STRANGER}",
        "/z",
        "//y",
        "/y/",
    ],
)
def test_a_number_or_an_unknown_path_does_not_go_out(path: str) -> None:
    assert find_complaint(Request("GET", path), NUMBERS, guarded())


@pytest.mark.parametrize("path", ["/y", f"/y/{quote(LISTED)}/a", "/y/%20/12"])
def test_a_documented_path_goes_out(path: str) -> None:
    assert not find_complaint(Request("GET", path), NUMBERS, guarded())


def test_a_question_about_the_server_goes_out() -> None:
    assert not find_complaint(Request("OPTIONS", "/", body=b"{}"), NUMBERS, guarded())


@pytest.mark.parametrize(
    "field",
    [
        ("phone", STRANGER),
        ("X-Phone", STRANGER),
        ("X-Anything", "1"),
        ("X-HTTP-Method-Override", "POST"),
        ("X-Page", STRANGER),
        ("X-Page", "sip:m@evil"),
        ("Cookie", f"phone={STRANGER}"),
        ("Cookie", f"crumb={STRANGER}"),
        ("Cookie", f"crumb=a; phone={STRANGER}"),
        ("Cookie", "other=1"),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "identity"),
        ("Expect", "100-continue"),
        ("User-Agent", STRANGER),
        ("Accept", "sip:m@evil"),
    ],
)
def test_a_header_field_that_is_not_known_or_holds_a_number_does_not_go_out(field: tuple[str, str]) -> None:
    assert complaint_of(field)


@pytest.mark.parametrize("field", [("X-Page", "1"), ("Cookie", "crumb=a"), ("Accept", "*/*"), ("User-Agent", "a/1")])
def test_a_known_header_field_goes_out_once(field: tuple[str, str]) -> None:
    assert not complaint_of(field)
    assert complaint_of(field, field)


def test_two_credentials_go_out() -> None:
    assert not complaint_of(("Authorization", "Bearer a"), ("Authorization", "Bearer b"))


@pytest.mark.parametrize("value", [STRANGER, f"Bearer {STRANGER}", f"Digest to={STRANGER}", "Digest sip:m@evil"])
def test_a_number_does_not_go_out_as_a_credential(value: str) -> None:
    assert complaint_of(("Authorization", value))


def test_a_token_of_digits_goes_out() -> None:
    request = Request("GET", "/y", Headers([("Authorization", "Bearer 15551234567890")]))
    assert find_complaint(request, NUMBERS, guarded(), ("15551234567890",)) is None


# ---------------------------------------------------------------------------------------------------------- media types


@pytest.mark.parametrize(
    "values",
    [
        ("application/json", "application/x-www-form-urlencoded"),
        ("application/json", "application/json"),
        ("application/json, text/plain",),
        ("application/json; charset=utf-7",),
        ("application/json; charset=utf-8; charset=utf-7",),
        ("application/json; charset=utf-8; CHARSET=utf-8",),
        ("application/json; charset*=utf-7''x",),
        ('application/json; charset="utf\\-7"',),
        ("application/json; charset = utf-7",),
        ("application/json; x=1",),
        ("application/json;",),
        ("application/cbor",),
        ("application/xml",),
        ("application/msgpack",),
        ("application/yaml",),
        ("multipart/form-data; boundary=b",),
        ("application/problem+json",),
        ("json",),
        ("",),
        ("text/plain; charset=utf-16",),
    ],
)
def test_a_body_that_readers_read_differently_does_not_go_out(values: tuple[str, ...]) -> None:
    assert complaint_of(*(("Content-Type", value) for value in values))


@pytest.mark.parametrize(
    "value",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "text/plain",
        "text/plain; for=application/json",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
    ],
)
def test_the_media_types_that_the_suite_sends_go_out_with_a_body_that_may(value: str) -> None:
    assert not complaint({"phone": LISTED}, value)
    assert complaint({"phone": STRANGER}, value)


def test_a_number_in_cbor_does_not_go_out() -> None:
    body = b"\xa1\x65phone\x1b" + (15551234567).to_bytes(8)
    assert complaint(body, "application/cbor")
    assert complaint(body)
    assert complaint(body, "application/octet-stream")


def test_a_body_without_a_media_type_is_read_as_json() -> None:
    assert not complaint_of(body=b'{"phone": "%s"}' % LISTED.encode())
    assert complaint_of(body=b'{"phone": "%s"}' % STRANGER.encode())
    assert complaint_of(body=b"phone=1")


@pytest.mark.parametrize(("wrong", "body"), [*malform(b'{"phone": "%s"}' % LISTED.encode())])
@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
def test_malformed_json_that_the_suite_sends_goes_out_unless_its_object_must_not(
    wrong: str, body: bytes, media_type: str
) -> None:
    assert not complaint(body, media_type), wrong
    assert LISTED.encode() not in body or complaint(body.replace(LISTED.encode(), STRANGER.encode()), media_type)


@pytest.mark.parametrize(
    "body", [b"", b"hell", b"}", b"{]", b"{} {}", b"\xef\xbb\xbf{}", b"{'a': 1}", b"{a: 1}", b"[1", b'{"a": 1}// b']
)
def test_other_malformed_json_does_not_go_out(body: bytes) -> None:
    assert bool(complaint(body)) is bool(body)


# -------------------------------------------------------------------------------------------------------- what goes out


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ({"phone": LISTED, "speed": 1.5, "note": "call 15551234567"}, "application/json"),
        ({"phone": ""}, "application/json"),
        ({"phone": " "}, "application/json"),
        ({"phone": None}, "application/json"),
        ({"phone": True}, "application/json"),
        ({"phone": [LISTED, {}]}, "application/json"),
        ({"phone": LISTED, "note": "call 15551234567, or mail a@b.example: 5"}, "application/json"),
        ({}, "application/json"),
        ([], "application/json"),
        ({"phone": LISTED}, "text/plain"),
        ({"phone": LISTED}, "application/x-www-form-urlencoded"),
        (f'{{"phone": "{LISTED}",}}'.encode(), "application/json"),
        (f'{{"phone": "{LISTED}"'.encode(), "application/json"),
        (f'{{"phone": "{LISTED}", "x": "'.encode() + b'\xff"}', "application/json"),
        ([{"phone": LISTED}], "application/json"),
        (json.dumps({"phone": LISTED}), "application/json"),
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
        "a",
        "metadata",
        "2130706433",
        2130706433,
        "https\uff1a\uff0f\uff0fevil",
    ],
)
def test_a_url_off_the_list_does_not_go_out(url: Json) -> None:
    assert [body for body in bodies_with(url) if not complaint(body, limits=LIMITS)] == []


def bodies_with(url: Json) -> list[Json]:
    """Bodies with a URL in all kinds of places."""
    return [
        {"to": url},
        {"x": [{"to": {"y": url}}]},
        {"webhook_url": url},
        {"x": [{"server": {"url": url}}]},
        {"x": {"server": url}},
        {"callbacks": [url]},
        {"statusCallback": url},
        {"endpoint": url},
        {"websocketUri": url},
        {"%75rl": url},
        {"hooks": [{"to": url}]},
        {"hooks": [{"to": [url]}]},
        {"hooks": {"to": url}},
        {"hooks": {"a": {"to": url}}},
        {"hooks": url},
        {"hooks": [url]},
        {"hooks": [{"to": WEBHOOK}, {"To": url}]},
        {"hooks[0]": {"to": url}},
        {"hooks[0][to]": url},
        {"hooks.0.to": url},
        {"hooks.to": [url]},
    ]


@pytest.mark.parametrize("text", [WEBHOOK, "", " ", None, True])
def test_a_listed_url_and_no_url_go_out(text: object) -> None:
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
def test_a_malformed_body_or_a_form_with_a_url_does_not_go_out(body: bytes) -> None:
    media_type = "application/x-www-form-urlencoded" if body.startswith(b"to") else "application/json"
    assert complaint(body, media_type, limits=LIMITS)


@pytest.mark.parametrize(
    "text",
    ["https://evil.example", "see wss://evil", "//evil", "HTTPS:\\\\evil", "mailto:a@evil", "https%3A%2F%2Fevil"],
)
def test_an_address_does_not_go_out_in_any_text(text: str) -> None:
    assert complaint({"note": text}, limits=LIMITS)
    assert complaint({"x": [{text: 1}]}, limits=LIMITS)
    assert complaint({"x": json.dumps({"y": text})}, limits=LIMITS)


@pytest.mark.parametrize("body", [b"phone=", b"a=b", b"agent[prompt]=a", f"to={quote(WEBHOOK, '')}".encode()])
def test_a_form_does_not_go_out_where_the_spec_has_none(body: bytes) -> None:
    assert complaint(body, "application/x-www-form-urlencoded", LIMITS)


@pytest.mark.parametrize(
    "seconds",
    [
        *(61, 1e9, 2**53, 0, -1, 0.001, 0.5, 59.5, 60.001, math.nan, math.inf, -math.inf),
        *("61", "1e9", "60m", "-5", "5", "", " ", "AAA", "NaN", "Infinity"),
        *(None, True, False, [], {}, [100], [60], {"seconds": 60}),
    ],
)
def test_a_duration_that_is_no_whole_number_within_the_limit_does_not_go_out(seconds: object) -> None:
    assert complaint({"order": {"phone": LISTED, "seconds": seconds}}, limits=LIMITS)
    assert complaint({"order": {"phone": LISTED, "seconds": 60}, "x": {"seconds": seconds}}, limits=LIMITS)


@pytest.mark.parametrize("written", ["0.6e2", "6e-1", "1e99", "1e9999999999", "060", "+60", "6_0", "0x1", "٦"])
def test_a_number_that_readers_read_differently_does_not_go_out(written: str) -> None:
    assert complaint(f'{{"order": {{"phone": "", "seconds": {written}}}}}'.encode(), limits=LIMITS)


@pytest.mark.parametrize("written", ["1", "60", "60.0", "6e1", "6.0E+1"])
def test_a_whole_number_within_the_limit_goes_out(written: str) -> None:
    assert not complaint(f'{{"order": {{"phone": "", "seconds": {written}}}}}'.encode(), limits=LIMITS)


def test_a_call_without_a_limit_does_not_go_out() -> None:
    assert complaint({"order": {"phone": LISTED}}, limits=LIMITS)
    assert complaint({"order": {"phone": LISTED, "Seconds": 60}}, limits=LIMITS)
    assert complaint({"order": {"phone": LISTED}, "order.seconds": 61}, limits=LIMITS)
    assert complaint(b'{"a": "b&order[note]=c&x="}', "application/x-www-form-urlencoded", limits=LIMITS)


@pytest.mark.parametrize("key", ["order.note", "order[note]", "order/note", "order__note", "order:note", "order->note"])
def test_a_call_spelled_out_in_a_key_does_not_go_out_without_its_duration(key: str) -> None:
    assert complaint({key: "a"}, limits=LIMITS)
    assert complaint({"x": [{key: "a"}]}, limits=LIMITS) is None, "nested elsewhere it is no call"


@pytest.mark.parametrize("order", [False, "", " ", [], [[]], [None], [""], [[[None, False]]], "[]", "false", "[null]"])
def test_an_object_that_is_empty_in_another_spelling_does_not_go_out_without_its_duration(order: object) -> None:
    assert complaint({"order": order}, limits=LIMITS)
    assert complaint({"order": {"seconds": 1}, "x": [], "y": [order]}, limits=LIMITS) is None


@pytest.mark.parametrize("order", [None, True, {"seconds": 1}])
def test_where_no_call_is_described_no_limit_is_missed(order: object) -> None:
    assert complaint({"order": order}, limits=LIMITS) is None


def test_a_free_target_gets_anything() -> None:
    assert complaint({"phone": STRANGER}, limits=FREE) is None
    assert complaint(b"\xff", "a", FREE, "/z?a=b") is None


@given(
    st.recursive(
        st.sampled_from([STRANGER, 15551234567, LISTED, "text", None]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["phone", "other"]), inner),
    )
)
def test_whatever_stands_below_the_place_is_looked_at(value: object) -> None:
    rest = json.dumps(value).replace(f'"{LISTED}"', "")
    assert bool(complaint({"phone": value})) is ('"' in rest or "1" in rest)


@given(st.binary(max_size=60), st.sampled_from(["application/json", "text/plain", "application/x-www-form-urlencoded"]))
def test_no_body_is_too_odd_to_be_judged(body: bytes, media_type: str) -> None:
    found = complaint(body, media_type, LIMITS)
    assert found is None or isinstance(found, str)


@pytest.mark.parametrize("deep", ["[" * 1001 + "]" * 1001, '{"x":' * 1001 + "1" + "}" * 1001, "[" * 100_000])
def test_a_body_that_is_nested_too_deeply_in_another_way_than_the_suites_does_not_go_out(deep: str) -> None:
    body = f'{{"phone": "{LISTED}", "x": {deep}}}'.encode()
    assert complaint(body)
    assert complaint(body, limits=FREE) is None


def test_a_documented_type_of_json_goes_out_if_its_body_may() -> None:
    headers = Headers([("Content-Type", "application/vnd.a+json; version=1")])
    assert media_type_complaint(headers)
    assert media_type_complaint(headers, ["application/vnd.a+json; version=1"]) is None
    assert media_type_complaint(headers, ["application/vnd.a+json; version=2"])


@pytest.mark.parametrize(
    ("target", "fields"),
    [("/y?key={}", ()), ("/y", (("X-Key", "{}"),)), ("/y", (("Cookie", "crumb={}"),))],
    ids=["query", "header", "cookie"],
)
@pytest.mark.parametrize(
    ("key", "may_go"),
    [
        ("15551234567890", True),
        ("1555123456789", True),
        ("wrong", True),
        (STRANGER, False),
        ("1555123456789015551234567", False),
    ],
    ids=["the secret", "without its end", "another", "a stranger's number", "the secret and a number"],
)
def test_a_key_may_be_the_secret_of_the_target_and_holds_no_number_else(
    tmp_path: Path, target: str, fields: tuple[tuple[str, str], ...], key: str, *, may_go: bool
) -> None:
    contract = write_contract(tmp_path, KEYS)
    request = Request("GET", target.format(key), Headers((name, text.format(key)) for name, text in fields))
    assert (find_complaint(request, NUMBERS, contract, ("15551234567890",)) is None) is may_go


def test_another_machine_gets_no_number_where_no_place_is_known_for_them() -> None:
    nobody = Limits(is_elsewhere=True)
    assert not complaint({"name": "a", "speed": 1.5, "note": "call 15551234567"}, limits=nobody)
    for body in ({"name": STRANGER}, {"phone": STRANGER[1:]}, {"name": "sip:a@b"}, {"name": "https://b.example/"}):
        assert complaint(body, limits=nobody)
