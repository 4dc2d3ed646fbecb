"""Reads a schema as the choice points and alternatives that it leaves open."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.contract.direction import Direction, is_marked
from contract_tests.contract.keywords import matcher
from contract_tests.contract.references import is_annotated_only
from contract_tests.plan.checking import Checking
from contract_tests.plan.choices import NOWHERE, Alternative, Choice, ChoicePoint
from contract_tests.plan.effort import effort_for
from contract_tests.plan.making import always, array_of, array_of_every, map_of, object_of
from contract_tests.plan.merged import WHOLE, MergedSchemas
from contract_tests.plan.packing import value_of
from contract_tests.plan.spot import Spot, without_branches
from contract_tests.plan.values import (
    EMPTY,
    FORMATTED,
    FREE_FORM,
    HEAVIEST,
    UNLISTED,
    describe_value,
    keys_of,
    kinds_of_string,
    lengths_of,
    may_be_refused,
    numbers,
    texts_of,
    types_of,
    weight_of,
)
from contract_tests.target.limits import ABSENT
from spec.reader import escape, target_of, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.effort import Effort
    from contract_tests.plan.medium import Medium
    from contract_tests.plan.merged import Source
    from contract_tests.target.limits import Limits
    from spec.json_value import Json

    Read = Callable[[Spot, Mapping[str, Json]], Iterator[Alternative]]

_SMALL: Final = 1_000
"""The most characters of a string that bodies may have though another one has tried it."""
_MOST_TIMES: Final = 2
"""How often a schema may lead to itself."""
_FEW_ITEMS: Final = 3
"""How many items an array may have, whatever their weight."""
_MANY: Final = 2
"""How many known names of a list are too many to try all, unless that is asked for."""


class Alternatives:
    """Reads schemas of a contract as the choice points and alternatives that they leave open, within limits."""

    def __init__(  # noqa: PLR0913 - what alternatives depend on
        self,
        contract: Contract,
        *,
        all_known_names: bool,
        limits: Limits,
        effort: Effort | None = None,
        medium: Medium | None = None,
        direction: Direction = Direction.REQUEST,
    ) -> None:
        self._contract = contract
        self._direction = direction
        self._medium = medium
        self._effort = effort or effort_for(contract, thorough=False)
        self._deepest = 0
        self._schemas = MergedSchemas(contract, direction)
        self._checking = Checking(self._schemas)
        self._all_known_names = all_known_names
        self._limits = limits
        self.withheld: set[Choice] = set()
        """The choices of the schemas read so far that the limits do not allow."""
        self.impossible: set[Choice] = set()
        """The parts that no value could be made for."""

    def of_body(self, pointer: str) -> ChoicePoint:
        """The choice point that the schema of a whole body describes."""
        self._deepest = self._contract.reach.depth(pointer, self._effort.parts)
        return self._required(Spot(pointer, "", pointer, (pointer,))) or NOWHERE

    def any_body(self, pointer: str) -> Choice:
        """The choice that is left to try where no valid body could be made."""
        choice = self._choice("", "any valid body", pointer)
        return replace(choice, reason=f"the schema has keywords that no body could be made for: {choice.pointer}")

    def _required(self, spot: Spot) -> ChoicePoint | None:
        """A choice point that must have a value; None if none can be made.

        It is null where only a value of the account may stand, and none is known: the schema may then refuse it.
        """
        found = self._allowed(spot)
        if not found and self._limits.lacks(spot.location):
            found = (Alternative(None, always(None)),)
        return ChoicePoint(found) if found else None

    def _optional(self, spot: Spot, alternatives: tuple[Alternative, ...]) -> ChoicePoint:
        """A choice point of a field that may be absent, if the limits allow that."""
        absent = self._choice(spot.path, "absent", spot.pointer)
        if spot.location in self._limits.rules and not self._limits.allows(spot.location, ABSENT):
            self.withheld.add(absent)
            return ChoicePoint(alternatives)
        return ChoicePoint((*alternatives, Alternative(absent, always(ABSENT))))

    def _allowed(self, spot: Spot) -> tuple[Alternative, ...]:
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
        self.withheld.update(withheld)
        kept = (each for each in alternatives if each.choice not in withheld)
        choice = self._choice(spot.path, f"the target's own ({json.dumps(own)})", withheld[0].pointer)
        return (*kept, Alternative(choice, always(own)))

    def _is_accepted(self, spot: Spot, alternative: Alternative) -> bool:
        medium = self._medium
        return medium is None or bool(alternative.points) or medium.accepts(spot.path, value_of(alternative))

    def _without_texts(self, spot: Spot, alternatives: Iterable[Alternative]) -> Iterator[Alternative]:
        """The alternatives at a place that only a value of the account may take, which no option gives."""
        for alternative in alternatives:
            if not alternative.points and isinstance(value_of(alternative), str):
                setting = self._limits.references[spot.location]
                self.withheld.add(self._choice(spot.path, f"a text of the account ({setting} gives it)", spot.pointer))
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
            yield Alternative(None, always(FREE_FORM if self._medium is None else UNLISTED))
        elif schema is not False:
            yield from self._of_schema(spot, schema)

    def _of_schema(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """The alternatives of a schema, or of the one that says all of it in one place; none that is never valid."""
        if self._schemas.needs_merging(spot.pointer):
            yield from self._merged(spot, (spot.pointer, WHOLE))
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

    def _merged(self, spot: Spot, *sources: Source) -> Iterator[Alternative]:
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
            "enum": lambda spot, schema: self._constants(spot.within("enum"), schema["enum"]),
            "const": lambda spot, schema: self._constants(spot.within("const"), [schema["const"]]),
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
            yield from self._merged(
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
        yield from self._merged(spot, rest, *applied, *([(named, WHOLE)] if demanded else ()))
        yield from self._merged(spot, rest)

    def _branches(self, keyword: str, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        branches = [spot.within(keyword, str(index)) for index, _ in enumerate(schema[keyword])]
        beside = [each for each in schema if each != keyword and not is_annotated_only([each])]
        is_open = any(self._is_any_string(branch.pointer) for branch in branches)
        for branch in branches:
            named = self._named(branch) if keyword == "oneOf" else branch
            rest = (spot.pointer, frozenset({keyword}))
            of_branch = self._merged(named, rest, (branch.pointer, WHOLE)) if beside else self._alternatives(named)
            found = list(of_branch)
            if is_open and self._is_any_string(branch.pointer):
                found = [each for each in found if each.choice and each.choice.value != EMPTY]
                found.append(self._constant(branch.within("type"), "a name that is not listed", UNLISTED))
            elif is_open and all(each.choice for each in found):
                found = self._known_names(found)
            yield from found
            if found and self._is_too_deep(spot):
                return

    def _is_too_deep(self, spot: Spot) -> bool:
        """Tells whether a part is so deep in the body that only what must be there is planned for."""
        return spot.depth >= self._deepest

    def _leave_out(self) -> None:
        self.withheld.add(
            Choice("", f"parts more than {self._deepest} levels deep (--thorough looks deeper)", "", "documented")
        )

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
        if self._all_known_names or len(named) < _MANY:
            return named + others
        first = named[0].choice
        if first:
            left_out = f"{len(named) - 1} further known names (--all-known-names tries them)"
            self.withheld.add(replace(first, value=left_out))
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
        readers: dict[str, Read] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": partial(self._number, is_integer=True),
            "number": partial(self._number, is_integer=False),
            "boolean": lambda spot, _: self._constants(spot.within("type"), [True, False]),
            "null": lambda spot, _: self._constants(spot.within("type"), [None]),
        }
        return readers[name](spot, schema) if name in readers else iter(())

    def _constants(self, spot: Spot, values: Sequence[Json]) -> Iterator[Alternative]:
        yield from (self._constant(spot, describe_value(value), value) for value in values[: self._effort.members])
        if (more := len(values) - self._effort.members) and more > 0:
            self.withheld.add(self._choice(spot.path, f"{more} further members (--thorough tries them)", spot.pointer))

    def _constant(self, spot: Spot, name: str, value: Json) -> Alternative:
        """A value that a keyword allows."""
        # That null is allowed is marked at the field, whether its type lists null or a branch is null.
        pointer = self._schemas.origin(spot.pointer)
        field_pointer = re.sub(r"(/(anyOf|oneOf)/\d+)?/\w+$", "", pointer)
        marked = f"{field_pointer}/nullable" if value is None else pointer
        return Alternative(self._choice(spot.path, name, pointer, marked), always(value))

    def _choice(self, path: str, value: str, pointer: str, standing_of: str | None = None) -> Choice:
        real = self._schemas.origin(pointer)
        return Choice(path, value, real, self._contract.standing(standing_of or real))

    def _string(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        if "pattern" in schema:
            for name, text in texts_of(schema["pattern"], *lengths_of(schema)).items():
                yield self._constant(spot.within("pattern"), name, text)
        elif schema.get("format") in FORMATTED:
            yield self._constant(spot.within("format"), schema["format"], FORMATTED[schema["format"]])
        else:
            yield from self._kinds_of_string(spot, schema)

    def _kinds_of_string(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """Each kind of string, to be tried here, or once in the object or the body, in whichever of its strings."""
        places = {"place": spot.path, "object": _short(spot.owner), "body": self._name_of_all(spot)}
        for name, scope, text in kinds_of_string(schema):
            exact = self._choice(spot.path, name, f"{spot.pointer}/type")
            is_costly = len(text) > _SMALL and not self._effort.combines
            choice = replace(exact, place=places["body" if is_costly else scope])
            yield Alternative(choice, always(text), exact=exact, is_rare=len(text) > _SMALL, weight=weight_of(text))

    def _name_of_all(self, spot: Spot) -> str:
        return self._medium.name if self._medium else _short(spot.followed[0])

    def _number(self, spot: Spot, schema: Mapping[str, Json], *, is_integer: bool) -> Iterator[Alternative]:
        for name, (value, keyword) in numbers(schema, is_integer=is_integer).items():
            choice = self._choice(spot.path, name, f"{spot.pointer}/{keyword}")
            is_rare = may_be_refused(value, is_integer=is_integer)
            yield Alternative(replace(choice, may_be_refused=is_rare), always(value), is_rare=is_rare)

    def _array(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        if "prefixItems" in schema or "contains" in schema:
            yield from self._array_of_positions(spot, schema)
            return
        choice = partial(self._choice, spot.path, pointer=f"{spot.pointer}/type")
        shortest, longest = int(schema.get("minItems", 0)), schema.get("maxItems", float("inf"))
        if not shortest:
            yield Alternative(choice("empty array"), always([]))
            if self._is_too_deep(spot):
                self._leave_out()
                return
        if item := self._item(spot, schema, 0):
            # What is tried in the first item is tried in a later one too: servers may treat them differently.
            later = self._item(spot, schema, 1) or item
            for number, name in sorted({shortest: str(shortest), 1: "one", 2: "two that differ"}.items()):
                if max(shortest, 1) <= number <= longest and (number <= _FEW_ITEMS or number * item.weight <= HEAVIEST):
                    items = (item, later)[:number]
                    yield Alternative(
                        choice(f"array of {name}"), array_of(items, number), items, weight=number * item.weight
                    )
            if _is_flat(item) and shortest <= len(item.alternatives) <= longest:
                yield Alternative(choice("array of every item"), array_of_every(item))

    def _array_of_positions(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """Arrays whose items have schemas of their own: by their positions, or because the array contains such."""
        choice = partial(self._choice, spot.path, pointer=f"{spot.pointer}/type")
        if not schema.get("minItems") and not schema.get("minContains", "contains" in schema):
            yield Alternative(choice("empty array"), always([]))
        points = list(self._positions(spot, schema))
        if None not in points and sum(point.weight for point in points if point) <= HEAVIEST:
            items = tuple(point for point in points if point)
            if items:
                yield Alternative(choice(f"array of {len(items)}"), array_of(items, len(items)), items)

    def _positions(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[ChoicePoint | None]:
        """The choice points of the items: those with a position, then those that the array must have besides."""
        prefix = [spot.within("prefixItems", str(index)) for index, _ in enumerate(schema.get("prefixItems", ()))]
        contained = int(schema.get("minContains", 1)) if "contains" in schema else 0
        prefix = prefix[: int(schema.get("maxItems", len(prefix)))]
        number = len(prefix)
        for index, inner in enumerate(prefix):
            yield self._point(replace(inner, path=f"{spot.path}[{index}]", depth=spot.depth + 1))
        wanted = max(contained, int(schema.get("minItems", 0)) - number)
        if wanted > HEAVIEST:
            yield None
            return
        for index in range(number, number + wanted):
            yield self._position(spot, schema, index, is_contained=index - number < contained)

    def _position(
        self, spot: Spot, schema: Mapping[str, Json], index: int, *, is_contained: bool
    ) -> ChoicePoint | None:
        """The choice point of an item that has no position of its own."""
        sources = [
            (f"{spot.pointer}/{keyword}", WHOLE)
            for keyword in ("items", *(["contains"] if is_contained else []))
            if keyword in schema
        ]
        path = f"{spot.path}[{index}]"
        if not sources:
            return ChoicePoint((Alternative(None, always(FREE_FORM)),))
        found = tuple(self._merged(replace(spot, path=path, depth=spot.depth + 1), *sources))
        return ChoicePoint(found) if found else None

    def _item(self, spot: Spot, schema: Mapping[str, Json], index: int) -> ChoicePoint | None:
        """The choice point of an array's first or later items; None if no item can be made."""
        if "items" not in schema:
            return ChoicePoint((Alternative(None, always(FREE_FORM)),))
        return self._point(spot.within("items", path=f"{spot.path}[{index}]"))

    def _point(self, spot: Spot) -> ChoicePoint | None:
        """The choice point of a part; None if no value can be made for it."""
        found = self._allowed(spot)
        return ChoicePoint(found) if found else None

    def _object(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        if schema.get("properties") or schema.get("required"):
            yield from self._with_fields(spot, schema)
        else:
            yield Alternative(self._choice(spot.path, "empty map", f"{spot.pointer}/type"), always({}))
            if self._is_too_deep(spot):
                self._leave_out()
            else:
                yield from self._filled_map(spot, schema)

    def _filled_map(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """A map with keys, whose values have a schema or may be anything; none if it may not have any."""
        for keyword, inner, names in self._map_values(spot, schema):
            choice = self._choice(spot.path, "filled map", f"{spot.pointer}/{keyword}")
            if names is None:
                yield Alternative(choice, always(FREE_FORM))
            elif found := self._allowed(inner):
                value = ChoicePoint(found)
                yield Alternative(choice, map_of(value, names), (value,), weight=len(names) * value.weight)

    def _map_values(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[tuple[str, Spot, Sequence[str] | None]]:
        """The schemas for a map's values, each with its keyword and with keys; with None where all of it is free."""
        least, most = int(schema.get("minProperties", 0)), schema.get("maxProperties", float("inf"))
        for pattern in schema.get("patternProperties", {}):
            keys = keys_of([pattern], least, most, self._takes_name(spot, schema))
            yield (
                "patternProperties",
                spot.within("patternProperties", pattern, path=f"{spot.path}{{}}", owner=spot.pointer),
                keys,
            )
        others, names = schema.get("additionalProperties", True), schema.get("propertyNames")
        if others is False:
            return
        is_free = others is True or others == {}
        is_limited = (
            names is not None or least > len(FREE_FORM) or most < len(FREE_FORM) or "patternProperties" in schema
        )
        if is_free and not is_limited:
            yield "type", spot, None
            return
        pattern_of_names = self._patterns_of_names(spot, names)
        keys = keys_of(pattern_of_names, least, most, self._takes_name(spot, schema))
        keyword = "type" if is_free else "additionalProperties"
        pointer = spot.pointer if not is_free else self._schemas.inline({}, spot.pointer)
        inner = replace(spot, pointer=pointer).within(
            *([] if is_free else [keyword]), path=f"{spot.path}{{}}", owner=spot.pointer
        )
        yield keyword, inner, keys

    def _patterns_of_names(self, spot: Spot, names: Json) -> list[str] | Sequence[str]:
        """Patterns of keys that `propertyNames` suggests."""
        if not isinstance(names, dict):
            return []
        found = self._allowed(replace(spot, path="", pointer=f"{spot.pointer}/propertyNames"))
        texts = [value_of(each) for each in found if not each.points]
        return [f"^{re.escape(text)}$" for text in texts if isinstance(text, str) and len(text) <= _SMALL]

    def _takes_name(self, spot: Spot, schema: Mapping[str, Json]) -> Callable[[str], bool]:
        """A test of keys by `propertyNames`."""
        if "propertyNames" not in schema:
            return lambda _: True
        return partial(self._schemas.is_valid, f"{spot.pointer}/propertyNames")

    def _with_fields(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """An object with its fields, and one without those that may be absent."""
        found = {name: self._field(spot, name, schema) for name in self._names_of_fields(spot, schema)}
        fields = {name: point for name, point in found.items() if point}
        required = {name: point for name, point in fields.items() if name in schema.get("required", [])}
        if len(required) < len({*schema.get("required", [])} & found.keys()):
            return  # a field that must be there can have no value
        weight = sum(point.weight for point in fields.values())
        if fields and weight <= HEAVIEST * 20:  # an object with fields is tried with them
            yield Alternative(None, object_of(fields), tuple(fields.values()), weight=weight)
        if not fields or self._may_be_bare(spot, fields, required):
            name = "nothing but required fields" if required else "empty object"
            choice = self._choice(spot.path, name, f"{spot.pointer}/properties")
            absent = tuple(choice for point in fields.values() for choice in _absences(point))
            bare = sum(point.weight for point in required.values())
            yield Alternative(choice, object_of(required), tuple(required.values()), brings=absent, weight=max(bare, 1))

    def _names_of_fields(self, spot: Spot, schema: Mapping[str, Json]) -> list[str]:
        """The names of the fields that a body may have in its direction, and of undescribed ones that it must have."""
        properties = schema.get("properties", {})
        takes_name = self._takes_name(spot, schema)
        required = schema.get("required", ())
        if self._is_too_deep(spot) and len(required) < len({*properties, *required}):
            self._leave_out()
            properties = {name: properties[name] for name in properties if name in required}
        marked = {name for name in properties if self._is_left_out(spot, name)}
        return [
            name
            for name in dict.fromkeys([*properties, *schema.get("required", ())])
            if name not in marked and takes_name(name)
        ]

    def _is_left_out(self, spot: Spot, name: str) -> bool:
        inner = self._schemas.value(spot.within("properties", name).pointer)
        return is_marked(self._contract.spec.document, self._schemas.plain(inner), self._direction.value)

    def _may_be_bare(self, spot: Spot, fields: Mapping[str, ChoicePoint], required: Mapping[str, ChoicePoint]) -> bool:
        """Tells whether an object that is not the body itself may have nothing but what it must have."""
        optional = (point for name, point in fields.items() if name not in required)
        return bool(spot.path) and len(fields) > len(required) and all(any(_absences(point)) for point in optional)

    def _owner_of_texts(self, spot: Spot, schema: Mapping[str, Json]) -> str:
        """The object in which each kind of string is to be tried once.

        A branch that lacks a value of the account has a text less to try them in. It shares them with the others,
        or each would take many bodies.
        """
        lacks = bool(self._limits.references) and any(
            self._limits.lacks(f"{spot.location}/{name}") for name in schema.get("properties", ())
        )
        return without_branches(spot.path) if lacks and "(" in spot.path else self._schemas.origin(spot.pointer)

    def _field(self, spot: Spot, name: str, schema: Mapping[str, Json]) -> ChoicePoint | None:
        """The choice point of a field; None if no value can be made."""
        path = f"{spot.path}.{name}" if spot.path else name
        inner = spot.within(*self._way_to(name, schema), path=path, owner=self._owner_of_texts(spot, schema))
        if not self._way_to(name, schema):
            inner = replace(inner, pointer=self._schemas.inline({}, f"{spot.pointer}/required"))
        if name in schema.get("required", []):
            return self._required(inner)
        found = self._allowed(inner)
        return self._optional(inner, found) if found else None

    @staticmethod
    def _way_to(name: str, schema: Mapping[str, Json]) -> list[str]:
        """The keywords under which a field's schema stands; none if nothing is said of it."""
        if name in schema.get("properties", {}):
            return ["properties", name]
        pattern = next((each for each in schema.get("patternProperties", {}) if matcher(each)(name)), None)
        if pattern is not None:
            return ["patternProperties", pattern]
        return ["additionalProperties"] if "additionalProperties" in schema else []

    def _searched(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """A value that was found by trying, where none could be made; else the part counts as one that cannot be."""
        blamed = self._checking.blame(spot.pointer, schema)
        try:
            value = self._checking.find(spot.pointer, schema)
        except LookupError:
            keyword = blamed.rpartition("/")[2]
            impossible = self._choice(spot.path, "any value", blamed)
            reason = f"none was found that {keyword} allows: {impossible.pointer}"
            self.impossible.add(replace(impossible, reason=reason))
            return
        yield Alternative(
            self._choice(spot.path, f"a value that was found by trying for {blamed.rpartition('/')[2]}", blamed),
            always(value),
        )


def _as_known_name(alternative: Alternative) -> Alternative:
    assert alternative.choice  # noqa: S101 - the caller has seen to it
    return Alternative(replace(alternative.choice, is_known_name=True), alternative.make)


def _short(pointer: str) -> str:
    return pointer.removeprefix("/components/schemas/")


def _absences(point: ChoicePoint) -> Iterator[Choice]:
    """The choice that a field is absent, if it may be."""
    return (each.choice for each in point.alternatives if each.choice and each.choice.value == "absent")


def _is_flat(item: ChoicePoint) -> bool:
    """Tells whether every alternative is a choice without choice points of its own."""
    return all(each.choice and not each.points for each in item.alternatives)
