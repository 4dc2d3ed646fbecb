"""A recording held against the contract: nothing is sent, and the result is one as of a run."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import Record
from contract_tests.judge.judge import judge
from contract_tests.judge.references import excuse_unknown_references
from contract_tests.report.files import prepare_folder, write_result
from contract_tests.result.result import Reading, Result
from contract_tests.result.words import counted
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.run.masking import mask_result
from contract_tests.target.limits import Limits
from contract_tests.target.target import Target
from contract_tests.traffic.masking import TokenMask, find_tokens
from contract_tests.traffic.traffic import read_traffic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Part
    from contract_tests.judge.judge import Judged
    from contract_tests.target.options import Options
    from contract_tests.traffic.har import Entry
    from contract_tests.traffic.traffic import Traffic

_NAMED: Final = 5
_BODIES: Final[frozenset[Part]] = frozenset(("request body", "response body"))


def judge_recording(
    path: Path,
    entries: list[Entry | None],
    url: str | None,
    options: Options,
    references: Mapping[str, str] | None = None,
) -> Result:
    """Judges the exchanges of a recording that are about the contract, and writes the reports.

    `url` is the base URL of the server whose exchanges count, in place of the spec's servers. `references` are the
    places in a request of values that its account may not have, each with the option that names one.

    Raises:
        SpecError: the spec cannot be read.
        OSError: the reports cannot be written.
    """
    started = time.monotonic()
    contract, limits = read_contract(options.spec), Limits(references=references or {})
    prepare_folder(options.report_dir)
    traffic = read_traffic(contract, entries, url)
    obstacle = _find_obstacle(contract, traffic, len(entries), url)
    purposes = {exchange.id: exchange.id for exchange in traffic.exchanges}
    judged = tuple(excuse_unknown_references(judge(contract, traffic.exchanges), limits.references))
    evidence = Evidence(Record(tuple(traffic.exchanges)), judged, obstacle, purposes)
    target = Target(f"the recording {path.name}", ", ".join(traffic.bases), "", limits)
    result = conclude(contract, evidence, target, options, time.monotonic() - started)
    not_judged = traffic.not_judged + _count_excused(judged)
    reading = Reading(entries=len(entries), skipped=traffic.skipped, not_judged=not_judged)
    result = mask_result(result, contract, TokenMask(find_tokens(entries)))
    result = result.model_copy(update={"recording": reading, "reports": {}})
    write_result(options.report_dir, result)
    return result


def _count_excused(judged: Iterable[Judged]) -> Counter[str]:
    """How many refusals are not judged, by the reason."""
    return Counter(
        f"refused, perhaps because the account does not have what stands at {' or '.join(each.unknown)}"
        for each in judged
        if each.unknown
    )


def _find_obstacle(contract: Contract, traffic: Traffic, entries: int, url: str | None) -> str | None:
    """The reason why nothing can be said of a recording, for the user to read; None if something can."""
    if not traffic.exchanges:
        return _explain_nothing(contract, traffic, entries, url)
    if all(exchange.omitted >= _BODIES for exchange in traffic.exchanges):
        return (
            "The recording holds no body of the requests and responses that are about the contract, so that hardly "
            "anything could be judged.\nRecord it again, and have the recorder keep bodies."
        )
    return None


def _explain_nothing(contract: Contract, traffic: Traffic, entries: int, url: str | None) -> str:
    """The reason why a recording has nothing to judge."""
    if traffic.not_judged:
        return "The recording holds no response to the requests that are about the contract."
    hosts = ", ".join(f"{host} ({number})" for host, number in traffic.hosts.most_common(_NAMED)) or "none"
    servers = [server.get("url") for server in contract.spec.document.get("servers", ())]
    counting = url or ", ".join(map(str, servers)) or "any server"
    labels = ", ".join(operation.label for operation in contract.operations)
    total = counted(entries, "entry", "entries")
    return (
        f"Nothing of the recording is about the contract: none of its {total} is {labels} at {counting}.\n"
        f"Its hosts: {hosts}. If one of them serves the contract, name its base URL with --url."
    )
