"""A recording held against the contract: nothing is sent, and the result is one as of a run."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import NOTHING
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.stream import Stream
from contract_tests.report.files import prepare_folder, write_result
from contract_tests.result.result import Reading, Result
from contract_tests.result.words import counted
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.run.interrupted import RunInterrupted
from contract_tests.run.masking import mask_findings, mask_result, masks_of_recording
from contract_tests.run.past import keep_history, read_past, tell_past
from contract_tests.run.timeline import make_timeline_of_recording
from contract_tests.target.limits import Limits
from contract_tests.target.target import Target
from contract_tests.traffic.masking import find_tokens
from contract_tests.traffic.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Judged
    from contract_tests.result.baseline import Acceptance
    from contract_tests.result.result import Finding
    from contract_tests.target.options import Options
    from contract_tests.traffic.entry import Entry
    from contract_tests.traffic.sources import Source

_NAMED: Final = 5


class Progress(NamedTuple):
    """How much of the recordings is judged."""

    entries: int
    share: float | None
    """The read part of all bytes, from 0 to 1; None if nobody knows how many there are."""


def judge_recording(
    sources: Sequence[Source],
    options: Options,
    references: Mapping[str, str] | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Result:
    """Judges the exchanges of recordings that are about the contract, and writes the reports.

    `references` are the places in a request of values that its account may not have, each with the option that names
    one. `on_progress` hears how much is judged.

    Raises:
        SpecError: the spec cannot be read.
        RecordingError: a recording cannot be read to its end.
        FileError: what is left of an earlier run cannot be read.
        OSError: the reports cannot be written.
        RunInterrupted: Ctrl-C. It has the result of what was judged until then.
    """
    started = time.monotonic()
    contract, limits = read_contract(options.spec), Limits(references=references or {})
    past = read_past(options)
    prepare_folder(options.report_dir)
    judging = Judging(contract, options.url, limits)
    is_interrupted = False
    try:
        for source in sources:
            for name, entry in _name_entries(source, is_one=len(sources) == 1):
                judging.take(name, entry)
                on_progress(Progress(judging.traffic.entries, None))
    except KeyboardInterrupt:
        is_interrupted = True
    seconds = time.monotonic() - started
    result = judging.conclude(_name_all(sources), options, seconds, past.accepted, is_interrupted=is_interrupted)
    result = tell_past(result, past, options)
    write_result(options.report_dir, result)
    keep_history(result, options)
    if is_interrupted:
        raise RunInterrupted(result)
    return result


def _name_entries(source: Source, *, is_one: bool) -> Iterator[tuple[str, Entry | None]]:
    """The entries of a recording, each with its place: that of the file too where there are several."""
    prefix = "" if is_one else f"{source.name}: "
    return ((f"{prefix}{source.format.place_of(index)}", entry) for index, entry in enumerate(source.entries()))


def _name_all(sources: Sequence[Source]) -> str:
    first, *others = (PurePath(source.name).name for source in sources)
    return f"the recording {first}" if not others else f"the recording {first} and {len(others)} more"


class Judging:
    """The judging of recordings, or of live traffic, on its way."""

    def __init__(self, contract: Contract, url: str | None, limits: Limits) -> None:
        self.traffic = Traffic(contract, url)
        self._contract = contract
        self._url = url
        self._limits = limits
        self._stream = Stream(contract, limits.references)
        self._tokens: dict[str, None] = {}

    def take(self, name: str, entry: Entry | None) -> None:
        """Judges an entry, if it is about the contract."""
        if entry:
            self._tokens.update(dict.fromkeys(find_tokens(entry)))
        if sketch := self.traffic.take(name, entry):
            self._stream.judge_sketch(sketch)

    @property
    def kinds(self) -> int:
        """How many kinds of exchanges were told apart that the quick way of the judge did not pass."""
        return self._stream.kinds

    def findings(self) -> tuple[Finding, ...]:
        """The findings so far, masked."""
        found = find_findings(self._contract, self._stream.judged(), Circumstances(lambda _: ""))
        for mask in masks_of_recording(self._tokens):
            found = mask_findings(found, self._contract, mask)
        return found

    def conclude(
        self, name: str, options: Options, seconds: float, accepted: Mapping[str, Acceptance], *, is_interrupted: bool
    ) -> Result:
        """The result of all that was judged, with its secrets masked."""
        judged, traffic = self._stream.judged(), self.traffic
        purposes = {each.exchange.id: each.exchange.id for each in judged}
        obstacle = _INTERRUPTED.format(entries=traffic.entries) if is_interrupted else self._find_obstacle()
        evidence = Evidence(NOTHING, judged, obstacle, purposes, tallies=self._stream.tallies)
        target = Target(name, ", ".join(traffic.bases), "", self._limits)
        result = conclude(self._contract, evidence, target, options, seconds, accepted=accepted)
        for mask in masks_of_recording(self._tokens):
            result = mask_result(result, self._contract, mask)
        not_judged = traffic.not_judged + _count_excused(judged)
        reading = Reading(entries=traffic.entries, skipped=traffic.skipped, not_judged=not_judged)
        timeline = make_timeline_of_recording(result.requests, traffic.calls, result.findings)
        update = {"recording": reading, "reports": {}, "calls": traffic.calls, "timeline": timeline}
        return result.model_copy(update=update)

    def _find_obstacle(self) -> str | None:
        """The reason why nothing can be said of a recording, for the user to read; None if something can."""
        if not self._stream.tallies.requests:
            return _explain_nothing(self._contract, self.traffic, self._url)
        return None if self.traffic.has_bodies else _NO_BODIES


_NO_BODIES: Final = (
    "The recording holds no body of the requests and responses that are about the contract, so that hardly anything "
    "could be judged.\nRecord it again, and have the recorder keep bodies."
)
_INTERRUPTED: Final = "It was interrupted. The first {entries} entries are judged."


def _count_excused(judged: Iterable[Judged]) -> Counter[str]:
    """How many refusals are not judged, by the reason."""
    excused: Counter[str] = Counter()
    for each in judged:
        if each.unknown:
            places = " or ".join(each.unknown)
            excused[f"refused, perhaps because the account does not have what stands at {places}"] += each.times
    return excused


def _explain_nothing(contract: Contract, traffic: Traffic, url: str | None) -> str:
    """The reason why a recording has nothing to judge."""
    if traffic.not_judged:
        return "The recording holds no response to the requests that are about the contract."
    hosts = ", ".join(f"{host} ({number})" for host, number in traffic.hosts.most_common(_NAMED)) or "none"
    servers = [server.get("url") for server in contract.spec.document.get("servers", ())]
    counting = url or ", ".join(map(str, servers)) or "any server"
    labels = ", ".join(operation.label for operation in contract.operations)
    total = counted(traffic.entries, "entry", "entries")
    return (
        f"Nothing of the recording is about the contract: none of its {total} is {labels} at {counting}.\n"
        f"Its hosts: {hosts}. If one of them serves the contract, name its base URL with --url."
    )
