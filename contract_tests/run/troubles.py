"""Troubles of a run: an engine that did not do its work, a target that was lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    """Explains why the engine did not do its work; None if it did."""
    if engine_run.exit_code not in _ENGINE_EXITS:
        tail = "\n".join(engine_run.log.strip().splitlines()[-_SHOWN_LINES:])
        return f"Schemathesis failed (exit {engine_run.exit_code}). Its last lines:\n{tail}"
    if errors := engine_run.report.errors:
        said = "\n".join(error[:_SHOWN_ERROR] for error in errors[:_SHOWN_ERRORS])
        return f"Schemathesis gave up before it had tried everything, because of:\n{said}"
    return None


def is_lost(judged: Judged) -> bool:
    """Tells whether a request may be unanswered, or turned away, for the end of the target or of its token."""
    response = judged.exchange.response
    return response is None or (judged.seen.sent.has_the_token and response.status in REFUSED)
