"""The reasons why a request is not valid: each with its place in the request and the line of the spec."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from contract_tests.contract.keywords import find_breaches
from contract_tests.contract.references import resolve
from contract_tests.contract.typed_texts import UNREADABLE
from contract_tests.exchange.headers import CONTENT_TYPE
from contract_tests.exchange.strict_json import parse_json
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import Breach
    from contract_tests.contract.operations import Content, Operation
    from contract_tests.contract.parameter_values import ParameterValues
    from contract_tests.exchange.headers import Headers
    from spec.json_value import Json


class Reason(TypedDict):
    """One thing that is wrong with a request."""

    at: str
    """Where in the body, or in the parameters by their location: a JSON Pointer. Forms are objects of their fields."""
    keyword: str
    """The keyword that the request breaks: of the schema, such as `maximum`, or `required` or `content` of its body."""
    says: str
    spec: str
    """Where the keyword stands: file, line and JSON Pointer."""


ReadBody = Callable[["Content", str, bytes], "Json"]
"""Gives the value of a body, or `UNREADABLE`, by its Content-Type. Raises ValueError if it is malformed."""


def read_as_json(_content: Content, _content_type: str, body: bytes) -> Json:
    """The value of a body that can only be JSON. Raises ValueError if it is malformed."""
    return parse_json(body)


def find_reasons(contract: Contract, operation: Operation, sent: Headers, body: bytes, read: ReadBody) -> list[Reason]:
    """Everything that is wrong with a request's body, whatever its media type is, by the request's header fields."""
    if not operation.contents or not (body or operation.is_body_required):
        return []
    definition = resolve(contract.spec, f"{operation.pointer}/requestBody")
    if not body:
        return [_of_body(contract, f"{definition}/required", "the request has no body")]
    content = operation.content_of(sent.media_type or "")
    if content is None:
        return [_of_body(contract, f"{definition}/content", f"the spec does not have {sent.media_type or 'no type'}")]
    try:
        value = read(content, sent.first(CONTENT_TYPE) or "", body)
    except ValueError as error:
        return [_of_body(contract, content.pointer, f"the body cannot be read: {error}", "content")]
    return _find_breaches(contract, content, value)


def _find_breaches(contract: Contract, content: Content, value: Json) -> list[Reason]:
    """Everything that is wrong with a body that was read. Of XML, nothing is known."""
    if content.schema is None or content.kind == "xml" or value is UNREADABLE:
        return []
    return [_describe(contract, breach) for breach in find_breaches(contract.request_validator(content.schema), value)]


def find_reasons_of_parameters(contract: Contract, operation: Operation, found: ParameterValues) -> Iterator[Reason]:
    """Everything that is wrong with a request's parameters. Their places begin with their locations: `/query/limit`."""
    pointer = operation.parameters_schema
    for breach in find_breaches(contract.request_validator(pointer), found.values) if pointer else ():
        yield _describe_parameter(contract, operation, breach)
    for parameter in found.unreadable:
        at, says = f"/{parameter.location}/{escape(parameter.name)}", "it cannot be read as its schema says"
        yield Reason(at=at, keyword="type", says=says, spec=_place(contract, parameter.pointer))


def _describe(contract: Contract, breach: Breach) -> Reason:
    keyword = breach.pointer.rpartition("/")[2]
    return Reason(at=breach.location, keyword=keyword, says=breach.message, spec=_place(contract, breach.pointer))


def _describe_parameter(contract: Contract, operation: Operation, breach: Breach) -> Reason:
    """The same of a parameter. The schema of all is in no file: where it demands one, that parameter's place counts."""
    absent = (each for each in operation.parameters if breach.location == f"/{each.location}")
    parameter = next((each for each in absent if each.name == breach.missing), None)
    if parameter is None:
        return _describe(contract, breach)
    at, pointer = f"{breach.location}/{escape(parameter.name)}", f"{parameter.pointer}/required"
    return Reason(at=at, keyword="required", says=breach.message, spec=_place(contract, pointer))


def _of_body(contract: Contract, pointer: str, says: str, keyword: str = "") -> Reason:
    """A reason that is about the body as a whole. Its keyword is the last part of the pointer, unless it is given."""
    return Reason(at="", keyword=keyword or pointer.rpartition("/")[2], says=says, spec=_place(contract, pointer))


def _place(contract: Contract, pointer: str) -> str:
    return f"{contract.locate(pointer)} {pointer}"
