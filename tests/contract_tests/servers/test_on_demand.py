"""The mock for everyone, over HTTP: preferences, orders, state, webhooks, CORS, and what it tells of requests."""

from __future__ import annotations

import json
import queue
from io import StringIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from contract_tests.runtime.serving import running
from contract_tests.servers.lives import Pace
from contract_tests.servers.mock import PATH
from contract_tests.servers.on_demand import MockServer, Settings
from contract_tests.servers.orders import Order, OrderError
from contract_tests.servers.request_fields import explain_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request

    from contract_tests.contract.contract import Contract

BODY = {"from_number": "+12025550142", "to_number": "+12025550143", "agent_id": "a"}
HEADERS = {"Authorization": "Bearer mock-token", "Content-Type": "application/json"}
AT_ONCE = Pace(0, 0)


@pytest.fixture(scope="module")
def served() -> Iterator[MockServer]:
    server = MockServer()
    with running(server.app()) as server.url:
        yield server
        server.release()


@pytest.fixture
def server(served: MockServer) -> MockServer:
    served.reset()
    return served


@pytest.fixture
def client(server: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=HEADERS) as client:
        yield client


def place(client: httpx.Client, prefer: str = "", **fields: object) -> httpx.Response:
    return client.post(PATH, json={**BODY, **fields}, headers={"Prefer": prefer} if prefer else {})


@pytest.mark.parametrize(
    ("prefer", "status", "body"),
    [
        (
            "code=422",
            422,
            {"detail": [{"loc": ["body", "to_number"], "msg": "field required", "type": "value_error.missing"}]},
        ),
        ("code=401", 401, {"detail": "Not authenticated"}),
        ("code=503", 503, {"detail": "Service Unavailable"}),
        ("example=no_token", 401, {"detail": "Not authenticated"}),
    ],
)
def test_a_client_prefers_an_answer(client: httpx.Client, prefer: str, status: int, body: object) -> None:
    answer = place(client, prefer)
    assert (answer.status_code, answer.json()) == (status, body)
    assert answer.headers["preference-applied"] == prefer


def test_a_client_prefers_one_of_the_specs_examples(client: httpx.Client) -> None:
    assert place(client, "example=stored_agent").json()["id"].startswith("conversation_")


def test_a_made_up_body_keeps_the_schema_and_is_always_the_same(client: httpx.Client, contract: Contract) -> None:
    first, second = (place(client, "dynamic=true").json() for _ in range(2))
    assert first == second
    contract.validator("/components/schemas/ConversationResponse").validate(first)


@pytest.mark.parametrize("status", ["queued", "started", "ended"])
def test_a_client_prefers_a_state(client: httpx.Client, status: str) -> None:
    begun = place(client, f"status={status}")
    assert begun.json()["status"] == status
    assert begun.headers["preference-applied"] == f"status={status}"
    assert client.get(begun.json()["uri"]).json() == begun.json()


def test_a_preference_that_cannot_be_honoured_is_not_applied(client: httpx.Client) -> None:
    answer = place(client, "example=nobody, code=999")
    assert answer.status_code == 200
    assert "preference-applied" not in answer.headers


def test_a_wrong_request_is_refused_whatever_it_prefers(client: httpx.Client) -> None:
    assert place(client, "code=503", to_number=1).status_code == 422


def test_a_call_lives(server: MockServer, client: httpx.Client) -> None:
    server.pace = Pace(3600, 3600)
    assert place(client).json()["status"] == "queued"
    server.pace = Pace(0, 3600)
    assert place(client).json()["status"] == "started"
    server.pace = AT_ONCE
    ended = place(client).json()
    assert ended["status"] == "ended"
    assert client.get(ended["uri"]).json() == ended
    assert client.get(ended["uri"], headers={"Prefer": "status=queued"}).json()["ended_at"] is None


def test_an_unknown_conversation_is_not_found(client: httpx.Client) -> None:
    assert client.get("/conversations/nobody").status_code == 404


def test_the_state_outlives_the_mock(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state.db", pace=AT_ONCE)
    first, second = MockServer(settings), MockServer(settings)
    with running(first.app()) as url:
        begun = httpx.post(f"{url}{PATH}", json=BODY, headers=HEADERS).json()
    first.close()
    with running(second.app()) as url:
        assert httpx.get(f"{url}{begun['uri']}", headers=HEADERS).json() == begun
    second.close()


@pytest.mark.parametrize(
    ("order", "status", "part"),
    [
        ({"fail": 503}, 503, {"detail": "Failed on demand"}),
        ({"answer": {"status": 403, "body": {"detail": "Expired"}}}, 403, {"detail": "Expired"}),
        ({"change": {"status": "paused"}}, 200, {"status": "paused"}),
        (
            {"refuse": ["to_number"], "message": "No"},
            422,
            {"detail": [{"loc": ["body", "to_number"], "msg": "No", "type": "value_error"}]},
        ),
        ({"delay": 0.01}, 200, {"type": "outbound_phone_call"}),
    ],
)
def test_the_next_answer_is_as_ordered_and_no_other(
    client: httpx.Client, order: dict[str, Any], status: int, part: dict[str, Any]
) -> None:
    assert client.post("/_mock/next", json=order).status_code == 204
    answer = place(client)
    assert answer.status_code == status
    assert answer.json() | part == answer.json()
    assert place(client).json()["status"] == "queued"


def test_every_answer_is_as_the_settings_say() -> None:
    server = MockServer(Settings(always=Order(fail=503)))
    with running(server.app()) as url:
        answers = [httpx.post(f"{url}{PATH}", json=BODY, headers=HEADERS).status_code for _ in range(2)]
    assert answers == [503, 503]


@pytest.mark.parametrize("order", [{"fail": 99}, {"new": 1}, [], {"delay": -1}])
def test_an_order_that_cannot_be_carried_out_is_refused(client: httpx.Client, order: object) -> None:
    assert client.post("/_mock/next", json=order).status_code == 422
    assert place(client).status_code == 200


def test_an_unknown_order_is_told_the_known_ones(client: httpx.Client) -> None:
    (problem,) = client.post("/_mock/next", json={"fial": 500}).json()["detail"]
    assert problem["loc"] == ["fial"]
    assert problem["msg"] == "No such order; known are answer, fail, refuse, message, change, delay"


def test_an_order_that_blames_an_unknown_field_is_told_the_known_ones(client: httpx.Client) -> None:
    (problem,) = client.post("/_mock/next", json={"refuse": ["agent_config", "hoks", 0]}).json()["detail"]
    assert problem["msg"].startswith(
        "no request has a field 'agent_config.hoks'; known there are hooks, initial_message"
    )
    assert place(client).status_code == 200


@pytest.mark.parametrize(
    "location",
    [["to_number"], ["agent_config", "hooks", 0, "events"], ["agent_config", "metadata", "any"], []],
)
def test_a_field_that_a_request_may_have_can_be_blamed(location: list[str | int]) -> None:
    assert explain_unknown(location) is None


@pytest.mark.parametrize("location", [["nothing"], [""], [0], ["to_number", "x"], ["agent_config", "hooks", "x"]])
def test_a_field_that_no_request_has_cannot(location: list[str | int]) -> None:
    server = MockServer()
    with pytest.raises(OrderError, match="no request has a field"):
        server.refuse(*location)


@pytest.mark.parametrize("path", ["/_mock/next", "/_mock/reset"])
def test_a_page_of_the_web_cannot_give_orders(server: MockServer, path: str) -> None:
    simple = {
        "Content-Type": "text/plain",
        "Origin": "https://evil.example",
    }  # as a browser sends it without asking first
    assert httpx.post(f"{server.url}{path}", content='{"fail": 500}', headers=simple).status_code == 415


def test_reset_forgets_everything(server: MockServer, client: httpx.Client) -> None:
    begun = place(client).json()
    server.fail(500)
    client.post("/_mock/reset", json={})
    assert client.get(begun["uri"]).status_code == 404
    assert server.calls == []


def test_requests_are_told_with_the_reasons_why_they_were_refused(client: httpx.Client, contract: Contract) -> None:
    place(client)
    place(client, agent_config={"voice": {"provider": "rime", "speed_alpha": 9}})
    accepted, refused = client.get("/_mock/requests").json()
    assert (accepted["status"], json.loads(accepted["body"])) == (200, BODY)
    assert accepted["headers"]["authorization"] == "Bearer (not shown)"
    (reason,) = refused["reasons"]
    assert (reason["at"], reason["keyword"]) == ("/agent_config/voice/speed_alpha", "maximum")
    place_in_file, pointer = reason["spec"].split(" ")
    assert place_in_file == f"spec/openapi.yaml:{contract.place(pointer).line}"
    assert contract.value(pointer) == 2.0


def test_requests_are_logged_as_json_lines() -> None:
    log = StringIO()
    server = MockServer(log=log)
    with running(server.app()) as url:
        httpx.post(f"{url}{PATH}", json=BODY, headers=HEADERS)
        httpx.get(f"{url}/elsewhere")
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["method"], line["path"], line["status"]) for line in told] == [
        ("POST", PATH, 200),
        ("GET", "/elsewhere", 404),
    ]


def test_who_asks_for_another_path_is_told_those_that_there_are(server: MockServer) -> None:
    detail = httpx.get(server.url).json()["detail"]
    assert detail == f"no such path; the mock has POST {PATH} and GET /conversations/{{id}}"


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1:3000", "https://localhost"])
def test_a_page_of_this_machine_may_use_it(server: MockServer, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, prefer",
    }
    answer = httpx.options(f"{server.url}{PATH}", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)


@pytest.mark.parametrize(
    "origin", ["https://example.com", "http://localhost.example.com", "http://127.0.0.1.example.com"]
)
def test_a_page_of_the_web_may_not(server: MockServer, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in httpx.options(f"{server.url}{PATH}", headers=asked).headers


def test_an_origin_that_the_user_names_may_use_it() -> None:
    server = MockServer(Settings(origins=["https://app.example"]))
    with running(server.app()) as url:
        answer = httpx.post(f"{url}{PATH}", json=BODY, headers={**HEADERS, "Origin": "https://app.example"})
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert answer.headers["access-control-expose-headers"] == "Preference-Applied"


def test_a_consumer_tests_the_whole_loop(server: MockServer, client: httpx.Client) -> None:
    received: queue.Queue[tuple[Request, bytes]] = queue.Queue()

    async def receive(request: Request) -> Response:
        received.put((request, await request.body()))
        return Response(status_code=204)

    server.pace = AT_ONCE
    with running(Starlette(routes=[Route("/hook", receive, methods=["POST"])])) as url:
        webhooks = [
            {
                "events": ["conversation:started", "conversation:ended"],
                "url": f"{url}/hook",
                "method": "POST",
                "headers": {"X-A": "b"},
            },
            {"events": ["conversation:ended"], "url": "https://example.com/", "method": "GET"},
        ]
        begun = place(client, agent_config={"webhooks": webhooks}).json()
        got = [received.get(timeout=30) for _ in range(2)]
    told = [json.loads(body) for _, body in got]
    assert [each["event"] for each in told] == ["conversation:started", "conversation:ended"]
    assert told[1]["conversation"] == client.get(begun["uri"]).json()
    assert {request.headers["x-a"] for request, _ in got} == {"b"}
    assert {request.headers["x-mock-illustration"] for request, _ in got} == {
        "no source documents the body of a webhook"
    }
    (withheld,) = [each for each in client.get("/_mock/webhooks").json() if "problem" in each]
    assert withheld["problem"] == "example.com is not this machine; --deliver-to example.com lets the mock reach it"
