"""Checks of how a request is taken: valid ones are accepted, all others turned away."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from contract_tests.exchange.credentials import AUTHORIZATION, is_right
from contract_tests.judge.check import KEPT, NOT_JUDGED, Problem, check, fails
from contract_tests.judge.wording import describe_breach

if TYPE_CHECKING:
    from contract_tests.contract.contract import Standing
    from contract_tests.judge.check import CheckResult
    from contract_tests.judge.seen import Seen

_SUCCESS = 2
_REDIRECTION = 3
_CLIENT_ERROR = 4
_SERVER_ERROR = 5
_REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@check("request body", about="request", section="requestBody")
def documented_request_accepted(seen: Seen) -> CheckResult:
    """A valid request with the right token gets a 2xx.

    Excepted is a body that a reader may refuse (see `BeyondReachError`): there any documented status will do. A 5xx is
    for `not_a_server_error`.
    """
    if seen.validity != "valid" or seen.is_of_the_moment or seen.asks_for_length:
        return NOT_JUDGED
    if seen.status_class in {_SUCCESS, _SERVER_ERROR}:
        return KEPT
    return fails(f"A documented request is refused ({seen.status})", seen.answered("2xx"))


@check("request body", about="request", section="requestBody")
def invalid_request_refused(seen: Seen) -> CheckResult:
    """An invalid request with the right token is turned away."""
    if seen.validity != "invalid" or seen.is_of_the_moment:
        return NOT_JUDGED
    if seen.status_class != _SUCCESS:
        return KEPT
    return [
        Problem("An invalid request is accepted", describe_breach(breach), breach.pointer, breach.missing)
        for breach in seen.request_breaches
    ] or fails("A request with an invalid parameter is accepted", seen.answered("4xx"))


@check("request body", about="request", section="requestBody")
def malformed_json_refused(seen: Seen) -> CheckResult:
    """A body that is no JSON, or no UTF-8, is turned away with a 4xx."""
    if seen.validity != "malformed" or seen.is_of_the_moment:
        return NOT_JUDGED
    if seen.status_class in {_CLIENT_ERROR, _SERVER_ERROR}:
        return KEPT
    return fails(f"A body that is no JSON is not turned away ({seen.status})", seen.answered("4xx"))


@check("request body", about="request", section="requestBody")
def undocumented_media_type_refused(seen: Seen) -> CheckResult:
    """A body under a media type that the spec does not have is not accepted, be it valid JSON (CVE-2021-32677)."""
    documented = seen.contract.value(seen.operation.pointer).get("requestBody", {}).get("content", {})
    is_judged = seen.has_its_method and seen.has_the_token and seen.request.body and documented
    if not is_judged or seen.media_type in documented or seen.is_of_the_moment:
        return NOT_JUDGED
    if seen.status_class != _SUCCESS:
        return KEPT
    headline = f"A body under the media type {seen.media_type!r} is accepted ({seen.status})"
    return fails(headline, seen.answered("4xx"))


@check("credentials", about="request")
def ignored_auth(seen: Seen) -> CheckResult:
    """A request with no credentials, or with wrong ones, is refused."""
    if not seen.has_its_method or seen.has_the_token or seen.is_of_the_moment:
        return NOT_JUDGED
    if _is_refused(seen) or seen.status_class == _REDIRECTION:
        return KEPT
    kind = "requests without" if seen.request.headers.first(AUTHORIZATION) is None else "invalid"
    return _credentials_problem(seen, f"API accepts {kind} authentication ({seen.status})", "401, 403")


@check("credentials", about="request")
def authorization_required(seen: Seen) -> CheckResult:
    """A request without the token, the whole token and nothing but the token, gets a documented 401 or 403."""
    if not seen.has_its_method or seen.has_the_token or seen.is_of_the_moment:
        return NOT_JUDGED
    documented = sorted(status.value for status in _REFUSALS if seen.operation.response_key(status)) or [401, 403]
    if seen.status in documented or _is_refused(seen):
        return KEPT
    headline = f"A request without the right token is not turned away ({seen.status})"
    return _credentials_problem(seen, headline, ", ".join(map(str, documented)))


def _is_refused(seen: Seen) -> bool:
    """Tells whether the request is refused for its credentials; several of them may get 400 (RFC 6750, section 3.1)."""
    is_ambiguous = "," in (seen.request.headers.joined(AUTHORIZATION) or "")
    return seen.status in _REFUSALS or (is_ambiguous and seen.status == HTTPStatus.BAD_REQUEST)


def _credentials_problem(seen: Seen, headline: str, documented: str) -> CheckResult:
    """A server that takes the first of two fields has seen the right token: what it passes over harms nobody."""
    has_the_token_first = is_right(next(iter(seen.request.headers.all(AUTHORIZATION)), ""))
    standing: Standing | None = "advice" if has_the_token_first else None
    return [Problem(headline, seen.answered(documented), standing=standing)]


@check("credentials", "response headers", about="response", standing="inferred")
def challenge_with_401(seen: Seen) -> CheckResult:
    """A 401 says in `WWW-Authenticate` how to authenticate (RFC 9110, section 15.5.2)."""
    if seen.status != HTTPStatus.UNAUTHORIZED:
        return NOT_JUDGED
    if seen.headers.first("WWW-Authenticate") is not None:
        return KEPT
    return fails("A 401 has no field WWW-Authenticate", "HTTP demands one: it tells a client how to authenticate")


@check("response headers", about="request", standing="inferred")
def unsupported_method(seen: Seen) -> CheckResult:
    """A method that the path does not have gets 405, with the field `Allow` (RFC 9110, section 15.5.6).

    404 is as good: a server need not tell that there is something else at the path.
    """
    if seen.has_its_method or seen.method == "OPTIONS" or seen.is_of_the_moment:
        return NOT_JUDGED
    if seen.status in {*_REFUSALS, HTTPStatus.NOT_FOUND}:
        return KEPT
    headline = f"Wrong response to undeclared method ({seen.status})"
    if seen.status != HTTPStatus.METHOD_NOT_ALLOWED:
        return fails(headline, f"Unsupported method {seen.method} returned {seen.status}, expected 405")
    has_allow = bool(seen.headers.joined("Allow"))
    return KEPT if has_allow else fails(headline, f"{seen.method} returned 405 without the `Allow` header")


@check("response headers", about="request", standing="inferred")
def allow_header_conformance(seen: Seen) -> CheckResult:
    """The methods that the field `Allow` names are those that the spec has for the path."""
    allow = seen.headers.joined("Allow")
    if seen.method != "OPTIONS" or not allow:
        return NOT_JUDGED
    implicit = {"HEAD", "OPTIONS"}
    named = {method.strip().upper() for method in allow.split(",") if method.strip()} - implicit
    declared = {operation.method for operation in seen.contract.paths.at(seen.request.path)} - implicit
    if named == declared:
        return KEPT
    documented = ", ".join(sorted(declared))
    return fails(f"Allow header mismatch ({seen.status})", f"Received: {allow}\nDocumented: {documented}")
