"""The token and listed numbers, put in place of what stands for them, and taken out of all that comes back."""

from __future__ import annotations

import json
import pickle

import pytest

from contract_tests.exchange.disguise import Disguise, SameTokenError
from contract_tests.exchange.exchange import Request, Response
from contract_tests.exchange.headers import Headers

PLACEHOLDER = "placeholder-0a"
TOKEN = 'aTok/en+of"this<test>'  # noqa: S105 - guards nothing
NUMBER, ALIAS = "+4915112345678", "**********5678"


def disguise(token: str = TOKEN) -> Disguise:
    return Disguise(PLACEHOLDER, token, {ALIAS: NUMBER})


def revealed(value: str, token: str = TOKEN) -> str | None:
    request = Request("POST", "/", Headers([("authorization", value), ("x-other", PLACEHOLDER)]))
    headers = disguise(token).reveal(request).headers
    assert headers.first("x-other") == PLACEHOLDER
    return headers.first("authorization")


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ("Bearer {}", f"Bearer {TOKEN}"),
        ("Basic {}", f"Basic {TOKEN}"),
        ("{}", TOKEN),
        ("Bearer {}x", f"Bearer {TOKEN}x"),
        ("Bearer {}, Bearer {}", f"Bearer {TOKEN}, Bearer {TOKEN}"),
        ("Bearer wrong", "Bearer wrong"),
        ("", ""),
    ],
)
def test_the_placeholder_is_swapped_for_the_token_and_nothing_else_is(sent: str, got: str) -> None:
    assert revealed(sent.replace("{}", PLACEHOLDER)) == got


def test_a_value_derived_from_the_placeholder_becomes_one_derived_from_the_token() -> None:
    assert revealed(f"Bearer {PLACEHOLDER[:-1]}") == f"Bearer {TOKEN[:-1]}"
    assert revealed(f"Bearer {PLACEHOLDER.swapcase()}") == f"Bearer {TOKEN.swapcase()}"


def test_a_credential_that_is_to_be_wrong_is_never_the_right_one() -> None:
    with pytest.raises(SameTokenError):
        revealed(f"Bearer {PLACEHOLDER.swapcase()}", token="12345678")


def test_a_secret_in_several_parts_of_a_response_is_hidden_in_each() -> None:
    fields = Headers([(f"X-{TOKEN[:4]}", TOKEN[:5]), ("X-Rest", TOKEN[5:11]), ("Allow", "POST")])
    hidden = disguise().hide(Response(200, fields, TOKEN[11:].encode()))
    shown = f"{[value for _, value in hidden.headers]} {hidden.body.decode()}"
    assert not [part for part in (TOKEN[:5], TOKEN[5:11]) if part in shown]
    assert hidden.body == b"[masked]"


@pytest.mark.parametrize(
    "fields",
    [
        [("X-c4naryQ", "7h2Zk9L"), ("Date", "today")],
        [("X-c4naryQ", "x"), ("7h2Zk9L", "y"), ("Date", "today")],
        [("X-One", "c4naryQ"), ("X-Two", "7h2Zk9L"), ("Date", "today")],
        [("X-One", "c4naryQ"), ("7h2Zk9L", "y"), ("Date", "today")],
    ],
)
def test_a_token_in_short_parts_of_header_fields_is_hidden(fields: list[tuple[str, str]]) -> None:
    hidden = disguise("c4naryQ7h2Zk9Lm3").hide(Response(200, Headers(fields), b"{}"))
    shown = [part for field in hidden.headers for part in field]
    assert not [part for part in shown if "c4naryQ" in part or "7h2Zk9L" in part]
    assert shown[-2:] == ["Date", "today"]


def test_a_field_whose_name_is_the_token_keeps_a_name() -> None:
    hidden = disguise("c4naryQ7h2Zk9Lm3").hide(Response(200, Headers([("X-C4naryQ7h2Zk9Lm3-Y", "1")])))
    assert hidden.headers == Headers([("X-masked-Y", "1")])


def test_a_response_is_judged_as_it_came_and_shown_without_the_token() -> None:
    came = Response(200, Headers([(TOKEN, TOKEN), ("Date", "today")]), f'{{"id": "{TOKEN}"}}'.encode())
    veiled = pickle.loads(pickle.dumps(disguise().veil(came)))  # noqa: S301 - as it comes from the guard's process
    assert veiled == came
    assert repr(veiled) == repr(disguise().hide(came))
    assert TOKEN not in repr(veiled)


def test_a_response_without_a_secret_stays_as_it_is() -> None:
    came = Response(200, Headers([("Date", "today")]), b"{}")
    assert type(disguise().veil(came).body) is bytes
    assert TOKEN not in repr(disguise())


def test_a_listed_number_is_sent_in_place_of_its_alias() -> None:
    sent = disguise().reveal(Request("POST", "/", body=json.dumps({"to_number": ALIAS}).encode()))
    assert sent.body == json.dumps({"to_number": NUMBER}).encode()


@pytest.mark.parametrize(
    ("written", "read"),
    [(NUMBER, ALIAS), (NUMBER[1:], f"[{ALIAS}]"), ("49 151 12345678", f"[{ALIAS}]"), ("+49151999", "+49151999")],
)
def test_a_listed_number_is_known_by_its_alias_alone(written: str, read: str) -> None:
    assert disguise().hide_text(f"<{written}>") == f"<{read}>"


def test_of_numbers_that_begin_alike_the_longer_one_is_told_by_its_own_alias() -> None:
    both = Disguise(PLACEHOLDER, TOKEN, {"***45": "+12345", "*****4567": f"{'+12345'}67"})
    assert both.hide_text("+1234567 +12345") == "*****4567 ***45"
