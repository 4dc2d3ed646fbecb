"""Checks of how a request is taken: valid ones are accepted, all others turned away."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from itertools import starmap
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from contract_tests.contract.media_types import kind_of
from contract_tests.contract.undocumented import without_fields
from contract_tests.exchange.credentials import AUTHORIZATION
from contract_tests.judge.check import KEPT, NOT_JUDGED, Problem, check, fails
from contract_tests.judge.wording import describe_breach, headline_of_acceptance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.contract import Standing
    from contract_tests.contract.keywords import Breach
    from contract_tests.contract.parameters import Parameter
    from contract_tests.judge.check import CheckResult
    from contract_tests.judge.seen import Seen
    from contract_tests.result.terms import Gravity
    from spec.json_value import Json

_SUCCESS = 2
_REDIRECTION = 3
_CLIENT_ERROR = 4
_SERVER_ERROR = 5
_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_MARK: Final = "\ue000"
"""A character of no meaning. It stands in place of what is no JSON: a NaN, a wrong byte, a control character."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@check("request body", about="request", gravity="refusal", section="requestBody")
def documented_request_accepted(seen: Seen) -> CheckResult:
    """A valid request with the right token gets a 2xx, or a redirect that the spec has.

    Excepted is a body that a reader may refuse (see `BeyondReachError`), also for a field that the spec does not have.
    A documented 404, 409, 410, 412 or 416 is an answer: it tells what the server has. A 5xx is for
    `not_a_server_error`.
    """
    if seen.sent.validity != "valid" or seen.is_of_the_moment or seen.asks_for_length:
        return NOT_JUDGED
    if seen.status_class in {_SUCCESS, _SERVER_ERROR} or seen.is_documented_redirect:
        return KEPT
    if seen.sent.undocumented_fields or seen.is_of_the_state or seen.is_about_needless_credentials:
        return NOT_JUDGED
    headline = f"A documented request is refused ({seen.status})"
    return fails(headline, seen.answered("2xx"), kind=seen.status, standing=_standing_of_acceptance(seen))


def _standing_of_acceptance(seen: Seen) -> Standing:
    """The standing of the statement that a valid request is accepted: weaker where a rule of the spec says so.

    A server may refuse an integer beyond 2^53, which RFC 8259 calls not interoperable. To JSON Schema `300.0` and `3e2`
    are integers too (Core, section 4.2.3), but no documentation promises that a server takes these spellings.
    """
    if not seen.sent.is_readable_by_all:
        return "advice"
    rules = (rule for rule in seen.contract.acceptance_rules if rule.is_about(seen.operation))
    selecting = (rule.pointer for rule in rules if rule.selects(seen.sent.body))
    return seen.contract.weakest_standing([f"{seen.operation.pointer}/requestBody", *selecting])


@check("request body", about="request", gravity="acceptance", section="requestBody")
def invalid_request_refused(seen: Seen) -> CheckResult:
    """An invalid request with the right token is turned away."""
    if seen.sent.validity != "invalid" or seen.is_of_the_moment:
        return NOT_JUDGED
    if not seen.takes_the_request:
        return KEPT
    breaches = [_accepted(each) for each in seen.sent.breaches]
    return [
        *breaches,
        *map(_accepted_part, seen.sent.part_breaches),
        *starmap(_accepted_parameter, seen.sent.parameter_breaches),
    ]


def _accepted(breach: Breach) -> Problem:
    detail = describe_breach(breach)
    return Problem(headline_of_acceptance(breach), detail, breach.pointer, breach.missing, locations=(breach.location,))


def _accepted_part(breach: Breach) -> Problem:
    """The problem with a part's header field.

    No source says that a server must look at a part's media type. RFC 7578 has readers ignore the other fields (section
    4.8), so only the spec can demand them.
    """
    standing: Standing = "advice" if breach.pointer.endswith("/contentType") else "inferred"
    return replace(_accepted(breach), standing=standing)


def _accepted_parameter(parameter: Parameter, breach: Breach) -> Problem:
    name = f"{parameter.location} parameter {parameter.name}"
    if breach.missing == parameter.name:
        return Problem(f"A request without the {name} is accepted", "", f"{parameter.pointer}/required")
    headline = f"A request is accepted whose {name} is wrong: {breach.message}"
    return Problem(headline, describe_breach(breach), parameter.pointer)


@check("request body", about="request", gravity="acceptance", section="requestBody")
def malformed_json_refused(seen: Seen) -> CheckResult:
    """A body that is no JSON, or no UTF-8, or else not of the format that its media type names, gets a 4xx."""
    if seen.sent.validity != "malformed" or seen.is_of_the_moment:
        return NOT_JUDGED
    if seen.status_class in {_CLIENT_ERROR, _SERVER_ERROR}:
        return KEPT
    taken = "accepted" if seen.status_class == _SUCCESS else "not turned away"
    headline = f"A body that is no {seen.sent.format_name} is {taken} ({seen.status}): {seen.sent.malformation}"
    return fails(headline, seen.answered("4xx"), kind="body", standing=_standing_of_malformation(seen))


def _standing_of_malformation(seen: Seen) -> Standing | None:
    """The standing of the statement that a malformed body is turned away; None for that of the operation.

    Of multipart bodies, the boundaries bind the sender (RFC 2046, section 5.1.1). A reader may do without the last one.
    """
    if kind_of(seen.sent.media_type) == "multipart":
        return "advice"
    return "inferred" if _is_passed_over(seen) else None


def _is_passed_over(seen: Seen) -> bool:
    """Tells whether a body is no JSON only for something in a field that the spec does not have.

    That is a NaN or an Infinity, bytes that are no UTF-8, or a control character.
    """
    if not seen.sent.is_json_sent:
        return False
    marked = _CONTROL.sub(_MARK, seen.request.body.decode(errors="replace").replace("\ufffd", _MARK))
    try:
        value = json.loads(marked, parse_constant=lambda _: _MARK)
    except (ValueError, RecursionError):
        return False
    fields = seen.contract.undocumented_fields(seen.sent.body_pointer or "", value)
    return _is_marked(value) and not _is_marked(without_fields(value, fields))


def _is_marked(value: Json) -> bool:
    return _MARK in json.dumps(value, ensure_ascii=False)


@check("request body", about="request", gravity="acceptance", section="requestBody")
def undocumented_media_type_refused(seen: Seen) -> CheckResult:
    """A body under a media type that the spec does not have is not accepted, be it valid JSON (CVE-2021-32677)."""
    documented = seen.contract.value(seen.operation.pointer).get("requestBody", {}).get("content", {})
    is_judged = seen.sent.has_its_method and seen.sent.has_the_token and seen.request.body and documented
    if not is_judged or seen.operation.content_of(seen.sent.media_type) or seen.is_of_the_moment:
        return NOT_JUDGED
    if seen.status_class != _SUCCESS:
        return KEPT
    sent = f"sent as {json.dumps(seen.sent.media_type)}" if seen.sent.media_type else "sent without a media type"
    detail = f"{seen.answered('4xx')}, unless it is sent as {', '.join(documented)}"
    return fails(f"A body {sent} is accepted ({seen.status})", detail, kind="media type")


@check("credentials", about="request", gravity="credentials")
def ignored_auth(seen: Seen) -> CheckResult:
    """A request with no credentials, or with wrong ones, is refused."""
    if not seen.sent.has_its_method or seen.sent.has_the_token or seen.is_of_the_moment:
        return NOT_JUDGED
    if _is_refused(seen) or seen.status_class == _REDIRECTION:
        return KEPT
    return [_credentials_problem(seen, [*_REFUSALS])]


@check("credentials", about="request", gravity="credentials")
def authorization_required(seen: Seen) -> CheckResult:
    """A request without the token, the whole token and nothing but the token, gets a documented 401 or 403."""
    if not seen.sent.has_its_method or seen.sent.has_the_token or seen.is_of_the_moment:
        return NOT_JUDGED
    documented = [status for status in _REFUSALS if seen.operation.response_key(status)] or [*_REFUSALS]
    if seen.status in documented or _is_refused(seen):
        return KEPT
    return [replace(_credentials_problem(seen, documented), same_as=(ignored_auth.name,))]


def _is_refused(seen: Seen) -> bool:
    """Tells whether the request is refused for its credentials.

    Several of them may get 400 (RFC 6750, section 3.1). A documented 404 may hide what a caller must not know of (RFC
    9110, section 15.5.4). Where more is wrong than the credentials, a server may name that instead.
    """
    if seen.status_class == _CLIENT_ERROR and seen.sent.is_wrong_otherwise:
        return True
    if seen.status == HTTPStatus.NOT_FOUND and seen.operation.response_key(seen.status):
        return True
    is_ambiguous = "," in (seen.request.headers.joined(AUTHORIZATION) or "")
    return seen.status in _REFUSALS or (is_ambiguous and seen.status == HTTPStatus.BAD_REQUEST)


def _credentials_problem(seen: Seen, documented: Sequence[HTTPStatus]) -> Problem:
    """A server that takes the first of two fields has seen the right token: what it passes over harms nobody."""
    fields = seen.sent.credentials
    has_the_token_first = seen.sent.has_the_token_first
    standing: Standing | None = "advice" if has_the_token_first else None
    gravity: Gravity = "credentials" if seen.status_class == _SUCCESS else "formality"
    statuses = [str(status.value) for status in documented]
    sent = "with the right token first and a wrong one second" if has_the_token_first else "with wrong credentials"
    taken = "is accepted" if gravity == "credentials" else f"gets {seen.status}, not {' or '.join(statuses)}"
    headline = f"A request {sent if fields else 'without credentials'} {taken}"
    kind = "2xx" if gravity == "credentials" else str(seen.status)
    return Problem(headline, seen.answered(", ".join(statuses)), standing=standing, kind=kind, gravity=gravity)


@check("credentials", "response headers", about="response", gravity="formality", standing="inferred")
def challenge_with_401(seen: Seen) -> CheckResult:
    """A 401 says in `WWW-Authenticate` how to authenticate (RFC 9110, section 15.5.2)."""
    if seen.status != HTTPStatus.UNAUTHORIZED:
        return NOT_JUDGED
    if seen.headers.first("WWW-Authenticate") is not None:
        return KEPT
    return fails("A 401 has no field WWW-Authenticate", "HTTP demands one: it tells a client how to authenticate")


@check("response headers", about="request", gravity="formality", standing="inferred")
def unsupported_method(seen: Seen) -> CheckResult:
    """A method that the path does not have gets 405, with the field `Allow` (RFC 9110, section 15.5.6).

    404 is as good: a server need not tell that there is something else at the path. So is 501, of a server that has the
    method nowhere (section 15.6.2). Where another path of the spec fits too, and has the method, many routers take that
    one. That another refusal is not enough is advice: HTTP only recommends these (section 9.1).
    """
    is_of_another = seen.contract.paths.has_another(seen.request.method, seen.request.path)
    if seen.sent.has_its_method or is_of_another or seen.request.method == "OPTIONS" or seen.is_of_the_moment:
        return NOT_JUDGED
    if seen.status in {*_REFUSALS, HTTPStatus.NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED}:
        return KEPT
    if seen.status != HTTPStatus.METHOD_NOT_ALLOWED:
        headline = f"{seen.request.method} is not in the spec, and gets {seen.status}, not 405"
        standing: Standing | None = "advice" if seen.status_class == _CLIENT_ERROR else None
        return fails(headline, seen.answered("405, 404"), kind=seen.status, standing=standing)
    if seen.headers.joined("Allow"):
        return KEPT
    return fails("A 405 has no field Allow", "HTTP demands one: it names the methods of the path", kind="Allow")


@check("response headers", about="request", gravity="formality", standing="inferred")
def allow_header_conformance(seen: Seen) -> CheckResult:
    """The methods that the field `Allow` names are those that the spec has for the path.

    That some are missing is advice: many routers name the methods of the first route that fits the path alone.
    """
    allow = seen.headers.joined("Allow")
    if seen.request.method != "OPTIONS" or not allow:
        return NOT_JUDGED
    implicit = {"HEAD", "OPTIONS"}
    named = {method.strip().upper() for method in allow.split(",") if method.strip()} - implicit
    declared = {operation.method for operation in seen.contract.paths.at(seen.request.path)} - implicit
    if named == declared:
        return KEPT
    detail = f"Received: {allow}\nDocumented: {', '.join(sorted(declared))}"
    if named and named < declared:
        return fails("The field Allow lacks methods that the spec has", detail, kind="lacks", standing="advice")
    return fails("The field Allow names other methods than the spec", detail)
