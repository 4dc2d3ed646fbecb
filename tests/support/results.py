"""Results and findings of exchanges, without a run."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.exchange.exchange import Record
from contract_tests.judge.judge import judge
from contract_tests.result.baseline import Acceptance
from contract_tests.result.course import Timeline
from contract_tests.result.coverage import statements_of, with_statements
from contract_tests.result.merging import conclude_again
from contract_tests.result.part import decode_part, encode_part
from contract_tests.result.result import FindingFile
from contract_tests.result.scope import OF_ANOTHER_SHARD, LeftOut, explain_gaps
from contract_tests.run.conclusion import NOTHING_ACCEPTED, conclude
from contract_tests.run.evidence import Evidence
from contract_tests.target.options import Options
from contract_tests.target.target import Target
from spec.paths import SPEC
from tests.support.exchanges import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.plan.schedule import Schedule
    from contract_tests.result.result import Finding, Result

HERE: Final = Target("a test's server", "http://127.0.0.1:8000", "")
"""A target on this machine, where our own reading violates."""
ELSEWHERE: Final = Target("staging", "https://staging.example", "")
"""A target on another machine, where our own reading warns."""
ACCEPTANCE: Final = Acceptance(reason="mended next week", until=date(2026, 12, 31))
OPTIONS: Final = Options(Path("contract-report"), "VOICEOS_TOKEN", seed=1)


def result_of(  # noqa: PLR0913 - what a result depends on
    contract: Contract,
    *exchanges: Exchange,
    target: Target = HERE,
    options: Options = OPTIONS,
    obstacle: str | None = None,
    schedule: Schedule | None = None,
    accepted: Mapping[str, Acceptance] = NOTHING_ACCEPTED,
    reads: bool = True,
) -> Result:
    """The result of a run with these exchanges. Those that no schedule has were sent for what their id says.

    A run at this project's endpoints reads a conversation besides, last, unless it is not to.
    """
    if reads and contract.spec.path == SPEC and exchanges and not obstacle:
        exchanges = (*exchanges, read())
    record = Record(exchanges)
    purposes = {each.id: each.id or "a request" for each in exchanges}
    purposes |= {each.id: each.purpose for each in schedule.requests} if schedule else {}
    evidence = Evidence(record, tuple(judge(contract, record.sent)), obstacle, purposes, schedule=schedule)
    return conclude(contract, evidence, target, options, seconds=1.5, accepted=accepted)


def accepting(contract: Contract, *exchanges: Exchange, keys: Iterable[str] | None = None) -> Result:
    """The result of a run with these exchanges, where a baseline accepts the causes with some keys, or all."""
    found = [finding.key for finding in result_of(contract, *exchanges).findings]
    return result_of(contract, *exchanges, accepted=dict.fromkeys(found if keys is None else keys, ACCEPTANCE))


def without_places(contract: Contract, text: str) -> str:
    """The text with each line number of the spec as 1, and its version as 1.0.0: edits elsewhere change them."""
    return re.sub(r"(?<=openapi\.yaml:)\d+", "1", text.replace(contract.spec.document["info"]["version"], "1.0.0"))


def finding_file(contract: Contract, finding: Finding) -> FindingFile:
    """A finding as it is read from its file."""
    file = FindingFile(
        target=HERE.name,
        spec_version=contract.spec.document["info"]["version"],
        spec_sha256=contract.spec.sha256,
        finding=finding,
    )
    return decode_part(encode_part(file), FindingFile)


def nothing_of(result: Result) -> Result:
    """The result of a shard that sent nothing, in the same run."""
    counts = {"kept": 0, "not_judged": 0, "breaches": (), "findings": ()}
    untried = {"tried": 0, "kept": 0, "violated": 0, "findings": (), "gap": OF_ANOTHER_SHARD}
    statements = (structs.replace(each, **untried) for each in statements_of(result.contract))
    nothing = structs.replace(
        result,
        **dict.fromkeys(("requests", "calls", "seconds"), 0),
        **dict.fromkeys(("findings", "additions", "untried", "withheld", "operations", "shards", "pairs"), ()),
        checks=tuple(structs.replace(each, passed=0, failed=0) for each in result.checks),
        facts=tuple(structs.replace(each, **counts) for each in result.facts),
        combinations=None,
        obstacle=None,
        date="",
        url="",
        reports={},
        timeline=Timeline(),
        contract=with_statements(result.contract, statements),
        reason=explain_gaps(None, (), ()),
    )
    return conclude_again(nothing)


def in_words(things: Iterable[LeftOut]) -> tuple[str, ...]:
    """Things that were left out, as a report tells them."""
    return tuple(map(str, things))
