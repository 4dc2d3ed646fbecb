"""JSON texts laid out on lines, by their tokens.

So a number keeps its spelling, a key may come twice, and a text that was cut is laid out as far as it goes.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+')
_CLOSES: Final = {"{": "}", "[": "]"}
_MAX_DEPTH: Final = 60
"""How deep lines are indented."""

Path = tuple[str, ...]


class Line(Struct, frozen=True):
    """A line of a body."""

    text: str
    path: Path = ()
    is_marked: bool = False
    is_absent: bool = False
    """True for a field that should be there."""

    @property
    def indent(self) -> str:
        """The blanks that it begins with."""
        return self.text[: len(self.text) - len(self.text.lstrip())]


def looks_like_json(text: str) -> bool:
    """Tells whether a text is JSON, or the beginning of it."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text, parse_int=str)  # Python converts no integer of more than 4,300 digits
    except json.JSONDecodeError as error:
        return error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    except RecursionError:
        return False
    return True


def lay_out(text: str) -> Iterator[Line]:
    """The lines of a JSON text."""
    layout = _Layout()
    found = [match[0] for match in _TOKEN.finditer(text)]
    for token, following in zip(found, [*found[1:], ""], strict=True):
        yield from layout.take(token, following)
    yield from layout.end()


class _Layout(Struct):
    """The laying out of one text, token by token."""

    _opened: list[str] = field(default_factory=list)
    _way: list[str | int] = field(default_factory=list)
    """The key or index that is being written in each object or array that is open."""
    _text: str = ""
    _path: Path = ()
    _is_key: bool = False

    def take(self, token: str, following: str) -> Iterator[Line]:
        """Takes a token. Yields the lines that it ends."""
        match token:
            case "{" | "[":
                yield from self._open(token, following)
            case "}" | "]":
                yield from self._close(token)
            case ",":
                self._text += ","
                yield self._line()
                self._next()
            case ":":
                self._text += ": "
            case _:
                self._write(token)

    def end(self) -> Iterator[Line]:
        """The last line, if it is not ended."""
        if self._text.strip():
            yield self._line()

    def _open(self, token: str, following: str) -> Iterator[Line]:
        self._begin()
        self._text += token
        self._opened.append(token)
        is_object = token.startswith("{")
        self._way.append("" if is_object else 0)
        self._is_key = is_object
        if following != _CLOSES[token]:
            yield self._line()

    def _close(self, token: str) -> Iterator[Line]:
        is_empty = self._text.endswith(("{", "["))
        if self._text.strip() and not is_empty:
            yield self._line()
        if self._opened:
            self._opened.pop()
            self._way.pop()
        if not is_empty:
            self._path = tuple(map(str, self._way))
        self._text = f"{self._text or self._indent}{token}"
        self._is_key = False

    def _write(self, token: str) -> None:
        if self._is_key:
            self._way[-1] = _unquoted(token)
            self._is_key = False
        self._begin()
        self._text += token

    def _begin(self) -> None:
        """Begins a line, if none is begun."""
        if not self._text:
            self._text = self._indent
            self._path = tuple(map(str, self._way))

    def _next(self) -> None:
        """Goes on to the next field or item."""
        if self._opened and self._opened[-1] == "{":
            self._is_key = True
        elif self._way and isinstance(self._way[-1], int):
            self._way[-1] += 1

    def _line(self) -> Line:
        line = Line(self._text or self._indent, self._path)
        self._text = ""
        return line

    @property
    def _indent(self) -> str:
        return "  " * min(len(self._opened), _MAX_DEPTH)


def _unquoted(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token
