"""Personal fields: those that the spec marks with `x-personal`, and those that it does not know."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from contract_tests.contract.keywords import matcher
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from contract_tests.contract.contract import Contract

MARK: Final = "x-personal"
"""`true` marks a field whose value is about a person, with all below it; `secret` one that may never be shown."""
_HERE: Final = ("allOf", "anyOf", "oneOf")
_REMEMBERED: Final = 4096

Level = Literal["shown", "personal", "secret"]


class Place:
    """A place in a body: the schemas that it may have to keep, and how personal it is."""

    def __init__(self, fields: PersonalFields, pointers: frozenset[str], above: Level) -> None:
        self._fields = fields
        self._pointers = pointers
        self._above = above

    @cached_property
    def level(self) -> Level:
        """How personal its value is. Nobody knows of a value that the spec does not have."""
        marks = {self._fields.statement(pointer).get(MARK) for pointer in self._pointers}
        if "secret" in marks or self._above == "secret":
            return "secret"
        return "personal" if True in marks or not self._pointers else self._above

    @cached_property
    def field(self) -> Callable[[str], Place]:
        """The place of a field of an object."""
        return lru_cache(_REMEMBERED)(lambda name: self._below(self._fields.below(self._pointers, name)))

    @cached_property
    def item(self) -> Place:
        """The place of the items of an array."""
        return self._below(self._fields.items(self._pointers))

    def _below(self, pointers: frozenset[str]) -> Place:
        return Place(self._fields, pointers, self.level)


class PersonalFields:
    """The personal fields of a contract's bodies."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._places = lru_cache(_REMEMBERED)(self._find_place)

    def request(self, label: str) -> Place:
        """The place of the body of an operation's requests."""
        body = self._contract.operation(label).body
        return self._places((body,) if body else ())

    def sent(self, method: str, path: str) -> Place:
        """The place of the body of a request with a method to a path. It has none if the spec does not know it."""
        operation = self._contract.paths.find(method, path)
        return self._places((operation.body,) if operation and operation.body else ())

    def response(self, label: str, status: int) -> Place:
        """The place of the body of an operation's responses with a status."""
        operation = self._contract.operation(label)
        bodies = operation.responses.get(operation.response_key(status) or "", ())
        return self._places(tuple(body.schema for body in bodies))

    def statement(self, pointer: str) -> Mapping[str, Any]:
        """The schema where a pointer leads; an empty one for true and false."""
        value = self._contract.value(pointer)
        return value if isinstance(value, dict) else {}

    def below(self, pointers: Iterable[str], name: str) -> frozenset[str]:
        """The schemas of a field, by those of its object."""
        return self._all(found for pointer in pointers for found in self._fields(pointer, name))

    def items(self, pointers: Iterable[str]) -> frozenset[str]:
        """The schemas of an array's items, by those of the array."""
        return self._all(f"{pointer}/items" for pointer in pointers if "items" in self.statement(pointer))

    def _find_place(self, pointers: tuple[str, ...]) -> Place:
        return Place(self, self._all(pointers), "shown")

    def _fields(self, pointer: str, name: str) -> Iterator[str]:
        statement = self.statement(pointer)
        if name in statement.get("properties", {}):
            yield f"{pointer}/properties/{escape(name)}"
            return
        yield from (
            f"{pointer}/patternProperties/{escape(pattern)}"
            for pattern in statement.get("patternProperties", {})
            if matcher(pattern)(name)
        )
        if isinstance(statement.get("additionalProperties"), dict):
            yield f"{pointer}/additionalProperties"

    def _all(self, pointers: Iterable[str]) -> frozenset[str]:
        """The schemas with all that they refer to, and their branches."""
        found: dict[str, None] = {}
        waiting = [*pointers]
        while waiting:
            pointer = waiting.pop()
            if pointer in found:
                continue
            found[pointer] = None
            statement = self.statement(pointer)
            waiting += [target_of(statement["$ref"])] if "$ref" in statement else []
            waiting += [f"{pointer}/{key}/{index}" for key in _HERE for index, _ in enumerate(statement.get(key, ()))]
        return frozenset(found)
