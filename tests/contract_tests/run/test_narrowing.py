"""A planned request that fails is narrowed to the choices that matter."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import Judging
from contract_tests.kills.kill import TOKEN, catalogue
from contract_tests.run.narrowing import minimize, narrow_failures
from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import at, when_accepted
from tests.support.exchanges import answer, sent
from tests.support.schedules import our_schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Request
    from contract_tests.judge.judge import Judged
    from contract_tests.plan.schedule import Schedule
    from contract_tests.result.result import Finding
    from contract_tests.run.narrowing import Narrowed


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


def test_of_items_that_all_fail_one_is_left() -> None:
    assert len(minimize(range(9), lambda _items: True)) == 1


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return our_schedule()


@dataclass
class Narrowing:
    """The valid requests of a schedule, sent and judged, and the further ones that narrow their failures."""

    contract: Contract
    schedule: Schedule
    send: Callable[[Request], Exchange | None]
    """Gives None once nothing more is sent."""
    judged: list[Judged] = field(init=False)
    narrowed: Narrowed = field(init=False)

    def __post_init__(self) -> None:
        self._judging, self._numbers = Judging(self.contract), count(1)
        self.judged = list(self._judging.judge(self._planned()))
        self.narrowed = narrow_failures(self.contract, self.schedule, self.judged, self._attempt)

    def _planned(self) -> Iterator[Exchange]:
        for planned in self.schedule.valid:
            if exchange := self.send(planned.request):
                yield replace(exchange, id=planned.id)

    def _attempt(self, request: Request) -> Judged | None:
        exchange = self.send(request)
        further = exchange and replace(exchange, id=f"further-{next(self._numbers)}")
        return next(self._judging.judge([further])) if further else None

    def findings(self) -> tuple[Finding, ...]:
        """The findings of all requests."""
        judged = [*self.judged, *self.narrowed.further]
        purposes = {each.exchange.id: "further" for each in self.narrowed.further}
        return find_findings(self.contract, judged, Circumstances(str, purposes, self.narrowed.choices))


def narrow_fault(contract: Contract, schedule: Schedule, fault: str) -> Narrowing:
    """The narrowing of the failures that a broken server has."""
    app = catalogue()[fault].make_app(TOKEN)
    return Narrowing(contract, schedule, lambda request: sent(app, request, token=TOKEN)[0])


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
    contract: Contract, schedule: Schedule, fault: str, check: str, choices: set[str]
) -> None:
    findings = narrow_fault(contract, schedule, fault).findings()
    finding = next(finding for finding in findings if finding.check == check)
    assert {choice.words for choice in finding.due_to} == choices
    assert finding.example.sent == "further"
    assert len(finding.example.request.body) < 300  # the plainest request that shows it


@pytest.mark.slow
@pytest.mark.parametrize("status", [422, 500])
def test_requests_that_fail_alike_for_two_choices_are_two_findings(
    contract: Contract, schedule: Schedule, status: int
) -> None:
    app = when_accepted(
        lambda body: at(body, "agent_config.prompt") == "" or at(body, "agent_config.voice.provider") == "rime",
        Answer(status, {"detail": []}),
    )(TOKEN)
    narrowing = Narrowing(contract, schedule, lambda request: sent(app, request, token=TOKEN)[0])
    findings = {frozenset(choice.words for choice in each.due_to): each for each in narrowing.findings()}
    empty, rime = "agent_config.prompt: empty string", 'agent_config.voice(RimeVoice).provider: "rime"'
    assert {frozenset([empty]), frozenset([rime])} <= findings.keys()
    assert b'"prompt": ""' in findings[frozenset([empty])].example.request.content
    assert b'"rime"' in findings[frozenset([rime])].example.request.content


@pytest.mark.parametrize("fault", ["the answer has no phone call", "a call gets 201"])
def test_a_failure_of_every_request_is_not_narrowed(contract: Contract, schedule: Schedule, fault: str) -> None:
    assert narrow_fault(contract, schedule, fault).narrowed.further == []


def test_requests_that_do_not_fail_are_not_narrowed(contract: Contract, schedule: Schedule) -> None:
    assert narrow_fault(contract, schedule, "a wrong body gets 500").narrowed.further == []


@pytest.mark.parametrize("left", [0, 2])
def test_narrowing_ends_once_a_request_is_not_sent(contract: Contract, schedule: Schedule, left: int) -> None:
    app = catalogue()["temperature 2 refused"].make_app(TOKEN)
    calls = iter(range(len(schedule.valid) + left))
    asked_beyond = []

    def send(request: Request) -> Exchange | None:
        if next(calls, None) is None:
            asked_beyond.append(request)
            return None
        return sent(app, request, token=TOKEN)[0]

    narrowing = Narrowing(contract, schedule, send)
    assert len(narrowing.narrowed.further) == left
    assert len(asked_beyond) == 1
    assert narrowing.findings()


def narrow_the_first(contract: Contract, schedule: Schedule, statuses: Callable[[], int]) -> Narrowing:
    """The narrowing where the first planned request got 500, the others 200, and the further ones what is said."""
    planned = iter([500, *[200] * (len(schedule.valid) - 1)])
    app = catalogue()["a wrong body gets 500"].make_app(TOKEN)  # which takes valid bodies as the mock does

    def send(request: Request) -> Exchange:
        status = next(planned, None) or statuses()
        if status == 200:
            return sent(app, request, token=TOKEN)[0]
        return Exchange(request, answer({"detail": "boom"}, status))

    return Narrowing(contract, schedule, send)


@pytest.mark.slow
@pytest.mark.parametrize("luck", range(3))
def test_a_server_that_fails_at_random_takes_24_further_requests_at_most(
    contract: Contract, schedule: Schedule, luck: int
) -> None:
    fate = random.Random(luck)  # noqa: S311 - repeatable
    further = narrow_the_first(contract, schedule, lambda: fate.choice([200, 500])).narrowed.further
    assert 0 < len(further) <= 24


def test_choices_that_another_request_had_without_failing_are_not_named(contract: Contract, schedule: Schedule) -> None:
    """A server that gets worse in the middle of a run fails every further request, whatever its choices are."""
    narrowed = narrow_the_first(contract, schedule, lambda: 500).narrowed
    assert narrowed.further
    assert narrowed.choices == {}


@pytest.mark.slow
def test_a_further_request_that_fails_in_another_way_is_a_finding_of_its_own(
    contract: Contract, schedule: Schedule
) -> None:
    narrowed = narrow_the_first(contract, schedule, lambda: 503).narrowed
    assert narrowed.further
    for judged in narrowed.further:
        assert {"not_a_server_error", "status_code_conformance"} <= {failure.check for failure in judged.failures}
    assert narrowed.choices == {}
