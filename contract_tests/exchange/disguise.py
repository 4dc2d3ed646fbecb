"""Puts a stand-in in place of each secret outside of the guard, and back: pure functions of bytes.

The engine and all that it writes know a placeholder in place of the token, and aliases in place of listed numbers.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.credentials import AUTHORIZATION
from contract_tests.exchange.exchange import MASKED, Request, Response
from contract_tests.exchange.headers import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LONG: Final = 8
"""From how many characters on a token is one that is hidden in part too."""
_DEPTH: Final = 15
"""How many backslashes stand before a quotation mark that was written as JSON four times over."""


class SameTokenError(Exception):
    """A credential that is to be wrong would be the right one."""


@dataclass(frozen=True)
class Disguise:
    """The placeholder and the token, the aliases and what they stand for."""

    placeholder: str
    token: str
    aliases: Mapping[str, str]

    def reveal(self, request: Request) -> Request:
        """The request as the target is to get it. Credentials without the placeholder stay as they are.

        Raises:
            SameTokenError: the token in other case, or without its end, is the token itself.
        """
        headers = request.headers.changed(AUTHORIZATION, self._reveal_credentials)
        body = self._aliases.sub(lambda found: self.aliases[found[0].decode()].encode(), request.body)
        return replace(request, headers=headers, body=body)

    def hide(self, response: Response) -> Response:
        """The response as all others may see it."""
        headers = Headers((name, self.hide_text(value)) for name, value in response.headers)
        return replace(response, headers=headers, body=self.hide_bytes(response.body))

    def hide_text(self, text: str) -> str:
        """A text without secrets."""
        return self.hide_bytes(text.encode("latin-1", "replace")).decode("latin-1")

    def hide_bytes(self, text: bytes) -> bytes:
        """A text without the token, in whichever coding, and with aliases in place of what they stand for."""
        text = self._encoded_token.sub(MASKED.encode(), self._token.sub(MASKED.encode(), text))
        return self._values.sub(self._alias, text)

    def _alias(self, found: re.Match[bytes]) -> bytes:
        alias, value = self._by_length[int(found.lastindex or 1) - 1]
        # Without the sign in front, or with its digits apart, it is another text, and still not to be read.
        return (alias if found[0] == value.encode() else f"[{alias}]").encode()

    @cached_property
    def _by_length(self) -> list[tuple[str, str]]:
        """The aliases with what they stand for, the longest value first: a listed number may begin as another."""
        return sorted(self.aliases.items(), key=lambda pair: len(pair[1]), reverse=True)

    @cached_property
    def _values(self) -> re.Pattern[bytes]:
        """The values that the aliases stand for, in all ways of writing them, each in a group."""
        return re.compile(b"|".join(b"(" + _any_writing(value) + b")" for _, value in self._by_length) or rb"(?!)")

    @cached_property
    def _aliases(self) -> re.Pattern[bytes]:
        names = sorted(self.aliases, key=len, reverse=True)
        return re.compile(b"|".join(re.escape(name.encode()) for name in names) or rb"(?!)")

    def _reveal_credentials(self, value: str) -> str:
        if self.placeholder in value:
            return value.replace(self.placeholder, self.token)
        for change in (str.swapcase, _without_its_end):
            if change(self.placeholder) in value:
                if change(self.token) == self.token:
                    raise SameTokenError(value)
                return value.replace(change(self.placeholder), change(self.token))
        return value

    @cached_property
    def _token(self) -> re.Pattern[bytes]:
        """The token in plain, or with any of its characters escaped in any of the ways of URLs, JSON and HTML."""
        characters = [_any_form(character) for character in self.token]
        hexadecimal = self.token.encode().hex().encode()
        kept = len(characters) - 1 if len(characters) >= _LONG else len(characters)
        pattern = rb"\x00*".join(characters[:kept]) + b"".join(b"(?:" + last + b")?" for last in characters[kept:])
        return re.compile(pattern + b"|" + hexadecimal, re.IGNORECASE)

    @cached_property
    def _encoded_token(self) -> re.Pattern[bytes]:
        forms = {form for text in self._written() for form in _base64_forms(text.encode())}
        return re.compile(b"|".join(map(re.escape, sorted(forms, key=len, reverse=True))) or rb"(?!)")

    def _written(self) -> Iterator[str]:
        for text in {self.token, self.token.swapcase(), self.token.lower(), self.token.upper()}:
            yield text
            if len(text) >= _LONG:
                yield _without_its_end(text)


def _without_its_end(token: str) -> str:
    return token[:-1]


def _any_writing(value: str) -> bytes:
    digits = [digit.encode() for digit in re.sub(r"\D", "", value)]
    return re.escape(value.encode()) + rb"|\+?" + rb"[ ().-]{0,2}".join(digits)


def _any_form(character: str) -> bytes:
    """A character in plain or escaped, its escape perhaps escaped in turn: up to `_DEPTH` backslashes are its own.

    Without that bound, and were they tried in parts too, a response of backslashes would take a time that grows with
    the square of its length.
    """
    code = ord(character)
    plain = "" if character == "\\" else re.escape(character)
    forms = (
        rf"\\{{0,{_DEPTH}}}+(?:{plain or '(?!)'}|u00{code:02x}|x{code:02x})",
        rf"%(?:25)*{code:02x}",
        rf"&#0*{code};",
        rf"&#x0*{code:x};",
        *([] if plain else [rf"\\{{1,{_DEPTH + 1}}}"]),
    )
    return f"(?:{'|'.join(forms)})".encode()


def _base64_forms(text: bytes) -> Iterator[bytes]:
    """The part of a text's base64 that its surroundings do not change, for each alignment and both alphabets."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + text)
        first = (0, 2, 3)[offset]
        last = len(encoded) - (0, 3, 2)[(offset + len(text)) % 3]
        if last - first >= _LONG:
            yield encoded[first:last]
            yield encoded[first:last].translate(bytes.maketrans(b"+/", b"-_"))
