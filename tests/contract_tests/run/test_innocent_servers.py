"""Servers of other making that keep the contract in ways of their own: none is held to what no source promises."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.bodies import read_json
from contract_tests.exchange.credentials import RIGHT
from contract_tests.exchange.exchange import Record, Request
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.strict_json import has_large_integer
from contract_tests.judge.judge import judge
from contract_tests.judge.references import excuse_unknown_references
from contract_tests.plan.schedule import make_schedule
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.target.options import Options
from contract_tests.target.settings import read_fields
from contract_tests.target.target import make_target
from tests.conftest import TOKEN
from tests.support.exchanges import answer, sent
from tests.support.results import in_words
from tests.support.strict_server import AGENT, CREDENTIAL, make_strict_app
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from starlette.types import ASGIApp

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.plan.schedule import Schedule
    from contract_tests.result.result import Result
    from contract_tests.target.target import Target

NOBODY = Options(Path("contract-report"), "VOICEOS_TOKEN", 1, url="http://127.0.0.1:8000")
"""The options of a run against a server on this machine, of whose account nothing is known."""
PLACES = [f"/agent_config/{part}/credential_id" for part in ("voice", "language_model", "transcriber")]
KNOWN = replace(NOBODY, agent_id=AGENT, data=tuple((place, CREDENTIAL) for place in PLACES))
TOLERATED = {"documented_request_accepted", "undocumented_fields_accepted", "ignored_auth"}
"""Checks whose advice the strict server does not take."""


def target_of(options: Options) -> Target:
    return make_target(options, read_fields(), [])


def as_it_is(exchange: Exchange) -> Exchange:
    return exchange


def without_large_integers(exchange: Exchange) -> Exchange:
    """The exchange as with a reader of JSON that refuses integers beyond 2^53."""
    is_large = has_large_integer(read_json(exchange.request.body))
    return replace(exchange, response=answer({"error": "bad JSON"}, 400)) if is_large else exchange


def without_callers(exchange: Exchange) -> Exchange:
    """The exchange as with an account that does not have the number that calls."""
    is_call = exchange.is_accepted and exchange.request.method == "POST"
    return replace(exchange, response=answer({"detail": []}, 422)) if is_call else exchange


answers_by_options: dict[Options, tuple[Schedule, tuple[Exchange, ...]]] = {}


def answers_of_the_strict_server(contract: Contract, options: Options) -> tuple[Schedule, tuple[Exchange, ...]]:
    """Our own requests to the strict server, and their exchanges, made once for all tests with these options."""
    if options not in answers_by_options:
        schedule = make_schedule(
            contract,
            all_known_names=False,
            seed=options.seed,
            max_calls=options.max_calls,
            limits=target_of(options).limits,
        )
        app = make_strict_app(TOKEN)
        answers = zip(sent(app, *(each.request for each in schedule.requests)), schedule.requests, strict=True)
        exchanges = [replace(each, id=planned.id) for each, planned in answers]
        answers_by_options[options] = schedule, (*exchanges, *read_first(app, exchanges))
    return answers_by_options[options]


def read_first(app: ASGIApp, exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Reads the first conversation that a server began."""
    began = (read_json(each.response.body) for each in exchanges if each.is_accepted and each.response)
    return sent(app, Request("GET", f"/conversations/{next(began)['id']}", Headers([("Authorization", RIGHT)])))


def result_of_own_requests(
    contract: Contract, options: Options, change: Callable[[Exchange], Exchange] = as_it_is
) -> tuple[Result, tuple[Exchange, ...]]:
    """The result of our own requests to the strict server, and their exchanges. Nothing is sent over a network.

    `change` makes each exchange that of a server a little different.
    """
    target = target_of(options)
    schedule, answers = answers_of_the_strict_server(contract, options)
    exchanges = tuple(map(change, answers))
    judged = excuse_unknown_references(judge(contract, exchanges), target.limits.references)
    evidence = Evidence(Record(exchanges), tuple(judged), schedule=schedule)
    return conclude(contract, evidence, target, options, seconds=1), exchanges


def texts_sent(exchanges: tuple[Exchange, ...], name: str) -> set[str]:
    """The texts of a field, at any depth, in the accepted requests."""

    def walk(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of any type
        for key, value in node.items() if isinstance(node, dict) else enumerate(node if isinstance(node, list) else ()):
            yield from [value] if key == name and isinstance(value, str) else walk(value)

    return {text for each in exchanges if each.is_accepted for text in walk(read_json(each.request.body))}


@pytest.mark.slow
def test_a_strict_server_conforms_though_nothing_is_known_of_its_account(contract: Contract) -> None:
    result, exchanges = result_of_own_requests(contract, NOBODY)
    assert (result.verdict, [each for each in result.findings if not each.is_warning]) == ("conforms", [])
    assert {finding.check for finding in result.findings} == TOLERATED
    assert not texts_sent(exchanges, "agent_id") | texts_sent(exchanges, "credential_id")


@pytest.mark.slow
def test_values_that_only_its_account_could_have_are_withheld_with_the_option_to_give(contract: Contract) -> None:
    result, _ = result_of_own_requests(contract, NOBODY)
    (operation, *_) = contract.operations
    assert f"{operation.label}: agent_id: a text of the account (--agent-id ID gives it)" in in_words(result.withheld)
    for place in PLACES:
        assert any(f"(--data {place}=TEXT gives it)" in text for text in in_words(result.withheld))


@pytest.mark.slow
def test_values_that_the_options_give_are_tried(contract: Contract) -> None:
    result, exchanges = result_of_own_requests(contract, KNOWN)
    assert result.verdict == "conforms"
    assert texts_sent(exchanges, "agent_id") == {AGENT}
    assert texts_sent(exchanges, "credential_id") == {CREDENTIAL}
    assert not any("of the account" in text for text in in_words(result.withheld))


@pytest.mark.slow
def test_a_server_conforms_whose_reader_of_json_refuses_large_integers(contract: Contract) -> None:
    result, exchanges = result_of_own_requests(contract, NOBODY, without_large_integers)
    assert HTTPStatus.BAD_REQUEST in {each.response.status for each in exchanges if each.response}
    assert (result.verdict, [each for each in result.findings if not each.is_warning]) == ("conforms", [])
    # The status of such a refusal may be told apart, where the request is invalid besides.
    assert {finding.check for finding in result.findings} - {"status_code_conformance"} == TOLERATED


@pytest.mark.slow
def test_a_server_that_perhaps_does_not_know_the_caller_is_not_condemned(contract: Contract) -> None:
    result, _ = result_of_own_requests(contract, NOBODY, without_callers)
    assert (result.verdict, [each for each in result.findings if not each.is_warning]) == ("incomplete", [])
    option = "the account does not have what stands at /from_number; --from-number NUMBER gives what it has"
    assert result.reason
    assert result.reason.endswith(f" Perhaps {option}.")
    assert any(f"perhaps {option}" in text for text in in_words(result.untried))


@pytest.mark.slow
def test_a_server_that_refuses_the_caller_that_it_was_given_violates(contract: Contract) -> None:
    known = replace(NOBODY, from_number="+12025550142")
    assert result_of_own_requests(contract, known, without_callers)[0].verdict == "violates"


def test_the_plan_for_an_unknown_account_is_no_longer_than_for_the_mock(contract: Contract) -> None:
    planned, _ = answers_of_the_strict_server(contract, NOBODY)
    assert len([each for each in planned.all_valid if each.operation.costs]) <= 60


@pytest.mark.parametrize("seed", share_out(range(1, 21), slow=3))
def test_a_strict_server_conforms_with_each_seed(contract: Contract, seed: int) -> None:
    assert result_of_own_requests(contract, replace(NOBODY, seed=seed))[0].verdict == "conforms"


@pytest.mark.parametrize("options", share_out([NOBODY, KNOWN], slow=1), ids=["unknown account", "known account"])
def test_a_strict_server_conforms_to_a_whole_run(
    options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(options.token_env, TOKEN)
    with running(make_strict_app(TOKEN)) as url:
        wanted = replace(options, url=url, report_dir=tmp_path)
        result = run(target_of(wanted), wanted)
    assert (result.verdict, [each for each in result.findings if not each.is_warning]) == ("conforms", [])
