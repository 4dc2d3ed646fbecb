"""The token and listed numbers, put in place of what stands for them, and taken out of all that comes back."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import quote

import pytest

from contract_tests.exchange.disguise import Disguise, SameTokenError
from contract_tests.exchange.exchange import Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.guard.connection import MAX_BODY

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


ECHOES = {
    "plain": TOKEN,
    "swapped": TOKEN.swapcase(),
    "without its end": TOKEN[:-1],
    "URL": quote(TOKEN, safe=""),
    "URL twice": quote(quote(TOKEN, safe=""), safe=""),
    "JSON": json.dumps(TOKEN),
    "JSON in JSON": json.dumps(json.dumps(TOKEN)),
    "JSON four times": json.dumps(json.dumps(json.dumps(json.dumps(TOKEN)))),
    "JSON escapes": "".join(f"\\u{ord(character):04X}" for character in TOKEN),
    "HTML": TOKEN.replace("<", "&#60;").replace(">", "&#x3e;").replace('"', "&#34;"),
    "base64": base64.b64encode(TOKEN.encode()).decode(),
    "base64, 1 off": base64.b64encode(b"x" + TOKEN.encode() + b"yy").decode(),
    "base64, 2 off": base64.b64encode(b"Bearer x" + TOKEN.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(b"~" + TOKEN.encode()).decode(),
    "hexadecimal": TOKEN.encode().hex(),
}


@pytest.mark.parametrize("form", ECHOES)
def test_the_token_is_scrubbed_from_a_response(form: str) -> None:
    echo = f"<{ECHOES[form]}>"
    hidden = disguise().hide(Response(200, Headers([("X-Echo", echo)]), b'{"e": 1}' + echo.encode()))
    core = ECHOES[form].strip('"=')[4:-4]
    for text in (hidden.body.decode(), hidden.headers.first("x-echo") or "", disguise().hide_text(echo)):
        assert "[masked]" in text
        assert core not in text


@pytest.mark.parametrize("token", [TOKEN, "back\\sl\\\\ashes"])
@pytest.mark.parametrize("filler", ["\\", "%25", "&#0", "\0"])
def test_a_response_of_escapes_is_scrubbed(token: str, filler: str) -> None:
    body = filler.encode() * (2**16 // len(filler))
    assert disguise(token).hide_bytes(body + token.encode()).endswith(b"[masked]")


@pytest.mark.slow
@pytest.mark.parametrize("token", [TOKEN, "back\\sl\\\\ashes"])
@pytest.mark.parametrize("filler", ["\\", "%25", "&#0", "\0"])
def test_the_time_to_scrub_grows_with_the_length_alone(token: str, filler: str) -> None:
    def seconds(length: int) -> float:
        began = time.process_time()
        disguise(token).hide_bytes(filler.encode() * (length // len(filler)) + token.encode())
        return time.process_time() - began

    assert seconds(MAX_BODY) < 40 * max(seconds(MAX_BODY // 8), 0.01)  # the square would be 64 times as long


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
