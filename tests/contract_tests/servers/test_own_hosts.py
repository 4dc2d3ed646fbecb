"""The mock answers only to names that no site can have: others could lead a page's requests to it (DNS rebinding)."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse

from contract_tests.servers.own_hosts import OwnHosts

APPLICATION = OwnHosts(PlainTextResponse("here"), ["https://page.site.com:8443"])


def answer_to(host: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APPLICATION)) as client:
            return await client.get("http://mock/", headers={"Host": host})

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:8000", "192.168.0.7", "[::1]:8000", "localhost", "LOCALHOST:80", "a.localhost", "mock:8000"),
        *("host.docker.internal:8000", "page.site.com"),
    ],
)
def test_this_machine_answers_to_names_that_no_site_can_have(host: str) -> None:
    assert answer_to(host).text == "here"


@pytest.mark.parametrize("host", ["evil.com", "evil.com:8000", "localhost.evil.com", "127.0.0.1.evil.com", "evil.com."])
def test_a_host_that_a_site_can_have_is_refused(host: str) -> None:
    answer = answer_to(host)
    assert answer.status_code == 421
    assert f"--origin http://{host} lets its pages use the mock" in answer.text
