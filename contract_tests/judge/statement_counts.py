"""Counts how often exchanges try, keep and violate each statement of the contract's schemas."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from contract_tests.contract.satisfied import SatisfiedSchemas
from contract_tests.contract.statements import ABSENT, BRANCHES, EDGES, LIMITS, NULL, Key, member_text
from contract_tests.exchange.bodies import NOT_JSON
from contract_tests.judge.checks.requests import documented_request_accepted, invalid_request_refused
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.seen import Seen
    from spec.json_value import Json

REQUEST: Final = "request"
"""The name of the body of requests. That of responses is the status, as the spec writes it."""
_BRANCH: Final = re.compile(r"/(anyOf|oneOf)/\d+$")
_CLOSED: Final = BRANCHES | {"enum", "const"}
_JSON_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "number": (int, float),
    "string": str,
    "array": list,
    "object": dict,
}


class Place(NamedTuple):
    """A body that statements are about."""

    operation: str
    """Its label."""
    body: str
    """`REQUEST`, or the status as the spec writes it."""


class Count(NamedTuple):
    """In how many exchanges a statement was tried, kept and violated."""

    tried: int
    kept: int
    violated: int


class StatementCounts:
    """Counts one exchange at a time. An exchange counts once for a statement."""

    def __init__(self, contract: Contract) -> None:
        self._schemas = SatisfiedSchemas(contract, is_whole=True)
        self._tried: Counter[tuple[Place, Key]] = Counter()
        self._kept: Counter[tuple[Place, Key]] = Counter()
        self._violated: Counter[tuple[Place, Key]] = Counter()
        self._alike: Counter[tuple[Place, frozenset[Key]]] = Counter()
        self._bodies: Counter[Place] = Counter()

    def note(self, judged: Judged) -> None:
        """Takes an exchange into account."""
        if judged.exchange.response:
            self._note_request(judged)
            self._note_response(judged.seen)

    def note_alike(self, operation: Operation, status: int, sent: frozenset[Key], received: frozenset[Key]) -> None:
        """Takes an exchange into account that is accepted and breaks nothing, by the statements that it keeps."""
        for body, kept in ((REQUEST, sent), (operation.response_key(status) or "", received)):
            place = Place(operation.label, body)
            self._bodies[place] += 1
            self._alike[place, kept] += 1

    def count(self, place: Place, key: Key) -> Count:
        """The counts of a statement."""
        self._count_alike()
        found = place, key
        return Count(self._tried[found], self._kept[found], self._violated[found])

    def bodies(self, place: Place) -> int:
        """How many bodies there were."""
        return self._bodies[place]

    def kept_by_request(self, pointer: str, body: Json) -> frozenset[Key]:
        """The statements that a valid request tries: bounds only where it touches them."""
        return self._exhibited(pointer, body, _tried_by_request)

    def kept_by_response(self, pointer: str, body: Json) -> frozenset[Key]:
        """The statements that a valid response keeps."""
        return self._exhibited(pointer, body, _tried_by_response)

    def _count_alike(self) -> None:
        """Counts the statements of exchanges that are alike, which takes too long to do for each exchange."""
        for (place, keys), times in self._alike.items():
            found = {(place, key): times for key in keys}
            self._tried.update(found)
            self._kept.update(found)
        self._alike.clear()

    def _note_request(self, judged: Judged) -> None:
        seen, pointer = judged.seen, judged.seen.operation.body
        if pointer is None or seen.request_body is NOT_JSON:
            return
        place = Place(seen.operation.label, REQUEST)
        self._bodies[place] += 1
        if documented_request_accepted.name in judged.made:
            tried = self.kept_by_request(pointer, seen.request_body)
            self._add(place, tried, tried if judged.exchange.is_accepted else (), ())
        elif invalid_request_refused.name in judged.made:
            broken = {Key(breach.pointer, breach.missing) for breach in seen.request_breaches}
            is_accepted = judged.exchange.is_accepted
            self._add(place, broken, () if is_accepted else broken, broken if is_accepted else ())

    def _note_response(self, seen: Seen) -> None:
        pointer, status = seen.response_schema, seen.operation.response_key(seen.status)
        if pointer is None or status is None:
            return
        place = Place(seen.operation.label, status)
        self._bodies[place] += 1
        if seen.response_body is NOT_JSON:
            return
        breaches = seen.response_breaches
        lacking = self._exhibited(pointer, seen.response_body, _lacking) if breaches else frozenset()
        broken = lacking | {Key(breach.pointer, breach.missing) for breach in breaches}
        tried = self.kept_by_response(pointer, seen.response_body)
        pointers = {key.pointer for key in broken if key.detail is None}
        self._add(place, tried | broken, {key for key in tried if key.pointer not in pointers}, broken)

    def _add(self, place: Place, tried: Iterable[Key], kept: Iterable[Key], violated: Iterable[Key]) -> None:
        self._tried.update((place, key) for key in tried)
        self._kept.update((place, key) for key in kept)
        self._violated.update((place, key) for key in violated)

    def _exhibited(
        self, pointer: str, body: Json, exhibits: Callable[[SatisfiedSchema], Iterator[Key]]
    ) -> frozenset[Key]:
        applied = self._schemas.find_applied(pointer, body)
        return frozenset(key for schema, _ in applied for key in exhibits(schema))


def _tried_by_request(schema: SatisfiedSchema) -> Iterator[Key]:
    yield from _tried(schema)
    yield from (Key(f"{schema.pointer}/{keyword}") for keyword in _limits(schema) if _is_touched(keyword, schema))


def _tried_by_response(schema: SatisfiedSchema) -> Iterator[Key]:
    yield from _tried(schema)
    yield from (Key(f"{schema.pointer}/{keyword}") for keyword in _limits(schema))
    yield from (Key(f"{schema.pointer}/{keyword}") for keyword in _CLOSED & schema.statement.keys())


def _tried(schema: SatisfiedSchema) -> Iterator[Key]:
    """The statements about requests and responses alike that a value gives occasion to judge."""
    pointer, statement, value = schema
    if "type" in statement:
        yield Key(f"{pointer}/type")
        if value is None:
            yield Key(f"{pointer}/type", NULL)
    if "enum" in statement:
        yield Key(f"{pointer}/enum", member_text(value))
    if _BRANCH.search(pointer):
        yield Key(pointer)
    if isinstance(value, dict):
        yield from _fields(pointer, statement, value)


def _fields(pointer: str, statement: Mapping[str, Any], value: dict[str, Any]) -> Iterator[Key]:
    required = statement.get("required", ())
    yield from (Key(f"{pointer}/required", name) for name in required if name in value)
    for name in statement.get("properties", {}):
        if name not in value and name not in required:
            yield Key(f"{pointer}/properties/{escape(name)}", ABSENT)


def _lacking(schema: SatisfiedSchema) -> Iterator[Key]:
    """The required fields that are absent."""
    if isinstance(schema.value, dict):
        names = schema.statement.get("required", ())
        yield from (Key(f"{schema.pointer}/required", name) for name in names if name not in schema.value)


def _limits(schema: SatisfiedSchema) -> Iterator[str]:
    """The keywords of a schema that limit values of the type that the value has."""
    for keyword in LIMITS.keys() & schema.statement.keys():
        if isinstance(schema.value, _JSON_TYPES[LIMITS[keyword]]) and not isinstance(schema.value, bool):
            yield keyword


def _is_touched(keyword: str, schema: SatisfiedSchema) -> bool:
    """Tells whether a value is at its bound, or there is none to be at."""
    if keyword not in EDGES:
        return True
    size = schema.value if EDGES[keyword] == "number" else len(schema.value)
    return bool(size == schema.statement[keyword]) or keyword.startswith("exclusive")
