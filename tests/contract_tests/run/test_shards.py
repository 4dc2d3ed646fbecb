"""Runs that are divided: among workers, whose findings are those of one, and among shards, whose reports are merged.

The commands that users give are `--workers 8`, `--shard 1/2` with `--report-dir`, and `nox -s merge`.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.judge.judge import judge
from contract_tests.kills.in_process import send_all_in_process
from contract_tests.plan.following import Follower
from contract_tests.plan.schedule import make_schedule
from contract_tests.result.coverage import statements_of
from contract_tests.result.merging import merge_all
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.answer import Answer
from contract_tests.servers.any_spec import AnySpec, create_app
from contract_tests.target.credentials import Credentials
from contract_tests.target.limits import Limits
from contract_tests.target.options import Options, own_options
from contract_tests.target.shard import Shard
from contract_tests.target.target import Target
from scripts.benchmark.operations import make_spec
from tests.conftest import TOKEN
from tests.support.results import HERE

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.plan.schedule import Schedule
    from contract_tests.result.result import Result
    from contract_tests.servers.any_spec import Asked

OPERATIONS: Final = 4
SHARDS: Final = 2


class Lax(AnySpec):
    """A server that checks no body, and leaves out a field of the things that it shows."""

    def has_valid_body(self, _asked: Asked) -> bool:
        """Takes any body."""
        return True

    def accept(self, asked: Asked) -> Answer:
        """Answers without the name."""
        made = super().accept(asked)
        return made if asked.operation.method == "POST" else Answer(made.status, {"id": "1"})


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("spec") / "openapi.json"
    path.write_text(json.dumps(make_spec(OPERATIONS)))
    return path


def told(result: Result) -> list[tuple[object, ...]]:
    """Everything that a result's findings say, but for what the moment says in a response."""
    names = ("number", "key", "headline", "count", "exchanges", "sent_for", "due_to", "failures", "consequences")
    return [tuple(getattr(finding, name) for name in names) for finding in result.findings]


def run_with_workers(spec: Path, folder: Path, max_calls: int | None = None) -> tuple[Result, Result]:
    """The results of two runs against a lax server: with one worker, and with four."""

    def run_with(workers: int) -> Result:
        options = Options(folder / str(workers), seed=1, spec=spec, url=url, workers=workers, max_calls=max_calls)
        return run(Target("a lax server", url, TOKEN, Limits()), options)

    with running(create_app(Lax(read_contract(spec), TOKEN))) as url:
        return run_with(1), run_with(4)


@pytest.mark.slow
@pytest.mark.usefixtures("_without_schemathesis")
def test_workers_find_what_one_finds_and_spend_no_more(spec: Path, tmp_path: Path) -> None:
    one, several = run_with_workers(spec, tmp_path, max_calls=20)
    assert told(one)
    assert told(one) == told(several)
    assert (one.untried, one.withheld, one.requests) == (several.untried, several.withheld, several.requests)
    assert one.calls == several.calls == 20


@pytest.mark.nightly
def test_workers_find_what_one_finds_with_schemathesis(spec: Path, tmp_path: Path) -> None:
    one, several = run_with_workers(spec, tmp_path)
    assert told(one)
    assert told(one) == told(several)
    assert (one.requests, one.calls) == (several.requests, several.calls)


def run_in_process(spec: Path, server: AnySpec, shard: Shard | None) -> Result:
    """The result of a run without guard and engine."""
    contract, options = read_contract(spec), Options(seed=1, spec=spec, shard=shard, max_calls=200)
    max_calls = own_options(options, contract).max_calls
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=max_calls, shard=shard)
    judged = tuple(judge(contract, asyncio.run(_send(server, schedule))))
    purposes = {each.id: each.purpose for each in schedule.requests}
    return conclude(contract, Evidence(judged=judged, schedule=schedule, purposes=purposes), HERE, options, 1.0)


async def _send(server: AnySpec, schedule: Schedule) -> list[Exchange]:
    operations = server.contract.operations
    sending = send_all_in_process(
        create_app(server), schedule.requests, TOKEN, Follower(server.contract), Credentials(operations)
    )
    return [exchange async for exchange in sending]


@pytest.fixture(scope="module")
def whole_and_parts(spec: Path) -> tuple[Result, list[Result]]:
    """The result of a whole run against a lax server, and those of its shards."""
    server = Lax(read_contract(spec), TOKEN)
    shards = [Shard(number, SHARDS) for number in range(1, SHARDS + 1)]
    return run_in_process(spec, server, None), [run_in_process(spec, server, shard) for shard in shards]


@pytest.mark.slow
def test_a_shard_says_what_it_holds(whole_and_parts: tuple[Result, list[Result]]) -> None:
    _, parts = whole_and_parts
    held = [part.shards[0] for part in parts]
    assert [(each.number, each.of) for each in held] == [(1, 2), (2, 2)]
    assert held[0].operations == ("POST /things-1", "GET /things-1/{id}")
    assert sum(each.max_calls or 0 for each in held) == 200


@pytest.mark.slow
def test_shards_send_what_one_run_sends(whole_and_parts: tuple[Result, list[Result]]) -> None:
    whole, parts = whole_and_parts
    assert sum(part.requests for part in parts) == whole.requests


def test_merged_shards_find_what_one_run_finds(whole_and_parts: tuple[Result, list[Result]]) -> None:
    whole, parts = whole_and_parts
    merged = merge_all(parts)
    assert {each.key: each.count for each in merged.findings} == {each.key: each.count for each in whole.findings}
    assert merged.verdict == whole.verdict == "violates"


def test_merged_shards_tried_what_one_run_tried(whole_and_parts: tuple[Result, list[Result]]) -> None:
    whole, parts = whole_and_parts
    merged = merge_all(parts)
    tried = [(each.tried, each.kept) for each in statements_of(whole.contract)]
    assert [(each.tried, each.kept) for each in statements_of(merged.contract)] == tried
    assert merged.operations == whole.operations
    assert merged.checks == whole.checks


def test_shards_of_a_conforming_server_conform_together(spec: Path) -> None:
    server = AnySpec(read_contract(spec), TOKEN)
    parts = [run_in_process(spec, server, Shard(number, 2)) for number in (1, 2)]
    assert merge_all(parts).verdict == "conforms"
