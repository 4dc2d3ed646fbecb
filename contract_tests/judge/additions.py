"""Additive drift: what a server answers beyond the spec. Readers pass over it, and the spec may want to know it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from contract_tests.contract.undocumented import find_undocumented
from contract_tests.judge.wording import locate
from contract_tests.result.result import Addition

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.judge.counts import Counts


Field = tuple[str, str]
"""The schema that lacks a field, and the field's name."""


def fields_beyond(kept: list[SatisfiedSchema]) -> tuple[Field, ...]:
    """The undocumented fields of a response, by the schemas that it and its parts keep."""
    return tuple(dict.fromkeys((field.pointer, field.name) for field in find_undocumented(kept)))


class Additions:
    """The undocumented fields of responses, at any depth, each once."""

    def __init__(self, contract: Contract, counts: Counts) -> None:
        self._contract = contract
        self._counts = counts

    def note(self, kept: list[SatisfiedSchema], sent: object) -> None:
        """Takes a response into account, by the schemas that it and its parts keep, and the body that was sent."""
        self.note_fields(fields_beyond(kept), sent)

    def note_fields(self, found: Collection[Field], sent: object) -> None:
        """Takes the undocumented fields of a response into account, and the body that was sent.

        A name that a request made up may come back with it, and is no addition.
        """
        made_up = set(_names_in(sent)) - self._documented if found else set()
        self._counts.additions.update(each for each in found if each[1] not in made_up)

    def found(self) -> tuple[Addition, ...]:
        """Each field, with the schema that lacks it."""
        return tuple(
            Addition(field=field, pointer=pointer, location=locate(self._contract, pointer), count=count)
            for (pointer, field), count in self._counts.additions.items()
        )

    @cached_property
    def _documented(self) -> set[str]:
        """The names that requests may have."""
        bodies = [operation.body for operation in self._contract.operations if operation.body]
        return {name for _, schema in self._contract.schemas_below(bodies) for name in schema.get("properties", {})}


def _names_in(value: object) -> Iterator[str]:
    """The names of all fields, at any depth."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names_in(inner)
