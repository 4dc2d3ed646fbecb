"""Runs against servers of the documents under tests/zoo/, in process: what is sent, what is judged, what is found."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from contract_tests.contract.contract import read_contract
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import Judging
from contract_tests.kills.in_process import send_all_in_process
from contract_tests.plan.following import Follower
from contract_tests.plan.schedule import make_schedule
from contract_tests.run.completeness import find_untried, tally_operations
from contract_tests.run.evidence import Evidence
from contract_tests.servers.any_mock import AnyMock
from contract_tests.servers.any_spec import AnySpec, create_app
from contract_tests.servers.stateful import Stateful
from contract_tests.target.credentials import Credentials
from tests.conftest import ROOT, TOKEN

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.plan.schedule import Schedule
    from contract_tests.result.result import Finding

ZOO: Final = ROOT / "tests" / "zoo"
NAMES: Final = tuple(sorted(path.stem for path in ZOO.glob("*.yaml")))


@dataclass(frozen=True)
class ZooRun:
    """The outcome of a run: the findings that violate, and the gaps that keep it from `conforms`."""

    findings: tuple[Finding, ...]
    gaps: tuple[str, ...]


@cache
def contract_of(name: str) -> Contract:
    """The contract of a document of the zoo, for a target that has a secret for each scheme."""
    contract = read_contract(ZOO / f"{name}.yaml")
    return replace(contract, given=frozenset(each.name for made in contract.operations for each in made.schemes))


@cache
def schedule_of(name: str) -> Schedule:
    """The requests of a run by a document of the zoo."""
    return make_schedule(contract_of(name), all_known_names=False, seed=1, max_calls=None)


def run_against(name: str, server: AnySpec) -> ZooRun:
    """Sends the requests of a document to a server, and judges what comes back."""
    contract, schedule = contract_of(name), schedule_of(name)
    judged = tuple(Judging(contract).judge(asyncio.run(exchanges_with(name, server))))
    evidence = Evidence(
        judged=judged, schedule=schedule, purposes={each.id: each.purpose for each in schedule.requests}
    )
    complaints = (each.complaint for each in tally_operations(contract, evidence, {}))
    gaps = (*filter(None, complaints), *map(str, find_untried(contract, evidence, {})))
    findings = find_findings(contract, judged, Circumstances(str, evidence.purposes, warnings=frozenset(["advice"])))
    return ZooRun(tuple(each for each in findings if each.violates), gaps)


def conforming(name: str) -> AnySpec:
    """The server that conforms to a document: the mock that users have."""
    return AnyMock(contract_of(name), TOKEN)


def remembering(name: str) -> Stateful:
    """The server that conforms to a document, and remembers what it creates."""
    return Stateful(contract_of(name), TOKEN)


async def exchanges_with(name: str, server: AnySpec) -> list[Exchange]:
    """The exchanges of a run by a document with a server."""
    contract = contract_of(name)
    sending = send_all_in_process(
        create_app(server), schedule_of(name).requests, TOKEN, Follower(contract), Credentials(contract.operations)
    )
    return [exchange async for exchange in sending]
