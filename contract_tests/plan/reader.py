"""Reads a schema as the places and alternatives that it leaves open."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.limits import ABSENT
from contract_tests.plan.choices import Alternative, Choice, Place
from contract_tests.plan.packing import Body, Memory, Plainest
from contract_tests.plan.values import (
    FORMATTED,
    FREE_FORM,
    UNLISTED,
    describe_value,
    kinds_of_string,
    numbers,
    texts_of,
)
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contract_tests.contract import Contract
    from contract_tests.limits import Limits

_DEEPEST: Final = 12


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

    def place(self, pointer: str, path: str, owner: str, depth: int = 0) -> Place:
        """The place that a schema describes. `owner` is the object that it is part of, for the kinds of string."""
        found = tuple(self._allowed(path, self._alternatives(pointer, path, owner, depth)))
        return Place(found or (Alternative(None, partial(_give, None)),))

    def _allowed(self, path: str, alternatives: Iterable[Alternative]) -> Iterator[Alternative]:
        """The alternatives at a place that the limits allow, with the target's own value in place of others."""
        location = _location(path)
        own = self._limits.data.get(location)
        is_given = False
        for option in alternatives:
            # What is not a scalar is no option at such a place: it has inner places of its own.
            if location not in self._limits.data or option.places or option.choice is None:
                yield option
            elif not self._is_kept(location, option, own):
                self.withheld.add(option.choice)
                if not is_given:
                    is_given = True
                    choice = self._choice(path, f"the target's own ({json.dumps(own)})", option.choice.pointer)
                    yield Alternative(choice, partial(_give, own))
            else:
                yield option

    def _is_kept(self, location: str, option: Alternative, own: object) -> bool:
        """Whether an option stays beside the target's own value: null where that is a text, a number within limits."""
        value = option.make(Body(Memory(Place(())), Plainest((), {})))  # of a scalar it depends on nothing
        return not isinstance(value, str) if isinstance(own, str) else self._limits.allows(location, value)

    def _alternatives(self, pointer: str, path: str, owner: str, depth: int) -> Iterator[Alternative]:
        schema = self._contract.value(pointer)
        if "$ref" in schema:
            target = schema["$ref"].removeprefix("#")
            yield from self._alternatives(target, path, owner, depth)
        elif branches := next((keyword for keyword in ("oneOf", "anyOf") if keyword in schema), None):
            yield from self._branches(pointer, branches, path, owner, depth)
        elif "const" in schema or "enum" in schema:
            keyword = "enum" if "enum" in schema else "const"
            members = schema[keyword] if keyword == "enum" else [schema[keyword]]
            yield from self._constants(members, f"{pointer}/{keyword}", path)
        else:
            yield from self._typed(schema, pointer, path, owner, depth)

    def _branches(self, pointer: str, keyword: str, path: str, owner: str, depth: int) -> Iterator[Alternative]:
        pointers = [f"{pointer}/{keyword}/{index}" for index, _ in enumerate(self._contract.value(pointer)[keyword])]
        is_open = any(self._is_any_string(branch) for branch in pointers)
        for branch in pointers:
            name = self._contract.value(branch).get("$ref", "").rpartition("/")[2]
            is_object = name and self._contract.value(f"/components/schemas/{escape(name)}").get("type") == "object"
            inner = f"{path}({name})" if is_object and keyword == "oneOf" else path
            found = list(self._alternatives(branch, inner, owner, depth))
            if is_open and self._is_any_string(branch):
                found.append(self._constant("a name that is not listed", UNLISTED, f"{branch}/type", path))
            elif is_open and all(option.choice for option in found):
                found = self._names(found)
            yield from found

    def _names(self, found: list[Alternative]) -> list[Alternative]:
        """The known names beside any string: all of them, or the first."""
        named = [_as_known_name(option) for option in found if option.choice and option.choice.value != "null"]
        others = [option for option in found if option.choice and option.choice.value == "null"]
        return (named if self._all_known_names else named[:1]) + others

    def _is_any_string(self, pointer: str) -> bool:
        schema = self._contract.value(pointer)
        return schema.get("type") == "string" and not {"enum", "const", "pattern", "format"} & schema.keys()

    def _typed(self, schema: dict[str, Any], pointer: str, path: str, owner: str, depth: int) -> Iterator[Alternative]:
        types = schema.get("type", ["object"] if "properties" in schema else [])
        makers: dict[str, Callable[[], Iterator[Alternative]]] = {
            "object": lambda: self._object(schema, pointer, path, depth),
            "array": lambda: self._array(schema, pointer, path, owner, depth),
            "string": lambda: self._string(schema, pointer, path, owner),
            "integer": lambda: self._number(schema, pointer, path),
            "number": lambda: self._number(schema, pointer, path),
            "boolean": lambda: self._constants([True, False], f"{pointer}/type", path),
            "null": lambda: self._constants([None], f"{pointer}/type", path),
        }
        for name in types if isinstance(types, list) else [types]:
            yield from makers[name]()
        if not types:
            yield Alternative(None, partial(_give, FREE_FORM))

    def _constants(self, values: list[Any], pointer: str, path: str) -> Iterator[Alternative]:
        yield from (self._constant(describe_value(value), value, pointer, path) for value in values)

    def _constant(self, value_name: str, value: object, pointer: str, path: str) -> Alternative:
        # That null is allowed is marked at the field, whether its type lists null or a branch is null.
        field_pointer = re.sub(r"(/(anyOf|oneOf)/\d+)?/\w+$", "", pointer)
        marked = f"{field_pointer}/nullable" if value is None else pointer
        return Alternative(self._choice(path, value_name, pointer, marked), partial(_give, value))

    def _choice(self, path: str, value: str, pointer: str, standing_of: str | None = None) -> Choice:
        return Choice(path, value, pointer, self._contract.standing(standing_of or pointer))

    def _string(self, schema: dict[str, Any], pointer: str, path: str, owner: str) -> Iterator[Alternative]:
        if "format" in schema:
            text = FORMATTED.get(schema["format"], "text")
            yield self._constant(f"{schema['format']}", text, f"{pointer}/format", path)
            return
        if "pattern" in schema:
            for name, text in texts_of(schema["pattern"]).items():
                yield self._constant(name, text, f"{pointer}/pattern", path)
            return
        for name, text in kinds_of_string(schema).items():
            # Each kind at least once in every object, in whichever of its strings.
            choice = self._choice(owner.removeprefix("/components/schemas/"), name, f"{pointer}/type")
            yield Alternative(choice, partial(_give, text), exact=self._choice(path, name, f"{pointer}/type"))

    def _number(self, schema: dict[str, Any], pointer: str, path: str) -> Iterator[Alternative]:
        for name, (value, keyword) in numbers(schema).items():
            yield self._constant(name, value, f"{pointer}/{keyword}", path)

    def _array(self, schema: dict[str, Any], pointer: str, path: str, owner: str, depth: int) -> Iterator[Alternative]:
        choice = partial(self._choice, path, pointer=f"{pointer}/type")
        if not schema.get("minItems"):
            yield Alternative(choice("empty array"), partial(_give, []))
        if depth > _DEEPEST:
            return
        item = self.place(f"{pointer}/items", f"{path}[]", owner, depth + 1)
        yield Alternative(choice("array of one"), lambda body: [body.value(item)], (item,))
        yield Alternative(choice("array of two that differ"), lambda body: _two(body, item), (item,))
        if item.alternatives and all(option.choice and not option.places for option in item.alternatives):
            yield Alternative(choice("array of every item"), lambda body: _every(body, item))

    def _object(self, schema: dict[str, Any], pointer: str, path: str, depth: int) -> Iterator[Alternative]:
        if "properties" in schema:
            yield self._fields(schema, pointer, path, depth)
            return
        yield Alternative(self._choice(path, "empty map", f"{pointer}/type"), partial(_give, {}))
        inner = schema.get("additionalProperties")
        choice = self._choice(path, "filled map", f"{pointer}/additionalProperties" if inner else f"{pointer}/type")
        if isinstance(inner, dict) and inner:
            value = self.place(f"{pointer}/additionalProperties", f"{path}{{}}", pointer, depth + 1)
            yield Alternative(choice, lambda body: {key: body.value(value) for key in ("a", "é", "X-B c")}, (value,))
        else:
            yield Alternative(choice, partial(_give, FREE_FORM))

    def _fields(self, schema: dict[str, Any], pointer: str, path: str, depth: int) -> Alternative:
        required = set(schema.get("required", []))
        fields: dict[str, Place] = {}
        for name in schema["properties"]:
            inner = f"{pointer}/properties/{escape(name)}"
            inner_path = f"{path}.{name}" if path else name
            if depth > _DEEPEST and name not in required:
                continue
            place = self.place(inner, inner_path, pointer, depth + 1)
            fields[name] = place if name in required else self._optional(place, inner, inner_path)
        return Alternative(None, lambda body: _make_object(body, fields), tuple(fields.values()))

    def _optional(self, place: Place, pointer: str, path: str) -> Place:
        absent = Alternative(self._choice(path, "absent", pointer), partial(_give, ABSENT))
        location = _location(path)
        if location in self._limits.rules and not self._limits.allows(location, ABSENT):
            self.withheld.update(filter(None, [absent.choice]))
            return place
        return Place((*place.alternatives, absent))


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


def _two(body: Body, item: Place) -> list[Any]:
    """Two items that differ, if the schema has two."""
    first = body.value(item)
    second = next((value for _ in range(20) if (value := body.value(item)) != first), first)
    return [first, second]


def _every(body: Body, item: Place) -> list[Any]:
    """All items, each of which is then in the body; none counts as tried by this, for one may hide behind another."""
    choices = [option.choice for option in item.alternatives if option.choice]
    body.taken.extend(choices)
    body.takes.update(choices)
    return [option.make(body) for option in item.alternatives]
