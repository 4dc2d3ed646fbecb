"""Schemathesis's stock checks, asked in process about an exchange of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.contract.paths import path_values
from contract_tests.engine.answering import answer
from contract_tests.engine.asked import ASKED
from contract_tests.engine.asking import Question
from contract_tests.exchange.testimony import Testimony
from spec.paths import SPEC

if TYPE_CHECKING:
    from contract_tests.judge.seen import Seen


def ask_schemathesis(seen: Seen) -> list[Testimony]:
    """The statements that Schemathesis makes of an exchange, as if it had made the request to be what it is."""
    is_valid = seen.sent.has_its_method and seen.sent.validity == "valid"
    questions = (_question(seen, check, is_valid=is_valid) for check in _fitting(is_valid=is_valid))
    return [each for question in questions for each in answer(question)]


def _question(seen: Seen, check: str, *, is_valid: bool) -> Question:
    return Question(
        SPEC,
        seen.operation.path,
        seen.operation.method.lower(),
        path_values(seen.operation.path, seen.request.path),
        seen.exchange,
        check,
        is_valid=is_valid,
        has_its_method=seen.sent.has_its_method,
    )


def _fitting(*, is_valid: bool) -> tuple[str, ...]:
    """The checks of a request that was meant to be valid, or wrong."""
    unasked = "negative_data_rejection" if is_valid else "positive_data_acceptance"
    return tuple(check for check in ASKED if check != unasked)


def statement(check: str) -> Testimony:
    """A statement that a check of Schemathesis makes of the exchange "1"."""
    return Testimony("1", check, "A headline", "A detail")
