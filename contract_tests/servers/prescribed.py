"""Answers that a client prescribes by `Prefer`: a status, one of the spec's examples, a body made from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from contract_tests.contract.media_types import JSON_MEDIA_TYPE
from contract_tests.contract.operations import response_definition
from contract_tests.servers.answer_maker import success
from contract_tests.servers.order_book import Prescription
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.servers.answer_maker import AnswerMaker
    from contract_tests.servers.preferences import Preferences
    from spec.json_value import Json


class Example(NamedTuple):
    """An example that the spec gives of a response."""

    status: int
    name: str
    """Empty for the only example, which has no name."""
    body: Json


def read_examples(contract: Contract, operation: Operation) -> tuple[Example, ...]:
    """The examples of an operation's JSON responses, in the order of the spec."""
    return tuple(_examples(contract, operation))


def prescribe(
    contract: Contract, maker: AnswerMaker, operation: Operation, preferences: Preferences
) -> Prescription | None:
    """The answer that preferences prescribe for an operation; None if they leave the body to the server.

    An example is looked up by its name among those of `code`, or of all statuses. A name that no example has is not
    honoured. A `code` without `dynamic` has the spec's first example of it, where there is one.
    """
    status = preferences.code or success(operation)
    examples = [each for each in read_examples(contract, operation) if preferences.code in {None, each.status}]
    if found := next((each for each in examples if each.name == preferences.example), None):
        return Prescription(maker.make(operation, found.status).with_body(found.body), ("code", "example"))
    if preferences.dynamic and operation.response_body(status, None):
        return Prescription(maker.make(operation, status), ("code", "dynamic"))
    if status == success(operation):
        return None
    made = maker.make(operation, status)
    return Prescription(made.with_body(examples[0].body) if examples else made, ("code",))


def _examples(contract: Contract, operation: Operation) -> Iterator[Example]:
    for key in filter(str.isdecimal, operation.responses):
        pointer, definition = response_definition(contract.spec, operation, key)
        if JSON_MEDIA_TYPE in definition.get("content", {}):
            place = f"{pointer}/content/{escape(JSON_MEDIA_TYPE)}"
            yield from (Example(int(key), name, body) for name, body in contract.examples(place).items())
