"""The steps of a comparison of two schemas: findings, and pairs of subschemas to compare next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from scripts.drift.effects import Effect
    from scripts.drift.schemas.keywords import Part


@dataclass(frozen=True)
class Finding:
    """A change in a schema. `pointer` leads to it in the spec, or in the base if the spec no longer has it."""

    pointer: str
    message: str
    effect: Effect
    touched: tuple[str, ...] = ()
    """The pointers, in the base or the spec, whose generated code it touches, if not the pointer itself."""


@dataclass(frozen=True)
class Sight:
    """The effects at a subschema that reach the whole schema.

    `turn` is -1 where fewer values below mean more values above, as in `not`; and 0 where either may follow.
    """

    turn: Literal[-1, 0, 1] = 1
    narrower: bool = True
    wider: bool = True

    def turned(self, turn: Literal[-1, 0]) -> Sight:
        """The sight from below a keyword that turns effects."""
        return Sight(0 if turn == 0 or self.turn == 0 else 1 if self.turn == -1 else -1, self.narrower, self.wider)

    def limited(self, *, narrower: bool, wider: bool) -> Sight:
        """The sight from below a schema that can have become narrower or wider as a whole."""
        narrower, wider = self._above(narrower=narrower, wider=wider)
        return Sight(self.turn, narrower, wider)

    def effect(self, *, narrower: bool, wider: bool) -> Effect | None:
        """The effect above of an effect below; None if there is none."""
        narrower, wider = self._above(narrower=narrower, wider=wider)
        return "different" if narrower and wider else "narrower" if narrower else "wider" if wider else None

    def _above(self, *, narrower: bool, wider: bool) -> tuple[bool, bool]:
        if self.turn == 0:
            narrower = wider = narrower or wider
        if self.turn == -1:
            narrower, wider = wider, narrower
        return narrower and self.narrower, wider and self.wider


class Pair(NamedTuple):
    """Two subschemas, to be compared with the sight from there."""

    before: Part
    now: Part
    sight: Sight


Steps = Iterator[Finding | Pair]
"""Pairs are not compared at once, so that no nesting is too deep for Python's stack."""
