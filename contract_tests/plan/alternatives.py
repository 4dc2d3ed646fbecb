"""Reads a schema as the choice points and alternatives that it leaves open."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.contract.references import is_annotated_only
from contract_tests.plan.arrays import Arrays
from contract_tests.plan.checking import Checking
from contract_tests.plan.choices import NOWHERE, Alternative, Choice, ChoicePoint
from contract_tests.plan.making import always
from contract_tests.plan.merged import WHOLE
from contract_tests.plan.objects import Objects
from contract_tests.plan.packing import value_of
from contract_tests.plan.scalars import read_constants, read_number, read_string
from contract_tests.plan.spot import Spot
from contract_tests.plan.values import EMPTY, FREE_FORM, UNLISTED, types_of
from contract_tests.target.limits import ABSENT
from spec.reader import escape, target_of, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.plan.merged import Source
    from contract_tests.plan.reading import Reading
    from spec.json_value import Json

    Read = Callable[[Spot, Mapping[str, Json]], Iterator[Alternative]]

_MOST_TIMES: Final = 2
"""How often a schema may lead to itself."""
_MANY: Final = 2
"""How many known names of a list are too many to try all, unless that is asked for."""


class Alternatives:
    """Reads schemas of a contract as the choice points and alternatives that they leave open, within limits."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._schemas = reading.schemas
        self._limits = reading.limits
        self._checking = Checking(reading.schemas)
        self._arrays = Arrays(reading, self)
        self._objects = Objects(reading, self)

    def of_body(self, pointer: str) -> ChoicePoint:
        """The choice point that the schema of a whole body describes."""
        reading = self._reading
        reading.deepest = reading.contract.reach.depth(pointer, reading.effort.parts)
        return self.required(Spot(pointer, "", pointer, (pointer,))) or NOWHERE

    def any_body(self, pointer: str) -> Choice:
        """The choice that is left to try where no valid body could be made."""
        choice = self._reading.choice(self._reading.whole, "any valid value", pointer)
        return replace(choice, reason=f"the schema has keywords that no value could be made for: {choice.pointer}")

    def required(self, spot: Spot) -> ChoicePoint | None:
        """A choice point that must have a value; None if none can be made.

        It is null where only a value of the account may stand, and none is known: the schema may then refuse it.
        """
        found = self.allowed(spot)
        if not found and self._limits.lacks(spot.location):
            found = (Alternative(None, always(None)),)
        return ChoicePoint(found) if found else None

    def optional(self, spot: Spot) -> ChoicePoint | None:
        """A choice point of a field that may be absent, if the limits allow that; None if no value can be made."""
        alternatives = self.allowed(spot)
        if not alternatives:
            return None
        absent = self._reading.choice(spot.path, "absent", spot.pointer)
        if spot.location in self._limits.rules and not self._limits.allows(spot.location, ABSENT):
            self._reading.withheld.add(absent)
            return ChoicePoint(alternatives)
        return ChoicePoint((*alternatives, Alternative(absent, always(ABSENT))))

    def allowed(self, spot: Spot) -> tuple[Alternative, ...]:
        """The alternatives that the limits allow, with the target's own value in place of others."""
        alternatives = tuple(each for each in self._alternatives(spot) if self._is_accepted(spot, each))
        if self._limits.lacks(spot.location):
            return tuple(self._without_texts(spot, alternatives))
        if spot.location not in self._limits.data:
            return alternatives
        own = self._limits.data[spot.location]
        withheld = [each.choice for each in alternatives if each.choice and self._is_withheld(spot, each, own)]
        if not withheld:
            return alternatives
        self._reading.withheld.update(withheld)
        kept = (each for each in alternatives if each.choice not in withheld)
        choice = self._reading.choice(spot.path, f"the target's own ({json.dumps(own)})", withheld[0].pointer)
        return (*kept, Alternative(choice, always(own)))

    def _is_accepted(self, spot: Spot, alternative: Alternative) -> bool:
        medium = self._reading.medium
        return medium is None or bool(alternative.points) or medium.accepts(spot.path, value_of(alternative))

    def _without_texts(self, spot: Spot, alternatives: Iterable[Alternative]) -> Iterator[Alternative]:
        """The alternatives at a place that only a value of the account may take, which no option gives."""
        for alternative in alternatives:
            if not alternative.points and isinstance(value_of(alternative), str):
                option = self._limits.references[spot.location]
                self._reading.withhold(spot, "a text of the account", f"{option} gives it")
            else:
                yield alternative

    def _is_withheld(self, spot: Spot, alternative: Alternative, own: Json) -> bool:
        """Tells whether the target's own value replaces an alternative: a text any text, a number one beyond limits."""
        if alternative.points:  # an object or an array, whose parts have choice points of their own
            return False
        value = value_of(alternative)
        return isinstance(value, str) if isinstance(own, str) else not self._limits.allows(spot.location, value)

    def _alternatives(self, spot: Spot) -> Iterator[Alternative]:
        schema = self._schemas.value(spot.pointer)
        if schema is True or schema == {}:
            yield Alternative(None, always(FREE_FORM if self._reading.medium is None else UNLISTED))
        elif schema is not False:
            yield from self._of_schema(spot, schema)

    def _of_schema(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """The alternatives of a schema, or of the one that says all of it in one place; none that is never valid."""
        if self._schemas.needs_merging(spot.pointer):
            yield from self.merged(spot, (spot.pointer, WHOLE))
            return
        found = list(self._reader_of(schema)(spot, schema))
        kept = list(self._checking.keep(spot.pointer, schema, found))
        if not kept and not self._is_cut_off(spot):
            kept = list(self._searched(spot, schema))
        yield from kept

    @staticmethod
    def _is_cut_off(spot: Spot) -> bool:
        """Tells whether a schema stands where it led to itself, so that it has no value only because we stop there."""
        return any(spot.followed.count(each) >= _MOST_TIMES for each in spot.followed)

    def merged(self, spot: Spot, *sources: Source) -> Iterator[Alternative]:
        """The alternatives of several schemas as one; none once one of them has led to itself too often."""
        pointer = self._schemas.merge(*sources)
        targets = self._schemas.targets(pointer)
        if not any(spot.followed.count(target) >= _MOST_TIMES for target in targets):
            yield from self._alternatives(replace(spot, pointer=pointer, followed=(*spot.followed, *targets)))

    def _reader_of(self, schema: Mapping[str, Json]) -> Read:
        """The method that reads a schema, by its first keyword that decides."""
        readers: dict[str, Read] = {
            "$ref": self._referred,
            "allOf": self._all_of,
            "if": self._conditional,
            "dependentSchemas": self._with_dependents,
            "dependentRequired": self._with_dependents,
            "oneOf": partial(self._branches, "oneOf"),
            "anyOf": partial(self._branches, "anyOf"),
            "enum": lambda spot, schema: read_constants(self._reading, spot.within("enum"), schema["enum"]),
            "const": lambda spot, schema: read_constants(self._reading, spot.within("const"), [schema["const"]]),
        }
        return next((read for keyword, read in readers.items() if keyword in schema), self._typed)

    def _referred(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """The alternatives of another schema; none once it has led to itself too often."""
        target = target_of(schema["$ref"])
        if spot.followed.count(target) < _MOST_TIMES:
            yield from self._alternatives(replace(spot, pointer=target, followed=(*spot.followed, target)))

    def _all_of(self, spot: Spot, _schema: Mapping[str, Json]) -> Iterator[Alternative]:
        yield from self._alternatives(spot.within("allOf", "0"))

    def _conditional(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """The values for which a condition holds, then the others."""
        rest = (spot.pointer, frozenset({"if", "then", "else"}))
        for keywords in (("if", "then"), ("else",)):
            yield from self.merged(
                spot, rest, *((f"{spot.pointer}/{each}", WHOLE) for each in keywords if each in schema)
            )

    def _with_dependents(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """The values with what fields demand, then those of any kind, of which the valid ones are kept."""
        rest = (spot.pointer, frozenset({"dependentSchemas", "dependentRequired"}))
        applied = (
            (f"{spot.pointer}/dependentSchemas/{escape(name)}", WHOLE) for name in schema.get("dependentSchemas", {})
        )
        demanded = [*dict.fromkeys(name for names in schema.get("dependentRequired", {}).values() for name in names)]
        named = self._schemas.inline({"required": demanded}, self._schemas.origin(f"{spot.pointer}/dependentRequired"))
        yield from self.merged(spot, rest, *applied, *([(named, WHOLE)] if demanded else ()))
        yield from self.merged(spot, rest)

    def _branches(self, keyword: str, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        branches = [spot.within(keyword, str(index)) for index, _ in enumerate(schema[keyword])]
        beside = [each for each in schema if each != keyword and not is_annotated_only([each])]
        is_open = any(self._is_any_string(branch.pointer) for branch in branches)
        for branch in branches:
            named = self._named(branch) if keyword == "oneOf" else branch
            rest = (spot.pointer, frozenset({keyword}))
            of_branch = self.merged(named, rest, (branch.pointer, WHOLE)) if beside else self._alternatives(named)
            found = list(of_branch)
            if is_open and self._is_any_string(branch.pointer):
                found = [each for each in found if each.choice and each.choice.value != EMPTY]
                found.append(self._reading.constant(branch.within("type"), "a name that is not listed", UNLISTED))
            elif is_open and all(each.choice for each in found):
                found = self._known_names(found)
            yield from found
            if found and self._reading.is_too_deep(spot):
                return

    def _named(self, branch: Spot) -> Spot:
        """The branch with its name in its path, if it is a reference to an object's schema."""
        schema, target = self._schemas.value(branch.pointer), ""
        while isinstance(schema, dict) and "$ref" in schema and target_of(schema["$ref"]) != target:
            target = target_of(schema["$ref"])
            schema = self._schemas.value(target)
        is_object = target and isinstance(schema, dict) and schema.get("type") == "object"
        return replace(branch, path=f"{branch.path}({tokens(target)[-1]})") if is_object else branch

    def _known_names(self, found: Sequence[Alternative]) -> list[Alternative]:
        """The known names beside any string, all of them or the first; then null."""
        named = [_as_known_name(each) for each in found if each.choice and each.choice.value != "null"]
        others = [each for each in found if each.choice and each.choice.value == "null"]
        if self._reading.all_known_names or len(named) < _MANY:
            return named + others
        first = named[0].choice
        if first:
            more = replace(first, value=f"{len(named) - 1} further known names", reason="--all-known-names tries them")
            self._reading.withheld.add(more)
        return named[:1] + others

    def _is_any_string(self, pointer: str) -> bool:
        schema = self._schemas.value(pointer)
        is_string = isinstance(schema, dict) and schema.get("type") == "string"
        return is_string and not {"enum", "const", "pattern", "format"} & schema.keys()

    def _typed(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        types = types_of(schema)
        for name in types:
            yield from self._of_type(name, spot, schema)
        if not types:
            yield Alternative(None, always(FREE_FORM))

    def _of_type(self, name: str, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        constants = partial(read_constants, self._reading, spot.within("type"))
        readers: dict[str, Read] = {
            "object": self._objects.read,
            "array": self._arrays.read,
            "string": partial(read_string, self._reading),
            "integer": partial(read_number, self._reading, is_integer=True),
            "number": partial(read_number, self._reading, is_integer=False),
            "boolean": lambda *_: constants([True, False]),
            "null": lambda *_: constants([None]),
        }
        return readers[name](spot, schema) if name in readers else iter(())

    def _searched(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """A value that was found by trying, where none could be made; else the part counts as one that cannot be."""
        blamed = self._checking.blame(spot.pointer, schema)
        keyword = blamed.rpartition("/")[2]
        try:
            value = self._checking.find(spot.pointer, schema)
        except LookupError:
            impossible = self._reading.choice(spot.path, "any value", blamed)
            reason = f"none was found that {keyword} allows: {impossible.pointer}"
            self._reading.impossible.add(replace(impossible, reason=reason))
            return
        choice = self._reading.choice(spot.path, f"a value that was found by trying for {keyword}", blamed)
        yield Alternative(choice, always(value))


def _as_known_name(alternative: Alternative) -> Alternative:
    assert alternative.choice  # noqa: S101 - the caller has seen to it
    return Alternative(replace(alternative.choice, is_known_name=True), alternative.make)
