"""A body on the page: laid out on lines, its broken parts marked, and the rest folded.

It is laid out by its tokens and not by its value: so a number keeps its spelling, and a body that was cut is laid out
as far as it goes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final

from contract_tests.report.page.allowance import cut
from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+')
_CLOSES: Final = {"{": "}", "[": "]"}
_ANY: Final = "*"
"""Stands for any item of an array in the pointer of a broken part."""
_NEAR: Final = 2
"""How many lines around a marked one are not folded."""
_UNMARKED: Final = 14
"""How many lines of a body without marks are not folded."""
_LONGEST_LINE: Final = 400
_SHORTEST_FOLD: Final = 3
_MAX_DEPTH: Final = 60

Path = tuple[str, ...]


@dataclass(frozen=True)
class Line:
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


@dataclass(frozen=True)
class Chunk:
    """Lines that follow each other, shown or folded."""

    lines: tuple[Line, ...]
    is_folded: bool


@dataclass(frozen=True)
class ShownBody:
    """A body as it is shown."""

    chunks: tuple[Chunk, ...]
    length: int
    """Of the whole body, in characters."""
    is_cut: bool


def show_body(text: str, broken: Iterable[str] = (), room: int = 6_000) -> ShownBody:
    """A body as it is shown. `broken` are JSON Pointers of its broken parts, with `*` for any item of an array."""
    ways = [tuple(tokens(pointer)) for pointer in broken if pointer]
    lines = list(_mark(_lay_out(text), ways)) if _looks_like_json(text) else [Line(each) for each in text.split("\n")]
    kept = _fit([_shortened(line, min(_LONGEST_LINE, room)) for line in lines], room)
    return ShownBody(tuple(_fold(kept)), len(text), is_cut=len(kept) < len(lines))


def _looks_like_json(text: str) -> bool:
    """Tells whether a text is JSON, or the beginning of it."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    except RecursionError:
        return False
    return True


def _lay_out(text: str) -> Iterator[Line]:
    """The lines of a JSON text."""
    layout = _Layout()
    found = [match[0] for match in _TOKEN.finditer(text)]
    for token, following in zip(found, [*found[1:], ""], strict=True):
        yield from layout.take(token, following)
    yield from layout.end()


@dataclass
class _Layout:
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


def _mark(lines: Iterable[Line], broken: Sequence[Path]) -> Iterator[Line]:
    """Marks the lines of broken parts, and adds a line for each that is absent."""
    laid_out = list(lines)
    present = {line.path for line in laid_out}
    absent = [way for way in broken if not any(_is_at(path, way) for path in present)]
    for line in laid_out:
        for way in absent:
            if _closes(line, way[:-1]):
                words = f"{line.indent}  {json.dumps(way[-1], ensure_ascii=False)} is missing"
                yield Line(words, way, is_marked=True, is_absent=True)
        yield Line(line.text, line.path, is_marked=any(_is_at(line.path[: len(way)], way) for way in broken))


def _closes(line: Line, way: Path) -> bool:
    """Tells whether a line ends the object that a way leads to."""
    return line.text.lstrip().startswith("}") and _is_at(line.path, way)


def _is_at(path: Path, way: Path) -> bool:
    return len(path) == len(way) and all(two in {one, _ANY} for one, two in zip(path, way, strict=True))


def _shortened(line: Line, length: int) -> Line:
    text = cut(line.text, length)
    return line if text == line.text else Line(text, line.path, line.is_marked, line.is_absent)


def _fit(lines: Sequence[Line], room: int) -> list[Line]:
    """As many lines as there is room for: those near a mark first, then from the beginning."""
    near = _near_marks(lines)
    kept: set[int] = set()
    for index in sorted(range(len(lines)), key=lambda index: (index not in near, index)):
        room -= len(lines[index].text) + 1
        if room < 0 and kept:
            break
        kept.add(index)
    return [line for index, line in enumerate(lines) if index in kept]


def _near_marks(lines: Sequence[Line]) -> set[int]:
    marked = [index for index, line in enumerate(lines) if line.is_marked]
    return {near for index in marked for near in range(index - _NEAR, index + _NEAR + 1)}


def _fold(lines: Sequence[Line]) -> Iterator[Chunk]:
    """The lines in chunks: those near a mark are shown; without marks, the first ones."""
    shown = _near_marks(lines) or set(range(_UNMARKED))
    runs = [[*run] for _, run in groupby(range(len(lines)), key=shown.__contains__)]
    folded = {index for run in runs if len(run) >= _SHORTEST_FOLD for index in run if index not in shown}
    for is_folded, run in groupby(range(len(lines)), key=folded.__contains__):
        yield Chunk(tuple(lines[index] for index in run), is_folded)
