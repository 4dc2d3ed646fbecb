"""What the engine loads: our checks, what replaces a check of its own, and the sign of life that it gives."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from schemathesis.openapi.checks import MissingHeaderNotRejected

from contract_tests import rules
from contract_tests.engine import SIGN_OF_LIFE

if TYPE_CHECKING:
    from schemathesis import Case, HookContext, Response
    from schemathesis.core.failures import Failure

__all__ = ["rules"]  # imported for the checks that it registers

_INTERVAL: Final = 0.5
_state: dict[str, Any] = {"responses": 0, "told": 0.0}


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
