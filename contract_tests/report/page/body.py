"""A body on the page: laid out on lines, its broken parts marked, and the rest folded."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.report.page.allowance import cut
from contract_tests.report.page.layout import Line, lay_out, looks_like_json
from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.report.page.layout import Path

_ANY: Final = "*"
"""Stands for any item of an array in the pointer of a broken part."""
_NEAR: Final = 2
"""How many lines around a marked one are not folded."""
_UNMARKED: Final = 14
"""How many lines of a body without marks are not folded."""
_LONGEST_LINE: Final = 400
_SHORTEST_FOLD: Final = 3


class Chunk(Struct, frozen=True):
    """Lines that follow each other, shown or folded."""

    lines: tuple[Line, ...]
    is_folded: bool


class ShownBody(Struct, frozen=True):
    """A body as it is shown."""

    chunks: tuple[Chunk, ...]
    length: int
    """Of the whole body, in characters."""
    is_cut: bool


def show_body(text: str, broken: Iterable[str] = (), room: int = 6_000) -> ShownBody:
    """A body as it is shown. `broken` are JSON Pointers of its broken parts, with `*` for any item of an array."""
    ways = [tuple(tokens(pointer)) for pointer in broken if pointer]
    lines = list(_mark(lay_out(text), ways)) if looks_like_json(text) else [Line(each) for each in text.split("\n")]
    kept = _fit([_shortened(line, min(_LONGEST_LINE, room)) for line in lines], room)
    return ShownBody(tuple(_fold(kept)), len(text), is_cut=len(kept) < len(lines))


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
