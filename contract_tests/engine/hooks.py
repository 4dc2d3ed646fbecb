"""What the engine loads: our checks, what replaces a check of its own, and the sign of life that it gives."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import MissingHeaderNotRejected
from urllib3 import HTTPHeaderDict

from contract_tests.contract.contract import JSON_MEDIA_TYPE
from contract_tests.engine import record as _record  # noqa: F401 - the engine hears of it by its import
from contract_tests.engine.engine import FAIL_FAST_ENV, ask_to_stop, data, describe, given_requests, is_to_stop, tell
from contract_tests.engine.registered import contract, is_valid_request
from contract_tests.exchange.marks import MARK, NO_ANSWER
from contract_tests.target.limits import with_data

if TYPE_CHECKING:
    from requests import PreparedRequest
    from schemathesis import Case, HookContext, Response
    from schemathesis.core.failures import Failure
    from schemathesis.schemas import APIOperation

    from contract_tests.plan.schedule import GivenRequest

_INTERVAL: Final = 0.5


class _State:
    """What the hooks remember of the run."""

    responses = 0
    told = 0.0
    unanswered: Final[set[str]] = set()
    """Cases that the guard answered itself, by the engine's id."""
    authorizations: Final[dict[str, tuple[str, ...]]] = {}
    """Those of the requests that are given one of their own, by the engine's id of the case."""


_state: Final = _State()


@schemathesis.hook
def before_add_examples(context: HookContext, examples: list[Case[Any]]) -> None:
    """Has the plan sent first, as explicit examples, and then what must be turned away and the engine does not make."""
    if context.operation is None:
        return
    make_case = partial(_make_case, context.operation)
    # The engine sends the last one first. What examples the spec has are among those of the plan.
    examples[:] = map(make_case, reversed(given_requests(context.operation.label)))


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Puts the target's data into a case, and has the Authorization sent that the case was given.

    The engine would put the run's own in its place.
    """
    if is_to_stop():
        # What its worker takes for Ctrl-C: the engine ends, writes its reports and tells all that was sent. After an
        # interrupt of its main thread, it would tell nothing of the phase that it is in.
        raise KeyboardInterrupt
    _put_data(case)
    authorization = _state.authorizations.get(case.id)
    if authorization is not None:
        kwargs["auth"] = partial(_authorize, authorization)


@schemathesis.hook
def after_call(_context: HookContext, case: Case[Any], response: Response) -> None:
    """Counts the responses, and tells the number now and then."""
    if mark := _mark(response):
        _state.unanswered.add(case.id)
        if mark == NO_ANSWER:
            _note_finding()
    _state.responses += 1
    if time.monotonic() - _state.told > _INTERVAL:
        _state.told = time.monotonic()
        tell(_state.responses)


@schemathesis.hook
def filter_failure(_context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Drops what our own checks judge better, and whatever is said of the guard's own answers.

    The engine takes 401 for the one answer to a missing token. And it calls bodies invalid that are valid as they were
    sent: what it says of a body that the spec allows is a false alarm.
    """
    is_answered = not _mark(response) and failure.case_id not in _state.unanswered
    is_kept = is_answered and _is_kept(failure, case, response)
    if is_kept:
        _note_finding()
    return is_kept


def _is_kept(failure: Failure, case: Case[Any], response: Response) -> bool:
    if isinstance(failure, MissingHeaderNotRejected):
        return failure.header_name.lower() != "authorization"
    return not (isinstance(failure, AcceptedNegativeData) and is_valid_request(response, case))


def _mark(response: Response) -> str | None:
    """How the guard marked an answer of its own; None for a target's."""
    return next(iter(response.headers.get(MARK.lower(), [])), None)


def _put_data(case: Case[Any]) -> None:
    operation = contract().operation(case.operation.label)
    if data() and operation.body and isinstance(case.body, dict):
        case.body = with_data(case.body, data(), contract().validator(operation.body).is_valid)


def _note_finding() -> None:
    if os.environ[FAIL_FAST_ENV] == "1":
        ask_to_stop()


def _make_case(operation: APIOperation[Any, Any, Any, Any], given: GivenRequest) -> Case[Any]:
    headers = {"Content-Type": given.media_type} if given.media_type else {}
    case: Case[Any] = operation.Case(
        media_type=JSON_MEDIA_TYPE,
        body=given.body,
        headers={**given.parameters.get("header", {}), **headers},
        path_parameters=dict(given.parameters.get("path", {})),
        query=dict(given.parameters.get("query", {})),
        cookies=dict(given.parameters.get("cookie", {})),
    )
    describe(case.id, given.description)
    if given.authorization is not None:
        _state.authorizations[case.id] = given.authorization
    return case


def _authorize(values: tuple[str, ...], request: PreparedRequest) -> PreparedRequest:
    others = [(name, str(value)) for name, value in request.headers.items() if name.lower() != "authorization"]
    # Unlike requests' own class, this one holds a field twice, and urllib3 sends it so.
    fields: Any = HTTPHeaderDict([*others, *(("Authorization", value) for value in values)])
    request.headers = fields
    return request
