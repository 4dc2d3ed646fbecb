"""What the engine loads: our checks, what replaces a check of its own, and the sign of life that it gives."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import MissingHeaderNotRejected

from contract_tests import rules
from contract_tests.contract import JSON_MEDIA_TYPE
from contract_tests.engine import ALL_KNOWN_NAMES_ENV, DESCRIPTION, SEED_ENV, SIGN_OF_LIFE, TOKEN_ENV
from contract_tests.negatives import make_negatives
from contract_tests.plan import make_plan

if TYPE_CHECKING:
    from requests import PreparedRequest
    from schemathesis import Case, HookContext, Response
    from schemathesis.core.failures import Failure

_INTERVAL: Final = 0.5
_state: dict[str, Any] = {"responses": 0, "told": 0.0}


@schemathesis.hook
def before_add_examples(context: HookContext, examples: list[Case[Any]]) -> None:
    """Has the plan sent first, as explicit examples, and then what must be turned away and the engine does not make."""
    if context.operation is None:
        return
    contract = rules.contract()
    pointer = contract.operation(context.operation.label).body
    if pointer is None:
        return
    names, seed, token = os.environ[ALL_KNOWN_NAMES_ENV] == "1", int(os.environ[SEED_ENV]), os.environ[TOKEN_ENV]
    plan = make_plan(contract, pointer, all_known_names=names, seed=seed)
    negatives = make_negatives(contract, pointer, plan, token)
    make_case = partial(context.operation.Case, media_type=JSON_MEDIA_TYPE)
    examples[:0] = [
        _describe(make_case(body=planned.body), f"planned request {number} of {len(plan.bodies)}")
        for number, planned in enumerate(plan.bodies, 1)
    ]
    examples += [
        _describe(make_case(body=negative.body, headers=dict(negative.headers)), negative.wrong)
        for negative in negatives
    ]


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Sends the Authorization that a case was given, where the engine would put the run's own in its place."""
    given = case.headers.get("Authorization") if case.headers else None
    if case.meta is None and given is not None:
        kwargs["auth"] = partial(_authorize, given)


@schemathesis.hook
def after_call(_context: HookContext, _case: Case[Any], _response: Response) -> None:
    """Counts the responses, and tells the number now and then."""
    _state["responses"] += 1
    if time.monotonic() - _state["told"] > _INTERVAL:
        _state["told"] = time.monotonic()
        print(f"{SIGN_OF_LIFE}{_state['responses']}", flush=True)


@schemathesis.hook
def filter_failure(_context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Drops what our own checks judge better.

    The engine takes 401 for the one answer to a missing token. And it calls bodies invalid that are valid as they were
    sent: what it says of a body that the spec allows is a false alarm.
    """
    if isinstance(failure, MissingHeaderNotRejected):
        return failure.header_name.lower() != "authorization"
    return not (isinstance(failure, AcceptedNegativeData) and rules.is_valid_request(response, case))


def _describe(case: Case[Any], description: str) -> Case[Any]:
    """Tells what a case is for; the engine's record has no room for it."""
    print(f"{DESCRIPTION}{case.id} {description}", flush=True)
    return case


def _authorize(value: str, request: PreparedRequest) -> PreparedRequest:
    request.headers["Authorization"] = value
    return request
