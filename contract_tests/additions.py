"""Additive drift: what a server answers beyond the spec. Readers pass over it, and the spec may want to know it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from contract_tests.instance import find_kept, value_at
from contract_tests.judgement import NOT_JSON, locate, read_json
from contract_tests.result import Addition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract import Contract
    from contract_tests.exchanges import Exchange, Record


def find_additions(contract: Contract, record: Record) -> tuple[Addition, ...]:
    """Every undocumented field of a response, at any depth, once."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for exchange in record.exchanges:
        for found in dict.fromkeys(_undocumented(contract, exchange)):
            counts[found] += 1
    return tuple(
        Addition(field=field, pointer=pointer, location=locate(contract, pointer), count=count)
        for (pointer, field), count in counts.items()
    )


def _undocumented(contract: Contract, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The schemas that lack a field, and the fields."""
    operation = contract.operation(exchange.label)
    pointer = operation.response_pointer(exchange.response.status) if exchange.response else None
    body = read_json(exchange.response.body) if exchange.response else NOT_JSON
    if pointer is None or body is NOT_JSON:
        return
    schemas: dict[str, list[str]] = defaultdict(list)
    for kept in find_kept(contract.validator(pointer), body):
        if isinstance(contract.value(kept.pointer), dict):
            schemas[kept.location].append(kept.pointer)
    sent = set(_names_in(read_json(exchange.request.body)))
    for location, pointers in schemas.items():
        for schema, name in _beyond(contract, pointers, value_at(body, location)):
            if name not in sent:  # what a request made up comes back with it
                yield schema, name


def _beyond(contract: Contract, pointers: list[str], value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """The fields of an object that none of its schemas has, unless one of them is open to any."""
    statements = {pointer: contract.value(pointer) for pointer in pointers}
    listing = [pointer for pointer, statement in statements.items() if "properties" in statement]
    is_open = any(statement.get("additionalProperties") for statement in statements.values())
    if not listing or is_open or not isinstance(value, dict):
        return
    documented = {name for pointer in listing for name in statements[pointer]["properties"]}
    yield from ((listing[0], name) for name in value if name not in documented)


def _names_in(value: object) -> Iterator[str]:
    """The names of all fields, at any depth."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names_in(inner)
