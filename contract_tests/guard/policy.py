"""Decides whether a request may go out: a pure function of the request, the target's limits and the contract.

While limits are on, only what is understood goes out: a documented path, header fields of a closed list, each once, and
a body that is read to its last byte. The suite must send more than that in order to test, of shapes that are known to
hold nothing that can ring: wrong credentials (any number of Authorization fields), other media types (`UNDERSTOOD`),
and malformed JSON (`ENDINGS`). Under each of them, the body is one that may go out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from contract_tests.contract.paths import path_values
from contract_tests.exchange.credentials import AUTHORIZATION
from contract_tests.guard.addresses import complaints_of_value
from contract_tests.guard.body_policy import complaints_of_field, complaints_of_form, complaints_of_json, is_json
from contract_tests.guard.media_type import FORM, media_type_complaint, parse_media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Request
    from contract_tests.exchange.headers import Field
    from contract_tests.target.limits import Limits

_HARMLESS_FIELDS: Final = {"accept", AUTHORIZATION.lower(), "content-type", "user-agent"}
"""The header fields that the suite and Schemathesis send of their own, and that go on to the target."""
_ANY_PATH: Final = {"/", "*"}


def find_complaint(request: Request, limits: Limits, contract: Contract) -> str | None:
    """Why a request must not go out; None if it may."""
    try:
        return None if limits.is_free else next(_complaints(request, limits, contract), None)
    except RecursionError:
        return "a body nested too deeply to look into"


def _complaints(request: Request, limits: Limits, contract: Contract) -> Iterator[str]:
    operations = contract.paths.at(request.path)
    if not operations and not (request.method == "OPTIONS" and request.target in _ANY_PATH):
        yield "a path that the spec does not have"
    yield from _complaints_of_path(operations, request.path, limits)
    yield from _complaints_of_query(operations, request.query, limits)
    yield from _complaints_of_headers(operations, request.headers, limits)
    yield from _complaints_of_body(request, limits) if request.body else ()


def _complaints_of_path(operations: Iterable[Operation], path: str, limits: Limits) -> Iterator[str]:
    for template in dict.fromkeys(operation.path for operation in operations):
        for name, value in path_values(template, path).items():
            yield from _complaints_of_parameter(name, unquote(value), limits, "in the path")


def _complaints_of_query(operations: Iterable[Operation], query: str, limits: Limits) -> Iterator[str]:
    known, keys = _names(operations, "query"), _credentials(operations, "query")
    for text in dict.fromkeys([query, query.replace(";", "&")]):  # some part the fields by a semicolon too
        for name, value in parse_qsl(text, keep_blank_values=True):
            if name in keys:
                continue
            if name not in known:
                yield "a field of the query that the spec does not have"
            yield from _complaints_of_parameter(name, value, limits, "in the query")


def _complaints_of_headers(operations: Iterable[Operation], fields: Iterable[Field], limits: Limits) -> Iterator[str]:
    known = {name.lower() for name in _names(operations, "header")}
    keys = {AUTHORIZATION.lower(), *(name.lower() for name in _credentials(operations, "header"))}
    seen = set()
    for name, value in ((name.lower(), value) for name, value in fields):
        if name == "cookie":
            yield from _complaints_of_cookies(operations, value, limits)
        elif name in keys:
            pass  # a credential is the guard's own
        elif name in known:
            yield from _complaints_of_parameter(name, value, limits, "in a header field")
        elif name not in _HARMLESS_FIELDS:
            yield f"the header field {name}, which the spec does not have"
        else:
            yield from complaints_of_value(value, limits)
        if name in seen and name != AUTHORIZATION.lower():
            yield f"the header field {name} twice"
        seen.add(name)


def _complaints_of_cookies(operations: Iterable[Operation], text: str, limits: Limits) -> Iterator[str]:
    known, keys = _names(operations, "cookie"), _credentials(operations, "cookie")
    for pair in text.split(";"):
        name, _, value = (part.strip() for part in pair.partition("="))
        if name in keys:
            continue
        if name not in known:
            yield "a cookie that the spec does not have"
        yield from _complaints_of_parameter(name, unquote(value), limits, "in a cookie")


def _complaints_of_parameter(name: str, value: str, limits: Limits, where: str) -> Iterator[str]:
    for complaint in (*complaints_of_field(name, value, limits), *complaints_of_value(value, limits)):
        yield f"{complaint}, {where}"


def _complaints_of_body(request: Request, limits: Limits) -> Iterator[str]:
    if complaint := media_type_complaint(request.headers):
        yield complaint
        return
    media_type = parse_media_type(request.headers.first("Content-Type") or "")
    is_form = media_type is not None and media_type.name == FORM
    if is_form:
        yield from complaints_of_form(request.body, limits)
    if not is_form or is_json(request.body):
        yield from complaints_of_json(request.body, limits)


def _credentials(operations: Iterable[Operation], location: str) -> set[str]:
    """The names of the fields that hold credentials at a location."""
    return {each.field for operation in operations for each in operation.schemes if each.location == location}


def _names(operations: Iterable[Operation], location: str) -> set[str]:
    return {each.name for operation in operations for each in operation.parameters if each.location == location}
