"""The client repeats no call, waits for none forever, and shows its token to none but the server."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from voiceos_client import AuthenticatedClient, Client
from voiceos_client.api.conversations import create_phone_call

from spec.reader import read_spec
from tests.support.answers import CALL, CONVERSATION
from tests.conftest import ROOT, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SPEC: Final = read_spec(ROOT / "spec" / "openapi.yaml")
SECRET: Final = "s3cr3t-t0k3n"  # noqa: S105 - of no server


class Server:
    """A server on a free port that counts connections and requests, and answers as it is told."""

    def __init__(self, answer: Callable[[], bytes | None]) -> None:
        self.answer = answer
        self.connections = 0
        self.requests: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.done = threading.Event()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while head := b"".join(iter(stream.readline, b"\r\n")) if stream.peek(1) else b"":
                (length,) = (
                    int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length")
                )
                self.requests.append(head + stream.read(length))
                answer = self.answer()
                if answer is None:
                    return
                connection.sendall(answer)


@contextmanager
def serving(answer: Callable[[], bytes | None]) -> Iterator[Server]:
    server = Server(answer)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.done.set()
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join(10)


def http(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        len(body),
        body,
    )


def call(client: AuthenticatedClient, *, by_async: bool) -> object:
    if not by_async:
        with client:
            return create_phone_call.sync(client=client, body=CALL)

    async def call_once() -> object:
        async with client:
            return await create_phone_call.asyncio(client=client, body=CALL)

    return asyncio.run(call_once())


@pytest.mark.parametrize("by_async", [False, True])
@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 307, 308])
def test_a_post_is_not_repeated_after_an_answer(status: int, *, by_async: bool) -> None:
    with serving(lambda: http(status, b"{}")) as server:
        call(AuthenticatedClient(server.url, token=TOKEN), by_async=by_async)
        assert len(server.requests) == 1


@pytest.mark.parametrize("by_async", [False, True])
def test_a_post_is_not_repeated_when_the_connection_breaks(*, by_async: bool) -> None:
    with serving(lambda: None) as server:
        with pytest.raises(httpx.RemoteProtocolError):
            call(AuthenticatedClient(server.url, token=TOKEN), by_async=by_async)
        assert len(server.requests) == 1


@pytest.mark.parametrize("by_async", [False, True])
def test_a_post_is_not_repeated_after_a_timeout(*, by_async: bool) -> None:
    asked, released = threading.Event(), threading.Event()

    def hold() -> None:
        asked.set()
        released.wait()

    with serving(hold) as server:
        with pytest.raises(httpx.ReadTimeout):
            call(AuthenticatedClient(server.url, token=TOKEN, timeout=httpx.Timeout(30, read=0.2)), by_async=by_async)
        asked.wait()
        assert len(server.requests) == 1
        released.set()


def test_there_are_timeouts_by_default() -> None:
    client = AuthenticatedClient("http://server", token=TOKEN)
    limits = {"connect": 5, "read": 30, "write": 30, "pool": 30}
    assert client.get_httpx_client().timeout.as_dict() == limits
    assert client.get_async_httpx_client().timeout.as_dict() == limits
    assert Client("http://server").get_httpx_client().timeout.as_dict() == limits


@pytest.mark.parametrize("by_async", [False, True])
def test_a_connection_is_used_again(*, by_async: bool) -> None:
    async def call_twice(client: AuthenticatedClient) -> None:
        async with client:
            for _ in range(3):
                await create_phone_call.asyncio(client=client, body=CALL)

    with serving(lambda: http(200, json.dumps(CONVERSATION).encode())) as server:
        client = AuthenticatedClient(server.url, token=TOKEN)
        if by_async:
            asyncio.run(call_twice(client))
        else:
            with client:
                for _ in range(3):
                    create_phone_call.sync(client=client, body=CALL)
        assert (len(server.requests), server.connections) == (3, 1)


def test_a_client_is_closed_when_its_block_ends() -> None:
    with AuthenticatedClient("http://server", token=TOKEN) as client:
        inner = client.get_httpx_client()
    assert inner.is_closed


@pytest.mark.parametrize("by_async", [False, True])
def test_the_token_is_sent_and_shown_nowhere(caplog: pytest.LogCaptureFixture, *, by_async: bool) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda: http(401, b'{"detail": "Invalid token"}')) as server:
        client = AuthenticatedClient(server.url, token=SECRET, headers={"X-Other": SECRET}, cookies={"other": SECRET})
        answer = call(client, by_async=by_async)
        assert f"Bearer {SECRET}".encode() in server.requests[0]
    assert SECRET not in repr([client, answer, client.with_headers({"a": "b"}), client.with_timeout(httpx.Timeout(1))])
    assert "httpcore" in caplog.text
    assert SECRET not in caplog.text


def test_the_token_is_not_in_an_exception() -> None:
    with serving(lambda: None) as server, pytest.raises(httpx.HTTPError) as raised:
        create_phone_call.sync(client=AuthenticatedClient(server.url, token=SECRET), body=CALL)
    shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    library = [frame for frame in shown.stack if "voiceos_client" in frame.filename]
    assert library
    assert SECRET not in "".join(shown.format_exception_only())
    assert SECRET not in str([frame.locals for frame in library])


@pytest.mark.parametrize("token", ["", f"{SECRET}\n", f"{SECRET} ", f"{SECRET}é", f"a {SECRET}", f"{SECRET}\x00"])
def test_a_token_that_cannot_be_sent_is_refused_without_being_named(token: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent") as raised:
        AuthenticatedClient("http://server", token=token)
    assert SECRET not in str(raised.value)


def test_the_environment_gives_base_url_and_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEOS_BASE_URL", "http://from-environment")
    monkeypatch.setenv("VOICEOS_TOKEN", "from-environment")
    client = AuthenticatedClient()
    assert (client.token, str(client.get_httpx_client().base_url)) == ("from-environment", "http://from-environment")
    told = AuthenticatedClient("http://argument", token="argument")
    assert (told.token, str(told.get_httpx_client().base_url)) == ("argument", "http://argument")


def test_without_either_the_contracts_server_is_called_and_a_token_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VOICEOS_BASE_URL", raising=False)
    monkeypatch.delenv("VOICEOS_TOKEN", raising=False)
    client = AuthenticatedClient(token=TOKEN)
    assert str(client.get_httpx_client().base_url) == SPEC.document["servers"][0]["url"]
    with pytest.raises(ValueError, match="VOICEOS_TOKEN"):
        AuthenticatedClient()
