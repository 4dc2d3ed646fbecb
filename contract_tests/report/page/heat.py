"""The heat map on the page: of each two parts of a request, how many pairs of their values met."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.result.coverage import Factor, Pairs

_MET, _NOT_MET = "+", "-"
_LEVELS: Final = 5
_NAMED: Final = 6
"""How many pairs that never met are named in a cell."""
_PARTS: Final = 60
"""How many parts of a request have a row: of a longer list, nobody could read the map."""
_LISTED: Final = 200
"""How many are listed below the map."""


class Cell(Struct, frozen=True):
    """Two parts of a request: how many pairs of their values met, of those that can meet."""

    met: int
    total: int
    level: int
    """From 0, where none met, to 5, where all did."""
    words: str

    @property
    def percent(self) -> str:
        """The share that met; empty where none can meet."""
        return f"{100 * self.met // self.total}" if self.total else ""


class HeatRow(Struct, frozen=True):
    """A part of a request, beside the parts before it."""

    number: int
    place: str
    cells: tuple[Cell, ...]


class Heat(Struct, frozen=True):
    """The map of an operation."""

    operation: str
    rows: tuple[HeatRow, ...]
    met: int
    total: int
    missing: tuple[str, ...]
    """Some of the pairs that never met."""
    more_missing: int
    more_parts: int
    """How many parts have no row."""


def show_heat(pairs: Pairs) -> Heat:
    """The heat map of an operation."""
    spans = _spans(pairs.factors)[:_PARTS]
    rows = tuple(_row(pairs, spans, number) for number in range(len(spans)))
    cells = [cell for row in rows for cell in row.cells]
    missing = [
        words for one in range(len(spans)) for other in range(one) for words in _missing(pairs, spans, one, other)
    ]
    return Heat(
        operation=pairs.operation,
        rows=rows,
        met=sum(cell.met for cell in cells),
        total=sum(cell.total for cell in cells),
        missing=tuple(missing[:_LISTED]),
        more_missing=max(0, len(missing) - _LISTED),
        more_parts=len(pairs.factors) - len(spans),
    )


def _spans(factors: Iterable[Factor]) -> list[range]:
    """The places of the values of each part among all values."""
    ends = list(accumulate(len(factor.values) for factor in factors))
    return [range(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _row(pairs: Pairs, spans: list[range], number: int) -> HeatRow:
    cells = tuple(_cell(pairs, spans, number, other) for other in range(number))
    return HeatRow(number + 1, pairs.factors[number].place, cells)


def _cell(pairs: Pairs, spans: list[range], one: int, other: int) -> Cell:
    marks = [pairs.met[row][column] for row in spans[one] for column in spans[other]]
    met, total = marks.count(_MET), len(marks) - marks.count(" ")
    missing = list(_missing(pairs, spans, one, other))
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    never = f". Never together: {'; '.join(missing[:_NAMED])}{more}" if missing else ""
    names = f"{pairs.factors[one].place} and {pairs.factors[other].place}"
    said = f"{met} of {total} pairs met" if total else "no request can have both"
    return Cell(met, total, _LEVELS * met // total if total else 0, f"{names}: {said}{never}")


def _missing(pairs: Pairs, spans: list[range], one: int, other: int) -> Iterator[str]:
    """The pairs of two parts' values that never met though they can."""
    for row, first in zip(spans[one], pairs.factors[one].values, strict=True):
        for column, second in zip(spans[other], pairs.factors[other].values, strict=True):
            if pairs.met[row][column] == _NOT_MET:
                yield f"{pairs.factors[one].place} {first} with {pairs.factors[other].place} {second}"
