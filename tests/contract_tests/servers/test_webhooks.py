"""Which webhooks the mock sends, and where it sends none."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from voiceos_models import CreateCall

from contract_tests.servers.lives import Pace, plan_life
from contract_tests.servers.webhooks import plan_deliveries, send_to, why_not


@pytest.mark.parametrize(
    "url",
    ["http://localhost:9000/", "http://127.0.0.1/a", "http://127.8.8.8/", "http://[::1]:8/", "https://hooks.example/"],
)
def test_this_machine_and_allowed_hosts_may_be_reached(url: str) -> None:
    assert why_not(url, {"hooks.example"}) is None


@pytest.mark.parametrize(
    "url",
    [
        *("https://example.com/", "http://10.0.0.1/", "http://localhost.example.com/", "http://0.0.0.0/"),
        *("http://127.0.0.1@example.com/", "http://example.com#@127.0.0.1/", "http://hooks.example.evil/"),
        *("<string>", "", "/hook", "file:///etc/passwd", "http://[::1", "http://127.0.0.1:99999/"),
    ],
)
def test_nothing_else_is_reached(url: str) -> None:
    assert why_not(url, {"hooks.example"})


def test_localhost_is_this_machine_whatever_a_lookup_says() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.host, request.headers["Host"]))
        if request.url.host == "::1":
            raise httpx.ConnectError("nobody is there")
        return httpx.Response(204)

    async def deliver() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            return await send_to(client, client.build_request("POST", "http://localhost:9000/hook"))

    assert asyncio.run(deliver()).status_code == 204
    assert asked == [("::1", "localhost:9000"), ("127.0.0.1", "localhost:9000")]


def test_each_webhook_gets_its_events_in_order() -> None:
    webhooks = [
        {
            "events": ["conversation:ended", "conversation:started"],
            "url": "http://a/",
            "method": "POST",
            "headers": {"X": "1"},
        },
        {"events": [], "url": "http://b/", "method": "GET"},
        {"events": ["phone_call:accepted"], "url": "http://c/", "method": "GET", "filter": None, "headers": None},
    ]
    call = CreateCall.model_validate({"from_number": "1", "to_number": "2", "agent_config": {"webhooks": webhooks}})
    _, events = plan_life(call, 1000.0, Pace(1, 2))
    first, second = plan_deliveries(call, events)
    assert [(each.event.at, each.event.name.value) for each in first] == [
        (1001.0, "conversation:started"),
        (1003.0, "conversation:ended"),
    ]
    assert {(each.method, each.url, each.headers["X"]) for each in first} == {("POST", "http://a/", "1")}
    assert [(each.method, each.headers) for each in second] == [("GET", {})]
