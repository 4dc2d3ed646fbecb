"""Holds alternatives to the schema that they are made for, so that no part of a body is made that cannot be sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any, Final

from contract_tests.plan.choices import NOWHERE
from contract_tests.plan.making import checked
from contract_tests.plan.packing import AtRandom, BodyDraft, Fullest, Plainest, Untried, value_of
from contract_tests.plan.spelling import without_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contract_tests.plan.choices import Alternative
    from contract_tests.plan.merged import MergedSchemas
    from contract_tests.plan.packing import Picks
    from spec.json_value import Json

_ABSENT: Final = object()
_SAMPLES: Final = 6
"""How many values of an alternative are made at random, beside the plainest and the fullest, until one is valid."""
_MAY_FAIL: Final = frozenset(
    {
        *("not", "oneOf", "if", "dependentRequired", "dependentSchemas", "contains", "propertyNames"),
        *("patternProperties", "unevaluatedProperties", "unevaluatedItems", "minProperties", "maxProperties"),
        *("uniqueItems", "prefixItems", "$dynamicRef"),
    }
)
"""The keywords that a value of our making may break: it satisfies all others by the way in which it is made."""
_CANDIDATES: Final[tuple[Json, ...]] = ({}, [], "a", 1, 0.5, True, None, "", 0, [1], {"a": 1})
"""Values of each type, for schemas that say little of their values."""


class Checking:
    """Holds alternatives to their schemas."""

    def __init__(self, schemas: MergedSchemas) -> None:
        self._schemas = schemas

    def keep(self, pointer: str, schema: Mapping[str, Json], found: Iterable[Alternative]) -> Iterator[Alternative]:
        """The alternatives that have valid values. Each of them makes a valid one in any case."""
        may_fail = self._schemas.is_merged(pointer) or not _MAY_FAIL.isdisjoint(schema)
        for alternative in found:
            if not alternative.points:
                yield from [alternative] if self._is_valid(pointer, value_of(alternative)) else []
            elif may_fail:
                yield from self._checked(pointer, alternative)
            else:
                yield alternative

    def find(self, pointer: str, schema: Mapping[str, Json]) -> Json:
        """A valid value, of those that the schema itself or we suggest. Raises LookupError if none is valid."""
        listed = schema.get("examples")
        suggested = [
            *(schema[keyword] for keyword in ("example", "default", "const") if keyword in schema),
            *(listed if isinstance(listed, list) else ()),
        ]
        for value in chain(suggested, _CANDIDATES):
            if self._is_valid(pointer, value):
                return value
        raise LookupError(f"no value is known for {pointer}")

    def blame(self, pointer: str, schema: Mapping[str, Json]) -> str:
        """The keyword of the spec for which no value is valid, as a JSON Pointer: the last one that limits any."""
        stated = [keyword for keyword in schema if keyword in _BLAMED]
        return self._schemas.origin(f"{pointer}/{max(stated, key=_BLAMED.index)}" if stated else pointer)

    def _checked(self, pointer: str, alternative: Alternative) -> Iterator[Alternative]:
        value = self._sample(pointer, alternative)
        if value is not _ABSENT:
            make = checked(alternative.make, lambda made: self._is_valid(pointer, made), value)
            yield replace(alternative, make=make)

    def _sample(self, pointer: str, alternative: Alternative) -> Any:  # noqa: ANN401 - a JSON value, or `_ABSENT`
        """A valid value of an alternative, with spelling; `_ABSENT` if none was found."""
        random = Random(0)  # noqa: S311 - variety, not secrecy
        every: list[Picks] = [Fullest(), Plainest((), Counter()), *(AtRandom(random) for _ in range(_SAMPLES))]
        for picks in every:
            value = alternative.make(BodyDraft(Untried(NOWHERE), picks))
            if self._is_valid(pointer, value):
                return value
        return _ABSENT

    def _is_valid(self, pointer: str, value: Json) -> bool:
        return self._schemas.is_valid(pointer, without_spelling(value))


_BLAMED: Final = (
    *("type", "required", "properties", "items", "additionalProperties", "oneOf", "anyOf", "if", "const", "enum"),
    *("minItems", "minProperties", "maxProperties", "prefixItems", "uniqueItems", "contains", "dependentRequired"),
    *("dependentSchemas", "propertyNames", "patternProperties", "unevaluatedItems", "unevaluatedProperties"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "maxLength", "minLength"),
    *("format", "pattern", "not", "$dynamicRef"),
)
"""The keywords for which there may be no valid value, the likeliest last."""
