"""What the engine loads: our checks, what replaces a check of its own, and the sign of life that it gives."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from schemathesis.openapi.checks import MissingHeaderNotRejected

from contract_tests import rules
from contract_tests.contract import JSON_MEDIA_TYPE
from contract_tests.engine import ALL_KNOWN_NAMES_ENV, SEED_ENV, SIGN_OF_LIFE
from contract_tests.plan import make_plan

if TYPE_CHECKING:
    from schemathesis import Case, HookContext, Response
    from schemathesis.core.failures import Failure

_INTERVAL: Final = 0.5
_state: dict[str, Any] = {"responses": 0, "told": 0.0}


@schemathesis.hook
def before_add_examples(context: HookContext, examples: list[Case[Any]]) -> None:
    """Has the plan sent first, as explicit examples. They make the engine's own valid coverage cases superfluous."""
    if context.operation is None:
        return
    contract = rules.contract()
    operation = contract.operation(context.operation.label)
    if operation.body:
        all_known_names = os.environ[ALL_KNOWN_NAMES_ENV] == "1"
        plan = make_plan(contract, operation.body, all_known_names=all_known_names, seed=int(os.environ[SEED_ENV]))
        make_case = partial(context.operation.Case, media_type=JSON_MEDIA_TYPE)
        examples.extend(make_case(body=planned.body) for planned in plan.bodies)


@schemathesis.hook
def after_call(_: HookContext, __: Case[Any], ___: Response) -> None:
    """Counts the responses, and tells the number now and then."""
    _state["responses"] += 1
    if time.monotonic() - _state["told"] > _INTERVAL:
        _state["told"] = time.monotonic()
        print(f"{SIGN_OF_LIFE}{_state['responses']}", flush=True)


@schemathesis.hook
def filter_failure(_: HookContext, failure: Failure, __: Case[Any], ___: Response) -> bool:
    """Drops what `authorization_required` judges better: the engine takes 401 for the one answer to a missing token."""
    return not (isinstance(failure, MissingHeaderNotRejected) and failure.header_name.lower() == "authorization")
