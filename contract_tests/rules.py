"""Checks that the engine lacks. Each is registered under its function's name, which is what reports call it.

The first ones hold for any contract and go by what was really sent. Those from `ended_at_null_until_ended` on are rules
that the vendor documents, or that its fields imply, and that no keyword of the spec can state.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

import schemathesis

from contract_tests.contract import JSON_MEDIA_TYPE, Contract, Operation, Standing, read_contract
from contract_tests.engine import ORIGIN_ENV, SPEC_ENV, TOKEN_ENV
from contract_tests.strict_json import BeyondReachError, parse_json
from contract_tests.target import origin_of

if TYPE_CHECKING:
    from schemathesis import Case, Response
    from schemathesis.checks import CheckContext

Rule = Callable[[dict[str, Any], dict[str, Any]], str | None]
"""Says what of a request and its answer breaks the rule, or None."""

STANDINGS: Final[dict[str, Standing]] = {}
"""The standing of each documented rule, by the name of its check."""
_RULES: Final[dict[str, Rule]] = {}
_OPERATION_ID: Final = "create_phone_call"
_REFUSALS: Final = {"401", "403"}
_SUCCESS: Final = 2
_REDIRECTION: Final = 3
_CLIENT_ERROR: Final = 4
_SERVER_ERROR: Final = 5


@cache
def contract() -> Contract:
    """The contract that this run holds its target to."""
    return read_contract(Path(os.environ[SPEC_ENV]))


# ----------------------------------------------------------------------------------------- what was sent, by its bytes


class _Sent:
    """A request as it was really sent, seen with the contract's eyes."""

    def __init__(self, response: Response, case: Case[Any]) -> None:
        request = response.request
        headers: dict[str, str] = {}
        for name, value in request.headers.items():
            before = f"{headers[name.lower()]}, " if name.lower() in headers else ""
            headers[name.lower()] = before + str(value)
        self.operation: Operation = contract().operation(case.operation.label)
        self.has_its_method = request.method == self.operation.method
        self.has_the_token = _is_token(headers.get("authorization", ""))
        self.media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        body = request.body or b""
        self.body = body if isinstance(body, bytes) else str(body).encode()
        # What the engine made itself, it judges itself; what is given to it comes without this.
        self.is_judged_by_the_engine = case.meta is not None

    @property
    def may_be_judged_by_its_body(self) -> bool:
        return (
            self.has_its_method
            and self.has_the_token
            and self.media_type == JSON_MEDIA_TYPE
            and self.operation.body is not None
        )

    def is_valid(self) -> bool:
        """Whether the spec allows the body. Raises ValueError and BeyondReachError as `parse_json` does."""
        return contract().validator(self.operation.body or "").is_valid(parse_json(self.body))


def is_valid_request(response: Response, case: Case[Any]) -> bool:
    """Whether what was really sent is a request that the spec allows."""
    sent = _Sent(response, case)
    try:
        return sent.may_be_judged_by_its_body and sent.is_valid()
    except ValueError:
        return False


@schemathesis.check
def documented_request_accepted(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """A request with the right token and a body that the spec allows gets a 2xx, in whichever phase it was made.

    Excepted is what no server must take (see `BeyondReachError`): there any documented status will do. A 5xx is the
    business of `not_a_server_error`.
    """
    if response.status_code // 100 not in {_SUCCESS, _SERVER_ERROR} and is_valid_request(response, case):
        _fail("A documented request is refused", response, "2xx")


@schemathesis.check
def invalid_request_refused(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """A request with the right token and a body that the spec does not allow is turned away.

    The engine's `negative_data_rejection` judges the engine's own requests; this one judges those that it was given.
    """
    sent = _Sent(response, case)
    if sent.is_judged_by_the_engine or not sent.may_be_judged_by_its_body or response.status_code // 100 != _SUCCESS:
        return
    try:
        valid = sent.is_valid()
    except ValueError:
        return
    if not valid:
        _fail("An invalid request is accepted", response, "4xx")


@schemathesis.check
def malformed_json_refused(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """A body that is no JSON, or no UTF-8, is turned away with a 4xx."""
    sent = _Sent(response, case)
    if not sent.may_be_judged_by_its_body or response.status_code // 100 in {_CLIENT_ERROR, _SERVER_ERROR}:
        return
    try:
        parse_json(sent.body)
    except BeyondReachError:
        return
    except ValueError:
        _fail("A body that is no JSON is not turned away", response, "4xx")


@schemathesis.check
def undocumented_media_type_refused(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """A body under a media type that the spec does not have is not accepted, be it valid JSON (CVE-2021-32677)."""
    sent = _Sent(response, case)
    documented = contract().value(sent.operation.pointer).get("requestBody", {}).get("content", {})
    judged = sent.has_its_method and sent.has_the_token and sent.body and documented
    if judged and sent.media_type not in documented and response.status_code // 100 == _SUCCESS:
        _fail(f"A body under the media type {sent.media_type!r} is accepted", response, "4xx")


@schemathesis.check
def no_redirect_to_another_origin(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """No redirect leads to another scheme, host or port: a client that follows takes its call, and its token, there."""
    location = next(iter(response.headers.get("location", [])), None)
    if location is None or response.status_code // 100 != _REDIRECTION:
        return
    own = origin_of(os.environ[ORIGIN_ENV])
    if origin_of(urljoin(os.environ[ORIGIN_ENV], location)) != own:
        raise AssertionError(f"A redirect leads to another origin\n\nReceived: {response.status_code} to {location}")


@schemathesis.check
def response_is_json(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """A body that is said to be JSON is JSON, by the letter: readers differ on NaN, a comma too many or a wrong byte.

    What a reader may refuse or read in ways of its own (see `BeyondReachError`) is let pass.
    """
    media_type = ", ".join(response.headers.get("content-type", [])).partition(";")[0].strip().lower()
    if media_type != JSON_MEDIA_TYPE:
        return
    try:
        parse_json(response.content)
    except BeyondReachError:
        return
    except ValueError as error:
        raise AssertionError(f"A body is no JSON ({response.status_code})\n\n{error}") from None


@schemathesis.check
def authorization_required(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """A request without the token, the whole token and nothing but the token, gets a documented 401 or 403.

    It takes the place of the engine's `missing_required_header` for this header, which knows 401 alone
    (see contract_tests/hooks.py).
    """
    sent = _Sent(response, case)
    if not sent.has_its_method or sent.has_the_token:
        return
    documented = sorted(_REFUSALS & set(sent.operation.responses))
    if str(response.status_code) not in documented:
        _fail("A request without the right token is not turned away", response, ", ".join(documented))


def _is_token(authorization: str) -> bool:
    scheme, _, credentials = authorization.partition(" ")
    return scheme.lower() == "bearer" and credentials == os.environ[TOKEN_ENV]


def _fail(headline: str, response: Response, documented: str) -> None:
    raise AssertionError(f"{headline}\n\nReceived: {response.status_code}\nDocumented: {documented}")


# ------------------------------------------------------------------------------- rules between a request and its answer


def _rule(standing: Standing) -> Callable[[Rule], Rule]:
    """Registers a rule as a check of its name, made on every accepted call. A rule returns what breaks it, or None."""

    def register(rule: Rule) -> Rule:
        def check(_context: CheckContext, response: Response, case: Case[Any]) -> None:
            if complaint := _judge(rule, response, case):
                raise AssertionError(complaint)

        check.__name__, check.__doc__ = rule.__name__, rule.__doc__
        STANDINGS[rule.__name__], _RULES[rule.__name__] = standing, rule
        schemathesis.check(check)
        return rule

    return register


def find_broken_rules(
    contract: Contract, operation: Operation, request: dict[str, Any], answer: dict[str, Any]
) -> set[str]:
    """The names of the rules that an accepted call breaks; that its id is new, which others would tell, is left out."""
    if contract.value(operation.pointer).get("operationId") != _OPERATION_ID:
        return set()
    rules = ((name, rule) for name, rule in _RULES.items() if rule is not id_is_new)
    return {name for name, rule in rules if rule(request, answer)}


def _judge(rule: Rule, response: Response, case: Case[Any]) -> str | None:
    """What a rule says of an exchange, if it is an accepted call of the operation that the rules are about."""
    if response.status_code // 100 != _SUCCESS:
        return None
    sent = _Sent(response, case)
    is_ours = contract().value(sent.operation.pointer).get("operationId") == _OPERATION_ID
    if not is_ours or not sent.may_be_judged_by_its_body:
        return None
    try:
        request, answer = parse_json(sent.body), parse_json(response.content)
    except ValueError:
        return None
    return rule(request, answer) if isinstance(request, dict) and isinstance(answer, dict) else None


@_rule("documented")
def ended_at_null_until_ended(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`ended_at` is null while the conversation has not ended."""
    if answer.get("status") != "ended" and answer.get("ended_at") is not None:
        return f"ended_at is {answer['ended_at']!r} while status is {answer.get('status')!r}"
    return None


@_rule("documented")
def agent_id_null_without_stored_agent(request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`agent_id` is null when no stored agent was used."""
    if request.get("agent_id") is None and answer.get("agent_id") is not None:
        return f"agent_id is {answer['agent_id']!r}, and no stored agent was asked for"
    return None


@_rule("inferred")
def agent_id_echoed(request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`agent_id` is the stored agent that was asked for."""
    asked = request.get("agent_id")
    if asked is not None and answer.get("agent_id") != asked:
        return f"agent_id is {answer.get('agent_id')!r}, and {asked!r} was asked for"
    return None


@_rule("documented")
def phone_call_present(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`phone_call` is null only for conversations over the web, and this is a call."""
    return "phone_call is null, and this is a call" if answer.get("phone_call") is None else None


@_rule("inferred")
def phone_call_numbers_echoed(request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """The numbers of `phone_call` are those that were asked for."""
    call = answer.get("phone_call")
    if not isinstance(call, dict):
        return None
    for name in ("from_number", "to_number"):
        if name in request and call.get(name) != request[name]:
            return f"phone_call.{name} is {call.get(name)!r}, and {request[name]!r} was asked for"
    return None


@_rule("inferred")
def type_is_outbound_phone_call(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`type` is `outbound_phone_call`."""
    kind = answer.get("type")
    return None if kind == "outbound_phone_call" else f"type is {kind!r}, and this is an outbound call"


@_rule("inferred")
def ended_at_set_when_ended(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`ended_at` is set once the conversation has ended."""
    if answer.get("status") == "ended" and answer.get("ended_at") is None:
        return "ended_at is null while status is 'ended'"
    return None


@_rule("inferred")
def ended_at_not_before_started_at(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`ended_at` is not before `started_at`."""
    started, ended = _time(answer.get("started_at")), _time(answer.get("ended_at"))
    if started and ended and ended < started:
        return f"ended_at {ended.isoformat()} is before started_at {started.isoformat()}"
    return None


@_rule("inferred")
def ended_reason_only_when_ended(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`ended_reason` is set only once the conversation has ended."""
    if answer.get("status") != "ended" and answer.get("ended_reason") is not None:
        return f"ended_reason is {answer['ended_reason']!r} while status is {answer.get('status')!r}"
    return None


@_rule("inferred")
def configuration_used(request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`agent_config` is the configuration used: what the request set comes back. Null may come back as a default."""
    difference = _find_difference(request.get("agent_config"), answer.get("agent_config"), "agent_config")
    return difference and f"what was asked for is not what is used: {difference}"


_ids: set[str] = set()


@_rule("inferred")
def id_is_new(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`id` is new for every conversation."""
    identifier = str(answer.get("id"))
    if identifier in _ids:
        return f"id {identifier!r} was the id of an earlier conversation"
    _ids.add(identifier)
    return None


def _find_difference(asked: Any, used: Any, path: str) -> str | None:  # noqa: ANN401 - JSON of any type
    """The first thing that was asked for and is not used."""
    if asked is None:
        return None
    if isinstance(asked, dict) and isinstance(used, dict):
        found = (_find_difference(value, used.get(name), f"{path}.{name}") for name, value in asked.items())
        return next(filter(None, found), None)
    if isinstance(asked, list) and isinstance(used, list) and len(asked) == len(used):
        pairs = enumerate(zip(asked, used, strict=True))
        found = (_find_difference(*pair, f"{path}[{index}]") for index, pair in pairs)
        return next(filter(None, found), None)
    same = asked == used and isinstance(asked, bool) == isinstance(used, bool)
    return None if same else f"{path} is {_short(used)}, and {_short(asked)} was asked for"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"  # noqa: PLR2004 - as much as a line holds


def _time(value: object) -> datetime | None:
    """The time of a date-time with an offset; None for anything else, which is for the schema to judge."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time if time and time.tzinfo else None
