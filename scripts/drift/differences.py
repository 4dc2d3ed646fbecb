"""The differences between two specs as Redocly CLI finds them, and the changes that are reported for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from spec.reader import ABSENT, escape, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spec.json_value import Json
    from spec.operations import Operation, Use
    from spec.reader import Place

Impact = Literal["breaking", "compatible", "editorial"]
IMPACTS: Final[tuple[Impact, ...]] = ("breaking", "compatible", "editorial")
"""The gravest first."""


@dataclass(frozen=True)
class Side:
    """One side of a difference: its pointer, and the value there, or ABSENT."""

    pointer: str
    value: Any


@dataclass(frozen=True)
class Difference:
    """A difference that Redocly CLI found. `path` leads to it from an operation, through references."""

    path: str
    type_name: str
    kind: Literal["added", "removed", "modified"]
    keyword: str | None
    base: Side | None
    new: Side | None
    breaks: tuple[str, ...] = ()
    """The messages of Redocly CLI's rules that call it breaking."""

    @property
    def pointer(self) -> str:
        """The pointer in the spec; the one in the base, if nothing around it is left in the spec."""
        side = self.new or self.base
        return side.pointer if side else self.path

    @property
    def is_in_place(self) -> bool:
        """False if a reference on the way to it leads to another place than before."""
        return not (self.base and self.new) or self.base.pointer == self.new.pointer

    @property
    def map(self) -> str:
        """The key above it: `properties` for a property."""
        return ["", "", *tokens(self.path)][-2]

    @property
    def before(self) -> Json:
        """The value in the base, or ABSENT."""
        return self.base.value if self.base else ABSENT

    @property
    def after(self) -> Json:
        """The value in the spec, or ABSENT."""
        return self.new.value if self.new else ABSENT


@dataclass(frozen=True)
class Change:
    """A change to the spec. `pointer` leads to it in the spec, or in the base if the spec no longer has it."""

    impact: Impact
    pointer: str
    place: Place
    message: str
    uses: tuple[Use, ...] = ()
    """The uses of the data that it is about."""
    operations: tuple[Operation, ...] = ()
    """The operations that it concerns: more than those in `uses` if it is not about data."""
    touched: tuple[str, ...] = ()
    """The pointers, in the base or the spec, whose generated code it touches."""


def read_differences(answer: Mapping[str, Any]) -> list[Difference]:
    """The differences in the output of `redocly diff --format=json`."""
    return [
        Difference(
            path=_pointer(entry["path"]),
            type_name=entry["typeName"],
            kind=entry["kind"],
            keyword=entry.get("property"),
            base=_side(entry.get("base"), entry.get("property")),
            new=_side(entry.get("revision"), entry.get("property")),
            breaks=tuple(verdict["message"] for verdict in entry["verdicts"] if verdict["impact"] == "major"),
        )
        for entry in answer["changes"]
    ]


def _side(entry: Mapping[str, Any] | None, keyword: str | None) -> Side | None:
    if entry is None:
        return None
    pointer, value = _pointer(entry["pointer"]), entry.get("value", ABSENT)
    is_owner = value is ABSENT and keyword is not None and tokens(pointer)[-1:] != [keyword]
    return Side(f"{pointer}/{escape(keyword or '')}" if is_owner else pointer, value)


def _pointer(fragment: str) -> str:
    return fragment.removeprefix("#").removesuffix("/")
