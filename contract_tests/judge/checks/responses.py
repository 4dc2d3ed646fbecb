"""Checks of a response by itself, whatever was sent."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from contract_tests.contract.media_types import JSON_MEDIA_TYPE, MULTIPART_MEDIA_TYPE, is_json
from contract_tests.contract.multipart import UnnamedError
from contract_tests.contract.parameter_text import Sent
from contract_tests.contract.parameter_values import ParameterReader
from contract_tests.exchange.bodies import NOT_JSON, read_strictly
from contract_tests.exchange.scalars import read_scalar
from contract_tests.exchange.strict_json import BeyondReachError, DuplicateKeyError
from contract_tests.judge.check import KEPT, NOT_JUDGED, Problem, check, fails
from contract_tests.judge.checks.requests import authorization_required as _authorization_required
from contract_tests.judge.checks.requests import ignored_auth as _ignored_auth
from contract_tests.judge.wording import describe_breach, headline_of_response
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.contract.keywords import Breach
    from contract_tests.contract.parameters import Parameter
    from contract_tests.judge.check import CheckResult
    from contract_tests.judge.seen import Seen
    from contract_tests.result.terms import Gravity

_SUCCESS = 2
_REDIRECTION = 3
_CLIENT_ERROR = 4
_OF_WRONG_REQUESTS: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
_OF_WRONG_CREDENTIALS: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_WITH_AN_END: Final = {MULTIPART_MEDIA_TYPE, "multipart/mixed", "multipart/related"}
"""The media types of multipart bodies that are read to the last boundary."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


@check(about="response", gravity="crash", judges_silence=True)
def answers_every_request(seen: Seen) -> CheckResult:
    """Any request gets an HTTP response."""
    if seen.exchange.response:
        return KEPT
    return fails("A request gets no HTTP response", f"The target {seen.exchange.trouble}")


@check(about="response", gravity="crash")
def not_a_server_error(seen: Seen) -> CheckResult:
    """No request, however wrong, gets a 5xx.

    Excepted is 501 for a method that the spec does not have: nobody need implement it.
    """
    if seen.is_of_the_moment:
        return NOT_JUDGED
    is_unknown = seen.status == HTTPStatus.NOT_IMPLEMENTED and not seen.sent.has_its_method
    if is_unknown or _SUCCESS <= seen.status_class <= _CLIENT_ERROR:
        return KEPT
    return fails(f"A request makes the server fail ({seen.status})", kind=seen.status)


@check(about="response", gravity="response", section="responses")
def status_code_conformance(seen: Seen) -> CheckResult:
    """The status is one that the spec has."""
    if not seen.sent.has_its_method or seen.is_of_the_moment or seen.asks_for_length:
        return NOT_JUDGED
    if seen.operation.response_key(seen.status) is not None:
        return KEPT
    headline, documented = f"The status {seen.status} is not in the spec", ", ".join(seen.operation.responses)
    # A client that was refused knows so much by any 4xx.
    gravity: Gravity | None = "formality" if seen.status_class == _CLIENT_ERROR else None
    same_as = (_ignored_auth.name, _authorization_required.name)
    detail, kind, standing = seen.answered(documented), str(seen.status), _standing_of_statuses(seen)
    return [Problem(headline, detail, standing=standing, kind=kind, gravity=gravity, same_as=same_as)]


def _standing_of_statuses(seen: Seen) -> Standing:
    """The standing of the statement that only the listed statuses come.

    The list is as sure as its weakest entry: one that is not there may be missing for the same reason. Where a reader
    of JSON may refuse the request's body, a server may have refused it before it knew which operation was meant. Where
    the spec has no status for a refusal of its kind, a server must choose one by itself, and HTTP's own will do.
    """
    is_owed = seen.sent.is_readable_by_all and _has_status_for_refusal(seen) and not _is_of_http(seen)
    if seen.status_class == _CLIENT_ERROR and not is_owed:
        return "advice"
    listed = (f"{seen.operation.pointer}/responses/{escape(key)}" for key in seen.operation.responses)
    return seen.contract.weakest_standing(listed)


def _has_status_for_refusal(seen: Seen) -> bool:
    """Tells whether the spec has a status for the refusal that a request deserves; True if it deserves none."""
    is_of_credentials = not seen.sent.has_the_token or seen.is_about_needless_credentials
    if seen.sent.validity == "valid" and not is_of_credentials:
        return True
    statuses = _OF_WRONG_CREDENTIALS if is_of_credentials else _OF_WRONG_REQUESTS
    return any(seen.operation.response_key(status) for status in statuses)


def _is_of_http(seen: Seen) -> bool:
    """Tells whether the status is the one that HTTP has for just such a refusal.

    That is 400 for a body that is malformed, and 415 for a media type that nobody takes (RFC 9110, sections 15.5.1 and
    15.5.16). Libraries read bodies before anybody looks at the spec.
    """
    if not seen.request.body or not seen.operation.contents:
        return False
    if seen.sent.content is None:
        return seen.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    return seen.status == HTTPStatus.BAD_REQUEST and seen.sent.malformation is not None


@check("response headers", about="response", gravity="response", section="responses")
def content_type_conformance(seen: Seen) -> CheckResult:
    """The media type of the response is one that the spec has for its status."""
    documented = seen.contract.response_media_types(seen.operation, seen.status)
    if not documented or not seen.sent.has_its_method:
        return NOT_JUDGED
    received, listed = seen.headers.media_type, ", ".join(documented)
    if received is None:
        return fails(f"A response has no Content-Type ({seen.status})", f"Documented: {listed}", kind=seen.status)
    if any(fnmatchcase(received, each.partition(";")[0].strip().lower()) for each in documented):
        return KEPT
    headline = f"A response comes as {received}, which is not in the spec ({seen.status})"
    return fails(headline, f"Received: {received}\nDocumented: {listed}", kind=seen.status)


@check("response headers", about="response", gravity="response", section="responses")
def response_headers_conformance(seen: Seen) -> CheckResult:
    """The header fields of the response are as the spec has them for its status."""
    documented = seen.contract.response_headers(seen.operation, seen.status) if seen.sent.has_its_method else ()
    if not documented:
        return NOT_JUDGED
    return [problem for header in documented for problem in _header_problems(seen, header)]


def _header_problems(seen: Seen, header: Parameter) -> Iterator[Problem]:
    value = seen.headers.joined(header.name)
    if value is None:
        if header.is_required:
            headline = f"A response has no field {header.name} ({seen.status})"
            yield Problem(headline, f"Documented: {header.name}", kind=f"{seen.status} {header.name}")
        return
    if header.schema and not _fits(seen.contract, header, value):
        detail = f"Received: {header.name}: {value}"
        headline = f"The field {header.name} of a response breaks its schema ({seen.status})"
        yield Problem(headline, detail, header.schema)


def _fits(contract: Contract, header: Parameter, text: str) -> bool:
    """Tells whether the value of a header field fits its schema, as far as its form is understood."""
    found = ParameterReader(contract, read_scalar).read_all([header], Sent("", "", [(header.name, text)]))
    value = found.values["header"].get(header.name)
    return bool(found.unreadable) or contract.validator(header.schema or "").is_valid(value)


@check("response headers", "response body", about="response", gravity="response")
def response_is_json(seen: Seen) -> CheckResult:
    """A body that is said to be JSON is JSON, by the letter.

    Readers differ on NaN, a comma too many or a wrong byte. What a reader may refuse or read in ways of its own (see
    `BeyondReachError`) is let pass.
    """
    if not is_json(seen.headers.media_type or "") or not seen.may_have_content:
        return NOT_JUDGED
    _, error = read_strictly(seen.response.body)
    return (
        KEPT
        if error is None or isinstance(error, BeyondReachError)
        else fails(f"A response is no JSON ({seen.status}): {error}", str(error), kind=seen.status)
    )


@check(
    "response headers", "response body", about="response", gravity="formality", section="responses", standing="advice"
)
def response_keys_are_unique(seen: Seen) -> CheckResult:
    """No object of a JSON body has a key twice: readers differ on which value counts (RFC 8259, section 4)."""
    if not is_json(seen.headers.media_type or "") or not seen.may_have_content:
        return NOT_JUDGED
    _, error = read_strictly(seen.response.body)
    if not isinstance(error, DuplicateKeyError):
        return KEPT
    return fails(f"A key comes twice in a body ({seen.status})", f"Received: {error}")


@check("response headers", "response body", about="response", gravity="response", section="responses")
def response_schema_conformance(seen: Seen) -> CheckResult:
    """The body of the response is as the schema for its status and media type says."""
    media_type = seen.headers.media_type
    if seen.multipart_content and seen.sent.has_its_method:
        return _judge_parts(seen)
    if seen.described_text and seen.sent.has_its_method:
        return [_broken(seen, breach) for breach in seen.text_breaches]
    is_described = seen.response_schema and seen.sent.has_its_method and is_json(media_type or JSON_MEDIA_TYPE)
    if not is_described or seen.request.method == "HEAD":
        return NOT_JUDGED
    if seen.response_body is NOT_JSON:
        return _judge_malformed(seen)
    if media_type is None:
        return _unreadable(seen, "has no Content-Type", f"Documented: {JSON_MEDIA_TYPE}")
    return [_broken(seen, breach) for breach in seen.response_breaches]


def _judge_parts(seen: Seen) -> CheckResult:
    """Judges a multipart body: its fields by the schema, and the header fields of its parts by their encoding.

    Only the parts of `multipart/form-data` must have names. A stream such as `multipart/x-mixed-replace` has no end.
    """
    error, media_type = seen.response_parts, seen.headers.media_type
    if not isinstance(error, ValueError):
        return [_broken(seen, each) for each in seen.part_breaches]
    is_demanded = media_type == MULTIPART_MEDIA_TYPE or not isinstance(error, UnnamedError)
    is_wrong = is_demanded and media_type in _WITH_AN_END
    return _unreadable(seen, f"is no {media_type}", f"Received: {error}") if is_wrong else NOT_JUDGED


def _broken(seen: Seen, breach: Breach) -> Problem:
    headline, detail = headline_of_response(breach, seen.status), describe_breach(breach)
    return Problem(headline, detail, breach.pointer, breach.missing, locations=(breach.location,))


def _unreadable(seen: Seen, headline: str, detail: str) -> CheckResult:
    same = (content_type_conformance.name, response_is_json.name)
    return [Problem(f"A response {headline} ({seen.status})", detail, kind=str(seen.status), same_as=same)]


def _judge_malformed(seen: Seen) -> CheckResult:
    """Fails where no reader makes a value of it; what is no JSON by the letter is for `response_is_json` alone."""
    try:
        json.loads(seen.response.body)
    except (ValueError, RecursionError) as error:
        return _unreadable(seen, "cannot be read as JSON", str(error))
    return NOT_JUDGED


@check("response headers", about="response", gravity="credentials", section="responses")
def no_redirect_to_another_origin(seen: Seen) -> CheckResult:
    """No redirect leads to another scheme, host or port: a client that follows takes its call, and its token, there.

    Excepted is a redirect that the spec has: it may be the purpose of the operation.
    """
    location = seen.headers.joined("Location")
    if location is None or seen.status_class != _REDIRECTION:
        return NOT_JUDGED
    if seen.is_documented_redirect or _stays_at_its_origin(seen.request.url, location):
        return KEPT
    return fails(f"A redirect leads to another origin ({seen.status})", f"Received: {seen.status} to {location}")


def _stays_at_its_origin(url: str, location: str) -> bool:
    try:
        return _origin(urljoin(url, location)) == _origin(url)
    except ValueError:
        return False  # clients differ on where such a URL leads


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme)
