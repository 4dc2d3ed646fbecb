"""Masks the secrets of recordings in the texts that are shown. What is judged keeps them.

Time grows with the length of the texts, plus that of the tokens, however many there are and whatever they hold.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote

from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import MASKED
from contract_tests.exchange.headers import Headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.traffic.entry import Entry

RUN: Final = 8
"""How many characters of a token in a row are masked. A shorter token may be a part of any word."""
# The fields whose values are shown. Any other may hold a secret, under whatever name.
_SHOWN_FIELDS: Final = {
    "accept",
    "accept-encoding",
    "allow",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "user-agent",
}
_HARMLESS_MARKS: Final = {RIGHT, MASKED}
# One character, perhaps escaped in the way of JSON, URLs or HTML, and that escape escaped in turn. Backslashes stand
# for nothing, and neither does a NUL, which UTF-16 has between letters.
_CHARACTER: Final = re.compile(
    r"\\+(?:u00(?P<json>[0-9a-f]{2})|x(?P<hex>[0-9a-f]{2}))?|%(?:25)*(?P<url>[0-9a-f]{2})"
    r"|&(?:amp;)*(?:#x0*(?P<html>[0-9a-f]{1,2})|#0*(?P<decimal>[0-9]{1,3})|(?P<name>amp|apos|gt|lt|quot));"
    r"|\0+|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_NAMED: Final = {"amp": "&", "apos": "'", "gt": ">", "lt": "<", "quot": '"'}
_ESCAPES: Final = frozenset("\\%&\0")


def find_tokens(entry: Entry) -> Iterator[str]:
    """The tokens in Authorization fields: a server may echo one, and perhaps to another request."""
    for value in entry.headers.all(AUTHORIZATION) if entry.headers else ():
        yield value.strip().partition(" ")[2].strip() or value.strip()


class TokenMask:
    """Masks every run of `RUN` characters of a token: in plain, in other case, escaped, in hexadecimal and in base64.

    >>> TokenMask(["correct-horse-battery"]).hide(r'{"echo": "CORRECT%2Dhorse"}')
    '{"echo": "[masked]"}'
    """

    def __init__(self, tokens: Iterable[str]) -> None:
        forms = (form for token in dict.fromkeys(tokens) if len(token) >= RUN for form in _forms(token))
        self._runs = frozenset(run for form in forms for run in _runs(form))

    def hide(self, text: str) -> str:
        """The text without the tokens."""
        if not self._runs:
            return text
        hidden = self._hide(text, text, range(len(text)), range(1, len(text) + 1))
        if _ESCAPES.isdisjoint(hidden):
            return hidden
        characters = list(_characters(hidden))
        starts, ends = [start for _, start, _ in characters], [end for _, _, end in characters]
        return self._hide(hidden, "".join(character for character, _, _ in characters), starts, ends)

    def hide_bytes(self, content: bytes) -> bytes:
        """The bytes without the tokens."""
        return self.hide(content.decode("latin-1")).encode("latin-1")

    def _hide(self, text: str, plain: str, starts: Sequence[int], ends: Sequence[int]) -> str:
        """The text without the tokens. `plain` is its characters unescaped, with the place in the text of each."""
        kept: list[str] = []
        end = 0
        for index, run in enumerate(_runs(_lower(plain))):
            if run in self._runs:
                if starts[index] > end or not kept:
                    kept += [text[end : starts[index]], MASKED]
                end = ends[index + RUN - 1]
        return "".join([*kept, text[end:]])


def _forms(token: str) -> Iterator[str]:
    """The writings of a token, in lower case."""
    yield from (_lower(token), _lower("".join(character for character, _, _ in _characters(token))))
    yield token.encode().hex()
    for text in {token, token.swapcase(), token.lower(), token.upper()}:
        for offset in range(3):
            encoded = _base64_within(text.encode(), offset).lower()
            yield from (encoded, encoded.translate(str.maketrans("+/", "-_")))


def _base64_within(text: bytes, offset: int) -> str:
    """The base64 of bytes after `offset` others, without the ends, which change with the bytes beside them."""
    encoded = base64.b64encode(bytes(offset) + text).decode()
    return encoded[(0, 2, 3)[offset] : len(encoded) - (0, 3, 2)[(offset + len(text)) % 3]]


def _runs(text: str) -> Iterator[str]:
    return (text[start : start + RUN] for start in range(len(text) - RUN + 1))


def _characters(text: str) -> Iterator[tuple[str, int, int]]:
    """The characters that a text stands for, each with its start and its end in the text."""
    for found in _CHARACTER.finditer(text):
        if found.lastgroup:
            yield _unescaped(found.lastgroup, found[found.lastgroup]), found.start(), found.end()


def _unescaped(kind: str, escape: str) -> str:
    match kind:
        case "plain":
            return escape
        case "name":
            return _NAMED[escape.lower()]
        case _:
            return chr(int(escape, 10 if kind == "decimal" else 16))


def _lower(text: str) -> str:
    """The text in lower case, where that is as long."""
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)


def mask_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """The fields, with the values of harmless ones alone."""
    return Headers((name, mask_value(name, value)) for name, value in headers)


def mask_value(name: str, value: str) -> str:
    """The value of a header field as it is shown: of a redirect's target, the origin."""
    if name.lower() in _SHOWN_FIELDS or value in _HARMLESS_MARKS:
        return value
    if name.lower() == "location" and (origin := re.match(r"\w+://[^/?#@\s]+(?=[/?#]|$)", value)):
        return f"{origin[0]}/{MASKED}"
    return MASKED


def mask_target(contract: Contract, target: str) -> str:
    """A path with its query, whose values are shown only of parameters that the spec documents."""
    path, mark, query = target.partition("?")
    known = {
        each.name for operation in contract.operations for each in operation.parameters if each.location == "query"
    }
    pairs = parse_qsl(query, keep_blank_values=True)
    masked = (f"{quote(name)}={quote(value) if name in known else 'masked'}" for name, value in pairs)
    return f"{path}{mark}{'&'.join(masked)}"
