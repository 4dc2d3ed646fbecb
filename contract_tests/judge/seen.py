"""An exchange, seen by the contract: its request, and how its response stands to what the spec has for it."""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.contract.keywords import find_breaches
from contract_tests.contract.media_types import MULTIPART_MEDIA_TYPE, is_multipart, kind_of
from contract_tests.contract.multipart import UnnamedError, read_multipart
from contract_tests.contract.rules import Values
from contract_tests.contract.typed_texts import UNREADABLE
from contract_tests.exchange.bodies import read_json, read_strictly
from contract_tests.exchange.headers import CONTENT_TYPE
from contract_tests.exchange.scalars import read_scalar
from contract_tests.judge.seen_request import SeenRequest, breaches_of, see_request

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import Breach
    from contract_tests.contract.multipart import Part
    from contract_tests.contract.operations import Content, Operation, ResponseBody
    from contract_tests.exchange.exchange import Exchange, Request, Response
    from contract_tests.exchange.headers import Headers
    from spec.json_value import Json

_REFUSALS: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_OF_THE_MOMENT: Final = {HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.TOO_MANY_REQUESTS}
_REDIRECTION: Final = 3
_MISSING: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_OF_THE_STATE: Final = {
    *_MISSING,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
}


class Seen(Struct, frozen=True, dict=True):
    """An exchange whose path is an operation's. Whatever is asked of it is found out once."""

    sent: SeenRequest
    exchange: Exchange

    def __reduce__(self) -> tuple[type[Seen], tuple[SeenRequest, Exchange]]:
        """Keeps for another process what cannot be found out there."""
        return Seen, (self.sent, self.exchange)

    @property
    def contract(self) -> Contract:
        """The contract that it is seen by."""
        return self.sent.contract

    @property
    def operation(self) -> Operation:
        """The operation that the request is for."""
        return self.sent.operation

    @property
    def request(self) -> Request:
        """The request."""
        return self.exchange.request

    @property
    def response(self) -> Response:
        """The response, which the caller knows to be there."""
        assert self.exchange.response  # noqa: S101 - as the docstring says
        return self.exchange.response

    @property
    def headers(self) -> Headers:
        """The header fields of the response."""
        return self.response.headers

    @property
    def status(self) -> int:
        """The status of the response."""
        return self.response.status

    @property
    def status_class(self) -> int:
        """The first digit of the status."""
        return self.status // 100

    @property
    def may_have_content(self) -> bool:
        """True if HTTP lets the response have content (RFC 9110, section 6.4.1)."""
        return self.request.method != "HEAD" and self.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}

    @property
    def is_documented_redirect(self) -> bool:
        """True if the spec has this status of a redirection, or all of them."""
        return self.status_class == _REDIRECTION and self.operation.response_key(self.status) not in {None, "default"}

    @property
    def takes_the_request(self) -> bool:
        """True if the request was accepted: by a 2xx, or by a redirect where the spec has no 2xx."""
        has_other = any(key.startswith("2") for key in self.operation.responses)
        is_redirect = self.is_documented_redirect and self.status != HTTPStatus.NOT_MODIFIED
        return self.response.is_success or (is_redirect and not has_other)

    @property
    def is_of_the_moment(self) -> bool:
        """True if the response is about the hour, the account's money or a token that nobody knows."""
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return self.headers.first("Retry-After") is not None
        is_about_the_token = self.sent.omits_credentials and self.status in _REFUSALS
        return is_about_the_token or self.status in _OF_THE_MOMENT

    @property
    def is_of_the_state(self) -> bool:
        """True if the response is documented, and about what the server has, not about the form of the request.

        A range of statuses, such as `4XX`, or `default` documents it too. That nothing is at a path with an id says the
        same where it is not documented: then the status is what is wrong.
        """
        is_documented = self.operation.response_key(self.status) is not None
        return self.status in _OF_THE_STATE if is_documented else self.status in _MISSING and "{" in self.operation.path

    @property
    def is_about_needless_credentials(self) -> bool:
        """True if wrong credentials are refused that the request could do without, as a server may (RFC 6750, 3.1)."""
        return self.sent.has_the_token and self.status in _REFUSALS and self.sent.has_wrong_credentials

    @property
    def asks_for_length(self) -> bool:
        """True if a body in chunks is turned away for its untold length, as a server may (RFC 9112, section 6.3)."""
        return self.status == HTTPStatus.LENGTH_REQUIRED and self.request.is_chunked

    @cached_property
    def response_body(self) -> Json:
        """The body of the response as JSON, or `NOT_JSON`."""
        return read_json(self.response.body)

    @cached_property
    def bodies(self) -> tuple[Json, Json] | None:
        """Both bodies of an accepted valid request, for rules; None if either cannot be read by the letter."""
        if self.sent.validity != "valid" or not self.response.is_success:
            return None
        sent, wrong = self.sent.read_body() if self.request.body else (None, None)
        received, bad = read_strictly(self.response.body)
        return None if wrong or bad else (sent, received)

    @cached_property
    def values(self) -> Values | None:
        """The values of an accepted valid request and its response, for rules; None of any other exchange.

        Undocumented fields of the request are not among them: nothing is promised of these.
        """
        if self.exchange.response is None or not self.response.is_success or self.sent.validity != "valid":
            return None
        received = self.bodies[1] if self.bodies else None
        return Values(self.sent.documented_body, received, self.status, self.sent.parameters.values.get("path"))

    @property
    def values_of_deletion(self) -> Values | None:
        """The values of an accepted request that deletes, however valid it is: what it names is gone."""
        is_deletion = self.request.method == "DELETE" == self.operation.method
        if not is_deletion or self.exchange.response is None or not self.response.is_success:
            return None
        return Values(None, None, self.status, self.sent.parameters.values.get("path"))

    @cached_property
    def described_body(self) -> ResponseBody | None:
        """The spec's description of the response's body; None if it has none for its status and media type."""
        return self.operation.response_body(self.status, self.headers.media_type)

    @cached_property
    def multipart_content(self) -> Content | None:
        """The spec's description of the response, if it is a multipart body with a schema; else None."""
        media_type = self.headers.media_type or ""
        if not is_multipart(media_type) or self.request.method == "HEAD":
            return None
        found = self.contract.response_content(self.operation, self.status, media_type)
        return found if found and found.schema and is_multipart(found.media_type) else None

    @cached_property
    def response_parts(self) -> list[Part] | ValueError:
        """The parts of a multipart response; the error, if it has none that names tell apart.

        Schemas speak of parts by their names. Only `multipart/form-data` demands these. OpenAPI lets other types be
        read so where all parts have them (3.1.1, section 4.8.14.5).
        """
        try:
            parts = read_multipart(self.response.body, self.headers.first(CONTENT_TYPE) or "")
        except ValueError as error:
            return error
        is_form = self.headers.media_type == MULTIPART_MEDIA_TYPE or all(part.is_of_form for part in parts)
        return parts if is_form else UnnamedError("a part is no field of a form")

    @property
    def has_judged_parts(self) -> bool:
        """True if the response is a multipart body whose parts are held to a schema."""
        return self.multipart_content is not None and not isinstance(self.response_parts, ValueError)

    @cached_property
    def part_breaches(self) -> list[Breach]:
        """The statements that a multipart response breaks, in its fields and in the header fields of its parts."""
        content, parts = self.multipart_content, self.response_parts
        if content is None or isinstance(parts, ValueError):
            return []
        codec = self.contract.codec(read_scalar)
        value = codec.read_parts(content, parts)
        validator = self.contract.response_validator(content.schema or "")
        return [*([] if value is UNREADABLE else find_breaches(validator, value)), *codec.breaches_of(content, parts)]

    @cached_property
    def described_text(self) -> tuple[str, Json] | None:
        """The schema of a response that is a text, and the value that it stands for.

        None where the spec has no schema for it, or one of arrays or objects: nobody says how texts have these.
        """
        content_type = self.headers.first(CONTENT_TYPE) or ""
        if kind_of(content_type) != "text" or not self.may_have_content:
            return None
        found = self.contract.response_content(self.operation, self.status, content_type)
        if found is None or found.schema is None:
            return None
        value = self.contract.codec(read_scalar).read_plain(found, content_type, self.response.body)
        return None if value is UNREADABLE else (found.schema, value)

    @cached_property
    def text_breaches(self) -> list[Breach]:
        """The statements that a response breaks that is a text; none of any other response."""
        schema, value = self.described_text or (None, None)
        return breaches_of(self.contract.response_validator, schema, value)

    @property
    def response_schema(self) -> str | None:
        """The schema of the response's body, as a JSON Pointer; None if the spec has none."""
        return self.described_body.schema if self.described_body else None

    @cached_property
    def response_breaches(self) -> list[Breach]:
        """The keywords that the response's body breaks; none where it is no JSON."""
        return breaches_of(self.contract.response_validator, self.response_schema, self.response_body)

    def answered(self, documented: str) -> str:
        """The status that came, beside what should have."""
        return f"Received: {self.status}\nDocumented: {documented}"


def seen_by(contract: Contract, exchange: Exchange) -> Seen | None:
    """The exchange as the contract sees it; None if its path is no operation's."""
    sent = see_request(contract, exchange.request, omits_credentials=exchange.omits_credentials)
    return Seen(sent, exchange) if sent else None
