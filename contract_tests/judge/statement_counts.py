"""Counts how often exchanges try, keep and violate each statement of the contract's schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.contract.message_parts import PARAMETERS, key_of_parts, presences
from contract_tests.contract.statements import Key
from contract_tests.exchange.bodies import NOT_JSON, read_json
from contract_tests.judge.alike import NO_BODY
from contract_tests.judge.checks.requests import documented_request_accepted, invalid_request_refused
from contract_tests.judge.counts import Place
from contract_tests.judge.occasions import Occasions
from spec.json_value import Json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.judge.alike import Alike
    from contract_tests.judge.counts import Counts
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.seen import Seen

_REMEMBERED: Final = 16
"""Of how many responses the kept statements are remembered: a server refuses many requests in the same words."""

_Ask = Callable[[Occasions, Json], Iterable[Key]]


class Count(NamedTuple):
    """In how many exchanges a statement was tried, kept and violated."""

    tried: int
    kept: int
    violated: int


class StatementCounts:
    """Counts one exchange at a time. An exchange counts once for a statement."""

    def __init__(self, contract: Contract, counts: Counts) -> None:
        self._schemas = contract.all_satisfied
        self._occasions: dict[str, Occasions] = {}
        self._kept_by_content = lru_cache(_REMEMBERED)(self._read_response)
        self._counts = counts

    def note(self, judged: Judged) -> None:
        """Takes an exchange into account."""
        if judged.exchange.response:
            self._note_body(judged)
            self._note_parameters(judged)
            self._note_response(judged.seen)

    def note_alike(self, alike: Alike, times: int) -> None:
        """Takes exchanges into account that are accepted and break nothing, and are alike."""
        used = {alike.media_type} if alike.media_type else set()
        sent = used | alike.sent.statements
        parts = ((alike.request, sent), (alike.response, alike.received.statements), (PARAMETERS, alike.parameters))
        for name, keys in parts:
            place = Place(alike.operation, name)
            if name == alike.response or (name == alike.request and alike.sent is not NO_BODY):
                self._counts.bodies[place] += times
            found = dict.fromkeys([(place, key) for key in keys], times)
            self._counts.tried_statements.update(found)
            self._counts.kept_statements.update(found)

    def count(self, place: Place, key: Key) -> Count:
        """The counts of a statement."""
        counts, statement = self._counts, (place, key)
        return Count(  # `get`, because most are not there, and `[]` then calls a function of Python
            counts.tried_statements.get(statement, 0),
            counts.kept_statements.get(statement, 0),
            counts.violated_statements.get(statement, 0),
        )

    def bodies(self, place: Place) -> int:
        """How many bodies there were."""
        return self._counts.bodies[place]

    def kept_by_request(self, pointer: str, body: Json) -> frozenset[Key]:
        """The statements that a valid request tries: bounds only where it touches them."""
        return self._find(pointer, body, Occasions.in_request)

    def kept_by_response(self, pointer: str, body: Json) -> frozenset[Key]:
        """The statements that a valid response keeps."""
        return self._find(pointer, body, Occasions.in_response)

    def _note_body(self, judged: Judged) -> None:
        seen, pointer = judged.seen, judged.seen.sent.body_pointer
        place = Place(seen.operation.label, seen.operation.request_name(seen.sent.content))
        used = {Key(seen.sent.content.pointer)} if seen.sent.content else set()
        if pointer is None or seen.sent.body is NOT_JSON:
            self._note_request(judged, place, used, ())
            return
        self._counts.bodies[place] += 1
        if _is_used(judged):
            used |= self.kept_by_request(pointer, seen.sent.body)
        broken = (Key(breach.pointer, breach.missing) for breach in seen.sent.breaches)
        self._note_request(judged, place, used, broken)

    def _note_parameters(self, judged: Judged) -> None:
        seen, operation = judged.seen, judged.seen.operation
        if operation.parameters_schema is None:
            return
        used = statements_of_parameters(self, operation, seen.sent.parameters.values) if _is_used(judged) else ()
        broken = (Key(breach.pointer, breach.missing) for _, breach in seen.sent.parameter_breaches)
        place = Place(operation.label, PARAMETERS)
        self._note_request(judged, place, used, _in_spec(operation, broken))

    def _note_request(self, judged: Judged, place: Place, used: Iterable[Key], broken: Iterable[Key]) -> None:
        """Counts the statements that a valid request makes use of, or those that an invalid one breaks."""
        is_accepted = judged.exchange.is_accepted
        if _is_used(judged):
            tried = {*used}
            self._add(place, tried, tried if is_accepted else (), ())
        elif invalid_request_refused.name in judged.made:
            tried = {*broken}
            self._add(place, tried, () if is_accepted else tried, tried if is_accepted else ())

    def _note_response(self, seen: Seen) -> None:
        if seen.described_body is None:
            self._note_other_response(seen)
            return
        pointer, place = seen.described_body.schema, Place(seen.operation.label, seen.described_body.name)
        self._counts.bodies[place] += 1
        if seen.response_body is NOT_JSON:
            return
        breaches = seen.response_breaches
        lacking = self._find(pointer, seen.response_body, Occasions.lacking) if breaches else frozenset()
        broken = lacking | {Key(breach.pointer, breach.missing) for breach in breaches}
        tried = self._kept_by_content(pointer, seen.response.body)
        pointers = {key.pointer for key in broken if key.detail is None}
        self._add(place, tried | broken, {key for key in tried if key.pointer not in pointers}, broken)

    def _note_other_response(self, seen: Seen) -> None:
        """Counts a response that is no JSON: of it, only the media type is known, and the schema if it has parts."""
        media_type = seen.headers.media_type or ""
        found = seen.contract.other_response_body(seen.operation, seen.status, media_type)
        if found:
            place, used = Place(seen.operation.label, found[0]), {Key(found[1])}
            schema = {key_of_parts(found[1])} if seen.has_judged_parts else set[Key]()
            broken = schema if seen.part_breaches else set[Key]()
            self._counts.bodies[place] += 1
            self._add(place, used | schema, (used | schema) - broken, broken)

    def _read_response(self, pointer: str, content: bytes) -> frozenset[Key]:
        return self.kept_by_response(pointer, read_json(content))

    def _add(self, place: Place, tried: Iterable[Key], kept: Iterable[Key], violated: Iterable[Key]) -> None:
        self._counts.tried_statements.update((place, key) for key in tried)
        self._counts.kept_statements.update((place, key) for key in kept)
        self._counts.violated_statements.update((place, key) for key in violated)

    def _find(self, pointer: str, body: Json, ask: _Ask) -> frozenset[Key]:
        """The answers of each schema that applies to the body and its parts."""
        applied = self._schemas.find_applied(pointer, body)
        return frozenset(chain.from_iterable(ask(self._occasions_of(schema), schema.value) for schema, _ in applied))

    def _occasions_of(self, schema: SatisfiedSchema) -> Occasions:
        found = self._occasions.get(schema.pointer)
        if found is None:
            found = self._occasions[schema.pointer] = Occasions(schema.pointer, schema.statement)
        return found


def _is_used(judged: Judged) -> bool:
    """Tells whether a request is valid, and so makes use of what the spec says."""
    return documented_request_accepted.name in judged.made


def statements_of_parameters(
    counts: StatementCounts, operation: Operation, values: Mapping[str, Mapping[str, Json]]
) -> set[Key]:
    """The statements that valid parameters make use of, as the spec makes them."""
    return _in_spec(operation, counts.kept_by_request(operation.parameters_schema or "", values))


def _in_spec(operation: Operation, keys: Iterable[Key]) -> set[Key]:
    """The statements as the spec makes them, of those that the schema of all parameters makes."""
    of_presence = presences(operation)
    known = (of_presence.get(key, key) for key in keys)
    return {key for key in known if not key.pointer.startswith(f"{operation.parameters_schema}/")}
