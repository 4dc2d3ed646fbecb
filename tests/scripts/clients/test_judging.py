"""The judgement of a client's program: by its output, and by what the mock received."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.servers.answer import Answer
from contract_tests.servers.mock import ReceivedRequest, judge_body
from scripts.clients.judging import STEPS, judge, missing
from scripts.clients.limits import LIMITS, Tried, describe, is_as_known
from scripts.clients.workshop import CLIENTS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from spec.json_value import Json

CALLS: Final = json.loads((ROOT / "scripts" / "clients" / "programs" / "calls.json").read_text())
PLACED: Final = {"id": "a", "status": "ended", "ended_at": "2026-01-31T09:30:00Z"}
REFUSED: Final = [{"loc": ["body", "to_number"], "msg": "No", "type": "value_error"}]
GOOD: Final = {"place": PLACED, "configure": CALLS["inline"]["agent_config"], "read": PLACED, "refused": REFUSED}
RECEIVED: Final = [CALLS["stored"], CALLS["inline"], CALLS["stored"]]


def problems(received: list[Json], **changes: Json) -> dict[str, str]:
    values = {**GOOD, **changes}
    output = "\n".join(json.dumps({"step": step, "value": value}) for step, value in values.items())
    return {each.step: each.problem for each in judge(output, received, CALLS) if each.problem}


def test_a_client_that_does_everything_has_no_problem() -> None:
    assert problems(RECEIVED) == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"place": {**PLACED, "status": "queued"}}, {"place", "read"}),
        ({"read": {**PLACED, "id": "b"}}, {"read"}),
        ({"read": None}, {"read"}),
        ({"configure": {"prompt": "b"}}, {"configure"}),
        ({"refused": None}, {"refused"}),
        ({"refused": [{"loc": ["body"]}]}, {"refused"}),
    ],
)
def test_a_wrong_value_is_a_problem_of_its_step(changes: dict[str, Json], expected: set[str]) -> None:
    assert set(problems(RECEIVED, **changes)) == expected


def test_a_value_that_does_not_reach_the_server_is_a_problem() -> None:
    sent = {**CALLS["inline"], "agent_config": {**CALLS["inline"]["agent_config"], "hooks": None}}
    assert problems([CALLS["stored"], sent]) == {"configure": "does not send agent_config.hooks"}


def test_an_error_is_told_and_so_is_a_step_that_never_came() -> None:
    verdicts = judge(json.dumps({"step": "place", "error": "Boom: no\nmore"}), [], CALLS)
    assert [each.problem for each in verdicts] == ["Boom: no", *["the program ended before this step"] * 3]


def test_what_stands_beside_the_wanted_values_counts_for_nothing() -> None:
    assert list(missing({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "c": 3}], "d": 4})) == []
    assert list(missing({"a": [1, 2]}, {"a": [1]})) == ["a"]


def test_the_mock_takes_the_calls_that_clients_place() -> None:
    for call in CALLS.values():
        request = ReceivedRequest((("content-type", "application/json"),), json.dumps(call).encode())
        assert not isinstance(judge_body(request), Answer)


def test_a_limit_is_as_known_and_a_new_problem_or_a_gone_one_is_not() -> None:
    limits = {("sdk", "configure"): "it is old"}
    good = judge("\n".join(json.dumps({"step": step, "value": value}) for step, value in GOOD.items()), RECEIVED, CALLS)
    limited = tuple(each._replace(problem="lost") if each.step == "configure" else each for each in good)
    assert is_as_known(Tried("sdk", limited), limits)
    assert not is_as_known(Tried("sdk", good), limits)
    assert not is_as_known(Tried("other", limited), limits)
    assert not is_as_known(Tried("other", (), broken="no output"), limits)
    assert is_as_known(Tried("other", (), unavailable="no Java"), limits)
    told = describe([Tried("sdk", limited), Tried("sdk", good), Tried("other", limited)], STEPS, limits)
    assert "lost\n       because it is old" in told
    assert "this was a known limit" in told
    assert "this is new" in told


def test_every_known_limit_is_one_of_a_client_and_a_step() -> None:
    assert {title for title, _ in LIMITS} <= {client.title for client in CLIENTS}
    assert {step for _, step in LIMITS} <= {*STEPS}
