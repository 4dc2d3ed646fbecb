"""Troubles of a run: an engine that did not do its work, a target that was lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.judge.checks.requests import documented_request_accepted
from contract_tests.run.preflight import REFUSED

if TYPE_CHECKING:
    from contract_tests.engine.engine import EngineRun
    from contract_tests.judge.judge import Judged

_ENGINE_EXITS: Final = {0, 1}
"""The exit codes of Schemathesis where it found nothing, or something."""
_SHOWN_ERRORS: Final = 3
_SHOWN_ERROR: Final = 300
"""How much of an error is shown, in characters."""
_SHOWN_LINES: Final = 15


def explain_engine(engine_run: EngineRun) -> str | None:
    """What kept the engine from its work; None if nothing did."""
    if engine_run.exit_code not in _ENGINE_EXITS:
        tail = "\n".join(engine_run.log.strip().splitlines()[-_SHOWN_LINES:])
        return f"Schemathesis failed (exit {engine_run.exit_code}). Its last lines:\n{tail}"
    if errors := engine_run.report.errors:
        said = "\n".join(error[:_SHOWN_ERROR] for error in errors[:_SHOWN_ERRORS])
        return f"Schemathesis gave up before it had tried everything, because of:\n{said}"
    return None


def is_lost(judged: Judged) -> bool:
    """Whether it may be for the target's end, or the token's, that a request was not answered or not accepted."""
    if judged.exchange.response is None:
        return True
    is_refused = any(failure.check == documented_request_accepted.name for failure in judged.failures)
    return is_refused and judged.exchange.response.status in REFUSED
