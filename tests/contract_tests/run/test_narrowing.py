"""A planned request that fails is narrowed to the choices that matter."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.exchange.exchange import Exchange, Failure, Request, Response
from contract_tests.kills.kill import TOKEN, catalogue
from contract_tests.plan.schedule import describe_planned, make_schedule
from contract_tests.run.narrowing import minimize, narrow_failures
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.target.options import Options
from contract_tests.target.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result

OPTIONS = Options(Path(), "VOICEOS_TOKEN", seed=1)


@given(st.sets(st.integers(0, 40), min_size=1, max_size=3), st.integers(41, 60))
def test_minimizing_leaves_what_matters_and_nothing_else(culprits: set[int], total: int) -> None:
    assert set(minimize(range(total), lambda items: culprits <= set(items))) == culprits


@given(st.integers(1, 40), st.data())
def test_one_culprit_among_many_takes_a_handful_of_tries(total: int, data: st.DataObject) -> None:
    culprit = data.draw(st.integers(0, total - 1))
    tries = 0

    def fails(items: Sequence[int]) -> bool:
        nonlocal tries
        tries += 1
        return culprit in items

    assert list(minimize(range(total), fails)) == [culprit]
    assert tries <= 12


def test_what_always_fails_is_one_item_in_the_end() -> None:
    assert len(minimize(range(9), lambda _items: True)) == 1


def run_against(name: str, report_dir: Path, max_calls: int | None = None) -> Result:
    options = Options(report_dir, "VOICEOS_TOKEN", seed=1, fuzzing=False, all_known_names=False, max_calls=max_calls)
    with running(catalogue()[name].make_app(TOKEN)) as url:
        return run(Target("a test's server", url, TOKEN), options)


@pytest.mark.parametrize(
    ("fault", "check", "choices"),
    [
        (
            "a request without RimeVoice.speaker refused",
            "documented_request_accepted",
            {"agent_config.voice(RimeVoice).speaker: absent"},
        ),
        (
            "temperature 2 refused",
            "documented_request_accepted",
            {"agent_config.language_model.temperature: maximum 2"},
        ),
        ("null for a voice breaks the connection", "answers_every_request", {"agent_config.voice: null"}),
        ("an empty prompt crashes", "not_a_server_error", {"agent_config.prompt: empty string"}),
        (
            "voice and transcriber by Azure crash",
            "not_a_server_error",
            {
                'agent_config.transcriber(AzureTranscriber).provider: "azure"',
                'agent_config.voice(AzureVoice).provider: "azure"',
            },
        ),
        (
            "an answer without account_id for a voice by Azure",
            "response_schema_conformance",
            {'agent_config.voice(AzureVoice).provider: "azure"'},
        ),
    ],
)
def test_a_finding_names_the_choices_that_it_is_due_to(
    tmp_path: Path, fault: str, check: str, choices: set[str]
) -> None:
    result = run_against(fault, tmp_path)
    finding = next(finding for finding in result.findings if finding.check == check)
    assert set(finding.choices) == choices
    assert finding.sent == "a further request, to narrow a failure"
    assert len(finding.request.body) < 300  # the plainest request that shows it


def test_what_every_request_fails_at_is_not_narrowed(tmp_path: Path) -> None:
    result = run_against("the answer has no phone call", tmp_path)
    assert not any(finding.choices for finding in result.findings)


def test_narrowing_stays_within_the_calls_that_are_left(tmp_path: Path) -> None:
    result = run_against("temperature 2 refused", tmp_path, max_calls=57)
    assert result.verdict == "violates"
    assert result.calls <= 57


def narrowed(contract: Contract, statuses: Callable[[], int]) -> list[Exchange]:
    """The further requests, where the first planned one got 500, all others 200, and the further ones what is said."""
    (operation,) = contract.operations
    schedule = make_schedule(contract, OPTIONS, TOKEN)
    (plan,) = schedule.plans.values()

    def answer(description: str, body: object, status: int) -> Exchange:
        failures = (Failure("not_a_server_error", "Server error", ""),) if status == 500 else ()
        request = Request("POST", "http://server", (), json.dumps(body).encode())
        response = Response(status, (("content-type", "application/json"),), b"{}")
        return Exchange(operation.label, "positive", description, request, response, failures=failures)

    planned = [
        answer(describe_planned(number, len(plan.bodies)), body.body, 500 if number == 1 else 200)
        for number, body in enumerate(plan.bodies, 1)
    ]
    send = lambda _, body: answer("further", body, statuses())  # noqa: E731 - it fits a line
    return list(narrow_failures(contract, schedule, planned, send))


@pytest.mark.parametrize("luck", range(5))
def test_a_server_that_fails_at_random_takes_24_further_requests_at_most(contract: Contract, luck: int) -> None:
    fate = random.Random(luck)  # noqa: S311 - repeatable
    assert 0 < len(narrowed(contract, lambda: fate.choice([200, 500]))) <= 24


def test_a_further_request_that_fails_in_another_way_is_a_finding_of_its_own(contract: Contract) -> None:
    further = narrowed(contract, lambda: 503)
    assert further
    for exchange in further:
        assert {"not_a_server_error", "status_code_conformance"} <= {failure.check for failure in exchange.failures}
        assert not exchange.choices
