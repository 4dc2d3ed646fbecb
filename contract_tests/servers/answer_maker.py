"""Answers made up from a spec: bodies and header fields that keep the schemas of a status."""

from __future__ import annotations

from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.direction import Direction
from contract_tests.contract.media_types import JSON_MEDIA_TYPE, MULTIPART_MEDIA_TYPE, is_json, is_multipart
from contract_tests.contract.operations import response_definition
from contract_tests.contract.parameter_text import can_be_written, write
from contract_tests.exchange.headers import CONTENT_TYPE
from contract_tests.exchange.scalars import read_scalar
from contract_tests.plan.plan import all_choices, make_body, make_plan
from contract_tests.servers.answer import NOTHING, Answer
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameters import Parameter
    from spec.json_value import Json

_SUCCESS: Final = 2
_WITHOUT_BODY: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class AnswerMaker:
    """Makes answers with values for the schema at a JSON Pointer: none, if no value keeps it."""

    def __init__(self, contract: Contract, values: Callable[[str], Sequence[Json]]) -> None:
        self._contract = contract
        self._values = values

    def make(
        self, operation: Operation, status: int, headers: Mapping[str, str] | None = None, number: int = 0
    ) -> Answer:
        """An answer with a status, as the spec describes it. `number` chooses among several bodies.

        The header fields given replace those of the spec.
        """
        fields = {header.name: self._text(header) for header in self._contract.response_headers(operation, status)}
        fields |= headers or {}
        described = operation.response_body(status, None)
        media_type = _json_of(described.media_type) if described else None
        if described is None or media_type is None:
            return self._without_schema_of_json(operation, status, fields)
        bodies = self._values(described.schema)
        if not bodies:
            return Answer(
                HTTPStatus.INTERNAL_SERVER_ERROR, {"detail": f"No body keeps the schema at {described.schema}"}
            )
        return Answer(status, bodies[number % len(bodies)], fields, media_type)

    def _without_schema_of_json(self, operation: Operation, status: int, fields: Mapping[str, str]) -> Answer:
        """An answer for which the spec has no schema of JSON: an example, a text, or no body."""
        key = operation.response_key(status)
        if key is None:
            return Answer(status, _undocumented_body(status), fields)
        pointer, definition = response_definition(self._contract.spec, operation, key)
        media_type, content = next(iter(definition.get("content", {}).items()), ("", {}))
        place = f"{pointer}/content/{escape(media_type)}"
        examples = self._contract.examples(place).values() if media_type else ()
        if is_json(media_type):
            return Answer(status, next(iter(examples), {}), fields, media_type)
        values = self._values(f"{place}/schema") if "schema" in content else []
        body = next(chain(examples, values), "")
        if isinstance(body, dict) and is_multipart(media_type):
            return self._of_parts(operation, Answer(status, body, fields), media_type)
        named = {CONTENT_TYPE: _member_of(media_type)} if media_type else {}
        return Answer(status, body.encode() if isinstance(body, str) else NOTHING, {**fields, **named})

    def _of_parts(self, operation: Operation, answer: Answer, media_type: str) -> Answer:
        """An answer whose body is written as parts, each with its name."""
        content = self._contract.response_content(operation, answer.status, _member_of(media_type))
        assert content  # noqa: S101 - the media type is one that the spec has for the status
        written = self._contract.codec(read_scalar).write_parts(content, answer.body)
        return Answer(answer.status, written.content, {**answer.headers, CONTENT_TYPE: written.media_type})

    def _text(self, header: Parameter) -> str:
        """The text of a header field."""
        values = self._values(header.schema) if header.schema else []
        value = next((each for each in values if can_be_written(header, each)), "text")
        ((_, text),) = write("", [header], {"header": {header.name: value}}).fields
        return text


def success(operation: Operation) -> int:
    """The status of accepted requests: the first 2xx that the spec has, else 200."""
    key = next((key for key in operation.responses if key.startswith(str(_SUCCESS))), "200")
    return int(key.upper().replace("X", "0"))


def plan_values(contract: Contract, pointer: str) -> list[Json]:
    """Values for responses that keep the schema at a pointer and between them have each of its choices."""
    plan = make_plan(contract, pointer, all_known_names=False, most=1, has_twin=False, direction=Direction.RESPONSE)
    return [planned.body for planned in plan.bodies]


def plainest_values(contract: Contract, pointer: str) -> list[Json]:
    """The plainest value for a response by the schema at a pointer, made at once; if that fails, those of a plan."""
    body = make_body(all_choices(contract, pointer, direction=Direction.RESPONSE)).body
    return [body] if contract.response_validator(pointer).is_valid(body) else plan_values(contract, pointer)


def _json_of(media_type: str) -> str | None:
    """The media type of JSON that a media type or a range of them stands for; None if it stands for none."""
    if media_type in {"*/*", "application/*"}:
        return JSON_MEDIA_TYPE
    return media_type if is_json(media_type) else None


def _member_of(media_type: str) -> str:
    """A media type that a range stands for; any other as it is."""
    general = media_type.replace("*/*", "application/*").replace("multipart/*", MULTIPART_MEDIA_TYPE)
    return general.replace("*", "plain" if general.startswith("text/") else "octet-stream")


def _undocumented_body(status: int) -> Any:  # noqa: ANN401 - JSON, or bytes for no body
    """The body of an answer with an undocumented status: of a refusal, its meaning."""
    if status // 100 == _SUCCESS or status in _WITHOUT_BODY:
        return NOTHING
    return {"detail": HTTPStatus(status).phrase if status in {*HTTPStatus} else f"Status {status}"}
