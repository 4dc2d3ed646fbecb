"""The client ends a request at its deadline, and reads no more of a response than it was told to."""

from __future__ import annotations

import asyncio
import gzip
import json
import math
import socket
import ssl
import threading
import tracemalloc
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
import trustme
from voiceos_client import AuthenticatedClient
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import ConversationResponse
from voiceos_client.types import UndocumentedResponse

from tests.conftest import TOKEN
from tests.support.answers import CALL, CONVERSATION
from tests.support.sockets import accepting, dripping, receive

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractContextManager

BODY: Final = json.dumps(CONVERSATION).encode()
LIMIT: Final = 10_000
BY: Final = pytest.mark.parametrize("by_async", [False, True])


def head(length: int, *fields: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", b"Content-Length: %d" % length, *fields]
    return b"\r\n".join([*lines, b"", b""])


def responding(response: bytes) -> AbstractContextManager[str]:
    """A server that gives every request the same response."""

    def answer(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(response)

    return accepting(answer)


def call(url: str, *, by_async: bool, times: int = 1, **settings: Any) -> object:
    """The last response of some calls with one client."""
    client = AuthenticatedClient(url, token=TOKEN, **settings)
    if not by_async:
        with client:
            return [create_phone_call.sync(client=client, body=CALL) for _ in range(times)][-1]

    async def call_by_async() -> object:
        async with client:
            return [await create_phone_call.asyncio(client=client, body=CALL) for _ in range(times)][-1]

    return asyncio.run(call_by_async())


@BY
@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\nX-", head(10**6)], ids=["status line", "fields", "body"])
def test_a_server_that_drips_holds_the_client_no_longer_than_its_deadline(begin: bytes, *, by_async: bool) -> None:
    with dripping(begin) as url, pytest.raises(httpx.TimeoutException):
        call(url, by_async=by_async, deadline=0.3)


@BY
def test_the_deadline_holds_on_a_connection_that_is_used_again(*, by_async: bool) -> None:
    def answer_once(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(head(len(BODY)) + BODY)
        receive(connection)
        connection.settimeout(0.1)
        while True:
            connection.sendall(b"H")
            try:
                if not connection.recv(10**6):
                    return
            except TimeoutError:
                continue

    with accepting(answer_once) as url, pytest.raises(httpx.TimeoutException):
        call(url, by_async=by_async, times=2, deadline=0.3)


@BY
@pytest.mark.parametrize("settings", [{"deadline": 0.3}, {"timeout": httpx.Timeout(30, connect=0.3)}])
def test_a_lookup_that_does_not_end_holds_the_client_no_longer(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, by_async: bool
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [] if ended.wait() else None)

    def end(_: object) -> None:
        ended.set()  # asyncio waits for its threads

    client = AuthenticatedClient("http://server", token=TOKEN, **settings)
    try:
        with pytest.raises(httpx.TimeoutException):
            if by_async:
                asyncio.run(ended_by(create_phone_call.asyncio(client=client, body=CALL), end))
            else:
                create_phone_call.sync(client=client, body=CALL)
    finally:
        ended.set()


async def ended_by(call: Coroutine[Any, Any, object], end: Callable[[object], None]) -> None:
    """Awaits a call, and then does what it takes to end."""
    task = asyncio.ensure_future(call)
    task.add_done_callback(end)
    await task


Found = list[tuple[object, ...]]


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Gives each lookup of a name the next answer, the last one for ever. The list gets the names that are looked up."""
    names: list[str] = []
    look_up = socket.getaddrinfo

    def answer(host: str, *args: Any, **options: Any) -> Found:
        if host.replace(".", "").isdigit():
            return list(look_up(host, *args, **options))
        names.append(host)
        addresses = answers[min(len(names), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return names


def test_the_client_connects_to_the_address_that_it_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    names = resolving(monkeypatch, ["127.0.0.1"], ["127.0.0.9"])  # nobody is at the latter
    asked: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        asked.append(receive(connection))
        connection.sendall(head(len(BODY)) + BODY)

    with accepting(answer) as url:
        assert isinstance(call(url.replace("127.0.0.1", "server.example"), by_async=False), ConversationResponse)
    assert names == ["server.example"]
    assert b"\r\nHost: server.example:" in asked[0]


def test_the_client_goes_on_to_the_next_address_where_nobody_is_at_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    names = resolving(monkeypatch, ["127.0.0.9", "127.0.0.1"])
    with responding(head(len(BODY)) + BODY) as url:
        assert isinstance(call(url.replace("127.0.0.1", "server.example"), by_async=False), ConversationResponse)
    assert names == ["server.example"]


def test_the_client_gives_up_after_the_last_address(monkeypatch: pytest.MonkeyPatch) -> None:
    names = resolving(monkeypatch, ["127.0.0.8", "127.0.0.9"])
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(httpx.ConnectError):
        call(f"http://server.example:{listener.getsockname()[1]}", by_async=False)
    assert names == ["server.example"]


def test_the_client_compares_a_certificate_with_the_name_that_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    served, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("server.example").configure_cert(served)
    authority.configure_trust(trusting)

    def answer(connection: socket.socket) -> None:
        with served.wrap_socket(connection, server_side=True) as wrapped:
            receive(wrapped)
            wrapped.sendall(head(len(BODY)) + BODY)

    resolving(monkeypatch, ["127.0.0.1"])
    with accepting(answer) as url:
        named = url.replace("http://127.0.0.1", "https://server.example")
        assert isinstance(call(named, by_async=False, verify_ssl=trusting), ConversationResponse)
        with pytest.raises(httpx.ConnectError, match="certificate"):
            call(named.replace("server", "other"), by_async=False, verify_ssl=trusting)


def test_a_host_that_does_not_exist_is_told_as_by_httpx(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(httpx.ConnectError, match="no such host"):
        call("http://server", by_async=False)


@BY
def test_the_longest_step_is_the_deadline_where_none_is_set(*, by_async: bool) -> None:
    with dripping(head(10**6)) as url, pytest.raises(httpx.TimeoutException):
        call(url, by_async=by_async, timeout=httpx.Timeout(0.3))


@BY
@pytest.mark.parametrize("settings", [{}, {"deadline": math.inf}, {"timeout": None}])
def test_a_whole_response_is_read_under_any_deadline(settings: dict[str, Any], *, by_async: bool) -> None:
    with responding(head(len(BODY)) + BODY) as url:
        assert isinstance(call(url, by_async=by_async, **settings), ConversationResponse)


def test_a_client_with_other_settings_keeps_its_limits() -> None:
    client = AuthenticatedClient("http://server", token=TOKEN, deadline=7, max_response_bytes=8)
    changed = client.with_headers({"a": "b"}).with_cookies({"a": "b"}).with_timeout(httpx.Timeout(1))
    assert (changed.deadline, changed.max_response_bytes) == (7, 8)


def zipped(text: bytes, times: int = 1) -> bytes:
    return zipped(gzip.compress(text, mtime=0), times - 1) if times else text


@BY
@pytest.mark.parametrize("coding", ["gzip", "X-Gzip"])
def test_a_compressed_body_is_read(coding: str, *, by_async: bool) -> None:
    body = zipped(BODY)
    with responding(head(len(body), f"Content-Encoding: {coding}".encode()) + body) as url:
        assert isinstance(call(url, by_async=by_async), ConversationResponse)


@BY
@pytest.mark.parametrize(
    ("body", "fields", "reason"),
    [
        (b"x" * (LIMIT + 1), (), "the body is longer than 10000 bytes: this is its start"),
        (zipped(b"x" * (LIMIT + 1)), (b"Content-Encoding: gzip",), "the body is longer than 10000 bytes"),
        (zipped(b"x" * 10**6, 2), (b"Content-Encoding: gzip, gzip",), "the content coding 'gzip, gzip', which"),
        (zipped(BODY, 2), (b"Content-Encoding: gzip", b"Content-Encoding: gzip"), "the content coding 'gzip, gzip'"),
        (BODY, (b"Content-Encoding: br",), "the content coding 'br', which the client does not undo"),
        (BODY, (b"Content-Encoding: gzip",), "the body is not gzip, as its header field says"),
        (zipped(BODY)[:-9], (b"Content-Encoding: gzip",), "the body breaks off within its gzip"),
    ],
)
def test_a_body_that_cannot_be_read_is_returned_with_the_reason(
    body: bytes, fields: tuple[bytes, ...], reason: str, *, by_async: bool
) -> None:
    with responding(head(len(body), *fields) + body) as url:
        answer = call(url, by_async=by_async, max_response_bytes=LIMIT)
    assert isinstance(answer, UndocumentedResponse)
    assert reason in answer.reason
    assert answer.status_code == 200
    assert len(answer.content) <= LIMIT


@pytest.mark.slow
@pytest.mark.parametrize(("times", "coding"), [(1, b"gzip"), (2, b"gzip, gzip")])
def test_no_compressed_body_takes_more_memory_than_a_few_times_the_limit(times: int, coding: bytes) -> None:
    bomb = zipped(bytes(64 * 2**20), times)
    with responding(head(len(bomb), b"Content-Encoding: " + coding) + bomb) as url:
        tracemalloc.start()
        try:
            call(url, by_async=False, max_response_bytes=LIMIT)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 8 * 2**20


@BY
def test_the_bodies_of_redirects_are_not_read(*, by_async: bool) -> None:
    bomb = zipped(bytes(2**20), 2)

    def answer(connection: socket.socket, request: bytes) -> None:
        away = b"HTTP/1.1 308 X\r\nLocation: /there\r\nContent-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n"
        is_there = request.startswith(b"POST /there")
        connection.sendall(head(len(BODY)) + BODY if is_there else away % len(bomb) + bomb)

    with accepting(lambda connection: answer(connection, receive(connection))) as url:
        assert isinstance(call(url, by_async=by_async, follow_redirects=True), ConversationResponse)


@BY
def test_redirects_in_a_circle_end(*, by_async: bool) -> None:
    away = b"HTTP/1.1 308 X\r\nLocation: /there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with responding(away) as url, pytest.raises(httpx.TooManyRedirects):
        call(url, by_async=by_async, follow_redirects=True)


def test_a_hook_may_read_the_response_first() -> None:
    body = zipped(BODY)
    hooks = {"response": [lambda response: response.read()]}
    with responding(head(len(body), b"Content-Encoding: gzip") + body) as url:
        answer = call(url, by_async=False, httpx_args={"event_hooks": hooks})
    assert isinstance(answer, ConversationResponse)
