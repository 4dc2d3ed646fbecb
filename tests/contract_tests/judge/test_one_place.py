"""Failures of many statements that come from one place of a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge
from contract_tests.judge.one_place import Part, find_unchecked
from tests.support.exchanges import CALL, answer, conforming, post, sent

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.judge.one_place import Way
    from contract_tests.result.result import Finding

NAMES = st.sampled_from("abc")
WAYS = st.lists(NAMES, max_size=3).map(tuple)


@given(st.dictionaries(WAYS, st.sets(st.integers(0, 3).map(str), min_size=1), max_size=8), st.lists(WAYS, max_size=4))
def test_no_part_counts_as_unchecked_where_something_was_refused(
    accepted: dict[Way, set[str]], refused: list[Way]
) -> None:
    for part in find_unchecked(accepted, refused):
        assert not any(part.holds(way) for way in refused)
        assert len({statement for way, made in accepted.items() if part.holds(way) for statement in made}) > 1


@given(st.dictionaries(WAYS, st.sets(st.integers(0, 3).map(str), min_size=1), max_size=8), st.lists(WAYS, max_size=4))
def test_no_place_is_of_two_parts(accepted: dict[Way, set[str]], refused: list[Way]) -> None:
    parts = find_unchecked(accepted, refused)
    assert all(sum(part.holds(way) for part in parts) <= 1 for way in accepted)


@pytest.mark.parametrize(
    ("refused", "parts"),
    [
        ([], [Part((), is_inside=True)]),
        ([("a",)], [Part(("b",), is_inside=True)]),
        ([("b",)], [Part(("b",), is_inside=True)]),
        ([("b", "c")], []),
        ([("b", "d")], []),
    ],
)
def test_an_unchecked_part_is_as_large_as_no_refusal_speaks_against_it(refused: list[Way], parts: list[Part]) -> None:
    accepted: dict[Way, set[str]] = {("a",): {"type"}, ("b", "c"): {"type"}, ("b", "d"): {"minimum"}}
    assert find_unchecked(accepted, refused) == parts


def test_one_statement_is_no_part() -> None:
    assert find_unchecked({("a",): {"type"}}, []) == []


CONFIGURED = [
    {"voice": {"provider": "playht", "speed": 9}},
    {"voice": {"provider": "playht", "temperature": 9}},
    {"language_model": {"provider": "openai", "max_tokens": "many"}},
    {"metadata": {"a": 1}},
]


def accepting(contract: Contract, *bodies: object) -> tuple[Finding, ...]:
    """The findings of a server that accepts these bodies, and turns others away as it should."""
    accepted = [Exchange(post(body), sent(conforming(), post())[0].response) for body in bodies]
    refused = sent(conforming(), post(CALL | {"from_number": None}), post(CALL | {"agent_config": []}), post({}))
    return find_findings(contract, judge(contract, [*accepted, *refused]), Circumstances(str))


def test_a_part_of_the_body_that_is_not_checked_is_one_finding(contract: Contract) -> None:
    (finding,) = accepting(contract, *(CALL | {"agent_config": config} for config in CONFIGURED))
    assert finding.headline == "Nothing inside agent_config is checked: 4 requests with wrong values were accepted"
    assert finding.pointer == "/components/schemas/CreateCall/properties/agent_config"
    assert len(finding.failures) == 4


def test_a_value_that_is_not_checked_at_all_is_one_finding(contract: Contract) -> None:
    wrong = [{"provider": "playht", "speed": speed} for speed in (9, -1, "fast")]
    (finding,) = accepting(contract, *(CALL | {"agent_config": {"voice": voice}} for voice in wrong))
    assert finding.headline.startswith("Nothing of agent_config.voice.speed is checked")
    assert finding.pointer == "/components/schemas/PlayhtVoice/properties/speed"


def test_one_statement_that_is_not_checked_is_told_by_itself(contract: Contract) -> None:
    (finding,) = accepting(contract, CALL | {"agent_config": CONFIGURED[0]})
    assert finding.headline == (
        "A request is accepted that is wrong at agent_config.voice.speed: 9 is greater than the maximum of 5"
    )


def test_scalars_of_other_types_are_one_finding_wherever_they_are_taken(contract: Contract) -> None:
    converted = [{"voice": {"provider": "playht", "speed": "1"}}, {"prompt": 5}]
    bounded = {"voice": {"provider": "playht", "speed": 9}}
    bodies = [CALL | {"agent_config": config} for config in converted]
    refused = Exchange(post(CALL | {"agent_config": bounded}), answer({"detail": []}, 422))
    exchanges = [Exchange(post(body), sent(conforming(), post())[0].response) for body in bodies]
    others = sent(conforming(), *(post(CALL | {"agent_config": {name: []}}) for name in ("voice", "prompt")))
    (finding,) = find_findings(contract, judge(contract, [*exchanges, *others, refused]), Circumstances(str))
    assert finding.headline == "Values of other types are accepted at 2 places, as if converted"
    assert finding.key == "invalid_request_refused POST /conversations/create_phone_call types"
