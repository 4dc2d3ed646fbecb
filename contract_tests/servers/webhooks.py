"""The webhooks of the mock: each event of a call's life goes to the URLs that the request names for it.

No source says what VoiceOS sends. The body here, `{"event", "conversation"}`, is an illustration, and says so in a
header field. Nothing but this machine is reached, unless the user names another host.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx

from contract_tests.runtime.hosts import LOCALHOST, LOOPBACK
from contract_tests.servers.journal import Sent, now_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from voiceos_models import CreateCall, Webhook

    from contract_tests.servers.journal import Journal
    from contract_tests.servers.lives import Event

ILLUSTRATION: Final = {"X-Mock-Illustration": "no source documents the body of a webhook"}
TIMEOUT: Final = 10.0
"""How long a receiver may take, in seconds."""
_LONGEST_PROBLEM: Final = 200

Show = Callable[[float], dict[str, Any]]
"""Gives the conversation as it is at a time."""


@dataclass(frozen=True)
class Delivery:
    """The webhook of one event."""

    event: Event
    method: str
    url: str
    headers: dict[str, str]


def plan_deliveries(call: CreateCall, events: Sequence[Event]) -> Iterator[tuple[Delivery, ...]]:
    """The deliveries to each of the request's webhooks, in the order of the events. Filters choose nothing here."""
    webhooks = call.agent_config.webhooks if call.agent_config else None
    for webhook in webhooks if isinstance(webhooks, list) else ():
        headers = _headers(webhook)
        wanted = [event for event in events if event.name in webhook.events]
        if wanted:
            yield tuple(Delivery(event, webhook.method.value, webhook.url, headers) for event in wanted)


def why_not(url: str, hosts: Collection[str]) -> str | None:
    """The reason why nothing goes to a URL; None if the URL may be reached. `hosts` are allowed beside this machine.

    >>> why_not("http://localhost:9000/hook", ())
    >>> why_not("https://example.com/hook", ())
    'example.com is not this machine; --deliver-to example.com lets the mock reach it'
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"this is no URL: {error}"
    if parts.scheme not in {"http", "https"} or not host:
        return "this is no URL of http or https"
    if _is_loopback(host) or host in hosts:
        return None
    return f"{host} is not this machine; --deliver-to {host} lets the mock reach it"


class Courier:
    """Sends webhooks when their events happen, and notes each in the journal."""

    def __init__(self, journal: Journal, hosts: Collection[str] = ()) -> None:
        self._journal = journal
        self._hosts = frozenset(hosts)
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, deliveries: tuple[Delivery, ...], show: Show) -> None:
        """Sends deliveries, one after the other, from the event loop that runs."""
        task = asyncio.get_running_loop().create_task(self._send_all(deliveries, show))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def drop(self) -> None:
        """Sends no more of the webhooks that are under way."""
        for task in tuple(self._tasks):
            task.get_loop().call_soon_threadsafe(task.cancel)

    async def _send_all(self, deliveries: tuple[Delivery, ...], show: Show) -> None:
        # No proxy is asked: a receiver on this machine is meant, or the host that the user named.
        async with httpx.AsyncClient(trust_env=False, timeout=TIMEOUT) as client:
            for delivery in deliveries:
                await asyncio.sleep(max(0.0, delivery.event.at - time.time()))
                conversation = show(delivery.event.at)
                status, problem = await self._send(client, delivery, conversation)
                self._journal.note(_entry(delivery, conversation, status, problem))

    async def _send(
        self, client: httpx.AsyncClient, delivery: Delivery, conversation: dict[str, Any]
    ) -> tuple[int | None, str | None]:
        if reason := why_not(delivery.url, self._hosts):
            return None, reason
        body = json.dumps({"event": delivery.event.name.value, "conversation": conversation})
        fields = {"Content-Type": "application/json", **delivery.headers, **ILLUSTRATION}
        try:
            request = client.build_request(delivery.method, delivery.url, content=body, headers=fields)
            return (await send_to(client, request)).status_code, None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return None, f"{type(error).__name__}: {error}"[:_LONGEST_PROBLEM]


async def send_to(client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """The receiver's response. `localhost` is not looked up, because a lookup could lead to another machine."""
    url = request.url
    if url.host != LOCALHOST:
        return await client.send(request)
    request.extensions["sni_hostname"] = LOCALHOST
    *others, last = LOOPBACK
    for address in others:
        request.url = url.copy_with(host=address)
        with suppress(httpx.ConnectError):
            return await client.send(request)
    request.url = url.copy_with(host=last)
    return await client.send(request)


def _headers(webhook: Webhook) -> dict[str, str]:
    return dict(webhook.headers) if isinstance(webhook.headers, dict) else {}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == LOCALHOST


def _entry(delivery: Delivery, conversation: dict[str, Any], status: int | None, problem: str | None) -> Sent:
    return Sent(
        at=now_text(),
        event=delivery.event.name.value,
        conversation=conversation["id"],
        method=delivery.method,
        url=delivery.url,
        status=status,
        problem=problem,
    )
