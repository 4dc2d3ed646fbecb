"""The result of recordings, or of live traffic, once it is judged."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from contract_tests.exchange.exchange import NOTHING
from contract_tests.judge.stream import Stream
from contract_tests.report.files import prepare_folder
from contract_tests.result.result import Reading, Result
from contract_tests.result.words import counted
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.run.masking import mask_result, masks_of_recording
from contract_tests.run.past import read_past, tell_past
from contract_tests.run.privacy import mask_personal
from contract_tests.run.provenance import tell_versions
from contract_tests.run.publishing import publish
from contract_tests.run.timeline import make_timeline_of_recording
from contract_tests.runtime.interrupts import ignoring_ctrl_c
from contract_tests.target.target import Target
from contract_tests.traffic.names import shown_name
from contract_tests.traffic.phone_numbers import hide_numbers
from contract_tests.traffic.traffic import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.tallies import Tallies
    from contract_tests.result.baseline import Acceptance
    from contract_tests.run.past import Past
    from contract_tests.target.limits import Limits
    from contract_tests.target.options import Options
    from contract_tests.traffic.judging import JudgedTraffic
    from contract_tests.traffic.traffic import TrafficCounts

_NAMED: Final = 5
_PAGE: Final = "contract_tests.report.page.page"


def prepare(options: Options, contract: Contract) -> Past:
    """Reads what is left of earlier runs, makes room for the reports, and makes what no exchange changes of them.

    Raises:
        FileError: what is left of an earlier run cannot be read.
        OSError: there can be no reports.
    """
    past = read_past(options)
    prepare_folder(options.report_dir)
    import_module(_PAGE).load()
    tell_versions()
    for operation in contract.operations:
        contract.request_sections(operation)
        contract.response_sections(operation)
    return past


def finish(recording: Recording, total: JudgedTraffic, seconds: float, past: Past) -> Result:
    """The result of recordings beside earlier runs, and the reports of it. Raises OSError: they cannot be written."""
    options = recording.options
    with ignoring_ctrl_c():  # all is over but the writing
        result = tell_past(recording.conclude(total, seconds, past.accepted), past, options)
        publish(result, options)
    return result


class Recording(Struct, frozen=True):
    """Recordings that are judged, or live traffic, as far as it was read."""

    contract: Contract
    options: Options
    limits: Limits
    name: str
    is_interrupted: bool
    empty: str = "The recording has no entry."
    """The words for one that has no entry."""

    def conclude(self, total: JudgedTraffic, seconds: float, accepted: Mapping[str, Acceptance]) -> Result:
        """The result of all that was judged, with its secrets masked."""
        stream, traffic = Stream(self.contract, self.limits.references), total.traffic
        stream.resume(total.partial)
        judged = stream.judged()
        purposes = {each.exchange.id: each.exchange.id for each in judged}
        obstacle = self._find_obstacle(traffic, stream.tallies)
        evidence = Evidence(NOTHING, judged, obstacle, purposes, tallies=stream.tallies)
        target = Target(self.name, ", ".join(traffic.bases), "", self.limits)
        result = conclude(self.contract, evidence, target, self.options, seconds, accepted=accepted)
        result = mask_personal(result, self.contract, judged, show_text=self.options.show_text)
        for mask in masks_of_recording(total.tokens):
            result = mask_result(result, self.contract, mask)
        reading = Reading(
            entries=traffic.entries,
            skipped=_name_unreadable(total),
            not_judged=traffic.not_judged + _count_excused(judged),
        )
        timeline = make_timeline_of_recording(result.requests, traffic.calls, result.findings)
        update = {"recording": reading, "reports": {}, "calls": traffic.calls, "timeline": timeline}
        return structs.replace(result, **update)

    def _find_obstacle(self, traffic: TrafficCounts, tallies: Tallies) -> str | None:
        """The reason why nothing can be said of a recording, for the user to read; None if something can."""
        if self.is_interrupted:
            return f"It was interrupted, after {counted(traffic.entries, 'entry', 'entries')}."
        if not (traffic.entries or traffic.not_judged):
            return self.empty
        if not tallies.requests:
            return _explain_nothing(self.contract, self.name, traffic, self.options.url)
        return None if traffic.has_bodies else _NO_BODIES


_NO_BODIES: Final = (
    "The recording holds no body of the requests and responses that are about the contract, so that hardly anything "
    "could be judged.\nRecord it again, and have the recorder keep bodies."
)


def _count_excused(judged: Iterable[Judged]) -> Counter[str]:
    """How many refusals are not judged, by the reason."""
    excused: Counter[str] = Counter()
    for each in judged:
        if each.unknown:
            places = " or ".join(each.unknown)
            excused[f"refused, perhaps because the account does not have what stands at {places}"] += each.times
    return excused


def _name_unreadable(total: JudgedTraffic) -> dict[str, int]:
    """How many entries were skipped, by the reason; of those that cannot be read, with that of the first one."""
    error = next(iter(total.errors.values()), None)
    return {f"{why}: {error}" if error and why == UNREADABLE else why: n for why, n in total.traffic.skipped.items()}


def _explain_nothing(contract: Contract, name: str, traffic: TrafficCounts, url: str | None) -> str:
    """The reason why a recording, by its name, has nothing to judge."""
    if traffic.not_judged:
        return f"{name[0].upper()}{name[1:]} holds no response to the requests that are about the contract."
    hosts = (
        ", ".join(f"{hide_numbers(host)} ({number})" for host, number in traffic.hosts.most_common(_NAMED)) or "none"
    )
    servers = [server.get("url") for server in contract.spec.document.get("servers", ())]
    counting = shown_name(url or "") or ", ".join(map(str, servers)) or "any server"
    labels = ", ".join(operation.label for operation in contract.operations)
    total = counted(traffic.entries, "entry", "entries")
    return (
        f"Nothing of {name} is about the contract: none of its {total} is {labels} at {counting}.\n"
        f"Its hosts: {hosts}. If one of them serves the contract, name its base URL with --url."
    )
