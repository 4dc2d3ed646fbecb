"""Additive drift as failures, for where it violates: each undocumented field fails the exchange that shows it first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from contract_tests.contract.undocumented import find_undocumented
from contract_tests.exchange.bodies import NOT_JSON, read_json
from contract_tests.judge.judge import Failure
from spec.reader import pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.undocumented import UndocumentedField
    from contract_tests.judge.counts import Field
    from contract_tests.judge.judge import Judged
    from contract_tests.result.result import Addition
    from spec.json_value import Json

NAME: Final = "additive_drift"
"""Stands where other findings name their check."""


def hear_drift(contract: Contract, judged: Iterable[Judged], additions: Iterable[Addition]) -> tuple[Judged, ...]:
    """The judged exchanges, with a failure for each of the additions, in the first exchange that shows it."""
    left = {(each.pointer, each.field): each for each in additions}
    return tuple(_with_drift(contract, each, left) for each in judged)


def _with_drift(contract: Contract, judged: Judged, left: dict[Field, Addition]) -> Judged:
    """The exchange with what it is the first to show, which is then no longer left."""
    if not left:
        return judged
    shown = _undocumented_in(contract, judged)
    new = [_failure(left.pop(field), place) for field, place in shown.items() if field in left]
    return replace(judged, failures=(*judged.failures, *new)) if new else judged


def _undocumented_in(contract: Contract, judged: Judged) -> Mapping[Field, str]:
    """The undocumented fields of a response, each with the JSON Pointer of the first place where it stands."""
    response, pointer = judged.exchange.response, judged.seen.response_schema
    body = read_json(response.body) if response and pointer else NOT_JSON
    if pointer is None or body is NOT_JSON:
        return {}
    ways = dict(_objects_in(body, ()))
    found = reversed([*find_undocumented(contract.satisfied.find(pointer, body))])
    return dict(reversed([((each.pointer, each.name), _place(ways, each)) for each in found]))


def _place(ways: Mapping[int, tuple[str, ...]], field: UndocumentedField) -> str:
    return pointer_of([*ways[field.owner], field.name])


def _objects_in(value: Json, way: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The `id()` of each object in a value, with the way to it."""
    if isinstance(value, dict):
        yield id(value), way
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in members:
        yield from _objects_in(inner, (*way, str(name)))


def _failure(addition: Addition, place: str) -> Failure:
    name = json.dumps(addition.field, ensure_ascii=False)
    return Failure(
        NAME,
        f"Responses have a field {name}, which the spec does not have",
        f"{addition.pointer} has no field {name}.",
        addition.pointer,
        "drift",
        standing="advice",
        kind=f"{addition.pointer} {addition.field}",
        locations=(place,),
        times=addition.count,
    )
