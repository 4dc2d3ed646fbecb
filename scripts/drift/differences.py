"""The differences between two specs as Redocly CLI finds them, and what this project says of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from scripts.document import ABSENT, Operation, Use
from spec.reader import escape, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spec.json_value import Json
    from spec.reader import Place

Impact = Literal["breaking", "compatible", "editorial"]
IMPACTS: Final[tuple[Impact, ...]] = ("breaking", "compatible", "editorial")
"""The gravest first."""


@dataclass(frozen=True)
class Side:
    """One side of a difference: where it stands, or would, and the value there, or ABSENT."""

    pointer: str
    value: Any


@dataclass(frozen=True)
class Difference:
    """A difference as Redocly CLI finds it. `path` leads to it from an operation, through references."""

    path: str
    type_name: str
    kind: Literal["added", "removed", "modified"]
    keyword: str | None
    base: Side | None
    new: Side | None
    breaks: tuple[str, ...] = ()
    """What Redocly CLI says that it breaks."""

    @property
    def pointer(self) -> str:
        """Where it is in the spec, or would be; where it was, if nothing is left around it."""
        side = self.new or self.base
        return side.pointer if side else self.path

    @property
    def is_in_place(self) -> bool:
        """Whether it is where it was; else what leads there leads elsewhere."""
        return not (self.base and self.new) or self.base.pointer == self.new.pointer

    @property
    def map(self) -> str:
        """The key that it stands under: `properties` for a property."""
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
    """A change to the spec. `pointer` leads to it in the spec, or in the base where the spec has it no more."""

    impact: Impact
    pointer: str
    place: Place
    message: str
    uses: tuple[Use, ...] = ()
    """By whom the data is sent or got that it is about."""
    operations: tuple[Operation, ...] = ()
    """All that it concerns: more than in `uses` where it is not about data."""
    touched: tuple[str, ...] = ()
    """Pointers to the parts of the base or the spec whose generated code it concerns."""


def read_differences(answer: Mapping[str, Any]) -> list[Difference]:
    """The differences in what `redocly diff --format=json` answers."""
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
