"""A dry run counts and names the requests of a run. A run whose plan `--max-calls` cuts short is incomplete."""

from __future__ import annotations

import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from contract_tests.plan import schedule
from contract_tests.plan.schedule import make_schedule
from contract_tests.result.part import decode_part
from contract_tests.result.result import Result
from contract_tests.result.words import counted
from contract_tests.run.dry_run import DryRun, describe_body, describe_dry_run, find_unplanned, make_dry_run
from contract_tests.runtime import child
from contract_tests.target.options import Options
from contract_tests.task import TaskError, read_task
from tests.conftest import ROOT
from tests.support.commands import Finished, finish
from tests.support.exchanges import conforming, sent, write_contract
from tests.support.results import in_words, result_of
from tests.support.schedules import our_schedule, share_plans
from tests.support.silent_engine import leave_schemathesis_out
from tests.support.terminal import as_golden

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.schedule import PlannedRequest, Schedule
    from tests.support.golden import Golden

LABEL = "POST /conversations/create_phone_call"
INCOMPLETE = 8
FLAGS = ("--dry-run", "--max-calls=3", "--seed=1", "--no-all-known-names")


@pytest.fixture(scope="module")
def dry_run(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The command in this process, and without the requests of Schemathesis."""
    said, folder = StringIO(), tmp_path_factory.mktemp("dry-run")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.chdir(ROOT)
        patch.setattr(child, "start_early", lambda _: None)
        leave_schemathesis_out(patch)
        share_plans(patch)
        code = pytest.main(["contract_tests", "-p", "no:cacheprovider", f"--report-dir={folder / 'reports'}", *FLAGS])
    return Finished(int(code), said.getvalue(), folder / "reports")


def test_a_dry_run_is_told(golden: Golden, contract: Contract, dry_run: Finished) -> None:
    assert dry_run.code == 0, dry_run.said
    golden("contract/dry-run", as_golden(contract, dry_run.said))


def test_a_dry_run_counts_the_requests_of_a_run(dry_run: Finished) -> None:
    planned = our_schedule(3)
    assert counts(dry_run) == (len(planned.all_valid), 1 + len(planned.invalid))  # the preflight is invalid too
    assert len([each for each in planned.all_valid if each.operation.costs]) == 3


def paid(schedule: Schedule) -> list[PlannedRequest]:
    """The valid requests, each of which may be a call."""
    return [request for request in schedule.all_valid if request.operation.costs]


def counts(dry_run: Finished) -> tuple[int, int]:
    """How many valid requests and how many invalid ones a dry run tells."""
    told = re.match(r"(\d+) valid requests, (\d+) invalid ones", dry_run.last_line)
    assert told
    return int(told[1]), int(told[2])


@pytest.mark.nightly
def test_a_dry_run_counts_the_requests_of_schemathesis_too(tmp_path: Path) -> None:
    valid, invalid = counts(finish(tmp_path, *FLAGS, token=None))
    planned = our_schedule(3)
    assert valid == len(planned.all_valid)
    assert invalid >= len(planned.invalid) + 200


def test_a_dry_run_plans_each_operation_once(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_schemathesis_out(monkeypatch)
    share_plans(monkeypatch)
    planning = Mock(wraps=vars(schedule)["plan_operation"])
    monkeypatch.setattr(schedule, "plan_operation", planning)
    made = make_dry_run(Options(seed=1, max_calls=3, all_known_names=False))
    assert [call.args[1] for call in planning.call_args_list] == [*contract.operations]
    assert made.invalid == 1 + len(made.schedule.invalid)  # the preflight is invalid too


def test_a_dry_run_writes_no_report(dry_run: Finished) -> None:
    assert dry_run.last_line.endswith("; nothing was sent")
    assert not dry_run.reports.exists()


def test_each_valid_request_is_told_with_the_choices_that_it_is_the_first_to_try() -> None:
    planned = our_schedule(3)
    lines = describe_dry_run(DryRun(planned, invalid=700)).splitlines()
    assert lines[0] == f"{LABEL}: 3 valid requests, each of which may be a call"
    assert lines[1].startswith("    1  CreateCall: ")
    triples = planned.plans[LABEL].triples
    assert lines[4] == f"combinations of three choices that shape a request: {triples.covered} of {triples.total}"
    assert lines[5] == "left out by --max-calls:"
    assert lines[6] == f"       {planned.plans[LABEL].untried[0]}"
    total = counted(len(planned.all_valid), "valid request")
    assert lines[-1] == f"{total}, 700 invalid ones, which a conforming server turns away; nothing was sent"


def test_requests_that_no_body_of_the_plan_is_new_in_are_told_by_their_purpose() -> None:
    planned = our_schedule()
    said = describe_dry_run(DryRun(planned, invalid=700))
    assert f"{LABEL}: {len(paid(planned))} valid requests" in said
    assert "  the second of two requests at once\n" in said


TWO = """\
openapi: 3.1.0
info: {title: Two, version: 1.0.0}
paths:
  /a: {get: {}}
  /b: {post: {requestBody: {$ref: '#/components/requestBodies/B'}}}
  /c: {post: {requestBody: {$ref: '#/components/requestBodies/B'}}}
components:
  requestBodies:
    B: {content: {application/json: {schema: {type: object, properties: {k: {enum: [x, y]}}, not: {minProperties: 9}}}}}
"""


def test_it_names_what_no_request_of_ours_is_made_for(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, TWO)
    made = make_schedule(contract, all_known_names=False, seed=1, max_calls=1)
    unplanned = tuple(find_unplanned(contract, made))
    schema = "/components/requestBodies/B/content/application~1json/schema"
    assert unplanned == (
        f"breaking {schema}/not: that is left to Schemathesis",
        "POST /c: no call is left for it",
    )
    told = describe_dry_run(DryRun(made, 0, unplanned=unplanned)).splitlines()
    assert told[-4:-1] == ["no request of ours is made for:", *(f"       {each}" for each in unplanned)]


def test_a_request_without_a_body_is_told_by_its_method_and_target(tmp_path: Path) -> None:
    made = make_schedule(write_contract(tmp_path, TWO), all_known_names=False, seed=1, max_calls=1)
    told = describe_dry_run(DryRun(made, 0), with_bodies=True).splitlines()
    assert "       GET /a" in told
    assert "       " not in told


@pytest.mark.parametrize("max_calls", [1, 1000, *(pytest.param(calls, marks=pytest.mark.slow) for calls in (2, 3, 6))])
def test_it_tells_each_body_on_demand_with_any_limit(max_calls: int) -> None:
    made = our_schedule(max_calls)
    told = describe_dry_run(DryRun(made, 0), with_bodies=True)
    assert not [planned for planned in made.requests if describe_body(planned.request.body) not in told]
    assert f"{LABEL}: {counted(len(paid(made)), 'valid request')}, each of which may be a call\n" in told


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"a": ["\\u00fc", 1.5, null]}', '{"a": ["ü", 1.5, null]}'),
        (b'{"a": "%s"}' % (b"x" * 5000), f'{{"a": "{"x" * 100}… (5000 characters)"}}'),
        (b"\xff{", "\\xff{"),
        (b'"\\ud800"', '"\\ud800"'),
        (b"", ""),
    ],
)
def test_a_body_is_shown_for_people(body: bytes, shown: str) -> None:
    assert describe_body(body) == shown


@pytest.mark.slow
def test_a_plan_cut_short_is_incomplete(contract: Contract) -> None:
    planned = our_schedule(6)
    exchanges = sent(conforming(), *(each.request for each in planned.all_valid))
    numbered = (replace(each, id=request.id) for each, request in zip(exchanges, planned.all_valid, strict=True))
    result = result_of(contract, *numbered, schedule=planned)
    assert result.verdict == "incomplete"
    assert set(in_words(result.untried)) >= {f"{LABEL}: {choice}" for choice in planned.plans[LABEL].untried}


@pytest.mark.nightly
def test_a_run_whose_plan_is_cut_short_is_incomplete(tmp_path: Path) -> None:
    done = finish(tmp_path, "--max-calls=6", "--seed=1", token=None)
    assert done.code == INCOMPLETE, done.said
    assert "cut off: " in done.said
    assert done.last_line.startswith("incomplete: the embedded mock; ")
    result = decode_part((done.reports / "result.json").read_bytes(), Result)
    assert result.calls == 6  # at the end, valid requests get what invalid ones left of their share
    assert result.untried


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_limit_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(TaskError, match=re.escape(f"--max-calls: {value!r} is not a whole number above 0")):
        read_task({"max_calls": value, "dry_run": True})
