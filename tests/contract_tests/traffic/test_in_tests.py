"""The judge of a user's tests says what a request or a response breaks, in words, and nothing of what conforms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.servers.mock import PATH
from contract_tests.traffic.in_tests import find_texts
from tests.support.recordings import make_entry

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

SENT = {"from_number": "+12025550142", "to_number": "+12025550143", "agent_id": "agent_8c1f"}
RECEIVED = json.loads(make_entry(SENT)["response"]["content"]["text"])
UNKNOWN = {"/agent_id": "--agent-id ID"}


def exchange(
    sent: object = SENT, received: object = RECEIVED, status: int = 200, method: str = "POST", path: str = PATH
) -> dict[str, Any]:
    fields = {"Content-Type": ["application/json"]}
    body = sent if isinstance(sent, str) else json.dumps(sent)
    response = {"status": status, "headers": fields, "body": json.dumps(received)}
    return {
        "request": {"method": method, "url": f"https://a.example/v1{path}", "headers": fields, "body": body},
        "response": None if status == 0 else response,
    }


def texts(contract: Contract, *exchanges: dict[str, Any], references: dict[str, str] | None = None) -> list[str]:
    return find_texts(contract, exchanges, references or {})


def test_nothing_is_said_of_what_conforms(contract: Contract) -> None:
    assert texts(contract, exchange()) == []


def test_a_wrong_request_is_told_with_its_place_and_the_line_of_the_spec(contract: Contract) -> None:
    (text,) = texts(contract, exchange({"from_number": 1, "to_number": "+12025550143"}, status=0))
    assert text.startswith("your request breaks the contract: /from_number: 1 is not of type")
    assert "\n  spec      spec/openapi.yaml:" in text
    assert f"\n  sent      POST https://a.example/v1{PATH} " in text


@pytest.mark.parametrize(
    ("wrong", "headline"),
    [
        (exchange("{", status=0), "the body is no JSON"),
        (exchange(method="GET", status=0), f"GET {PATH} is none of its operations"),
        (exchange(path="/nope", status=0), "POST /v1/nope is none of its operations"),
        (exchange({}, status=0), 'the body: "from_number" is a required property'),
    ],
)
def test_each_kind_of_wrong_request_is_told(wrong: dict[str, Any], headline: str, contract: Contract) -> None:
    assert texts(contract, wrong)[0].startswith(f"your request breaks the contract: {headline}")


def test_a_request_of_another_media_type_is_told(contract: Contract) -> None:
    form = exchange("a=1", status=0)
    form["request"]["headers"] = {"Content-Type": "application/x-www-form-urlencoded"}
    assert "the body is application/x-www-form-urlencoded, not application/json" in texts(contract, form)[0]


def test_a_wrong_response_is_told_with_the_check_and_what_came(contract: Contract) -> None:
    (text,) = texts(contract, exchange(received=RECEIVED | {"status": "paused"}))
    assert text.startswith(
        'the server breaks the contract: A response is wrong at status (200): "paused" is not one of'
    )
    assert "\n  received  200 " in text


def test_what_is_broken_twice_is_told_once(contract: Contract) -> None:
    wrong = exchange(received=RECEIVED | {"status": "paused"})
    assert len(texts(contract, wrong, wrong)) == 1


def test_a_refusal_that_may_be_due_to_the_account_is_not_told(contract: Contract) -> None:
    refused = exchange(received={"detail": []}, status=422)
    assert texts(contract, refused)
    assert texts(contract, refused, references=UNKNOWN) == []


def test_a_response_without_a_recorded_body_is_not_told(contract: Contract) -> None:
    unread = exchange()
    del unread["response"]["body"]
    assert texts(contract, unread) == []
