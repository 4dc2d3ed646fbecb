"""Tokens, header fields and parameters of recordings as they are shown."""

from __future__ import annotations

import base64
import html
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.exchange.credentials import RIGHT
from contract_tests.exchange.exchange import MASKED
from contract_tests.traffic.masking import RUN, TokenMask, find_tokens, mask_target, mask_value
from tests.support.exchanges import write_contract
from tests.support.recordings import SECRET, field, to_entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMS: Final[dict[str, Callable[[str], str]]] = {
    "plain": str,
    "upper case": str.upper,
    "other case": str.swapcase,
    "hexadecimal": lambda token: token.encode().hex(),
    "a URL": lambda token: quote(token, safe=""),
    "a URL in a URL": lambda token: quote("".join(f"%{ord(character):02X}" for character in token)),
    "JSON": lambda token: "".join(f"\\u{ord(character):04x}" for character in token),
    "JSON in JSON": lambda token: json.dumps(json.dumps(token)),
    "HTML": lambda token: html.escape(token).replace("-", "&#45;").replace("s", "&#x73;"),
    "UTF-16": lambda token: token.encode("utf-16-le").decode(),
    "its beginning": lambda token: token[: RUN + 1],
    "its end": lambda token: token[-RUN:],
}
TOKENS: Final = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=RUN, max_size=40)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("token", [SECRET, 'a+b/c="d"\'&\\%20<>', "0123456789abcdef" * 4])
def test_a_token_is_masked_in_whatever_form_it_is_shown(form: str, token: str) -> None:
    hidden = TokenMask(["another-token", token]).hide(f"{{ {FORMS[form](token)} }}")
    assert hidden.startswith("{ ")
    assert hidden.endswith(" }")
    assert MASKED in hidden
    assert len(hidden) <= len(f'{{ "{MASKED}" }}') + 12, hidden


@given(token=TOKENS, before=st.text(max_size=9), after=st.text(max_size=9))
def test_no_run_of_a_token_is_left(token: str, before: str, after: str) -> None:
    hidden = TokenMask([token]).hide(f"{before}{token}{after}").replace(MASKED, "\n")
    assert not any(token[start : start + RUN] in hidden for start in range(len(token) - RUN + 1))


@given(token=TOKENS, before=st.binary(max_size=5), after=st.binary(max_size=5), urlsafe=st.booleans())
def test_of_base64_no_more_is_left_than_its_ends(token: str, before: bytes, after: bytes, *, urlsafe: bool) -> None:
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    shown = encode(before + token.encode() + after).decode()
    hidden = TokenMask([token]).hide(shown)
    assert MASKED in hidden or len(token) < RUN
    assert len(hidden.replace(MASKED, "")) <= 4 * (len(before) + len(after)) // 3 + 10


@given(text=st.text())
def test_a_text_without_a_token_is_shown_as_it_is(text: str) -> None:
    assert TokenMask([]).hide(text) == TokenMask([SECRET]).hide(text) == text


def test_a_short_token_is_part_of_any_word_and_not_masked() -> None:
    assert TokenMask(["e", "seven77"]).hide("seven77 letters") == "seven77 letters"


HOSTILE: Final = ["\\" * 5000, "%25" * 2000, "&#0" * 2000, "&amp;" * 2000, "a" * 6000, "\\u00" * 1500]


@pytest.mark.parametrize("token", HOSTILE)
def test_a_hostile_token_is_masked_in_a_hostile_text(token: str) -> None:
    # What took time that grows with a power of the length would take minutes here.
    assert len(TokenMask([token]).hide(f"{token}x{token}")) < 2 * len(token)


def test_the_tokens_are_those_of_authorization_fields() -> None:
    fields = [field("authorization", f"Bearer  {SECRET} "), field("Authorization", SECRET), field("X-Other", "other")]
    entry = to_entry({"request": {"method": "GET", "url": "", "headers": fields}})
    assert list(find_tokens(entry)) == [SECRET, SECRET]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Content-Type", "text/html", "text/html"),
        ("Authorization", RIGHT, RIGHT),
        ("Authorization", f"Bearer {SECRET}", MASKED),
        ("X-Odd", "1", MASKED),
        ("Location", f"https://h.example/?code={SECRET}", f"https://h.example/{MASKED}"),
        ("location", f"https://user:{SECRET}@h.example/", MASKED),
        ("Location", f"/{SECRET}", MASKED),
    ],
)
def test_a_header_field_shows_its_value_where_that_is_harmless(name: str, value: str, shown: str) -> None:
    assert mask_value(name, value) == shown


def test_a_query_shows_the_values_of_documented_parameters_alone(tmp_path: Path) -> None:
    contract = write_contract(
        tmp_path,
        "openapi: 3.1.0\n"
        "info: {title: Another, version: 1.0.0}\n"
        "paths:\n"
        "  /things:\n"
        "    get:\n"
        "      parameters: [{name: size, in: query, schema: {type: integer}}]\n"
        "      responses: {'200': {description: A.}}\n",
    )
    assert mask_target(contract, f"/things?size=3&api_key={SECRET}") == "/things?size=3&api_key=masked"
    assert mask_target(contract, "/things") == "/things"
