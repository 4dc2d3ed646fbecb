"""Additive drift: undocumented fields of responses are listed."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.judge import judge
from contract_tests.judge.tallies import tally
from tests.conftest import ROOT
from tests.support.exchanges import CALL, answer, call, post, read

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.servers.answer import Answer

SAMPLE: dict[str, Any] = json.loads((ROOT / "spec" / "samples" / "create_phone_call.response.json").read_text())
TOOL = {"type": "function", "function": {"name": "a", "description": "", "parameters": {"properties": {"x": {"y": 1}}}}}


def additions(contract: Contract, body: object, status: int = 200, request: object = None) -> list[Any]:
    """The fields that are listed for a response that came twice, each with its schema and how often it came."""
    exchange = Exchange(post(request or {}), answer(body, status))
    found = tally(contract, judge(contract, [exchange, exchange])).additions()
    return [(addition.pointer, addition.field, addition.count) for addition in found]


def changed(path: str, **fields: object) -> dict[str, Any]:
    """The docs page's response with fields added to the object at a dotted path."""
    body = copy.deepcopy(SAMPLE)
    place = body
    for name in filter(None, path.split(".")):
        place = place[name]
    place.update(fields)
    return body


def test_a_documented_response_adds_nothing(contract: Contract) -> None:
    assert additions(contract, SAMPLE) == []


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("", "ConversationResponse"),
        ("phone_call", "PhoneCall"),
        ("agent_config", "AgentConfiguration"),
        ("agent_config.voice", "PlayhtVoice"),
        ("cost_breakdown.agent", "AgentCost"),
    ],
)
def test_an_undocumented_field_is_listed_with_its_schema(contract: Contract, path: str, schema: str) -> None:
    assert additions(contract, changed(path, new=1)) == [(f"/components/schemas/{schema}", "new", 2)]


def test_an_object_that_is_open_to_any_name_adds_nothing(contract: Contract) -> None:
    body = changed("agent_config", metadata={"anything": "goes"})
    body["agent_config"]["language_model"]["tools"] = [TOOL]
    assert additions(contract, body) == []


def test_a_name_that_the_request_made_up_is_no_addition(contract: Contract) -> None:
    request = {"agent_config": {"webhooks": [{"new": 1}]}}
    assert additions(contract, changed("agent_config", new=1), request=request) == []


def test_a_name_that_requests_have_elsewhere_is_an_addition(contract: Contract) -> None:
    request = {"to_number": "+12025550143"}
    assert additions(contract, changed("", to_number="+12025550143"), request=request) == [
        ("/components/schemas/ConversationResponse", "to_number", 2)
    ]


def test_errors_may_have_additions_too(contract: Contract) -> None:
    assert additions(contract, {"detail": "No", "code": 7}, 401) == [("/components/schemas/ErrorResponse", "code", 2)]


def with_duration(given: Answer) -> Answer:
    given.body["duration"] = 3
    return given


def test_a_name_that_a_request_made_up_is_no_addition_where_it_is_read_later(contract: Contract) -> None:
    begun = call(CALL | {"agent_config": {"mood": 1}}, agent_config={"mood": 1})
    assert tally(contract, judge(contract, [begun, read(agent_config={"mood": 1})])).additions() == ()
    assert tally(contract, judge(contract, [read(agent_config={"mood": 1})])).additions() != ()
