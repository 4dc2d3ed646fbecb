"""Results that reports are made of in tests: one of each kind."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import Exchange, Refusal
from contract_tests.result.accept import tell_use, with_entries
from contract_tests.result.baseline import Acceptance, Baseline
from contract_tests.result.compare import compare
from contract_tests.result.earlier import EarlierReport
from contract_tests.result.history_file import make_line, tell_history
from contract_tests.result.part import decode_part, encode_part
from spec.paths import SPEC
from tests.support.exchanges import CALL, answer, call, post
from tests.support.results import ELSEWHERE, accepting, result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result

TODAY: Final = date(2026, 1, 31)
HOSTILE: Final = "<script>`|\x1b[2J::error::\n##[error]@all\u202e]]>&\ud800"
"""Text of a server that would do harm in any of the formats."""


def earlier(result: Result) -> EarlierReport:
    """The part of a result that a later run reads."""
    return decode_part(encode_part(result), EarlierReport)


def compared(contract: Contract) -> Result:
    """A result beside an earlier one, with a cause that is new, one that is unchanged, and one that is gone."""
    before = dated(result_of(contract, call(uri=1, status="live"), call(uri=1, status="live", id="2")), 30)
    now = dated(result_of(contract, call(account_id=2, status="live"), call(account_id=2, status="live", id="2")), 31)
    history = tell_history(now, "history.jsonl", [make_line(before)])
    return structs.replace(now, comparison=compare(now, earlier(before)), history=history)


def out_of_date(contract: Contract) -> Result:
    """A result with a baseline of two entries, one of which is over and one unused."""
    before = result_of(contract, call(uri=1, status="live"), call(uri=1, status="live", id="2"))
    baseline = with_entries(Baseline(), earlier(before).causes, Acceptance(reason="soon", until=date(2026, 1, 1)))
    now = result_of(contract, call(status="live"), call(status="live", id="2"))
    return structs.replace(now, baseline=tell_use(now, baseline, "accepted.json", TODAY))


def dated(result: Result, day: int) -> Result:
    """The result of a run on a day."""
    return structs.replace(result, date=f"2026-01-{day:02} 09:30")


def warned(contract: Contract) -> Result:
    """A result of another machine with a warning."""
    return result_of(contract, call(type="web_call"), target=ELSEWHERE)


def incomplete(contract: Contract) -> Result:
    """A result where the budget cut a request off."""
    refusal = Refusal("budget", "no call is left")
    return result_of(contract, call(), Exchange(post(), id="planned request 2", refusal=refusal))


def hostile(contract: Contract) -> Result:
    """A result whose texts come from a server that means harm."""
    refused = Exchange(post(CALL | {"agent_id": "a"}), answer({"detail": HOSTILE.replace("\ud800", "")}, 500))
    result = result_of(contract, call(status="live"), refused)
    findings = (structs.replace(finding, headline=HOSTILE, detail=HOSTILE) for finding in result.findings)
    return structs.replace(result, findings=tuple(findings), target=HOSTILE, reason=HOSTILE)


RESULTS: Final[Mapping[str, Callable[[Contract], Result]]] = {
    "conforms": lambda contract: result_of(contract, call()),
    "violates": lambda contract: result_of(contract, call(uri=1, status="live")),
    "accepted": lambda contract: accepting(contract, call(uri=1, status="live")),
    "untestable": lambda contract: result_of(contract, obstacle="http://127.0.0.1:8000 cannot be reached."),
    "incomplete": incomplete,
    "warned": warned,
    "compared": compared,
    "out-of-date": out_of_date,
    "hostile": hostile,
}
"""A result of each kind, by its name."""


@cache
def named(name: str) -> Result:
    """The result of a name."""
    return RESULTS[name](read_contract(SPEC))
