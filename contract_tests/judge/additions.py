"""Additive drift: what a server answers beyond the spec. Readers pass over it, and the spec may want to know it."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from contract_tests.judge.wording import locate
from contract_tests.result.result import Addition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.satisfied import SatisfiedSchema


class Additions:
    """The undocumented fields of responses, at any depth, each once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._counts: Counter[tuple[str, str]] = Counter()

    def note(self, kept: list[SatisfiedSchema], sent: object) -> None:
        """Takes a response into account, by the schemas that it and its parts keep, and the body that was sent.

        A name that a request made up may come back with it, and is no addition.
        """
        by_object: dict[int, list[SatisfiedSchema]] = defaultdict(list)
        for schema in kept:
            if isinstance(schema.value, dict):
                by_object[id(schema.value)].append(schema)
        found = dict.fromkeys(each for schemas in by_object.values() for each in _beyond(schemas))
        made_up = set(_names_in(sent)) - self._documented if found else set()
        self._counts.update(each for each in found if each[1] not in made_up)

    def found(self) -> tuple[Addition, ...]:
        """Each field, with the schema that lacks it."""
        return tuple(
            Addition(field=field, pointer=pointer, location=locate(self._contract, pointer), count=count)
            for (pointer, field), count in self._counts.items()
        )

    @cached_property
    def _documented(self) -> set[str]:
        """The names that requests may have."""
        bodies = [operation.body for operation in self._contract.operations if operation.body]
        return {name for _, schema in self._contract.schemas_below(bodies) for name in schema.get("properties", {})}


def _beyond(kept: list[SatisfiedSchema]) -> Iterator[tuple[str, str]]:
    """The fields of an object that none of its schemas has, unless one of them is open to any."""
    listing = [schema for schema in kept if "properties" in schema.statement]
    is_open = any(schema.statement.get("additionalProperties") for schema in kept)
    if not listing or is_open:
        return
    documented = {name for schema in listing for name in schema.statement["properties"]}
    yield from ((listing[0].pointer, name) for name in kept[0].value if name not in documented)


def _names_in(value: object) -> Iterator[str]:
    """The names of all fields, at any depth."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names_in(inner)
