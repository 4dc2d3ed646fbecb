"""Rules that earlier exchanges decide on, in runs and in recordings alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.judge import Judging, judge
from contract_tests.judge.memory import BriefMemory, WholeMemory
from contract_tests.judge.stream import Stream
from tests.contract_tests.judge.checks.test_rules import OVER_TIME
from tests.support.exchanges import answer, call, read

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

ENDED = {"status": "ended", "started_at": "2026-01-31T09:30:00Z", "ended_at": "2026-01-31T09:31:00Z"}
COST = {"cost_breakdown": {"total": 1}}


def in_state(status: str, identifier: str = "1") -> Exchange:
    """A conversation that is read in a state."""
    fields: dict[str, Any] = {"status": status, **(ENDED if status == "ended" else {})}
    return read(identifier, **fields)


def missing(identifier: str = "1") -> Exchange:
    return Exchange(read(identifier).request, answer({"detail": "No such conversation"}, 404))


def broken(contract: Contract, *exchanges: Exchange) -> list[tuple[int, str]]:
    """The rules over time that exchanges break, with their places; the same by a run's judge and by a recording's."""
    numbered = [
        replace(each, id=str(place), omitted=frozenset(["credentials"])) for place, each in enumerate(exchanges)
    ]
    found = [(int(each.exchange.id), failure.check) for each in judge(contract, numbered) for failure in each.failures]
    stream = Stream(contract)
    for each in numbered:
        stream.judge(each)
    told = [(int(each.exchange.id), failure.check) for each in stream.judged() for failure in each.failures]
    assert found == told
    return [(place, check) for place, check in found if check in OVER_TIME]


@pytest.mark.parametrize(
    "states", [["queued", "started", "ended", "ended"], ["ended", "ended"], ["queued", "queued", "ended"]]
)
def test_a_conversation_may_go_forward_or_stay(contract: Contract, states: list[str]) -> None:
    assert broken(contract, call(), *map(in_state, states)) == []


@pytest.mark.parametrize(
    ("states", "rule"),
    [
        (["ended", "started"], "ended_for_good"),
        (["ended", "queued"], "ended_for_good"),
        (["queued", "started", "queued"], "started_for_good"),
    ],
)
def test_a_conversation_must_not_go_back(contract: Contract, states: list[str], rule: str) -> None:
    assert broken(contract, call(), *map(in_state, states)) == [(len(states), rule)]


def test_of_exchanges_under_way_at_once_nobody_knows_which_came_first(contract: Contract) -> None:
    reads = [replace(in_state("ended"), at=2.0), replace(in_state("started"), at=1.0)]
    assert broken(contract, call(), *reads) == []
    assert broken(contract, call(), reads[0], replace(reads[1], at=3.0)) == [(2, "ended_for_good")]


def test_the_state_that_the_call_was_answered_counts(contract: Contract) -> None:
    assert broken(contract, call(status="started"), in_state("queued")) == [(1, "started_for_good")]


def test_each_conversation_has_a_state_of_its_own(contract: Contract) -> None:
    assert broken(contract, in_state("ended", "1"), in_state("started", "2"), in_state("ended", "1")) == []


def test_a_conversation_that_was_begun_must_be_found(contract: Contract) -> None:
    assert broken(contract, call(), missing()) == [(1, "conversation_found")]
    assert broken(contract, missing(), call()) == []
    assert broken(contract, call(), missing("another")) == []


def test_the_conversation_is_the_one_that_was_asked_for(contract: Contract) -> None:
    asked = read("1")
    assert asked.response
    assert broken(contract, replace(asked, response=read("2").response)) == [(0, "conversation_asked_for")]


def test_the_exchange_that_it_takes_before_is_told(contract: Contract) -> None:
    begun = replace(call(), id="begun")
    failures = {each.check: each for judged in judge(contract, [begun, missing()]) for each in judged.failures}
    assert failures["conversation_found"].earlier == (begun,)


def test_other_exchanges_in_between_are_judged_quickly_and_remembered(contract: Contract) -> None:
    calls = [call(id=str(number)) for number in range(9)]
    assert broken(contract, *calls, missing("8")) == [(9, "conversation_found")]


@pytest.mark.parametrize("memory", [WholeMemory(), BriefMemory()])
def test_a_memory_keeps_the_last_value_of_a_text(memory: WholeMemory | BriefMemory) -> None:
    first, second = replace(call(), id="1"), replace(call(), id="2")
    assert memory.last(("topic", "a")) is None
    memory.keep(("topic", "a"), "queued", first.id, lambda: first)
    memory.keep(("topic", "a"), "ended", second.id, lambda: second)
    assert memory.last(("topic", "a")) == ("ended", second)
    assert memory.last(("another topic", "a")) is None


def test_parts_of_a_record_are_one(contract: Contract) -> None:
    judging = Judging(contract)
    assert list(judging.judge([call()]))
    (judged,) = judging.judge([missing()])
    assert "conversation_found" in {failure.check for failure in judged.failures}
