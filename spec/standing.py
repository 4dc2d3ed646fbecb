"""The standings of statements: who makes them, as `x-provenance` marks it in a spec."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, Literal

from spec.reader import tokens

if TYPE_CHECKING:
    from spec.json_value import Json
    from spec.reader import Spec

MarkedStanding = Literal["documented", "sdk", "inferred"]
"""The vendor's documentation pages, its SDKs, or our reading of both."""
MARKED_STANDINGS: Final[tuple[MarkedStanding, ...]] = ("documented", "sdk", "inferred")
"""The surest first."""
MARK: Final = "x-provenance"
NULL: Final = {"type": "null"}
"""The member of a union that is null."""
NULLABLE: Final = "nullable"
"""Stands in marks for "null is a member of this type", which is no keyword of its own."""


def find_standing(spec: Spec, pointer: str) -> MarkedStanding:
    """The standing of the statement that a keyword makes: its own mark, or that of the nearest value around it."""
    standing: MarkedStanding = "documented"
    places = accumulate(pointer.split("/"), "{}/{}".format)
    for place, name in zip(places, [*tokens(pointer), ""], strict=True):
        mark = _mark(spec, place)
        if isinstance(mark, dict):
            standing = mark.get(name, standing)
        elif mark:
            standing = mark
    return standing


def admits_null(schema: dict[str, Json]) -> bool:
    """True if a schema lists null among its types or its branches."""
    kind = schema.get("type")
    branches = [branch for key in ("anyOf", "oneOf") for branch in schema.get(key, [])]
    return kind == "null" or (isinstance(kind, list) and "null" in kind) or NULL in branches


def _mark(spec: Spec, pointer: str) -> Json:
    """The mark of a value, of all keywords or by keyword; None if it has none."""
    value = spec.value(pointer) if pointer in spec.places else None  # `nullable` is no real keyword
    return value.get(MARK) if isinstance(value, dict) else None
