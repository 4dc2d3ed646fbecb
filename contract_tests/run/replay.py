"""A finding sent again: whether it stands, is gone, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal

from contract_tests.contract.operations import METHODS
from contract_tests.contract.paths import path_values
from contract_tests.engine.asked import ASKED
from contract_tests.engine.asking import Question, ask
from contract_tests.exchange.veiled import shown_bytes
from contract_tests.guard.errand import make_errand
from contract_tests.guard.guard import GuardError, guarding
from contract_tests.judge import drift
from contract_tests.judge.checks import checks_of
from contract_tests.judge.checks.responses import answers_every_request, not_a_server_error
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge
from contract_tests.judge.seen_request import see_request
from contract_tests.judge.tallies import tally
from contract_tests.judge.things import GONE
from contract_tests.judge.witness import hear_witness
from contract_tests.plan.following import Follower
from contract_tests.report.terminal import cut, describe_finding, row
from contract_tests.result.finding_file import creations_of, requests_of
from contract_tests.result.masked import mask_texts
from contract_tests.run.masks import mask_of
from contract_tests.run.preflight import OUT_OF_ORDER, REFUSED, find_obstacle
from contract_tests.run.sending import Sender
from contract_tests.run.steps import find_refused, operations_behind, send_finding
from spec.output import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange, Record, Request
    from contract_tests.exchange.masking import Mask
    from contract_tests.exchange.testimony import Testimony
    from contract_tests.guard.guard import Guard
    from contract_tests.judge.judge import Judged
    from contract_tests.result.result import Finding, FindingFile
    from contract_tests.run.steps import Send
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

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


def replay(contract: Contract, file: FindingFile, target: Target, options: Options) -> Replay:
    """Sends what failed to the target again, through the guard, and judges it by today's spec.

    Raises:
        TargetError: the token cannot be sent.
    """
    if reason := _find_change(contract, file.finding):
        return Replay("untestable", reason)
    try:
        with guarding(target, make_errand(target, options, contract)) as guard:
            made = _Replaying(contract, file.finding, target, options, guard).make()
            return _masked(made, mask_of(target, contract))
    except GuardError as error:
        return Replay("untestable", str(error))


def _masked(made: Replay, mask: Mask) -> Replay:
    others = tuple(mask_texts(other, mask.hide_text) for other in made.others)
    return replace(made, reason=mask.hide_text(made.reason), others=others)


@dataclass(frozen=True)
class _Replaying:
    """A replay under way: a finding, and the target behind its guard."""

    contract: Contract
    finding: Finding
    target: Target
    options: Options
    guard: Guard

    def make(self) -> Replay:
        """The outcome."""
        if obstacle := self._find_obstacle():
            return Replay("untestable", obstacle)
        with Sender(self.guard.door, self.options.max_wait) as sender:

            def send(request: Request, name: str) -> Exchange | None:
                answer = sender.send(request, name)  # what the guard has to say of it, it keeps
                return self.guard.find(name) if answer else None

            reason = send_finding(self.contract, self.finding, send)
            record = self.guard.record()
            self._clean_up(send, record)
        if reason:
            return Replay("untestable", reason)
        return judge_replay(self.contract, self.finding, record, self._find_obstacle, self._ask_witness)

    def _ask_witness(self, judged: Judged) -> Sequence[Testimony] | None:
        """The statements of the finding's witness against today's exchange; None if it gives no answer."""
        seen, operation = judged.seen, judged.seen.operation
        if judged.exchange.is_masked:
            return None  # its statements might show the token
        return ask(
            Question(
                self.options.spec.resolve(),
                operation.path,
                operation.method.lower(),
                path_values(operation.path, seen.request.path),
                judged.exchange,
                self.finding.check,
                is_valid=seen.sent.has_its_method and seen.sent.validity == "valid",
                has_its_method=seen.sent.has_its_method,
            )
        )

    def _find_obstacle(self) -> str | None:
        return find_obstacle(self.contract, self.guard.door, self.target.url, self.options.connect_timeout)

    def _clean_up(self, send: Send, record: Record) -> None:
        """Deletes what the replay created, where the API has an operation for it."""
        follower = Follower(self.contract, "replay-end")
        follower.learn(record.sent)
        for each in follower.at_the_end():
            send(each.request, each.id)


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


def _find_change(contract: Contract, finding: Finding) -> str | None:
    """The reason why today's spec and suite have nothing to say of a finding; None if they have."""
    if all(operation.label != finding.operation for operation in contract.operations):
        return f"The spec has changed: it has no operation {finding.operation} any more."
    if stray := _find_stray(contract, finding):
        return (
            f"The finding is of {finding.operation}, and its file would send {stray.method} {stray.path} too. "
            "Only a whole run can show it again."
        )
    if finding.pointer not in contract.spec.places:
        return f"The spec has changed: the statement at {finding.pointer} is there no more."
    known = ASKED if finding.witness else (drift.NAME, *(check.name for check in checks_of(contract)))
    if finding.check not in known:
        by = f" by {finding.witness}" if finding.witness else ""
        return f"The check {finding.check}{by} is made only by whole runs of the suite: {finding.reproduce}"
    return None


def _find_stray(contract: Contract, finding: Finding) -> Request | None:
    """A request of a finding's file that has nothing to do with the finding."""
    *before, last = requests_of(finding)
    behind = operations_behind(contract, finding.operation)
    strays = (each for each in (*creations_of(finding), *before) if not _is_of(contract, behind, each))
    return next(strays, None if _is_of(contract, {finding.operation}, last) else last)


def _is_of(contract: Contract, labels: Collection[str], request: Request) -> bool:
    """Tells whether a request is of one of the operations, or tries a method that its path does not have."""
    sent = see_request(contract, request)
    return sent is not None and request.method.lower() in METHODS and sent.operation.label in labels


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


def describe_replay(file: FindingFile, replayed: Replay, spec_sha256: str) -> str:
    """A finding that was sent again, and the outcome. The very last line begins with the verdict.

    Whatever the file says is shown with its control characters spelled out.
    """
    lines = [describe_finding(file.finding)]
    response = replayed.exchange and replayed.exchange.response
    if response:
        body = shown_bytes(response.body).decode(errors="backslashreplace")
        lines.append(row("this time", f"{response.status} {cut(body)}"))
    if file.spec_sha256 != spec_sha256:
        lines.append(
            f"The spec has changed since the finding ({one_line(file.spec_version)}); it is judged by today's."
        )
    lines += [f"besides: {one_line(other.headline)} ({other.check})" for other in replayed.others]
    what = "nothing is claimed of the finding; " if replayed.verdict == "untestable" else ""
    return "\n".join([*lines, f"{replayed.verdict}: {what}{one_line(replayed.reason)}"])
