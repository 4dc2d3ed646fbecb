"""The guard and bodies that are no JSON: one goes out only if all of it can be looked into."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.contract.multipart import CONTENT_TYPE, Part, cut_off, write_multipart
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.guard.policy import find_complaint
from contract_tests.target.limits import DurationRule, Limits, NumberRule
from spec.reader import parse_spec

LISTED: Final = "+4915112345678"
STRANGER: Final = "+15551234567"
LIMITS: Final = Limits({"/order/phone": NumberRule(frozenset({LISTED})), "/order/seconds": DurationRule(60)})
NUMBERS: Final = Limits({"/phone": NumberRule(frozenset({LISTED}))})
FORM: Final = "application/x-www-form-urlencoded"
SPEC: Final = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /a:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {type: object}}
          multipart/form-data: {schema: {type: object}}
          text/plain: {schema: {type: string}}
          application/xml: {schema: {type: object}}
          image/*: {}
      responses: {'200': {description: Done.}}
  /json:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'200': {description: Done.}}
"""
CONTRACT: Final = Contract(parse_spec(Path("spec.yaml"), SPEC))


def complaint(media_type: str, body: bytes, limits: Limits = NUMBERS, path: str = "/a") -> str | None:
    return find_complaint(Request("POST", path, Headers([("Content-Type", media_type)]), body), limits, CONTRACT)


def encoded(**fields: str) -> bytes:
    return urlencode(fields).encode()


def multipart(*parts: Part) -> bytes:
    return write_multipart(parts)


HARMLESS: Final[dict[str, tuple[str, bytes]]] = {
    "a form": (FORM, b"name=a&size=7&empty="),
    "a listed number in a form": (FORM, encoded(phone=LISTED)),
    "JSON in a form": (FORM, encoded(order='{"a": [1]}')),
    "parts": (CONTENT_TYPE, multipart(Part("a", b"1"), Part("phone", LISTED.encode()))),
    "a header field of a part": (CONTENT_TYPE, multipart(Part("a", b"1", headers=(("X-A", "2020"),)))),
    "JSON in a part": (CONTENT_TYPE, multipart(Part("a", b'{"b": 1}', "application/json"))),
    "a file of text": (CONTENT_TYPE, multipart(Part("a", "é b".encode(), "image/png", "file.png"))),
    "another boundary": ("multipart/form-data; boundary=b", write_multipart([Part("a", b"1")], "b")),
    "parts without their end": (CONTENT_TYPE, cut_off(multipart(Part("a", b"1")))),
    "parts whose boundary is untold": ("multipart/form-data", multipart(Part("a", b"1"))),
    "a text": ("text/plain", b"hello there"),
    "JSON as a text": ("text/plain; charset=utf-8", b'{"phone": "%s"}' % LISTED.encode()),
    "printable bytes": ("image/png", b"bytes"),
    "XML": ("application/xml", b'<order kind="a"><size>1</size></order>'),
    "XML that is cut off": ("application/xml", b"<order/"),
    "a form under the name of a text": ("application/octet-stream", b"name=a"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_documented_body_goes_out_if_all_of_it_is_understood(name: str) -> None:
    assert complaint(*HARMLESS[name]) is None


XML_ENTITY: Final = b'<!DOCTYPE a [<!ENTITY b "%s">]><phone>&b;</phone>' % STRANGER.encode()
HARMFUL: Final[dict[str, tuple[str, bytes]]] = {
    "a number in a form": (FORM, encoded(phone=STRANGER)),
    "a number without its sign in a form": (FORM, b"phone=15551234567"),
    "a number anywhere in a form": (FORM, encoded(anything=STRANGER)),
    "a number in JSON in a form": (FORM, encoded(a=json.dumps({"phone": STRANGER}))),
    "a form that some part by semicolons": (FORM, b"a=1;phone=15551234567"),
    "a form in another character set": (FORM, "a=é".encode()),
    "a form with a charset": (f"{FORM}; charset=utf-7", b"a=1"),
    "broken JSON in a form": (FORM, b"a={b"),
    "a number in a part": (CONTENT_TYPE, multipart(Part("phone", STRANGER.encode()))),
    "a number in a file": (CONTENT_TYPE, multipart(Part("a", STRANGER.encode(), "text/plain", "file.txt"))),
    "a number in JSON in a part": (CONTENT_TYPE, multipart(Part("a", b'{"phone": "%s"}' % STRANGER.encode()))),
    "bytes in a file": (CONTENT_TYPE, multipart(Part("a", b"\x89PNG\r\n", "image/png", "file.png"))),
    "an odd name of a file": (CONTENT_TYPE, multipart(Part("a", b"1", "image/png", "../file;.png"))),
    "an encoding of a part": (
        CONTENT_TYPE,
        multipart(Part("a", b"1", headers=(("Content-Transfer-Encoding", "8bit"),))),
    ),
    "a number in a header field of a part": (CONTENT_TYPE, multipart(Part("a", b"1", headers=(("X-A", STRANGER),)))),
    "another line end": (CONTENT_TYPE, multipart(Part("a", b"1")).replace(b"\r\n", b"\n")),
    "a preamble": (CONTENT_TYPE, STRANGER.encode() + b"\r\n" + multipart(Part("a", b"1"))),
    "a second boundary": (f"{CONTENT_TYPE}; boundary=b", multipart(Part("a", b"1"))),
    "a text that is a number": ("text/plain", STRANGER.encode()),
    "a text that is a form": ("text/plain", b"phone=15551234567"),
    "a text in a character set": ("text/plain; charset=utf-7", b"+ADE-"),
    "an address": ("text/plain", b"sip:someone@example.com"),
    "bytes": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "a number in XML": ("application/xml", b"<phone>%s</phone>" % STRANGER.encode()),
    "a number in an attribute": ("application/xml", b'<a phone="15551234567"/>'),
    "a number behind an entity": ("application/xml", XML_ENTITY),
    "a number in a character reference": ("application/xml", b"<phone>&#49;555</phone>"),
    "no XML": ("application/xml", b"phone: 15551234567"),
    "a form under the name of JSON": ("application/json", b"phone=15551234567"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_documented_body_does_not_go_out_with_a_number_or_if_readers_may_differ(name: str) -> None:
    assert complaint(*HARMFUL[name])


@pytest.mark.parametrize(("media_type", "body"), HARMLESS.values(), ids=HARMLESS)
def test_no_body_but_json_goes_out_where_the_spec_has_json_alone(media_type: str, body: bytes) -> None:
    assert (complaint(media_type, body, path="/json") is None) == body.startswith(b"{")


@pytest.mark.parametrize(("seconds", "goes_out"), [("order[seconds]=60", True), ("order[seconds]=61", False)])
def test_a_form_keeps_the_limit_of_a_duration(seconds: str, goes_out: bool) -> None:  # noqa: FBT001 - a case
    assert (complaint(FORM, seconds.encode(), LIMITS) is None) == goes_out


def test_a_call_in_a_form_without_its_duration_does_not_go_out() -> None:
    assert complaint(FORM, encoded(order='{"a": 1}'), LIMITS)
    assert complaint(FORM, encoded(order='{"seconds": 60}'), LIMITS) is None


@pytest.mark.parametrize(
    "key",
    [
        *("order[note]", "order.note", "order%5Bnote%5D", "Order[note]", "order[]", "order[note][0]", "order__note"),
        "order[hours]",
    ],
)
def test_a_call_spelled_out_in_the_keys_of_a_form_needs_its_duration_too(key: str) -> None:
    assert complaint(FORM, f"{key}=a".encode(), LIMITS)
    assert complaint(FORM, f"{key}=a&order=%7B%22seconds%22%3A60%7D".encode(), LIMITS), "which of the two is read?"


def test_a_call_spelled_out_in_the_keys_of_a_form_goes_out_with_its_duration() -> None:
    assert complaint(FORM, b"order[note]=a&order[seconds]=60&name=b", LIMITS) is None
    assert complaint(FORM, b"order.note=a&order.seconds=60&name[a][b]=c&name[a][d]=e", LIMITS) is None


@pytest.mark.parametrize("key", ["a[to]", "a.to", "x[a][to][0]", "x[Mobile]"])
def test_a_number_without_its_sign_does_not_go_out_under_a_key_of_several_names(key: str) -> None:
    assert complaint(FORM, f"{key}=2025550199".encode())
    assert complaint(FORM, f"{key.replace('to', 'top').replace('Mob', 'Ob')}=2025550199".encode()) is None


@pytest.mark.parametrize(
    "inside", ["<order><note>a</note></order>", "<order/>", '<order note="a"/>', "<order>a</order>"]
)
def test_a_call_in_xml_needs_its_duration_below_a_root_of_any_name(inside: str) -> None:
    assert complaint("application/xml", f"<call>{inside}</call>".encode(), LIMITS)
    assert complaint("application/xml", b"<call><order><seconds>60</seconds></order></call>", LIMITS) is None
