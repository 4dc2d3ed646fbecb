"""Answers that a client prescribes by `Prefer`: a status, one of the spec's examples, a body made from the schema."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.contract.media_types import JSON_MEDIA_TYPE
from contract_tests.contract.operations import response_definition
from contract_tests.plan.plan import make_body
from contract_tests.servers.mock import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.servers.preferences import Preferences
    from spec.json_value import Json

_SUCCESS: Final = 200
_WITHOUT_BODY: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class Example(NamedTuple):
    """An example that the spec gives of a response."""

    status: int
    name: str
    body: Json


class Prescription(NamedTuple):
    """An answer that preferences prescribe, and the names of those that it honours."""

    answer: Answer
    honoured: tuple[str, ...]


def read_examples(contract: Contract, operation: Operation) -> tuple[Example, ...]:
    """The named examples of an operation's JSON responses, in the order of the spec."""
    return tuple(_examples(contract, operation))


def prescribe(contract: Contract, label: str, preferences: Preferences) -> Prescription | None:
    """The answer that preferences prescribe for an operation; None if they leave the body to the server.

    `label` names the operation: `POST /path`. An example is looked up by its name among those of `code`, or of all
    statuses. A name that no example has is not honoured.
    """
    operation = contract.operation(label)
    examples = [each for each in read_examples(contract, operation) if preferences.code in {None, each.status}]
    if found := next((each for each in examples if each.name == preferences.example), None):
        return Prescription(Answer(found.status, found.body), ("code", "example"))
    if preferences.dynamic and (made := _make(contract, operation, preferences.code or _SUCCESS)):
        return Prescription(made, ("code", "dynamic"))
    if preferences.code in {None, _SUCCESS}:
        return None
    return Prescription(_at_status(examples, preferences.code), ("code",))


def _examples(contract: Contract, operation: Operation) -> Iterator[Example]:
    for key in operation.responses:
        content = response_definition(contract.spec, operation, key)[1].get("content", {}).get(JSON_MEDIA_TYPE, {})
        for name, example in content.get("examples", {}).items():
            if key.isdecimal() and "value" in example:
                yield Example(int(key), name, example["value"])


def _make(contract: Contract, operation: Operation, status: int) -> Answer | None:
    """The plainest body that the schema of a status allows: the same one every time. None without a schema."""
    described = operation.response_body(status, None)
    return Answer(status, make_body(contract, described.schema, (), ()).body) if described else None


def _at_status(examples: list[Example], status: int | None) -> Answer:
    """An answer with a status: the spec's first example of it, or a body in the shape of its errors."""
    code = status or _SUCCESS
    if code in _WITHOUT_BODY:
        return Answer(code, b"")
    body: Json = {"detail": f"Status {code}, as the request prefers"}
    return Answer(code, examples[0].body if examples else body)
