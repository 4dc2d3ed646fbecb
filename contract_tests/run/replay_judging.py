"""The outcome of a replay: whether the finding stands, is gone, or cannot be told. It follows from the record."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal

from contract_tests.judge import drift
from contract_tests.judge.checks import checks_of
from contract_tests.judge.checks.responses import answers_every_request, not_a_server_error
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge
from contract_tests.judge.tallies import tally
from contract_tests.judge.things import GONE
from contract_tests.judge.witness import hear_witness
from contract_tests.run.preflight import OUT_OF_ORDER, REFUSED
from contract_tests.run.steps import find_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange, Record
    from contract_tests.exchange.testimony import Testimony
    from contract_tests.judge.judge import Judged
    from contract_tests.result.result import Finding

    AskWitness = Callable[[Judged], Sequence[Testimony] | None]

ReplayVerdict = Literal["stands", "gone", "untestable"]
_SUCCESS: Final = 2
_UNSENDABLE: Final = (
    "Nothing was exchanged: HTTP cannot carry what the finding's file says was sent. Was the file edited, or recorded "
    "with header fields that no client sends?"
)


@dataclass(frozen=True)
class Replay:
    """The outcome of a replay."""

    verdict: ReplayVerdict
    reason: str
    """Why, in a line."""
    exchange: Exchange | None = None
    """The exchange of this time."""
    others: tuple[Finding, ...] = ()
    """Everything else that is wrong with it."""


def judge_replay(
    contract: Contract,
    finding: Finding,
    record: Record,
    find_obstacle: Callable[[], str | None],
    ask_witness: AskWitness = lambda _: None,
) -> Replay:
    """The outcome of a replay, by its record.

    `find_obstacle` asks the target once more whether it is there. It is called where no response came. `ask_witness`
    asks the other tool that made the finding, if one did.
    """
    if record.withheld:
        return Replay("untestable", _explain(record.withheld[0]))
    judged = judge(contract, (each for each in record.sent if not each.is_preflight))
    if len(judged) <= len(finding.example.before):
        return Replay("untestable", _UNSENDABLE)
    last = judged[-1]
    if last.exchange.response is None:
        return _judge_silence(finding, last.exchange, find_obstacle())
    testimony = ask_witness(last) if finding.witness else ()
    if testimony is None:
        return Replay("untestable", f"{finding.witness} gave no answer about the response.", last.exchange)
    return _judge_response(contract, finding, [*judged[:-1], *hear_witness([last], testimony)])


def _judge_silence(finding: Finding, exchange: Exchange, obstacle: str | None) -> Replay:
    if obstacle:
        return Replay("untestable", f"The target was lost on the way. {obstacle}", exchange)
    if finding.check == answers_every_request.name:
        return Replay("stands", f"a harmless request gets a response; to this one, the target {exchange.trouble}")
    return Replay("untestable", f"There is nothing to judge: the target {exchange.trouble}.", exchange)


def _judge_response(contract: Contract, finding: Finding, all_judged: Sequence[Judged]) -> Replay:
    *before, judged = all_judged
    exchange = judged.exchange
    if reason := _find_doubt(contract, finding, judged) or _find_gap(finding, before, judged):
        return Replay("untestable", reason, exchange)
    additions = tally(contract, [judged]).additions() if finding.check == drift.NAME else ()
    heard = drift.hear_drift(contract, [judged], additions)
    found = find_findings(contract, heard, Circumstances(lambda _: finding.reproduce))
    same = [other for other in found if _is_same(finding, other)]
    others = tuple(other for other in found if other not in same)
    if same:
        return Replay("stands", same[0].headline, exchange, others)
    return Replay("gone", f"{finding.check} finds nothing wrong at {finding.pointer}", exchange, others)


def _is_same(finding: Finding, other: Finding) -> bool:
    """Tells whether a finding of today breaks what the replayed one does. Additive drift is told apart by field."""
    if finding.check == drift.NAME:
        return finding.key == other.key
    broken = {(failure.check, failure.pointer) for failure in finding.failures}
    return any((each.check, each.pointer) in broken for each in other.failures)


def _explain(withheld: Exchange) -> str:
    reason = withheld.refusal.reason if withheld.refusal else ""
    return f"The guard did not send it: {reason}. A replay has the limits of a run; --help names them."


def _find_doubt(contract: Contract, finding: Finding, judged: Judged) -> str | None:
    """The reason why the answer says nothing of the finding: it is one that any request may get for a while."""
    seen = judged.seen
    response = finding.example.response
    status, before = seen.status, response and response.status
    if status == before:
        return None
    if status in REFUSED and seen.sent.has_the_token and seen.sent.has_its_method:
        return f"The target refuses the token: it answered {status}. Is it the right one, and still valid?"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The target takes no more requests for now: it answered {status}. Try again later."
    if status in OUT_OF_ORDER and finding.check != not_a_server_error.name:
        return f"The target is out of order: it answered {status}. Try again when it works."
    return _find_loss_of_thing(contract, finding, judged)


def _find_gap(finding: Finding, before: Iterable[Judged], judged: Judged) -> str | None:
    """The reason why a check that looks back could not be made: it found too little behind the exchange."""
    if not finding.example.before or finding.check in judged.made:
        return None
    refused = find_refused(each.exchange for each in before)
    cause = f"the target answered {refused}" if refused else "this time, the responses leave it nothing to compare"
    return f"The check {finding.check} could not be made: {cause}."


def _find_loss_of_thing(contract: Contract, finding: Finding, judged: Judged) -> str | None:
    """The reason why nothing can be said of a response about a thing: the thing is there no more.

    Where the request was to be refused, this answer mends the finding.
    """
    status, before = judged.seen.status, finding.example.response
    was_there = before is not None and before.status // 100 == _SUCCESS
    if (
        status not in GONE
        or not was_there
        or finding.example.before
        or finding.example.made_by
        or _is_about_refusing(contract, finding)
    ):
        return None
    return (
        f"The target answered {status}: what {finding.example.request.target} names is there no more. "
        "Only a whole run can show it again, for it makes such a thing anew."
    )


def _is_about_refusing(contract: Contract, finding: Finding) -> bool:
    return any(check.name == finding.check and check.about == "request" for check in checks_of(contract))
