"""A server for any spec: it turns away what the spec forbids, and answers all else with values that the spec allows.

The same request gets the same answer. It has no memory: what one operation creates, another does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from contract_tests.contract.media_types import kind_of
from contract_tests.contract.parameter_text import Sent
from contract_tests.contract.parameter_values import ParameterReader
from contract_tests.contract.typed_texts import UNREADABLE
from contract_tests.exchange.credentials import spell_secret, values_at
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.exchange.scalars import read_scalar
from contract_tests.exchange.strict_json import parse_json
from contract_tests.servers.answer import Answer, make_response
from contract_tests.servers.answer_maker import AnswerMaker, plan_values, success

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Content, Operation
    from contract_tests.contract.parameter_values import ParameterValues
    from contract_tests.contract.security import Scheme
    from spec.json_value import Json

_REFUSALS: Final = (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST)
_NAMED: Final = 20
"""How many operations are named at most to who asks for none of them."""


@dataclass(frozen=True)
class Asked:
    """A request as it came, for an operation."""

    operation: Operation
    path: str
    query: str
    headers: Headers
    body: bytes


class AnySpec:
    """Decides the answers to requests by a contract. Subclasses break something."""

    def __init__(self, contract: Contract, token: str) -> None:
        self.contract = contract
        self.token = token

    async def reply(self, asked: Asked) -> Answer:
        """The answer to a request, once it is due."""
        return self.refusal(asked) or self.accept(asked)

    def refusal(self, asked: Asked) -> Answer | None:
        """The answer to a request that the spec forbids; None for any other."""
        if asked.operation.is_secured and not self.is_authorized(asked):
            status = self.documented(asked.operation, (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))
            return self.refuse(asked, status, {"WWW-Authenticate": "Bearer"})
        if not (self.has_valid_parameters(asked) and self.has_valid_body(asked)):
            return self.refuse_request(asked)
        return None

    def refuse_request(self, asked: Asked) -> Answer:
        """The answer to a request that is wrong, whatever its credentials."""
        return self.refuse(asked, self.documented(asked.operation, _REFUSALS))

    def is_authorized(self, asked: Asked) -> bool:
        """Tells whether a request has the credentials of one of the alternatives."""
        request = Request(asked.operation.method, f"{asked.path}?{asked.query}", asked.headers)
        return any(
            all(self.has_credential(request, scheme) for scheme in alternative)
            for alternative in asked.operation.security
        )

    def has_credential(self, request: Request, scheme: Scheme) -> bool:
        """Tells whether a request has the token at the place of a scheme, and nothing else there."""
        found = ", ".join(values_at(request, scheme))
        name, _, credentials = found.partition(" ")
        expected = spell_secret(scheme, self.token)
        return found == expected if scheme.kind == "key" else (name.lower(), credentials) == (scheme.kind, expected)

    def has_valid_parameters(self, asked: Asked) -> bool:
        """Tells whether the parameters keep their schemas."""
        pointer = asked.operation.parameters_schema
        if pointer is None:
            return True
        found = self.parameters(asked)
        return not found.unreadable and self.contract.request_validator(pointer).is_valid(found.values)

    def parameters(self, asked: Asked) -> ParameterValues:
        """The parameters of a request, read by their schemas."""
        return self._reader.read(asked.operation, Sent(asked.path, asked.query, asked.headers))

    def has_valid_body(self, asked: Asked) -> bool:
        """Tells whether the body is there if it must be, is of a documented media type, and keeps its schema."""
        if not asked.operation.contents:
            return True
        if not asked.body:
            return not asked.operation.is_body_required
        content = asked.operation.content_of(asked.headers.media_type or "")
        return content is not None and self.is_valid(content, asked)

    def is_valid(self, content: Content, asked: Asked) -> bool:
        """Tells whether a body of a documented media type can be read, and keeps its schema."""
        media_type = asked.headers.first(CONTENT_TYPE) or ""
        try:
            value = self.read(content, media_type, asked.body)
        except ValueError:
            return False
        if content.schema is None or content.kind_as(media_type) == "xml":
            return True
        if not self.has_valid_parts(content, media_type, asked.body):
            return False
        # A form that readers differ on may be taken or turned away.
        return value is UNREADABLE or self.contract.request_validator(content.schema).is_valid(value)

    def has_valid_parts(self, content: Content, media_type: str, body: bytes) -> bool:
        """Tells whether the parts of a multipart body have the header fields that the spec states."""
        return not self.contract.codec(read_scalar).part_breaches(content, media_type, body)

    def read(self, content: Content, media_type: str, body: bytes) -> Json:
        """The value that a body stands for, or `UNREADABLE`. Raises ValueError if it is malformed."""
        if kind_of(media_type) == "json":
            return parse_json(body)
        return self.contract.codec(read_scalar).read(content, media_type, body)

    def accept(self, asked: Asked) -> Answer:
        """The answer to a valid request."""
        return self.respond(asked, success(asked.operation), {})

    def refuse(self, asked: Asked, status: int, headers: dict[str, str] | None = None) -> Answer:
        """The answer to any other."""
        return self.respond(asked, status, headers or {})

    def respond(self, asked: Asked, status: int, headers: dict[str, str]) -> Answer:
        """An answer with a status: body and header fields are those that the spec has for it."""
        number = crc32(b"\n".join((asked.path.encode(), asked.query.encode(), asked.body)))
        return self.maker.make(asked.operation, status, headers, number)

    def documented(self, operation: Operation, statuses: tuple[HTTPStatus, ...]) -> int:
        """The first of the statuses that the spec has for an operation; else the first."""
        return next((int(status) for status in statuses if operation.response_key(status)), int(statuses[0]))

    def values(self, pointer: str) -> list[Any]:
        """Values that keep the schema at a pointer."""
        if pointer not in self._values:
            self._values[pointer] = self.make_values(pointer)
        return self._values[pointer]

    def make_values(self, pointer: str) -> list[Any]:
        """Makes values that keep the schema at a pointer."""
        return plan_values(self.contract, pointer)

    @cached_property
    def maker(self) -> AnswerMaker:
        """The maker of its answers."""
        return AnswerMaker(self.contract, self.values)

    @cached_property
    def _values(self) -> dict[str, list[Any]]:
        return {}

    @cached_property
    def _reader(self) -> ParameterReader:
        return ParameterReader(self.contract, read_scalar)


def create_app(server: AnySpec) -> ASGIApp:
    """The application that answers as a server decides."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = await _answer(server, scope, await _read_body(receive))
            await make_response(answer)(scope, receive, send)

    return app


def read_asked(contract: Contract, scope: Scope, body: bytes) -> Asked | None:
    """The request as it came; None if the spec has no operation for its path and method."""
    path, query = _path(scope), scope["query_string"].decode("latin-1")
    operation = contract.paths.find(scope["method"], path)
    headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Asked(operation, path, query, headers, body) if operation else None


async def _answer(server: AnySpec, scope: Scope, body: bytes) -> Answer:
    asked = read_asked(server.contract, scope, body)
    return await server.reply(asked) if asked else _refuse_unknown(server.contract, _path(scope))


def _path(scope: Scope) -> str:
    """The path as it was sent: some servers hand it over with the query."""
    return str(scope["raw_path"].decode("latin-1").partition("?")[0])


def _refuse_unknown(contract: Contract, path: str) -> Answer:
    """The answer where the path, or its method, is no operation's."""
    methods = [operation.method for operation in contract.paths.at(path)]
    if methods:
        return Answer(
            HTTPStatus.METHOD_NOT_ALLOWED, {"detail": "no such method"}, headers={"Allow": ", ".join(methods)}
        )
    labels = [operation.label for operation in contract.operations]
    more = [f"{len(labels) - _NAMED} more"] if len(labels) > _NAMED else []
    return Answer(HTTPStatus.NOT_FOUND, {"detail": f"no such path; the API has {', '.join([*labels[:_NAMED], *more])}"})


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)
