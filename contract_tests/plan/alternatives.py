"""Reads a schema as the choice points and alternatives that it leaves open."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.plan.choices import Alternative, Choice, ChoicePoint
from contract_tests.plan.making import always, array_of, array_of_every, map_of, object_of
from contract_tests.plan.packing import value_of
from contract_tests.plan.values import (
    EMPTY,
    FORMATTED,
    FREE_FORM,
    UNLISTED,
    describe_value,
    kinds_of_string,
    may_be_refused,
    numbers,
    texts_of,
)
from contract_tests.target.limits import ABSENT
from spec.reader import escape, target_of, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.target.limits import Limits
    from spec.json_value import Json

    Read = Callable[["_Spot", Mapping[str, Json]], Iterator[Alternative]]
    Accepts = Callable[[str, Json], bool]
    """Tells of a part of the request, as `Choice.place` names it, whether it may have a value."""

_SMALL: Final = 1_000
"""The most characters of a string that bodies may have though another one has tried it."""
_MOST_TIMES: Final = 2
"""How often a schema may lead to itself."""
_MANY: Final = 2
"""How many known names of a list are too many to try all, unless that is asked for."""


@dataclass(frozen=True)
class _Spot:
    """A schema where it describes a part of the request."""

    pointer: str
    path: str
    """The part, as `Choice.place` names it."""
    owner: str
    """The object that it is part of, for the kinds of string."""
    followed: tuple[str, ...]
    """The references that led here."""

    @property
    def location(self) -> str:
        """The part as the JSON Pointer by which limits name it."""
        plain = re.sub(r"\[\d\]|\{\}", ".*", _without_branches(self.path))
        return "/" + plain.replace(".", "/") if plain else ""

    def within(self, *way: str, path: str | None = None, owner: str | None = None) -> _Spot:
        """A schema within this one, of another part perhaps."""
        pointer = "".join(f"/{escape(token)}" for token in way)
        return replace(
            self,
            pointer=self.pointer + pointer,
            path=self.path if path is None else path,
            owner=self.owner if owner is None else owner,
        )


def _without_branches(path: str) -> str:
    """The path of a part of the request, without the branches that it goes through."""
    return re.sub(r"\([^)]*\)", "", path)


class Alternatives:
    """Reads schemas of a contract as the choice points and alternatives that they leave open, within limits."""

    def __init__(
        self, contract: Contract, *, all_known_names: bool, limits: Limits, accepts: Accepts | None = None
    ) -> None:
        self._contract = contract
        self._accepts = accepts
        self._all_known_names = all_known_names
        self._limits = limits
        self.withheld: set[Choice] = set()
        """The choices of the schemas read so far that the limits do not allow."""

    def of_body(self, pointer: str) -> ChoicePoint:
        """The choice point that the schema of a whole body describes."""
        return self._required(_Spot(pointer, "", pointer, (pointer,)))

    def any_body(self, pointer: str) -> Choice:
        """The choice that is left to try where no valid body could be made."""
        return self._choice("", "any valid body: the schema has keywords that no body could be made for", pointer)

    def _required(self, spot: _Spot) -> ChoicePoint:
        """A choice point that must have a value: null if none can be made, which the schema may then refuse."""
        return ChoicePoint(self._allowed(spot) or (Alternative(None, always(None)),))

    def _optional(self, spot: _Spot, alternatives: tuple[Alternative, ...]) -> ChoicePoint:
        """A choice point of a field that may be absent, if the limits allow that."""
        absent = self._choice(spot.path, "absent", spot.pointer)
        if spot.location in self._limits.rules and not self._limits.allows(spot.location, ABSENT):
            self.withheld.add(absent)
            return ChoicePoint(alternatives)
        return ChoicePoint((*alternatives, Alternative(absent, always(ABSENT))))

    def _allowed(self, spot: _Spot) -> tuple[Alternative, ...]:
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

    def _is_accepted(self, spot: _Spot, alternative: Alternative) -> bool:
        return self._accepts is None or bool(alternative.points) or self._accepts(spot.path, value_of(alternative))

    def _without_texts(self, spot: _Spot, alternatives: Iterable[Alternative]) -> Iterator[Alternative]:
        """The alternatives at a place that only a value of the account may take, which no option gives."""
        for alternative in alternatives:
            if not alternative.points and isinstance(value_of(alternative), str):
                setting = self._limits.references[spot.location]
                self.withheld.add(self._choice(spot.path, f"a text of the account ({setting} gives it)", spot.pointer))
            else:
                yield alternative

    def _is_withheld(self, spot: _Spot, alternative: Alternative, own: Json) -> bool:
        """Tells whether the target's own value replaces an alternative: a text any text, a number one beyond limits."""
        if alternative.points:  # an object or an array, whose parts have choice points of their own
            return False
        value = value_of(alternative)
        return isinstance(value, str) if isinstance(own, str) else not self._limits.allows(spot.location, value)

    def _alternatives(self, spot: _Spot) -> Iterator[Alternative]:
        schema = self._contract.value(spot.pointer)
        if schema is True or schema == {}:
            yield Alternative(None, always(FREE_FORM if self._accepts is None else UNLISTED))
        elif schema is not False:
            yield from self._reader_of(schema)(spot, schema)

    def _reader_of(self, schema: Mapping[str, Json]) -> Read:
        """The method that reads a schema, by its first keyword that decides."""
        readers: dict[str, Read] = {
            "$ref": self._referred,
            "allOf": self._all_of,
            "oneOf": partial(self._branches, "oneOf"),
            "anyOf": partial(self._branches, "anyOf"),
            "enum": lambda spot, schema: self._constants(spot.within("enum"), schema["enum"]),
            "const": lambda spot, schema: self._constants(spot.within("const"), [schema["const"]]),
        }
        if len(schema.get("allOf", ())) != 1:
            del readers["allOf"]
        return next((read for keyword, read in readers.items() if keyword in schema), self._typed)

    def _referred(self, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """The alternatives of another schema; none once it has led to itself too often."""
        target = target_of(schema["$ref"])
        if spot.followed.count(target) < _MOST_TIMES:
            yield from self._alternatives(replace(spot, pointer=target, followed=(*spot.followed, target)))

    def _all_of(self, spot: _Spot, _schema: Mapping[str, Json]) -> Iterator[Alternative]:
        yield from self._alternatives(spot.within("allOf", "0"))

    def _branches(self, keyword: str, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        branches = [spot.within(keyword, str(index)) for index, _ in enumerate(schema[keyword])]
        is_open = any(self._is_any_string(branch.pointer) for branch in branches)
        for branch in branches:
            found = list(self._alternatives(self._named(branch) if keyword == "oneOf" else branch))
            if is_open and self._is_any_string(branch.pointer):
                found = [each for each in found if each.choice and each.choice.value != EMPTY]
                found.append(self._constant(branch.within("type"), "a name that is not listed", UNLISTED))
            elif is_open and all(each.choice for each in found):
                found = self._known_names(found)
            yield from found

    def _named(self, branch: _Spot) -> _Spot:
        """The branch with its name in its path, if it is a reference to an object's schema."""
        schema = self._contract.value(branch.pointer)
        if not isinstance(schema, dict) or "$ref" not in schema:
            return branch
        target = target_of(schema["$ref"])
        is_object = self._contract.value(target).get("type") == "object"
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
        schema = self._contract.value(pointer)
        is_string = isinstance(schema, dict) and schema.get("type") == "string"
        return is_string and not {"enum", "const", "pattern", "format"} & schema.keys()

    def _typed(self, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        stated = schema.get("type", ["object"] if "properties" in schema else [])
        types = stated if isinstance(stated, list) else [stated]
        for name in types:
            yield from self._of_type(name, spot, schema)
        if not types:
            yield Alternative(None, always(FREE_FORM))

    def _of_type(self, name: str, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        readers: dict[str, Read] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._number,
            "number": self._number,
            "boolean": lambda spot, _: self._constants(spot.within("type"), [True, False]),
            "null": lambda spot, _: self._constants(spot.within("type"), [None]),
        }
        return readers[name](spot, schema) if name in readers else iter(())

    def _constants(self, spot: _Spot, values: Sequence[Json]) -> Iterator[Alternative]:
        yield from (self._constant(spot, describe_value(value), value) for value in values)

    def _constant(self, spot: _Spot, name: str, value: Json) -> Alternative:
        """A value that a keyword allows."""
        # That null is allowed is marked at the field, whether its type lists null or a branch is null.
        field_pointer = re.sub(r"(/(anyOf|oneOf)/\d+)?/\w+$", "", spot.pointer)
        marked = f"{field_pointer}/nullable" if value is None else spot.pointer
        return Alternative(self._choice(spot.path, name, spot.pointer, marked), always(value))

    def _choice(self, path: str, value: str, pointer: str, standing_of: str | None = None) -> Choice:
        return Choice(path, value, pointer, self._contract.standing(standing_of or pointer))

    def _string(self, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        if "format" in schema:
            yield self._constant(spot.within("format"), schema["format"], FORMATTED.get(schema["format"], "text"))
        elif "pattern" in schema:
            for name, text in texts_of(schema["pattern"]).items():
                yield self._constant(spot.within("pattern"), name, text)
        else:
            yield from self._kinds_of_string(spot, schema)

    def _kinds_of_string(self, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """Each kind of string, to be tried here, or once in the object or the body, in whichever of its strings."""
        places = {"place": spot.path, "object": _short(spot.owner), "body": self._name_of_all(spot)}
        for name, scope, text in kinds_of_string(schema):
            exact = self._choice(spot.path, name, f"{spot.pointer}/type")
            choice = replace(exact, place=places[scope])
            yield Alternative(choice, always(text), exact=exact, is_rare=len(text) > _SMALL)

    def _name_of_all(self, spot: _Spot) -> str:
        return "the parameters" if self._accepts else _short(spot.followed[0])

    def _number(self, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        for name, (value, keyword) in numbers(schema).items():
            choice = self._choice(spot.path, name, f"{spot.pointer}/{keyword}")
            is_rare = may_be_refused(value, schema)
            yield Alternative(replace(choice, may_be_refused=is_rare), always(value), is_rare=is_rare)

    def _array(self, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        choice = partial(self._choice, spot.path, pointer=f"{spot.pointer}/type")
        shortest, longest = schema.get("minItems", 0), schema.get("maxItems", float("inf"))
        if not shortest:
            yield Alternative(choice("empty array"), always([]))
        if item := self._item(spot, schema, 0):
            # What is tried in the first item is tried in a later one too: servers may treat them differently.
            later = self._item(spot, schema, 1) or item
            for number, name in sorted({shortest: str(shortest), 1: "one", 2: "two that differ"}.items()):
                if max(shortest, 1) <= number <= longest:
                    items = (item, later)[:number]
                    yield Alternative(choice(f"array of {name}"), array_of(items, number), items)
            if _is_flat(item) and shortest <= len(item.alternatives) <= longest:
                yield Alternative(choice("array of every item"), array_of_every(item))

    def _item(self, spot: _Spot, schema: Mapping[str, Json], index: int) -> ChoicePoint | None:
        """The choice point of an array's first or later items; None if no item can be made."""
        if "items" not in schema:
            return ChoicePoint((Alternative(None, always(FREE_FORM)),))
        found = self._allowed(spot.within("items", path=f"{spot.path}[{index}]"))
        return ChoicePoint(found) if found else None

    def _object(self, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        if "properties" in schema:
            yield from self._with_fields(spot, schema)
        else:
            yield Alternative(self._choice(spot.path, "empty map", f"{spot.pointer}/type"), always({}))
            yield from self._filled_map(spot, schema.get("additionalProperties", True))

    def _filled_map(self, spot: _Spot, inner: Json) -> Iterator[Alternative]:
        """A map with keys, whose values have a schema or may be anything; none if it may not have any."""
        keyword = "additionalProperties" if inner and inner is not True else "type"
        choice = self._choice(spot.path, "filled map", f"{spot.pointer}/{keyword}")
        if inner is True or inner == {}:
            yield Alternative(choice, always(FREE_FORM))
        elif found := self._allowed(spot.within("additionalProperties", path=f"{spot.path}{{}}", owner=spot.pointer)):
            value = ChoicePoint(found)
            yield Alternative(choice, map_of(value), (value,))

    def _with_fields(self, spot: _Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """An object with its fields, and one without those that may be absent."""
        found = {name: self._field(spot, name, schema) for name in schema["properties"]}
        fields = {name: point for name, point in found.items() if point}
        required = {name: point for name, point in fields.items() if name in schema.get("required", [])}
        if fields:  # an object with fields is tried with them
            yield Alternative(None, object_of(fields), tuple(fields.values()))
        if not fields or self._may_be_bare(spot, fields, required):
            name = "nothing but required fields" if required else "empty object"
            choice = self._choice(spot.path, name, f"{spot.pointer}/properties")
            absent = tuple(choice for point in fields.values() for choice in _absences(point))
            yield Alternative(choice, object_of(required), tuple(required.values()), brings=absent)

    def _may_be_bare(self, spot: _Spot, fields: Mapping[str, ChoicePoint], required: Mapping[str, ChoicePoint]) -> bool:
        """Tells whether an object that is not the body itself may have nothing but what it must have."""
        optional = (point for name, point in fields.items() if name not in required)
        return bool(spot.path) and len(fields) > len(required) and all(any(_absences(point)) for point in optional)

    def _owner_of_texts(self, spot: _Spot, schema: Mapping[str, Json]) -> str:
        """The object in which each kind of string is to be tried once.

        A branch that lacks a value of the account has a text less to try them in. It shares them with the others,
        or each would take many bodies.
        """
        lacks = any(self._limits.lacks(f"{spot.location}/{name}") for name in schema["properties"])
        return _without_branches(spot.path) if lacks and "(" in spot.path else spot.pointer

    def _field(self, spot: _Spot, name: str, schema: Mapping[str, Json]) -> ChoicePoint | None:
        """The choice point of a field; None if it may be absent and no value can be made."""
        path = f"{spot.path}.{name}" if spot.path else name
        inner = spot.within("properties", name, path=path, owner=self._owner_of_texts(spot, schema))
        if name in schema.get("required", []):
            return self._required(inner)
        found = self._allowed(inner)
        return self._optional(inner, found) if found else None


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
