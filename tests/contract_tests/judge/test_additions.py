"""Additive drift: undocumented fields of responses are listed."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.exchange import Exchange, Record, Request, Response
from contract_tests.judge.tallies import tally_facts
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import Answer, create_app, judge_with_token, respond_with_conversation
from contract_tests.target.options import Options
from contract_tests.target.target import Target
from tests.conftest import ROOT, TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from voiceos_models import CreateCall

    from contract_tests.contract.contract import Contract

SAMPLE: dict[str, Any] = json.loads((ROOT / "spec" / "samples" / "create_phone_call.response.json").read_text())
TOOL = {"type": "function", "function": {"name": "a", "description": "", "parameters": {"properties": {"x": {"y": 1}}}}}


def additions(contract: Contract, body: object, status: int = 200, sent: bytes = b"{}") -> list[tuple[str, str, int]]:
    response = Response(status, (("content-type", "application/json"),), json.dumps(body).encode())
    request = Request("POST", "http://127.0.0.1/", (), sent)
    exchange = Exchange("POST /conversations/create_phone_call", "positive", "", request, response)
    _, found = tally_facts(contract, Record((exchange, exchange)))
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


def test_what_is_open_to_any_name_adds_nothing(contract: Contract) -> None:
    body = changed("agent_config", metadata={"anything": "goes"})
    body["agent_config"]["language_model"]["tools"] = [TOOL]
    assert additions(contract, body) == []


def test_what_the_request_made_up_is_no_addition(contract: Contract) -> None:
    sent = json.dumps({"agent_config": {"webhooks": [{"new": 1}]}}).encode()
    assert additions(contract, changed("agent_config", new=1), sent=sent) == []


def test_a_name_that_requests_have_elsewhere_is_an_addition(contract: Contract) -> None:
    sent = json.dumps({"to_number": "+12025550143"}).encode()
    assert additions(contract, changed("", to_number="+12025550143"), sent=sent) == [
        ("/components/schemas/ConversationResponse", "to_number", 2)
    ]


def test_errors_may_have_additions_too(contract: Contract) -> None:
    assert additions(contract, {"detail": "No", "code": 7}, 401) == [("/components/schemas/ErrorResponse", "code", 2)]


def with_duration(call: CreateCall) -> Answer:
    answer = respond_with_conversation(call)
    answer.body["duration"] = 3
    return answer


@pytest.mark.parametrize(("strict", "verdict"), [(False, "conforms"), (True, "violates")])
def test_additions_violate_only_where_they_are_said_to(tmp_path: Path, strict: bool, verdict: str) -> None:  # noqa: FBT001 - a row's column
    with running(create_app(judge_with_token(TOKEN), with_duration)) as url:
        options = Options(tmp_path, "VOICEOS_TOKEN", seed=1, fuzzing=False, all_known_names=False, strict=strict)
        result = run(Target("a test's server", url, TOKEN), options)
    assert result.verdict == verdict
    assert [(addition.field, addition.count) for addition in result.additions] == [("duration", result.calls)]
    assert result.findings == ()
