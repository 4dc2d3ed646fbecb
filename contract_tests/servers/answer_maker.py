"""Answers made up from a spec: bodies and header fields that keep the schemas of a status."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from contract_tests.plan.plan import all_choices, make_body, make_plan
from contract_tests.servers.answer import NOTHING, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from spec.json_value import Json

_SUCCESS: Final = 2
_WITHOUT_BODY: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class AnswerMaker:
    """Makes answers with values for the schema at a JSON Pointer, of which there is one at least."""

    def __init__(self, contract: Contract, values: Callable[[str], Sequence[Json]]) -> None:
        self._contract = contract
        self._values = values

    def make(
        self, operation: Operation, status: int, headers: Mapping[str, str] | None = None, number: int = 0
    ) -> Answer:
        """An answer with a status, as the spec describes it. `number` chooses among several bodies.

        The header fields given replace those of the spec.
        """
        fields = {
            header.name: self._text(header.schema) for header in self._contract.response_headers(operation, status)
        }
        fields |= headers or {}
        described = operation.response_body(status, None)
        if described is None:
            return Answer(status, _undescribed(operation, status), fields)
        bodies = self._values(described.schema)
        return Answer(status, bodies[number % len(bodies)], fields, described.media_type.replace("*", "json"))

    def _text(self, pointer: str | None) -> str:
        """The text of a header field with the schema at a pointer."""
        value = self._values(pointer)[0] if pointer else "text"
        return value if isinstance(value, str) else json.dumps(value)


def success(operation: Operation) -> int:
    """The status of accepted requests: the first 2xx that the spec has, else 200."""
    key = next((key for key in operation.responses if key.startswith(str(_SUCCESS))), "200")
    return int(key.upper().replace("X", "0"))


def plan_values(contract: Contract, pointer: str) -> list[Json]:
    """Values that keep the schema at a pointer and between them have each of its choices."""
    plan = make_plan(contract, pointer, all_known_names=False, most=1, has_twin=False)
    return [planned.body for planned in plan.bodies]


def plainest_values(contract: Contract, pointer: str) -> list[Json]:
    """The plainest value that keeps the schema at a pointer, made at once; where none is found so, those of a plan."""
    body = make_body(all_choices(contract, pointer)).body
    return [body] if contract.validator(pointer).is_valid(body) else plan_values(contract, pointer)


def _undescribed(operation: Operation, status: int) -> Any:  # noqa: ANN401 - JSON, or bytes for no body
    """The body of an answer for which the spec has no JSON: none, or for an undocumented refusal, what it means."""
    is_documented = operation.response_key(status) is not None
    if is_documented or status // 100 == _SUCCESS or status in _WITHOUT_BODY:
        return NOTHING
    return {"detail": HTTPStatus(status).phrase if status in {*HTTPStatus} else f"Status {status}"}
