"""Secrets taken out of all that is shown: the token in whichever writing and part, in a time linear in the text."""

from __future__ import annotations

import base64
import json
import unicodedata
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contract_tests.exchange import views
from contract_tests.exchange.look_alikes import MAY_LOOK_ALIKE
from contract_tests.exchange.masking import Mask
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = 'aTok/en+of"this<test>'  # noqa: S105 - guards nothing
MASK = Mask([TOKEN])


def each(form: str) -> Callable[[str], str]:
    """Writes every character in a form, of its number."""
    return lambda text: "".join(form % ord(character) for character in text)


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def in_full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def in_letters_of_mathematics(text: str) -> str:
    return "".join(
        chr(0x1D400 + ord(each) - ord("A"))
        if "A" <= each <= "Z"
        else chr(0x1D41A + ord(each) - ord("a"))
        if "a" <= each <= "z"
        else each
        for each in text
    )


def in_hexadecimal(text: str) -> str:
    return text.encode().hex()


def backwards(text: str) -> str:
    return text[::-1]


WRITINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "other case": str.swapcase,
    "lower case": str.lower,
    "URL": lambda text: quote(text, safe=""),
    "URL, every character": each("%%%02x"),
    "URL twice": lambda text: quote(quote(text, safe=""), safe=""),
    "JSON": json.dumps,
    "JSON four times": lambda text: json.dumps(json.dumps(json.dumps(json.dumps(text)))),
    "JSON escapes": each("\\u%04X"),
    "JSON escapes of a URL": lambda text: each("\\u%04x")(quote(text, safe="")),
    "escapes in hexadecimal": each("\\x%02x"),
    "HTML": escape,
    "HTML, every character": each("&#%d;"),
    "HTML in hexadecimal": each("&#x00%X;"),
    "HTML without semicolons": each("&#%d"),
    "URL by an old function of JavaScript": each("%%u%04X"),
    "numbers in hexadecimal": lambda text: ", ".join(f"0x{byte:02X}" for byte in text.encode()),
    "base64": in_base64,
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64, 1 off": lambda text: in_base64(f"x{text}yy"),
    "base64, 2 off": lambda text: in_base64(f"Bearer x{text}"),
    "base64 in lower case, 0 off": lambda text: in_base64(text).lower(),
    "base64 for URLs in lower case, 1 off": lambda text: (
        base64.urlsafe_b64encode(f"x{text}yy".encode()).decode().lower()
    ),
    "base64 in lower case, 2 off": lambda text: in_base64(f"xx{text}y").lower(),
    "base64 in lines": lambda text: "\r\n".join(in_base64(text)),
    "base64 in a URL": lambda text: quote(in_base64(text), safe=""),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, apart": lambda text: text.encode().hex(":"),
    "base64 of base64": lambda text: in_base64(in_base64(text)),
    "base64 of base64, off": lambda text: in_base64(f"a: {in_base64(f'{{xy{text}yy}}')}"),
    "base64 of base64 for URLs": lambda text: in_base64(base64.urlsafe_b64encode(text.encode()).decode()),
    "base64 of hexadecimal": lambda text: in_base64(in_hexadecimal(text)),
    "hexadecimal of base64": lambda text: in_hexadecimal(in_base64(text)),
    "hexadecimal of hexadecimal": lambda text: in_hexadecimal(in_hexadecimal(text)),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "backwards": backwards,
    "base64 of backwards": lambda text: in_base64(backwards(text)),
    "base64, backwards": lambda text: backwards(in_base64(text)),
    "full width": in_full_width,
    "full width in a URL": lambda text: quote(in_full_width(text)),
    "full width in JSON": lambda text: json.dumps(in_full_width(text)),
    "full width in HTML": lambda text: each("&#%d;")(in_full_width(text)),
    "full width by an old function of JavaScript": lambda text: each("%%u%04X")(in_full_width(text)),
    "letters of mathematics": in_letters_of_mathematics,
    "letters of mathematics in JSON, so in surrogates": lambda text: json.dumps(in_letters_of_mathematics(text)),
    "with marks": lambda text: "".join(f"{character}\N{COMBINING ACUTE ACCENT}" for character in text),
    "with nothing visible between": "\N{ZERO WIDTH SPACE}".join,
    "decimal numbers": lambda text: json.dumps([*text.encode()]),
    "base64 of decimal numbers as text": lambda text: " ".join(map(str, in_base64(text).encode())),
    "UTF-16": lambda text: text.encode("utf-16-le").decode(),
}
tokens = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=60)


@pytest.mark.parametrize("writing", WRITINGS)
def test_the_token_is_masked_in_every_writing(writing: str) -> None:
    shown = MASK.hide_text(f"<{WRITINGS[writing](TOKEN)}>")
    assert "[masked]" in shown
    assert len(shown) < 50  # quotation marks, and characters of base64 that the surroundings are in


@pytest.mark.parametrize("writing", share_out(WRITINGS, default=10, slow=len(WRITINGS) - 10))
@settings(max_examples=20)  # of each of the many writings
@given(token=tokens, data=st.data())
def test_any_run_of_eight_characters_is_masked_in_any_surroundings(
    writing: str, token: str, data: st.DataObject
) -> None:
    assume(not {"\\", "&", "%"} & {*token})  # escapes in the token itself are read as such, on both sides
    first = data.draw(st.integers(0, len(token) - 8))
    written = WRITINGS[writing](token[first : first + 8])
    before, after = data.draw(st.text("xyz =", max_size=5)), data.draw(st.text("xyz =", max_size=5))
    shown = Mask([token]).hide_text(f"{before}|{written}|{after}")
    assert "[masked]" in shown
    assert written not in shown


@pytest.mark.parametrize(("token", "written"), [("003L@h000000", "M0xAaDAwMDA="), ("0xA@h0000000", "MHhBQGgwMDA=")])
def test_base64_that_has_0x_in_it_is_no_escape(token: str, written: str) -> None:
    assert "[masked]" in Mask([token]).hide_text(f"|{written}|")


@given(tokens, st.sampled_from([" ", '","', "\n", " - "]))
def test_a_token_in_parts_is_masked(token: str, between: str) -> None:
    bare = "".join(character for character in token if character.isalnum())
    assume(len(bare) >= 8 and not {"\\", "&", "%"} & {*token})
    assert Mask([token]).hide_text(f"<{between.join(bare)}>") == "<[masked]>"


@given(st.binary(max_size=200), tokens)
def test_no_text_is_too_odd_and_none_without_the_token_changes(text: bytes, token: str) -> None:
    assert Mask([token]).hide_bytes(text) == text


@given(token=tokens, before=st.text(max_size=9), after=st.text(max_size=9))
def test_no_run_of_a_token_is_left_whatever_escapes_it_seems_to_hold(token: str, before: str, after: str) -> None:
    hidden = Mask([token]).hide_text(f"{before}{token}{after}").replace("[masked]", "\n")
    assert not any(token[first : first + 8] in hidden for first in range(len(token) - 7))


@given(st.lists(tokens, max_size=5))
def test_every_one_of_several_tokens_is_masked(several: list[str]) -> None:
    hidden = Mask(several).hide_text(" | ".join(several))
    assert not [token for token in several if token in hidden]


@given(st.text(max_size=60))
def test_text_of_any_language_survives(text: str) -> None:
    assert MASK.hide_text(f"{text} {TOKEN}|{text}") == f"{text} [masked]|{text}"


def test_a_token_that_begins_in_one_text_and_ends_in_another_is_masked_in_both() -> None:
    token = "c4naryQ7h2Zk9Lm3"  # noqa: S105 - guards nothing
    texts = [b"of " + token[:6].encode(), token[6:].encode() + b" it", b"else"]
    assert Mask([token]).hide_all(texts) == [b"of [masked]", b"[masked] it", b"else"]


# ---------------------------------------------------------------------------------------------------- words of the spec


SPEC = b"agent_config, max_tokens, the agent and its token; conversations"


@pytest.mark.parametrize("token", ["tok", "agent", "token", "conversations", "CONVERSA"])
def test_a_word_of_the_spec_is_masked_only_where_it_is_whole(token: str) -> None:
    mask = Mask([token], words=SPEC)
    assert mask.is_word
    assert mask.hide_text(f"x{token} {token}_y Bearer {token}") == f"x{token} {token}_y Bearer [masked]"
    assert mask.hide_text(f'{{"a": "{token}"}}') == '{"a": "[masked]"}'


def test_of_a_token_with_a_word_in_it_the_word_is_shown_and_the_rest_is_not() -> None:
    mask = Mask(["conversations-c4naryQ7"], words=SPEC)
    assert not mask.is_word
    shown = mask.hide_text("conversations x conversations-c4naryQ7 x -c4naryQ")
    assert shown == "conversations x [masked] x [masked]"


def test_a_short_token_is_masked_as_a_whole() -> None:
    assert Mask(["zq9"]).hide_text("azq9b zq %7aQ9") == "a[masked]b zq [masked]"


@pytest.mark.parametrize("token", ["", "\\\\", "\\"])
def test_a_token_of_which_nothing_is_left_masks_nothing(token: str) -> None:
    assert Mask([token]).hide_text("a\\b") == "a\\b"


def test_every_character_that_looks_like_one_of_ascii_is_known() -> None:
    others = (chr(number).encode() for number in range(0x80, 0x20000) if not 0xD800 <= number < 0xE000)
    alike = (each for each in others if unicodedata.normalize("NFKD", each.decode()).isascii())
    assert not [each for each in alike if not MAY_LOOK_ALIKE.fullmatch(each)]


def test_where_two_views_meet_no_text_is_shown_twice() -> None:
    ends, begins = in_base64(f"x {TOKEN[:6]}").rstrip("="), in_hexadecimal(f"{TOKEN[6:]} x")
    shown = MASK.hide_text(f"<{begins}|{ends}>")
    assert len(shown) <= len(begins) + len(ends) + len("<|>[masked]")


# ------------------------------------------------------------------------------------------------------------ linearity

HOSTILE = [
    "\\",
    "%25",
    "&#0",
    "&#x0",
    "&amp;",
    "\0",
    "A",
    "63",
    "99,",
    "9",
    "\N{FULLWIDTH LATIN SMALL LETTER A}",
    "\N{COMBINING ACUTE ACCENT}",
    in_base64(in_base64(TOKEN[:7])),
    TOKEN,
    TOKEN[:7],
    TOKEN[4:8],
    f"{TOKEN[:9]}%",
    "\\u0061",
]


@pytest.mark.parametrize("size", [2**14, pytest.param(2**17, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("filler", share_out(HOSTILE, default=4, slow=len(HOSTILE) - 4))
@pytest.mark.parametrize("token", [TOKEN, "back\\sl\\\\ashes", "a" * 500, "%25" * 2000, "\\" * 5000 + TOKEN])
def test_a_hostile_text_is_masked_before_a_quadratic_search_would_end(token: str, filler: str, size: int) -> None:
    text = filler.encode() * (size // len(filler)) + b"|"
    assert Mask([token]).hide_bytes(text + token.encode()).endswith(b"[masked]")


@pytest.mark.parametrize("filler", HOSTILE)
def test_all_views_of_a_text_together_are_a_few_times_as_long_as_the_text(filler: str) -> None:
    text = filler.encode() * (2**14 // len(filler.encode()))
    plain = views.undo_escapes(views.Plain(text))
    assert len(plain.text) <= len(text)
    assert sum(len(view.text) for view in views.decoded_views(plain)) <= 20 * len(text)


def test_the_steps_of_the_search_are_bounded_by_the_length_alone() -> None:
    slices = 0

    class Counting(bytes):
        def __getitem__(self, key: object) -> bytes:  # type: ignore[override]
            nonlocal slices
            slices += 1
            return bytes(self).__getitem__(key)  # type: ignore[call-overload, no-any-return]

    text = Counting(TOKEN.lower().encode() * 1000)
    assert len(list(MASK._plain.spans(text))) == 1000  # noqa: SLF001 - its cost is not to be seen from outside
    assert slices <= 1 + 5 * len(text) // 4
