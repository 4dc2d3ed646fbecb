"""The result of a run, by what was sent and what was not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.exchange import Exchange, Record, Refusal
from contract_tests.judge.judge import judge
from contract_tests.plan.schedule import make_schedule
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.target.options import Options
from contract_tests.target.target import EMBEDDED_MOCK, Target
from tests.support.exchanges import altering, answer, conforming, post, sent, write_contract

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result

TWO_OPERATIONS = """\
openapi: 3.1.0
info: {title: Two, version: 1.0.0}
paths:
  /one: {post: {requestBody: {$ref: '#/components/requestBodies/One'}, responses: {'200': {description: A}}}}
  /two: {post: {requestBody: {$ref: '#/components/requestBodies/One'}, responses: {'200': {description: A}}}}
components: {requestBodies: {One: {content: {application/json: {schema: {const: 1}}}}}}
"""
HERE = Target("a test's", "http://127.0.0.1:1", "")
ELSEWHERE = Target("staging", "https://staging.example", "")
BUDGET = Refusal("budget", "no call is left")
NUMBERS = Refusal("numbers", "not listed")


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(tmp_path, "VOICEOS_TOKEN", seed=1)


def concluded(
    contract: Contract, options: Options, *exchanges: Exchange, target: Target = HERE, **evidence: Any
) -> Result:
    record = Record(exchanges)
    return conclude(contract, Evidence(record, tuple(judge(contract, record.sent)), **evidence), target, options, 1.0)


def withheld(refusal: Refusal, purpose: str = "a request") -> Exchange:
    return Exchange(post(), refusal=refusal, purpose=purpose)


def test_what_one_operation_is_not_sent_says_nothing_of_another(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, TWO_OPERATIONS)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    planned = [each for each in schedule.valid if each.operation.label == "POST /one"]
    assert planned
    exchanges = [Exchange(each.request, id=each.id, purpose=each.purpose, refusal=NUMBERS) for each in planned]
    options = Options(tmp_path, "X", seed=1)
    result = concluded(contract, options, *exchanges, schedule=schedule)
    assert result.withheld == tuple(f"{each.purpose} (not listed)" for each in planned)
    assert result.untried == tuple(f"{each.purpose} (it did not go out as planned)" for each in planned)
    assert result.verdict == "incomplete"


def test_a_planned_request_that_went_out_is_tried(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, TWO_OPERATIONS)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    exchanges = [Exchange(each.request, answer(b""), each.id) for each in schedule.valid]
    assert concluded(contract, Options(tmp_path, "X", seed=1), *exchanges, schedule=schedule).untried == ()


@pytest.mark.parametrize(
    ("app", "verdict"), [(conforming(), "conforms"), (altering(status="live"), "violates")], ids=["mock", "broken"]
)
def test_findings_violate(contract: Contract, options: Options, app: ASGIApp, verdict: str) -> None:
    assert concluded(contract, options, *sent(app, post())).verdict == verdict


@pytest.mark.parametrize(
    ("target", "is_strict", "verdict"),
    [(HERE, False, "violates"), (ELSEWHERE, False, "conforms"), (ELSEWHERE, True, "violates")],
)
def test_our_own_reading_violates_on_this_machine_and_where_that_is_asked_for(
    contract: Contract,
    options: Options,
    target: Target,
    is_strict: bool,  # noqa: FBT001 - a row's column
    verdict: str,
) -> None:
    strict = replace(options, strict=is_strict)
    result = concluded(contract, strict, *sent(altering(type="web_call"), post()), target=target)
    assert [finding.standing for finding in result.findings] == ["inferred"]
    assert result.verdict == verdict


@pytest.mark.parametrize(
    ("refusal", "verdict"),
    [(BUDGET, "incomplete"), (NUMBERS, "conforms"), (Refusal("protocol", "it names no host"), "conforms")],
)
def test_a_request_that_a_limit_cut_off_leaves_the_run_incomplete(
    contract: Contract, options: Options, refusal: Refusal, verdict: str
) -> None:
    exchanges = [*sent(conforming(), post()), withheld(refusal), withheld(refusal)]
    result = concluded(contract, options, *exchanges)
    assert result.verdict == verdict
    assert result.untried + result.withheld == (f"a request ({refusal.reason})",)
    assert bool(result.untried) == (verdict == "incomplete")


def test_where_nothing_was_found_an_obstacle_makes_the_target_untestable(contract: Contract, options: Options) -> None:
    result = concluded(contract, options, *sent(conforming(), post()), obstacle="It went away.")
    assert (result.verdict, result.reason) == ("untestable", "It went away.")


def test_a_finding_stands_whatever_came_in_between(contract: Contract, options: Options) -> None:
    result = concluded(contract, options, *sent(altering(uri=1), post()), obstacle="It went away.")
    assert result.verdict == "violates"


def test_requests_and_calls_are_counted(contract: Contract, options: Options) -> None:
    accepted, refused = sent(conforming(), post(), post({}))
    preflight = replace(refused, id="preflight-1")
    result = concluded(contract, options, preflight, replace(accepted, may_have_rung=True), refused, withheld(BUDGET))
    assert (result.requests, result.calls) == (2, 1)


@pytest.mark.parametrize(("name", "words"), [("staging", ["--token-env", "VOICEOS_TOKEN"]), (EMBEDDED_MOCK, [])])
def test_a_finding_has_a_command_that_shows_it_again(
    contract: Contract, options: Options, name: str, words: list[str]
) -> None:
    result = concluded(contract, options, *sent(altering(uri=1), post()), target=replace(HERE, name=name))
    file = str(options.report_dir / "findings" / "1.json")
    assert result.findings[0].reproduce.split() == ["pytest", "contract_tests", "--replay", file, *words]
