"""Checks that the engine lacks, registered with it. Each has its function's name, which is what reports call it.

They are those of contract_tests/judge/checks.py, which hold for any contract and go by what was really sent, and the
documented rules.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.engine.engine import ORIGIN_ENV, SPEC_ENV, TOKEN_ENV
from contract_tests.exchange.credentials import AUTHORIZATION, hide_token
from contract_tests.exchange.exchange import Exchange, Request
from contract_tests.exchange.exchange import Response as ReceivedResponse
from contract_tests.judge import checks
from contract_tests.judge.checks import Complaint, Observed
from contract_tests.judge.rules import make_rule_checks

if TYPE_CHECKING:
    from schemathesis import Case, Response
    from schemathesis.checks import CheckContext

    from contract_tests.judge.checks import Check


@cache
def contract() -> Contract:
    """The contract that this run holds its target to."""
    return read_contract(Path(os.environ[SPEC_ENV]))


def is_valid_request(response: Response, case: Case[Any]) -> bool:
    """Whether what was really sent is a request that the spec allows."""
    return _observe(response, case.operation.label).validity == "valid"


@lru_cache(maxsize=1)  # the checks are made one after the other of the same response
def _observe(response: Response, label: str) -> Observed:
    """An exchange of the engine's by its bytes."""
    sent, token = response.request, os.environ[TOKEN_ENV]
    headers = tuple(
        (name, hide_token(str(value), token) if name.lower() == AUTHORIZATION.lower() else str(value))
        for name, value in sent.headers.items()
    )
    body = sent.body or b""
    content = body if isinstance(body, bytes) else str(body).encode()
    request = Request(sent.method or "", os.environ[ORIGIN_ENV], headers, content)
    received = tuple((name, value) for name, values in response.headers.items() for value in values)
    answer = ReceivedResponse(response.status_code, received, response.content or b"")
    return Observed(contract(), Exchange(label, "positive", "", request, answer))


def _has_wrong_parameter(case: Case[Any]) -> bool:
    """Whether the engine made something beside the body invalid: what to expect does not follow from the body then."""
    components = case.meta.components if case.meta else {}
    return any(info.mode.is_negative for place, info in components.items() if place != ParameterLocation.BODY)


def _register(name: str, check: Check) -> None:
    def made(_context: CheckContext, response: Response, case: Case[Any]) -> None:
        # What the engine made itself, its `negative_data_rejection` judges; what is given to it comes without a meta.
        if check is checks.invalid_request_refused and case.meta is not None:
            return
        if check is checks.documented_request_accepted and _has_wrong_parameter(case):
            return
        verdict = check(_observe(response, case.operation.label))
        if not isinstance(verdict, Complaint):
            return
        raise AssertionError(f"{verdict.headline}\n\n{verdict.detail}")

    made.__name__ = name
    schemathesis.check(made)


# `authorization_required` takes the place of the engine's `missing_required_header` for this header, which knows 401
# alone (see contract_tests/engine/hooks.py).
for _check in (
    *checks.BODY_CHECKS.values(),
    checks.response_is_json,
    checks.no_redirect_to_another_origin,
    checks.authorization_required,
):
    _register(_check.__name__, _check)
for _name, _check in make_rule_checks().items():
    _register(_name, _check)
