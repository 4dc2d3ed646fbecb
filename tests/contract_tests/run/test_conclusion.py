"""The result of a run, by what was sent and what was not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Record, Refusal, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.judge import judge
from contract_tests.judge.references import excuse_unknown_references
from contract_tests.judge.witness import hear_witness
from contract_tests.plan.schedule import UNPLANNED, make_schedule
from contract_tests.result.result import Coverage
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import when_accepted
from contract_tests.target.limits import Limits
from contract_tests.target.target import EMBEDDED_MOCK
from tests.conftest import TOKEN
from tests.support.exchanges import JSON, altering, answer, conforming, post, sent, write_contract
from tests.support.results import ELSEWHERE, HERE, OPTIONS, in_words, result_of
from tests.support.schedules import our_schedule
from tests.support.stock_checks import statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from starlette.types import ASGIApp

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.schedule import PlannedRequest
    from contract_tests.target.target import Target

TWO_OPERATIONS = """\
openapi: 3.1.0
info: {title: Two, version: 1.0.0}
paths:
  /one: {post: {requestBody: {$ref: '#/components/requestBodies/One'}, responses: {'200': {description: A}}}}
  /two: {post: {requestBody: {$ref: '#/components/requestBodies/One'}, responses: {'200': {description: A}}}}
components: {requestBodies: {One: {content: {application/json: {schema: {const: 1}}}}}}
"""
LATER = "run again later, or with a lower --max-calls or a longer --max-wait"
BUDGET = Refusal("budget", "no call is left")
NUMBERS = Refusal("numbers", "not listed")


def withheld(refusal: Refusal, purpose: str = "a request") -> Exchange:
    return Exchange(post(), id=purpose, refusal=refusal)


def test_requests_withheld_from_one_operation_say_nothing_of_another(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, TWO_OPERATIONS)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    planned = [each for each in schedule.all_valid if each.operation.label == "POST /one"]
    assert planned
    exchanges = [Exchange(each.request, id=each.id, refusal=NUMBERS) for each in planned]
    result = result_of(contract, *exchanges, schedule=schedule)
    assert in_words(result.withheld) == tuple(f"POST /one: {each.purpose} (not listed)" for each in planned)
    others = [f"POST /two: {each.purpose}" for each in schedule.all_valid if each not in planned]
    unproven = {text for text in in_words(result.untried) if text.endswith(" as planned)")}
    assert unproven == {f"{each} (it did not go out as planned)" for each in others}
    assert result.verdict == "incomplete"


def test_a_planned_request_that_went_out_is_tried(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, TWO_OPERATIONS)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    exchanges = [Exchange(each.request, answer(b""), each.id) for each in schedule.all_valid]
    assert result_of(contract, *exchanges, schedule=replace(schedule, invalid=())).untried == ()


@pytest.mark.parametrize("max_calls", [None, 1, 1_000])
def test_a_result_says_how_many_calls_would_be_enough_where_a_limit_cut_some_off(
    tmp_path: Path, max_calls: int | None
) -> None:
    contract = write_contract(tmp_path, TWO_OPERATIONS)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=max_calls)
    options = replace(OPTIONS, max_calls=max_calls)
    result = result_of(contract, withheld(BUDGET), schedule=schedule, options=options)
    assert result.enough_calls == (schedule.enough_calls if max_calls == 1 else None)
    assert max_calls is None or schedule.enough_calls


@pytest.mark.slow
def test_combinations_of_three_are_counted_by_what_went_out(contract: Contract) -> None:
    schedule = our_schedule(3)
    triples = next(iter(schedule.plans.values())).triples
    exchanges = [Exchange(each.request, answer(b""), each.id) for each in schedule.all_valid]
    whole = result_of(contract, *exchanges, schedule=schedule).combinations
    assert whole == Coverage(tried=triples.covered, total=triples.total)
    part = result_of(contract, exchanges[0], schedule=schedule).combinations
    assert part
    assert 0 < part.tried < whole.tried
    assert result_of(contract, *exchanges).combinations is None


@pytest.mark.parametrize(
    ("app", "verdict"), [(conforming(), "conforms"), (altering(status="live"), "violates")], ids=["mock", "broken"]
)
def test_findings_violate(contract: Contract, app: ASGIApp, verdict: str) -> None:
    assert result_of(contract, *sent(app, post())).verdict == verdict


@pytest.mark.parametrize(
    ("target", "is_strict", "verdict"),
    [(HERE, False, "violates"), (ELSEWHERE, False, "conforms"), (ELSEWHERE, True, "violates")],
)
def test_our_own_reading_violates_on_this_machine_and_where_that_is_asked_for(
    contract: Contract,
    target: Target,
    is_strict: bool,  # noqa: FBT001 - a row's column
    verdict: str,
) -> None:
    strict = replace(OPTIONS, strict=is_strict)
    result = result_of(contract, *sent(altering(type="web_call"), post()), options=strict, target=target)
    assert [finding.standing for finding in result.findings] == ["inferred"]
    assert result.verdict == verdict


@pytest.mark.parametrize(
    ("refusal", "verdict"),
    [(BUDGET, "incomplete"), (NUMBERS, "conforms"), (Refusal("protocol", "it names no host"), "conforms")],
)
def test_a_request_that_a_limit_cut_off_leaves_the_run_incomplete(
    contract: Contract, refusal: Refusal, verdict: str
) -> None:
    exchanges = [*sent(conforming(), post()), withheld(refusal), withheld(refusal)]
    result = result_of(contract, *exchanges)
    assert result.verdict == verdict
    assert in_words(result.untried + result.withheld) == (
        f"POST /conversations/create_phone_call: a request ({refusal.reason})",
    )
    assert bool(result.untried) == (verdict == "incomplete")


def test_where_nothing_was_found_an_obstacle_makes_the_target_untestable(contract: Contract) -> None:
    result = result_of(contract, *sent(conforming(), post()), obstacle="It went away.")
    assert (result.verdict, result.reason) == ("untestable", "It went away.")


def test_a_finding_stands_whatever_came_in_between(contract: Contract) -> None:
    result = result_of(contract, *sent(altering(uri=1), post()), obstacle="It went away.")
    assert result.verdict == "violates"


def test_requests_and_calls_are_counted(contract: Contract) -> None:
    accepted, refused = sent(conforming(), post(), post({}))
    preflight = replace(refused, is_preflight=True)
    result = result_of(
        contract, preflight, replace(accepted, may_have_rung=True), refused, withheld(BUDGET), reads=False
    )
    assert (result.requests, result.calls) == (3, 1)


@pytest.mark.parametrize(("name", "words"), [("staging", ["--token-env", "VOICEOS_TOKEN"]), (EMBEDDED_MOCK, [])])
def test_a_finding_has_a_command_that_shows_it_again(contract: Contract, name: str, words: list[str]) -> None:
    result = result_of(contract, *sent(altering(uri=1), post()), target=replace(HERE, name=name))
    file = str(OPTIONS.report_dir / "findings" / "1.json")
    assert result.findings[0].reproduce.split() == ["pytest", "contract_tests", "--replay", file, *words]


def test_the_command_names_the_secrets_that_schemes_have_of_their_own(contract: Contract) -> None:
    options = replace(OPTIONS, credential=(("user", "USER_SECRET"), ("key", "KEY")))
    result = result_of(contract, *sent(altering(uri=1), post()), target=HERE, options=options)
    assert result.findings[0].reproduce.endswith("--credential user=USER_SECRET --credential key=KEY")


def test_a_finding_of_the_witness_that_no_replay_shows_names_the_run_with_its_seed(contract: Contract) -> None:
    judged = hear_witness(
        judge(contract, [replace(call, id="1") for call in sent(conforming(), post())]), [statement("use_after_free")]
    )
    options = replace(OPTIONS, seed=7, max_calls=30)
    result = conclude(contract, Evidence(judged=tuple(judged)), HERE, options, seconds=1.0)
    words = ["pytest", "contract_tests", "--seed", "7", "--token-env", "VOICEOS_TOKEN", "--max-calls", "30"]
    assert result.findings[0].reproduce.split() == words


@pytest.mark.parametrize(
    ("status", "headers", "remedy"),
    [
        (429, JSON, LATER),
        (
            503,
            Headers([*JSON, ("Retry-After", "9")]),
            "run again later, or with a lower --max-calls or a longer --max-wait",
        ),
        (402, JSON, "top up the account"),
    ],
)
def test_a_request_that_the_server_puts_off_breaks_nothing_and_leaves_the_run_incomplete(
    contract: Contract, status: int, headers: Headers, remedy: str
) -> None:
    planned = our_schedule(1)
    exchanges = [Exchange(each.request, answer({"detail": "no"}, status, headers), each.id) for each in planned.valid]
    result = result_of(contract, *exchanges, schedule=planned)
    assert (result.verdict, result.findings) == ("incomplete", ())
    ending = f"(the server answered {status}: {remedy})"
    assert [
        text for text in in_words(result.untried) if f": {planned.valid[0].purpose}" in text and text.endswith(ending)
    ]


def test_a_request_that_was_sent_again_was_not_put_off(contract: Contract) -> None:
    first = Exchange(post(), answer({"detail": "busy"}, 429), "valid-1", again_after=2.0)
    schedule = replace(UNPLANNED, valid=our_schedule(1).valid[:1])
    result = result_of(contract, first, *answered(conforming(), schedule.valid), schedule=schedule)
    assert (result.verdict, result.untried, result.requests) == ("conforms", (), 3)


@pytest.mark.parametrize("status", [401, 404, 422, 500])
def test_a_server_that_refuses_every_valid_request_does_not_conform(contract: Contract, status: int) -> None:
    schedule = our_schedule(3)
    refusing = when_accepted(lambda _: True, Answer(status, {"detail": "No"}, {"www-authenticate": "Bearer"}))(TOKEN)
    some_of_each = (*schedule.all_valid, *schedule.invalid[::10])
    result = result_of(contract, *answered(refusing, some_of_each), schedule=schedule)
    assert result.verdict == "violates"


def test_an_operation_that_never_accepted_a_valid_request_is_told(contract: Contract) -> None:
    silent = Exchange(post(), answer({"detail": "busy"}, 429))
    result = result_of(contract, silent, silent)
    assert (result.verdict, result.findings) == ("incomplete", ())
    assert result.reason == (
        "POST /conversations/create_phone_call: no valid request was accepted (the server answered 429 2 times)."
    )


def test_an_operation_without_a_body_must_be_accepted_too(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {/a: {get: {}}}\n")
    assert result_of(contract).reason == "GET /a: no valid request was accepted."
    asked = Exchange(Request("GET", "/a"), Response(200))
    assert result_of(contract, asked).reason is None


def test_a_check_that_could_have_been_made_and_was_not_is_told(contract: Contract) -> None:
    schedule = our_schedule(2)
    result = result_of(contract, *answered(conforming(), schedule.valid), schedule=schedule)
    unmade = [text for text in in_words(result.untried) if text.startswith("the check ")]
    assert unmade == [
        f"the check {name} (no response could be judged by it)"
        for name in (
            *("invalid_request_refused", "malformed_json_refused", "undocumented_media_type_refused"),
            *("ignored_auth", "authorization_required", "unsupported_method"),
        )
    ]


def test_a_test_that_schemathesis_ended_for_want_of_calls_is_told(contract: Contract) -> None:
    evidence = Evidence(ended=(contract.operations[0].label,))
    result = conclude(contract, evidence, HERE, OPTIONS, seconds=1)
    (untried,) = in_words(result.untried)
    assert untried.endswith(": further requests of Schemathesis (no call is left, so Schemathesis was ended)")


def test_a_refusal_that_the_account_may_explain_is_told_with_the_option_to_give(contract: Contract) -> None:
    target = replace(HERE, limits=Limits(references={"/from_number": "--from-number NUMBER"}))
    schedule = our_schedule(1)
    refused = Exchange(schedule.valid[0].request, answer({"detail": []}, 422), "valid-1")
    (excused,) = excuse_unknown_references(judge(contract, [refused]), target.limits.references)
    evidence = Evidence(Record((refused,)), (excused,), purposes={"valid-1": "request 1"}, schedule=schedule)
    result = conclude(contract, evidence, target, OPTIONS, seconds=1)
    assert (result.verdict, result.findings) == ("incomplete", ())
    assert (
        f"{schedule.valid[0].operation.label}: request 1 (the server answered 422: "
        "perhaps the account does not have what stands at /from_number; "
        "--from-number NUMBER gives what it has)"
    ) in in_words(result.untried)


def answered(app: ASGIApp, planned: Sequence[PlannedRequest]) -> list[Exchange]:
    """The exchanges that an application makes of planned requests."""
    exchanges = sent(app, *(each.request for each in planned))
    return [replace(each, id=request.id) for each, request in zip(exchanges, planned, strict=True)]
