"""Reads a schema as the places and alternatives that it leaves open."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from contract_tests.plan.choices import Alternative, Choice, Place
from contract_tests.plan.packing import value_of
from contract_tests.plan.values import (
    FORMATTED,
    FREE_FORM,
    UNLISTED,
    describe_value,
    kinds_of_string,
    numbers,
    texts_of,
)
from contract_tests.target.limits import ABSENT
from spec.reader import escape, target_of, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.packing import Body
    from contract_tests.target.limits import Limits

_MOST_TIMES: Final = 2
"""How often a schema may lead to itself."""
_KEYS: Final = ("a", "é", "X-B c")
_TRIES: Final = 20


@dataclass(frozen=True)
class _Spot:
    """A schema where it describes a part of the request."""

    pointer: str
    path: str
    """The part."""
    owner: str
    """The object that it is part of, for the kinds of string."""
    followed: tuple[str, ...]
    """The references that led here."""

    def within(self, *way: str, path: str | None = None, owner: str | None = None) -> _Spot:
        """A schema within this one, of another part perhaps."""
        pointer = "".join(f"/{escape(token)}" for token in way)
        return replace(
            self,
            pointer=self.pointer + pointer,
            path=self.path if path is None else path,
            owner=self.owner if owner is None else owner,
        )


class Reader:
    """Reads a schema as the places and alternatives that it leaves open."""

    def __init__(self, contract: Contract, *, all_known_names: bool, limits: Limits) -> None:
        self._contract = contract
        self._all_known_names = all_known_names
        self._limits = limits
        self.withheld: set[Choice] = set()

    def nothing(self, pointer: str) -> Choice:
        """What is left to try where no valid body could be made."""
        return self._choice("", "any valid body: the schema has keywords that no body could be made for", pointer)

    def place(self, pointer: str) -> Place:
        """The place that a schema of a whole body describes."""
        return self._required(_Spot(pointer, "", pointer, (pointer,)))

    def _required(self, spot: _Spot) -> Place:
        """A place that must have a value: null where none can be made, which is for the schema to judge."""
        return Place(self._allowed(spot) or (Alternative(None, partial(_give, None)),))

    def _allowed(self, spot: _Spot) -> tuple[Alternative, ...]:
        """The alternatives at a place that the limits allow, with the target's own value in place of others."""
        alternatives = tuple(self._alternatives(spot))
        location = _location(spot.path)
        if location not in self._limits.data:
            return alternatives
        own = self._limits.data[location]
        # What is not a scalar is no option at such a place: it has inner places of its own.
        withheld = [
            option.choice
            for option in alternatives
            if option.choice and not option.places and not self._is_kept(location, option, own)
        ]
        self.withheld.update(withheld)
        kept = tuple(option for option in alternatives if option.choice not in withheld)
        given = (f"the target's own ({json.dumps(own)})", withheld[0].pointer) if withheld else None
        return (*kept, Alternative(self._choice(spot.path, *given), partial(_give, own))) if given else kept

    def _is_kept(self, location: str, option: Alternative, own: object) -> bool:
        """Whether an option stays beside the target's own value: null where that is a text, a number within limits."""
        value = value_of(option)
        return not isinstance(value, str) if isinstance(own, str) else self._limits.allows(location, value)

    def _alternatives(self, spot: _Spot) -> Iterator[Alternative]:
        schema = self._contract.value(spot.pointer)
        if schema is True or schema == {}:
            yield Alternative(None, partial(_give, FREE_FORM))
        elif schema is False:
            return
        elif "$ref" in schema:
            yield from self._referred(spot, _target(schema))
        elif len(schema.get("allOf", ())) == 1:
            yield from self._alternatives(spot.within("allOf", "0"))
        elif branches := next((keyword for keyword in ("oneOf", "anyOf") if keyword in schema), None):
            yield from self._branches(spot, branches)
        elif "enum" in schema:
            yield from self._constants(schema["enum"], spot.within("enum"))
        elif "const" in schema:
            yield from self._constants([schema["const"]], spot.within("const"))
        else:
            yield from self._typed(spot, schema)

    def _referred(self, spot: _Spot, target: str) -> Iterator[Alternative]:
        """What another schema leaves open; nothing once it has led to itself so often."""
        if spot.followed.count(target) < _MOST_TIMES:
            yield from self._alternatives(replace(spot, pointer=target, followed=(*spot.followed, target)))

    def _branches(self, spot: _Spot, keyword: str) -> Iterator[Alternative]:
        branches = [
            spot.within(keyword, str(index)) for index, _ in enumerate(self._contract.value(spot.pointer)[keyword])
        ]
        is_open = any(self._is_any_string(branch.pointer) for branch in branches)
        for branch in branches:
            name = self._name_of_object(branch.pointer) if keyword == "oneOf" else None
            found = list(self._alternatives(replace(branch, path=f"{spot.path}({name})") if name else branch))
            if is_open and self._is_any_string(branch.pointer):
                found.append(self._constant("a name that is not listed", UNLISTED, branch.within("type")))
            elif is_open and all(option.choice for option in found):
                found = self._names(found)
            yield from found

    def _name_of_object(self, pointer: str) -> str | None:
        """What a schema is called that is a reference to one of objects."""
        schema = self._contract.value(pointer)
        if not isinstance(schema, dict) or "$ref" not in schema:
            return None
        target = _target(schema)
        return tokens(target)[-1] if self._contract.value(target).get("type") == "object" else None

    def _names(self, found: list[Alternative]) -> list[Alternative]:
        """The known names beside any string: all of them, or the first."""
        named = [_as_known_name(option) for option in found if option.choice and option.choice.value != "null"]
        others = [option for option in found if option.choice and option.choice.value == "null"]
        return (named if self._all_known_names else named[:1]) + others

    def _is_any_string(self, pointer: str) -> bool:
        schema = self._contract.value(pointer)
        is_string = isinstance(schema, dict) and schema.get("type") == "string"
        return is_string and not {"enum", "const", "pattern", "format"} & schema.keys()

    def _typed(self, spot: _Spot, schema: dict[str, Any]) -> Iterator[Alternative]:
        types = schema.get("type", ["object"] if "properties" in schema else [])
        makers: dict[str, Callable[[], Iterator[Alternative]]] = {
            "object": lambda: self._object(spot, schema),
            "array": lambda: self._array(spot, schema),
            "string": lambda: self._string(spot, schema),
            "integer": lambda: self._number(spot, schema),
            "number": lambda: self._number(spot, schema),
            "boolean": lambda: self._constants([True, False], spot.within("type")),
            "null": lambda: self._constants([None], spot.within("type")),
        }
        for name in types if isinstance(types, list) else [types]:
            yield from makers[name]() if name in makers else ()
        if not types:
            yield Alternative(None, partial(_give, FREE_FORM))

    def _constants(self, values: list[Any], spot: _Spot) -> Iterator[Alternative]:
        yield from (self._constant(describe_value(value), value, spot) for value in values)

    def _constant(self, name: str, value: object, spot: _Spot) -> Alternative:
        """A value that a keyword allows."""
        # That null is allowed is marked at the field, whether its type lists null or a branch is null.
        field_pointer = re.sub(r"(/(anyOf|oneOf)/\d+)?/\w+$", "", spot.pointer)
        marked = f"{field_pointer}/nullable" if value is None else spot.pointer
        return Alternative(self._choice(spot.path, name, spot.pointer, marked), partial(_give, value))

    def _choice(self, path: str, value: str, pointer: str, standing_of: str | None = None) -> Choice:
        return Choice(path, value, pointer, self._contract.standing(standing_of or pointer))

    def _string(self, spot: _Spot, schema: dict[str, Any]) -> Iterator[Alternative]:
        if "format" in schema:
            yield self._constant(schema["format"], FORMATTED.get(schema["format"], "text"), spot.within("format"))
            return
        if "pattern" in schema:
            for name, text in texts_of(schema["pattern"]).items():
                yield self._constant(name, text, spot.within("pattern"))
            return
        stated = f"{spot.pointer}/type"
        for name, text in kinds_of_string(schema).items():
            # Each kind at least once in every object, in whichever of its strings.
            choice = self._choice(spot.owner.removeprefix("/components/schemas/"), name, stated)
            yield Alternative(choice, partial(_give, text), exact=self._choice(spot.path, name, stated))

    def _number(self, spot: _Spot, schema: dict[str, Any]) -> Iterator[Alternative]:
        for name, (value, keyword) in numbers(schema).items():
            yield self._constant(name, value, spot.within(keyword))

    def _array(self, spot: _Spot, schema: dict[str, Any]) -> Iterator[Alternative]:
        choice = partial(self._choice, spot.path, pointer=f"{spot.pointer}/type")
        shortest, longest = schema.get("minItems", 0), schema.get("maxItems", float("inf"))
        if not shortest:
            yield Alternative(choice("empty array"), partial(_give, []))
        inner = spot.within("items", path=f"{spot.path}[]")
        found = self._allowed(inner) if "items" in schema else (Alternative(None, partial(_give, FREE_FORM)),)
        if not found:
            return
        item = Place(found)
        sizes = {shortest: str(shortest), 1: "one", 2: "two that differ"}
        for number, name in sorted(sizes.items()):
            if max(shortest, 1) <= number <= longest:
                yield Alternative(choice(f"array of {name}"), partial(_differing, item=item, number=number), (item,))
        is_flat = all(option.choice and not option.places for option in found)
        if is_flat and shortest <= len(found) <= longest:
            yield Alternative(choice("array of every item"), partial(_every, item=item))

    def _object(self, spot: _Spot, schema: dict[str, Any]) -> Iterator[Alternative]:
        if "properties" in schema:
            yield self._fields(spot, schema)
            return
        yield Alternative(self._choice(spot.path, "empty map", f"{spot.pointer}/type"), partial(_give, {}))
        inner = schema.get("additionalProperties", True)
        keyword = "additionalProperties" if inner and inner is not True else "type"
        choice = self._choice(spot.path, "filled map", f"{spot.pointer}/{keyword}")
        if inner is True or inner == {}:
            yield Alternative(choice, partial(_give, FREE_FORM))
        elif found := self._allowed(spot.within("additionalProperties", path=f"{spot.path}{{}}", owner=spot.pointer)):
            place = Place(found)
            yield Alternative(choice, lambda body: {key: body.value(place) for key in _KEYS}, (place,))

    def _fields(self, spot: _Spot, schema: dict[str, Any]) -> Alternative:
        fields: dict[str, Place] = {}
        for name in schema["properties"]:
            path = f"{spot.path}.{name}" if spot.path else name
            inner = spot.within("properties", name, path=path, owner=spot.pointer)
            if name in schema.get("required", []):
                fields[name] = self._required(inner)
            elif found := self._allowed(inner):
                fields[name] = self._optional(Place(found), inner)
        # An object with fields is tried with them.
        choice = None if fields else self._choice(spot.path, "empty object", f"{spot.pointer}/properties")
        return Alternative(choice, partial(_make_object, fields=fields), tuple(fields.values()))

    def _optional(self, place: Place, spot: _Spot) -> Place:
        absent = Alternative(self._choice(spot.path, "absent", spot.pointer), partial(_give, ABSENT))
        location = _location(spot.path)
        if location in self._limits.rules and not self._limits.allows(location, ABSENT):
            self.withheld.update(filter(None, [absent.choice]))
            return place
        return Place((*place.alternatives, absent))


def _target(schema: Mapping[str, Any]) -> str:
    """Where a reference leads."""
    return target_of(schema["$ref"])


def _as_known_name(option: Alternative) -> Alternative:
    choice = option.choice
    assert choice  # noqa: S101 - the caller has seen to it
    known = Choice(choice.place, choice.value, choice.pointer, choice.standing, is_known_name=True)
    return Alternative(known, option.make)


def _location(path: str) -> str:
    """A path as the JSON Pointer by which limits name it."""
    plain = re.sub(r"\([^)]*\)", "", path).replace("[]", ".*").replace("{}", ".*")
    return "/" + plain.replace(".", "/") if plain else ""


def _give(value: object, _: Body) -> object:
    return value


def _make_object(body: Body, fields: dict[str, Place]) -> dict[str, Any]:
    values = {name: body.value(place) for name, place in fields.items()}
    return {name: value for name, value in values.items() if value is not ABSENT}


def _differing(body: Body, item: Place, number: int) -> list[Any]:
    """Items that differ, as far as the schema has different ones."""
    items: list[Any] = []
    for _ in range(number):
        drawn = (body.value(item) for _ in range(_TRIES))
        first = next(drawn)
        items.append(next((value for value in chain([first], drawn) if value not in items), first))
    return items


def _every(body: Body, item: Place) -> list[Any]:
    """All items, each of which is then in the body; none counts as tried by this, for one may hide behind another."""
    choices = [option.choice for option in item.alternatives if option.choice]
    body.taken.extend(choices)
    body.takes.update(choices)
    return [option.make(body) for option in item.alternatives]
