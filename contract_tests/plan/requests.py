"""Valid requests to an operation, by their bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract_tests.contract.media_types import JSON_MEDIA_TYPE
from contract_tests.contract.parameter_text import cookie_text, write
from contract_tests.exchange.credentials import right_value, with_value
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import CONTENT_TYPE, Headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contract_tests.contract.operations import Operation
    from contract_tests.contract.security import Scheme
    from spec.json_value import Json


def make_request(operation: Operation, values: Mapping[str, Mapping[str, Json]]) -> Request:
    """Makes a request without a body: its credentials as templates, and parameters, by location and name."""
    written = write(operation.path, operation.parameters, values)
    cookies = [("Cookie", cookie_text(written.cookies))] if written.cookies else []
    request = Request(operation.method, written.target, Headers([*written.fields, *cookies]))
    return with_right_credentials(request, operation.credentials)


def with_body(request: Request, body: bytes, media_type: str = JSON_MEDIA_TYPE) -> Request:
    """The request with a body, and a field that names its media type."""
    headers = Headers((*request.headers.without([CONTENT_TYPE]), (CONTENT_TYPE, media_type)))
    return replace(request, headers=headers, body=body)


def in_chunks(request: Request) -> Request:
    """The request with its body in chunks, its length untold."""
    return replace(request, headers=Headers((*request.headers, ("Transfer-Encoding", "chunked"))))


def with_alternative(request: Request, operation: Operation, alternative: Iterable[Scheme]) -> Request:
    """A request to an operation, with the right credentials of an alternative in place of those that it has."""
    for scheme in operation.credentials:
        request = with_value(request, scheme)
    return with_right_credentials(request, alternative)


def with_right_credentials(request: Request, schemes: Iterable[Scheme]) -> Request:
    """The request with the right credentials of schemes, as templates."""
    for scheme in schemes:
        request = with_value(request, scheme, right_value(scheme))
    return request
