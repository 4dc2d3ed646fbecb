"""Valid requests to an operation, by their bytes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from contract_tests.contract.operations import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.plan.alternatives import Alternatives
from contract_tests.plan.packing import value_of
from contract_tests.target.limits import FREE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation, Parameter
    from spec.json_value import Json

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_ANY_VALUE: Final = "1"
"""The value of a parameter whose schema suggests none."""
_LONGEST: Final = 100
"""The most characters of a plain value."""


def make_request(contract: Contract, operation: Operation) -> Request:
    """Makes a request without a body: the right token as a template, and all parameters that requests must have."""
    required = [parameter for parameter in operation.parameters if parameter.is_required]
    texts = {(each.location, each.name): _texts(_value(contract, each)) for each in required}
    return Request(operation.method, _target(operation, texts), Headers(_fields(texts)))


def with_body(request: Request, body: bytes, media_type: str = JSON_MEDIA_TYPE) -> Request:
    """The request with a body, and a field that names its media type."""
    headers = Headers((*request.headers.without([CONTENT_TYPE]), (CONTENT_TYPE, media_type)))
    return replace(request, headers=headers, body=body)


def in_chunks(request: Request) -> Request:
    """The request with its body in chunks, its length untold."""
    return replace(request, headers=Headers((*request.headers, ("Transfer-Encoding", "chunked"))))


def with_credentials(request: Request, values: tuple[str, ...]) -> Request:
    """The request with other values of the Authorization fields, one each; with none, without a field."""
    others = request.headers.without([AUTHORIZATION])
    return replace(request, headers=Headers((*((AUTHORIZATION, value) for value in values), *others)))


def _value(contract: Contract, parameter: Parameter) -> Json:
    """The first value that a parameter's schema leaves open, plain ones before others."""
    if parameter.schema is None:
        return _ANY_VALUE
    point = Alternatives(contract, all_known_names=False, limits=FREE).of_body(parameter.schema)
    values = (value_of(alternative) for alternative in point.alternatives if not alternative.points)
    filled = (value for value in values if value and not isinstance(value, dict))
    return min(filled, key=lambda value: not _is_plain(value), default=_ANY_VALUE)


def _is_plain(value: Json) -> bool:
    """Tells whether a value is short, and of characters that every header field takes."""
    return all(text.isascii() and text.isprintable() and len(text) <= _LONGEST for text in _texts(value))


def _texts(value: Json) -> list[str]:
    """A parameter's value as texts, one for each item of an array."""
    items = value if isinstance(value, list) else [value]
    return [item if isinstance(item, str) else json.dumps(item) for item in items]


def _target(operation: Operation, texts: Mapping[tuple[str, str], list[str]]) -> str:
    """Path and query, percent-encoded, in the styles that OpenAPI takes where none is stated."""
    path = _VARIABLE.sub(lambda found: _joined(texts.get(("path", found[1]), [_ANY_VALUE])), operation.path)
    pairs = ((name, text) for (location, name), values in texts.items() if location == "query" for text in values)
    query = "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs)
    return f"{path}?{query}" if query else path


def _joined(texts: list[str]) -> str:
    return ",".join(quote(text, safe="") for text in texts)


def _fields(texts: Mapping[tuple[str, str], list[str]]) -> Iterator[tuple[str, str]]:
    yield AUTHORIZATION, RIGHT
    yield from ((name, ",".join(values)) for (location, name), values in texts.items() if location == "header")
    cookies = [f"{name}={_joined(values)}" for (location, name), values in texts.items() if location == "cookie"]
    if cookies:
        yield "Cookie", "; ".join(cookies)
