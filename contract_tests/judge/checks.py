"""The checks, as pure functions of an exchange that is over.

They judge recordings and replays by themselves. In a run, the engine makes its own checks, which those here of the same
name follow, and ours through contract_tests/rules/.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urljoin

from contract_tests.contract.contract import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import is_right
from contract_tests.exchange.exchange import Failure
from contract_tests.exchange.strict_json import BeyondReachError
from contract_tests.judge.judgement import NOT_JSON, read_json, read_strictly, response_breaches
from contract_tests.target.target import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.contract.contract import Contract, Operation
    from contract_tests.exchange.exchange import Exchange, Headers, Response

Validity = Literal["valid", "invalid", "malformed", "beyond reach"]
"""How a body stands to its schema; it is beyond reach where a reader may refuse it (see `BeyondReachError`)."""
_SUCCESS: Final = 2
_REDIRECTION: Final = 3
_CLIENT_ERROR: Final = 4
_SERVER_ERROR: Final = 5
_REFUSALS: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@dataclass(frozen=True)
class Complaint:
    """What is wrong with an exchange: in a line, and what was received where what is documented."""

    headline: str
    detail: str = ""


Verdict = Complaint | bool
"""What a check says: a complaint; True where the exchange keeps it, False where there is nothing to judge."""


@dataclass(frozen=True)
class Observed:
    """An exchange that was answered, seen with the contract's eyes."""

    contract: Contract
    exchange: Exchange

    @cached_property
    def operation(self) -> Operation:
        """The operation that it is about."""
        return self.contract.operation(self.exchange.label)

    @property
    def method(self) -> str:
        """The method that was sent, which may be another than the operation's."""
        return self.exchange.request.method

    @property
    def has_its_method(self) -> bool:
        """Whether the request has the operation's method."""
        return self.method == self.operation.method

    @cached_property
    def has_the_token(self) -> bool:
        """Whether the request has the whole token and nothing but the token."""
        return is_right(_field(self.exchange.request.headers, "authorization") or "")

    @cached_property
    def media_type(self) -> str:
        """The media type of the request, without parameters."""
        return _media_type(self.exchange.request.headers) or ""

    @property
    def response(self) -> Response:
        """The response."""
        assert self.exchange.response  # noqa: S101 - as the class says
        return self.exchange.response

    @property
    def status(self) -> int:
        """The status of the response."""
        return self.response.status

    @property
    def kind(self) -> int:
        """The first digit of the status."""
        return self.status // 100

    @cached_property
    def may_be_judged_by_its_body(self) -> bool:
        """Whether nothing but its body decides on the request."""
        is_json = self.media_type == JSON_MEDIA_TYPE
        return self.has_its_method and self.has_the_token and is_json and self.operation.body is not None

    @cached_property
    def validity(self) -> Validity | None:
        """How the request's body stands to its schema; None where other things decide on it too."""
        if not self.may_be_judged_by_its_body:
            return None
        body, error = read_strictly(self.exchange.request.body)
        if error:
            return "beyond reach" if isinstance(error, BeyondReachError) else "malformed"
        return "valid" if self.contract.validator(self.operation.body or "").is_valid(body) else "invalid"

    def answered(self, documented: str) -> str:
        """What came back beside what should have."""
        return f"Received: {self.status}\nDocumented: {documented}"


Check = Callable[[Observed], Verdict]
"""Judges an exchange. Only `negative_data_rejection` goes by what the exchange was made for."""


def judge(contract: Contract, exchange: Exchange, checks: Iterable[tuple[str, Check]]) -> Exchange:
    """The exchange with what the named checks make of it; one without a response as it is."""
    if exchange.response is None:
        return exchange
    seen = Observed(contract, exchange)
    verdicts = {name: check(seen) for name, check in checks}
    return replace(
        exchange,
        passed=tuple(name for name, verdict in verdicts.items() if verdict is True),
        failures=tuple(
            Failure(name, verdict.headline, verdict.detail)
            for name, verdict in verdicts.items()
            if isinstance(verdict, Complaint)
        ),
    )


# -------------------------------------------------------------------------------------------------------- our own


def documented_request_accepted(seen: Observed) -> Verdict:
    """A request with the right token and a body that the spec allows gets a 2xx, in whichever phase it was made.

    Excepted is what no server must take (see `BeyondReachError`): there any documented status will do. A 5xx is the
    business of `not_a_server_error`.
    """
    if seen.validity != "valid":
        return False
    return seen.kind in {_SUCCESS, _SERVER_ERROR} or Complaint("A documented request is refused", seen.answered("2xx"))


def invalid_request_refused(seen: Observed) -> Verdict:
    """A request with the right token and a body that the spec does not allow is turned away."""
    if seen.validity != "invalid":
        return False
    return seen.kind != _SUCCESS or Complaint("An invalid request is accepted", seen.answered("4xx"))


def malformed_json_refused(seen: Observed) -> Verdict:
    """A body that is no JSON, or no UTF-8, is turned away with a 4xx."""
    if seen.validity != "malformed":
        return False
    is_refused = seen.kind in {_CLIENT_ERROR, _SERVER_ERROR}
    return is_refused or Complaint("A body that is no JSON is not turned away", seen.answered("4xx"))


def undocumented_media_type_refused(seen: Observed) -> Verdict:
    """A body under a media type that the spec does not have is not accepted, be it valid JSON (CVE-2021-32677)."""
    documented = seen.contract.value(seen.operation.pointer).get("requestBody", {}).get("content", {})
    is_judged = seen.has_its_method and seen.has_the_token and seen.exchange.request.body and documented
    if not is_judged or seen.media_type in documented:
        return False
    headline = f"A body under the media type {seen.media_type!r} is accepted"
    return seen.kind != _SUCCESS or Complaint(headline, seen.answered("4xx"))


def response_is_json(seen: Observed) -> Verdict:
    """A body that is said to be JSON is JSON, by the letter: readers differ on NaN, a comma too many or a wrong byte.

    What a reader may refuse or read in ways of its own (see `BeyondReachError`) is let pass.
    """
    if _media_type(seen.response.headers) != JSON_MEDIA_TYPE:
        return False
    _, error = read_strictly(seen.response.body)
    is_kept = error is None or isinstance(error, BeyondReachError)
    return is_kept or Complaint("A body is no JSON", str(error))


def no_redirect_to_another_origin(seen: Observed) -> Verdict:
    """No redirect leads to another scheme, host or port: a client that follows takes its call, and its token, there."""
    location = _field(seen.response.headers, "location")
    if location is None or seen.kind != _REDIRECTION:
        return False
    url = seen.exchange.request.url
    detail = f"Received: {seen.status} to {location}"
    return origin_of(urljoin(url, location)) == origin_of(url) or Complaint(
        "A redirect leads to another origin", detail
    )


def authorization_required(seen: Observed) -> Verdict:
    """A request without the token, the whole token and nothing but the token, gets a documented 401 or 403."""
    if not seen.has_its_method or seen.has_the_token:
        return False
    documented = sorted(str(status.value) for status in _REFUSALS if str(status.value) in seen.operation.responses)
    headline = "A request without the right token is not turned away"
    return str(seen.status) in documented or Complaint(headline, seen.answered(", ".join(documented)))


# ---------------------------------------------------------------------------------------------------- the engine's


def not_a_server_error(seen: Observed) -> Verdict:
    """No request, however wrong, gets a 5xx."""
    return _SUCCESS <= seen.kind <= _CLIENT_ERROR or Complaint("Server error")


def status_code_conformance(seen: Observed) -> Verdict:
    """The status is one that the spec has."""
    if not seen.has_its_method:
        return False
    headline, documented = "Undocumented status code", ", ".join(seen.operation.responses)
    return seen.operation.response_key(seen.status) is not None or Complaint(headline, seen.answered(documented))


def content_type_conformance(seen: Observed) -> Verdict:
    """The media type of the response is one that the spec has for its status."""
    documented = seen.contract.response_media_types(seen.operation, seen.status)
    if not documented or not seen.has_its_method:
        return False
    received = _media_type(seen.response.headers)
    if received is None:
        return Complaint("Missing Content-Type header", f"Documented: {', '.join(documented)}")
    if any(fnmatchcase(received, media_type.partition(";")[0].strip().lower()) for media_type in documented):
        return True
    return Complaint("Undocumented Content-Type", f"Received: {received}\nDocumented: {', '.join(documented)}")


def response_schema_conformance(seen: Observed) -> Verdict:
    """The body of the response is as the schema for its status says."""
    media_type = _media_type(seen.response.headers)
    pointer = seen.operation.response_pointer(seen.status)
    if not pointer or not seen.has_its_method or seen.method == "HEAD" or media_type not in {None, JSON_MEDIA_TYPE}:
        return False
    if read_json(seen.response.body) is NOT_JSON:
        return _judge_malformed(seen.response.body)
    if media_type is None:
        return Complaint("Missing Content-Type header", f"Documented: {JSON_MEDIA_TYPE}")
    if seen.contract.validator(pointer).is_valid(read_json(seen.response.body)):
        return True
    breaches = response_breaches(seen.contract, seen.operation, seen.exchange)
    return Complaint("Response violates schema", breaches[0].message)


def _judge_malformed(body: bytes) -> Verdict:
    """What is no JSON by the letter may be read all the same, and is then the business of `response_is_json` alone."""
    try:
        json.loads(body)
    except (ValueError, RecursionError) as error:
        return Complaint("JSON deserialization error", str(error))
    return False


def negative_data_rejection(seen: Observed) -> Verdict:
    """A request that the engine made to be turned away is."""
    if seen.exchange.expectation != "negative" or not seen.has_its_method:
        return False
    headline = "Schema-violating request accepted"
    return seen.kind in {_REDIRECTION, _CLIENT_ERROR, _SERVER_ERROR} or Complaint(headline, seen.answered("4xx"))


def unsupported_method(seen: Observed) -> Verdict:
    """A method that the spec does not have gets 405, with the field `Allow`."""
    if seen.has_its_method or seen.method == "OPTIONS":
        return False
    if seen.status in {*_REFUSALS, HTTPStatus.TOO_MANY_REQUESTS}:
        return True  # turned away before its method was looked at
    headline = "Wrong response to undeclared method"
    if seen.status != HTTPStatus.METHOD_NOT_ALLOWED:
        return Complaint(headline, f"Unsupported method {seen.method} returned {seen.status}, expected 405")
    allow = _field(seen.response.headers, "allow")
    return bool(allow) or Complaint(headline, f"{seen.method} returned 405 without the `Allow` header")


def allow_header_conformance(seen: Observed) -> Verdict:
    """What the field `Allow` names are the methods that the spec has for the path."""
    allow = _field(seen.response.headers, "allow")
    if seen.method != "OPTIONS" or not allow:
        return False
    implicit = {"HEAD", "OPTIONS"}
    named = {method.strip().upper() for method in allow.split(",") if method.strip()} - implicit
    operations = seen.contract.operations
    declared = {operation.method for operation in operations if operation.path == seen.operation.path} - implicit
    documented = ", ".join(sorted(declared))
    return named == declared or Complaint("Allow header mismatch", f"Received: {allow}\nDocumented: {documented}")


def ignored_auth(seen: Observed) -> Verdict:
    """A request with no credentials, or with wrong ones, is refused."""
    if not seen.has_its_method or seen.has_the_token:
        return False
    has_none = _field(seen.exchange.request.headers, "authorization") is None
    headline = f"API accepts {'requests without' if has_none else 'invalid'} authentication"
    is_refused = seen.status in _REFUSALS or seen.kind == _REDIRECTION
    return is_refused or Complaint(headline, seen.answered("401, 403"))


def _by_name(*checks: Check) -> dict[str, Check]:
    return {check.__name__: check for check in checks}


RESPONSE_CHECKS: Final = _by_name(
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_is_json,
    response_schema_conformance,
    no_redirect_to_another_origin,
)
"""What can be said of a response, whatever was sent."""
BODY_CHECKS: Final = _by_name(
    documented_request_accepted,
    invalid_request_refused,
    malformed_json_refused,
    undocumented_media_type_refused,
)
"""What can be said of a request whose credentials are right, by its body."""
PROBE_CHECKS: Final = _by_name(
    negative_data_rejection,
    unsupported_method,
    allow_header_conformance,
    ignored_auth,
    authorization_required,
)
"""What can be said of a request that was made to be turned away."""


def _field(headers: Headers, name: str) -> str | None:
    """The values of a header field, as one; None if it is absent."""
    values = [value for key, value in headers if key.lower() == name]
    return ", ".join(values) if values else None


def _media_type(headers: Headers) -> str | None:
    value = _field(headers, "content-type")
    return None if value is None else value.partition(";")[0].strip().lower()
