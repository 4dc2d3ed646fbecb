"""Additive drift: what a server answers beyond the spec. Readers pass over it, and the spec may want to know it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from contract_tests.judgement import NOT_JSON, locate, read_json
from contract_tests.kept import KeptSchema, KeptSchemas
from contract_tests.result import Addition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract import Contract
    from contract_tests.exchanges import Exchange, Record


def find_additions(contract: Contract, record: Record) -> tuple[Addition, ...]:
    """Every undocumented field of a response, at any depth, once."""
    schemas = KeptSchemas(contract)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for exchange in record.exchanges:
        for found in dict.fromkeys(_undocumented(contract, schemas, exchange)):
            counts[found] += 1
    return tuple(
        Addition(field=field, pointer=pointer, location=locate(contract, pointer), count=count)
        for (pointer, field), count in counts.items()
    )


def _undocumented(contract: Contract, schemas: KeptSchemas, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The schemas that lack a field, and the fields."""
    operation = contract.operation(exchange.label)
    pointer = operation.response_pointer(exchange.response.status) if exchange.response else None
    body = read_json(exchange.response.body) if exchange.response else NOT_JSON
    if pointer is None or body is NOT_JSON:
        return
    by_object: dict[int, list[KeptSchema]] = defaultdict(list)
    for schema in schemas.find(pointer, body):
        if isinstance(schema.value, dict):
            by_object[id(schema.value)].append(schema)
    for kept in by_object.values():
        yield from _beyond(kept)


def _beyond(kept: list[KeptSchema]) -> Iterator[tuple[str, str]]:
    """The fields of an object that none of its schemas has, unless one of them is open to any."""
    listing = [schema for schema in kept if "properties" in schema.statement]
    is_open = any(schema.statement.get("additionalProperties") for schema in kept)
    if not listing or is_open:
        return
    documented = {name for schema in listing for name in schema.statement["properties"]}
    yield from ((listing[0].pointer, name) for name in kept[0].value if name not in documented)
