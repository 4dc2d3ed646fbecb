"""Additive drift: what a server answers beyond the spec. Readers pass over it, and the spec may want to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.contract.undocumented import find_undocumented
from contract_tests.result.result import Addition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.judge.alike import Alike
    from contract_tests.judge.counts import Counts, Field


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
        self._counts.note_made_up(self.names_made_up(sent))
        self._counts.additions.update(fields_beyond(kept))

    def note_alike(self, alike: Alike, times: int) -> None:
        """Takes exchanges into account that break nothing and are alike."""
        self._counts.note_made_up(alike.sent.made_up)
        for field in alike.received.undocumented:
            self._counts.additions[field] += times

    def names_made_up(self, sent: object) -> frozenset[str]:
        """The names in a request's body that no request has by the spec."""
        return frozenset(_names_in(sent)) - self._contract.request_fields

    def found(self) -> tuple[Addition, ...]:
        """Each field, with the schema that lacks it.

        A name that a request made up may come back with it, or be read later, and is no addition.
        """
        return tuple(
            Addition(field=field, pointer=pointer, location=self._contract.locate(pointer), count=count)
            for (pointer, field), count in self._counts.additions.items()
            if field not in self._counts.made_up
        )


def _names_in(value: object) -> Iterator[str]:
    """The names of all fields, at any depth."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names_in(inner)
