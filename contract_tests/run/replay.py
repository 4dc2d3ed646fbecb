"""A finding sent again, through the guard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contract_tests.contract.operations import METHODS
from contract_tests.contract.paths import path_values
from contract_tests.engine.asked import ASKED
from contract_tests.engine.asking import Question, ask
from contract_tests.exchange.veiled import shown_bytes
from contract_tests.guard.errand import make_errand
from contract_tests.guard.guard import GuardError, guarding
from contract_tests.judge import drift
from contract_tests.judge.checks import checks_of
from contract_tests.judge.seen_request import see_request
from contract_tests.plan.following import Follower
from contract_tests.report.terminal import cut, describe_finding, row
from contract_tests.result.finding_file import creations_of, requests_of
from contract_tests.result.masked import mask_texts
from contract_tests.run.masks import mask_of
from contract_tests.run.preflight import find_obstacle
from contract_tests.run.replay_judging import Replay, judge_replay
from contract_tests.run.sending import Sender
from contract_tests.run.steps import operations_behind, send_finding
from spec.output import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
