"""Memories of things: whether they are there, the fields that were read, and those that were updated."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.judge.memory import is_short, spell_id
from spec.reader import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.rules import Fields
    from contract_tests.contract.things import Things
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.memory import Memory, Text
    from spec.json_value import Json

FOUND: Final = "found"
"""Of things that nobody created: the server finds any, or this one was there before. It may have no memory."""
MISSED: Final = "missed"
GONE: Final = frozenset((HTTPStatus.NOT_FOUND, HTTPStatus.GONE))
"""The statuses that say that a thing is not there."""
_LONGEST: Final = 200
"""The longest text of a field that is remembered, in characters."""


class Texts(NamedTuple):
    """The texts by which a memory knows all about a thing."""

    is_there: Text
    fields: Text
    """Its fields, as they were read last."""
    updated: Text
    """The fields that the last update changed, each with its values before and after."""


def texts_of(things: Things, variables: Json) -> Texts:
    """The texts of the thing with these variables in its path."""
    path, thing = things.path, _spell(variables, things.path)
    return Texts((f"there {path}", thing), (f"fields {path}", thing), (f"updated {path}", thing))


def text_of_last(things: Things, variables: Json) -> Text:
    """The text by which a memory knows the last thing that was created in a collection."""
    collection = things.path.rpartition("/")[0]
    return f"last {collection}", _spell(variables, collection)


def text_of_unknown(things: Things) -> Text:
    """The text by which a memory knows what comes of things that nobody created: `FOUND` or `MISSED`."""
    return f"unknown {things.path}", ""


def _spell(variables: Json, path: str) -> str:
    """The values of a path's variables."""
    return json.dumps({name: spell_id(value) for name, value in dict(variables or {}).items() if f"{{{name}}}" in path})


def are_found_by_rule(contract: Contract, things: Things) -> bool:
    """Tells whether a rule says of things that they are found. Then no check needs to."""
    about = [rule for rule in contract.rules if things.read and rule.is_about(things.read)]
    return any(call.function == "is_known" for rule in about for call in rule.calls_over_time)


class ThingNotes:
    """Remembers of accepted exchanges whatever checks of things will ask about them."""

    def __init__(self, contract: Contract) -> None:
        self._things = [each for each in contract.things if _is_asked_about(contract, each)]

    @property
    def is_needed(self) -> bool:
        """True if a check may ask about things."""
        return bool(self._things)

    def take(
        self, operation: Operation, values: Fields, memory: Memory, name: str, make: Callable[[], Exchange]
    ) -> None:
        """Remembers an accepted exchange. `make` makes it, and `name` is its id."""
        for things in self._things:
            for text, value in _notes(things, operation, values, memory):
                memory.keep(text, value, name, make)

    def take_missing(
        self, operation: Operation, seen: tuple[int, Json], memory: Memory, name: str, make: Callable[[], Exchange]
    ) -> None:
        """Remembers a refused valid request, by its status and the variables of its path."""
        status, variables = seen
        for things in self._things:
            if operation == things.read and status in GONE and _is_unknown(things, variables, memory):
                found = memory.last(text_of_unknown(things))
                memory.keep(text_of_unknown(things), found[0] if found else MISSED, name, make)


def _is_unknown(things: Things, variables: Json, memory: Memory) -> bool:
    """Tells whether nobody created or deleted a thing."""
    return memory.last(texts_of(things, variables).is_there) is None


def _is_asked_about(contract: Contract, things: Things) -> bool:
    """Tells whether any check asks about things."""
    has_more = things.list or things.updates or things.delete
    return bool(has_more or (things.read and not are_found_by_rule(contract, things)))


def _notes(things: Things, operation: Operation, values: Fields, memory: Memory) -> Iterator[tuple[Text, Json]]:
    if values.status == HTTPStatus.ACCEPTED:
        yield from _of_work_under_way(things, operation, values)
    elif (operation, operation.response_key(values.status)) == (things.create, things.key):
        yield from _of_creation(things, values)
    elif operation == things.read:
        yield texts_of(things, values.path).fields, scalars_of(values.response)
        if _is_unknown(things, values.path, memory):
            yield text_of_unknown(things), FOUND
    elif operation == things.delete:
        yield texts_of(things, values.path).is_there, False
    elif operation in things.updates:
        texts = texts_of(things, values.path)
        before = memory.last(texts.fields)
        yield texts.updated, _changes(before[0] if before else {}, scalars_of(values.request))


def _of_work_under_way(things: Things, operation: Operation, values: Fields) -> Iterator[tuple[Text, Json]]:
    """The doubts that a 202 leaves: a thing may be there still or not, and an update may have changed it or not."""
    if operation == things.delete:
        yield texts_of(things, values.path).is_there, None
    elif operation in things.updates:
        yield texts_of(things, values.path).updated, {}


def _of_creation(things: Things, values: Fields) -> Iterator[tuple[Text, Json]]:
    variables = {each.name: each.found_in(values) for each in things.values}
    if ABSENT not in variables.values():
        texts = texts_of(things, variables)
        yield texts.is_there, True
        yield texts.updated, {}
        yield text_of_last(things, variables), variables


def _changes(before: Json, sent: dict[str, Json]) -> Json:
    """The fields that an update changes, each with its values before and after."""
    known = before if isinstance(before, dict) else {}
    return {name: [known[name], value] for name, value in sent.items() if name in known and known[name] != value}


def scalars_of(body: Json) -> dict[str, Json]:
    """The fields of an object that are neither objects nor arrays nor long texts."""
    fields = body.items() if isinstance(body, dict) else ()
    return {name: value for name, value in fields if is_short(value, _LONGEST)}
