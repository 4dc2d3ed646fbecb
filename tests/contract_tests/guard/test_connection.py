"""The way from the guard to a target that says whatever it likes."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import trustme
from starlette.responses import Response

from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.marks import EXCHANGE_ID, MARK, NOT_SENT
from contract_tests.guard.connection import MAX_BODY
from contract_tests.guard.upstream import Outcome, Upstream
from contract_tests.plan.requests import in_chunks
from contract_tests.runtime.serving import running
from tests.support.applications import Application
from tests.support.sockets import accepting, answering, drain, receive, saying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

REQUEST = Request("POST", "/x?y", body=b"{}")
LONG = Request("POST", "/x", body=bytes(8 * 2**20))
PATIENCE = 30.0
"""How long a response is waited for, in seconds; no test waits for its end."""


@asynccontextmanager
async def reaching(url: str) -> AsyncIterator[Upstream]:
    upstream = Upstream(url)
    try:
        yield upstream
    finally:
        upstream.close()
        await asyncio.sleep(0)  # the loop is to hear of it


def fetch(url: str, *requests: Request, limit: float = PATIENCE) -> list[Outcome]:
    """What comes of the requests, sent one after the other by one guard."""

    async def send_all() -> list[Outcome]:
        async with reaching(url) as upstream:
            return [await upstream.send(request, limit, may_repeat=True) for request in requests or (REQUEST,)]

    return asyncio.run(send_all())


def body_of(outcome: Outcome) -> bytes:
    assert outcome.response, outcome
    return outcome.response.body


def reply(body: bytes, *fields: str, length: int | None = None) -> bytes:
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(body) if length is None else length}", *fields]
    return "\r\n".join([*head, "", ""]).encode() + body


def test_bytes_pass_as_they_are() -> None:
    def answer(_request: object, body: bytes) -> Response:
        response = Response(body[::-1], 207)
        response.raw_headers += [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
        return response

    application = Application(answer)
    fields = [("X-A", "1"), ("X-A", "2"), (EXCHANGE_ID, "e"), ("Connection", "X-Hop"), ("X-Hop", "1"), (MARK, "m")]
    with running(application) as url:
        (outcome,) = fetch(f"{url}/base", Request("PUT", "/a%2Fb//c?x=%31&y", Headers(fields), b"\x00\xffab"))
    ((request, body),) = application.seen
    assert outcome.response
    assert (outcome.response.status, body_of(outcome)) == (207, b"ba\xff\x00")
    assert outcome.response.headers.all("Set-Cookie") == ["a=1", "b=2"]
    assert (request.method, request.scope["raw_path"], request.url.query) == ("PUT", b"/base/a%2Fb//c", "x=%31&y")
    assert body == b"\x00\xffab"
    assert request.headers.getlist("x-a") == ["1", "2"]
    assert set(request.headers) == {"host", "x-a", "accept-encoding", "content-length"}


@pytest.mark.parametrize(("version", "is_chunked"), [("1.0", False), ("1.1", True)])
def test_nobody_sends_chunks_to_a_target_that_answered_in_http_1_0(version: str, *, is_chunked: bool) -> None:
    heads: list[bytes] = []

    def answer(connection: socket.socket, text: bytes) -> None:
        heads.append(text.lower())
        connection.sendall(f"HTTP/{version} 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())

    with answering(answer) as url:
        fetch(url, REQUEST, in_chunks(REQUEST))
    assert (b"transfer-encoding: chunked" in heads[-1]) is is_chunked
    assert (b"content-length: 2" in heads[-1]) is not is_chunked


@pytest.mark.parametrize(("method", "is_sent_again"), [("GET", True), ("POST", False)])
def test_where_a_kept_connection_has_just_ended_a_request_that_may_be_repeated_is(
    method: str, *, is_sent_again: bool
) -> None:
    served: list[int] = []

    def serve_one(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(reply(b"fine"))
        served.append(len(receive(connection)))  # the next request comes, and the connection ends without an answer

    with accepting(serve_one) as url:
        _, second = fetch(url, Request("GET", "/x"), Request(method, "/x"))
    assert (second.response is not None) is is_sent_again
    assert served


def test_a_target_cannot_speak_as_the_guard() -> None:
    with saying(reply(b"fine", f"{MARK}: {NOT_SENT}")) as url:
        (outcome,) = fetch(url)
    assert outcome.response
    assert outcome.response.headers.first(MARK) is None


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (reply(b"half", length=100), "status 200 came, and then the reply broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "the reply broke off"),
        (b"220 mail.example ESMTP\r\n", "does not speak HTTP"),
        (b"", "does not speak HTTP: the connection ended"),
        (reply(b"x" * (MAX_BODY + 1)), "more than 2 MiB"),
        (reply(gzip.compress(bytes(50 * MAX_BODY), 1, mtime=0), "Content-Encoding: gzip"), "unfolds to more than 2"),
        (reply(gzip.compress(b"hello", mtime=0)[:-4], "Content-Encoding: gzip"), "breaks off"),
        (reply(b"hello", "Content-Encoding: gzip"), "is said to be gzip and is not"),
        (reply(b"hello", "Content-Encoding: br"), "coded as 'br', which was not asked for"),
        (b"HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n", "the status 600 is none of a response in HTTP"),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", "the status 999 is none"),
        (reply(b"hello", "X-Odd: a\x01b"), "status 200 came with a control character in the field X-Odd"),
        (reply(b"hello", "X-Odd: a\x7fb"), "a control character in the field X-Odd"),
        (
            reply(b"hello", f"X-Long: {'x' * 2**15}"),
            "does not speak HTTP: its status line and header fields are longer than 16 KiB, or have no end",
        ),
        (b"HTTP/1.1 101 Odd\r\n\r\n", "does not speak HTTP"),
    ],
    ids=range(15),
)
def test_a_reply_that_cannot_be_read_is_told_as_such(answer: bytes, trouble: str) -> None:
    with saying(answer) as url:
        (outcome,) = fetch(url)
    assert outcome.response is None
    assert trouble in (outcome.trouble or "")
    assert not outcome.reached_nobody


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
def test_a_coded_body_is_decoded(coding: str) -> None:
    with saying(reply(gzip.compress(b"hello", mtime=0), f"Content-Encoding: {coding}")) as url:
        (outcome,) = fetch(url)
    assert body_of(outcome) == b"hello"
    assert outcome.response
    assert outcome.response.headers.first("Content-Encoding") is None


def test_a_response_counts_as_what_it_unfolds_to() -> None:
    async def volume(url: str) -> int:
        async with reaching(url) as upstream:
            await upstream.send(REQUEST, PATIENCE)
            return upstream.volume

    with saying(reply(gzip.compress(bytes(MAX_BODY), 1, mtime=0), "Content-Encoding: gzip")) as url:
        assert MAX_BODY < asyncio.run(volume(url)) < 2 * MAX_BODY


def test_bytes_beyond_a_response_are_no_response() -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply(b"asked for") + reply(b"not asked for"))
        drain(connection)

    with answering(answer) as url:
        assert list(map(body_of, fetch(url, *[REQUEST] * 3))) == [b"asked for"] * 3


def test_a_connection_serves_one_request_after_the_other() -> None:
    application = Application()
    with running(application) as url:
        fetch(url, *[REQUEST] * 3)
    assert len(application.seen) == 3
    assert len({request.client for request, _ in application.seen}) == 1


@pytest.mark.parametrize("fields", [("Connection: close",), ()])
def test_a_target_may_end_the_connection_after_its_response(fields: tuple[str, ...]) -> None:
    ended = threading.Semaphore(0)

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply(b"fine", *fields))
        connection.close()
        ended.release()

    async def ask_thrice(url: str) -> list[bytes]:
        bodies = []
        async with reaching(url) as upstream:
            for _ in range(3):
                bodies.append(body_of(await upstream.send(REQUEST, PATIENCE)))
                assert await asyncio.to_thread(ended.acquire, timeout=PATIENCE)
        return bodies

    with answering(answer) as url:
        assert asyncio.run(ask_thrice(url)) == [b"fine"] * 3


def test_a_response_before_the_end_of_the_request_is_the_response() -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply(b"too long"))
        drain(connection)

    with answering(answer) as url:
        assert list(map(body_of, fetch(url, LONG))) == [b"too long"]


def test_a_response_before_the_request_is_the_response() -> None:
    busy = b"HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbusy"
    with accepting(lambda connection: connection.sendall(busy)) as url:
        outcomes = fetch(url, *[REQUEST] * 20)
    assert {outcome.response and outcome.response.status for outcome in outcomes} == {503}, outcomes


def test_a_request_does_not_wait_behind_one_that_was_answered_before_it_was_read() -> None:
    held = []

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 413 Long\r\nContent-Length: 4\r\n\r\nlong")
        held.append(connection.dup())  # it stays open, and is not read

    with answering(answer) as url:
        assert list(map(body_of, fetch(url, LONG, REQUEST))) == [b"long", b"long"]
    for connection in held:
        connection.close()


@pytest.mark.parametrize(
    ("method", "head"), [("HEAD", "200 OK\r\nContent-Length: 9"), ("POST", "204 None"), ("POST", "304 Same")]
)
def test_a_body_where_there_must_be_none_is_not_the_next_response(method: str, head: str) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        if b"ask for no body" in request:
            connection.sendall(f"HTTP/1.1 {head}\r\n\r\n".encode())
            connection.recv(10**6)
            connection.sendall(reply(b"of the one before"))
        else:
            connection.sendall(reply(b"right"))

    with answering(answer) as url:
        outcomes = fetch(url, Request(method, "/", Headers([("X", "ask for no body")])), REQUEST)
    assert list(map(body_of, outcomes)) == [b"", b"right"]


@pytest.mark.parametrize(
    ("begin", "part"),
    [(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"), (b"", b"HTTP/1.1 100\r\n\r\n")],
    ids=["chunks", "interim responses"],
)
def test_a_flood_of_small_parts_does_not_keep_the_guard_from_giving_up(begin: bytes, part: bytes) -> None:
    flood = part * 50_000

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(begin)
        while True:
            connection.sendall(flood)

    with answering(answer) as url:
        (outcome,) = fetch(url, limit=0.2)
    assert outcome.timed_out
    assert outcome.trouble == "does not answer: no response came within 0.2 s"


@pytest.mark.parametrize("url", ["http://a..b:1", "http://no-such-host.invalid"])
def test_a_name_that_leads_nowhere_reaches_nobody(url: str) -> None:
    (outcome,) = fetch(url)
    assert outcome.reached_nobody
    assert "cannot be reached" in (outcome.trouble or "")


def test_a_refused_connection_reaches_nobody() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        (outcome,) = fetch(f"http://127.0.0.1:{nobody.getsockname()[1]}")
    assert outcome.reached_nobody


@pytest.mark.parametrize("request_", [Request("PO ST", "/"), Request("GET", "/ x"), Request("GET", "/\r\n")])
def test_a_request_that_http_cannot_carry_is_not_sent(request_: Request) -> None:
    application = Application()
    with running(application) as url:
        (outcome,) = fetch(url, request_)
    assert "HTTP cannot carry it" in (outcome.unsendable or "")
    assert application.seen == []


def test_interim_responses_are_passed_over() -> None:
    with saying(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + reply(b"final")) as url:
        assert list(map(body_of, fetch(url))) == [b"final"]


def test_a_redirect_is_not_followed() -> None:
    application = Application(lambda _request, _body: Response(status_code=307, headers={"location": "/elsewhere"}))
    with running(application) as url:
        (outcome,) = fetch(url)
    assert outcome.response
    assert (outcome.response.status, outcome.response.headers.first("Location")) == (307, "/elsewhere")
    assert len(application.seen) == 1


# ------------------------------------------------------------------------------------------------------------------ TLS


LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def secured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, not_after: datetime = datetime(2999, 1, 1, tzinfo=UTC)
) -> ssl.SSLContext:
    """The context of a server with a certificate of an authority that is trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_before=LONG_AGO, not_after=not_after).configure_cert(context)
    return context


def by_tls(context: ssl.SSLContext, answer: Callable[[ssl.SSLSocket], None]) -> Callable[[socket.socket], None]:
    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            answer(wrapped)

    return handle


def test_a_connection_by_tls_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, accepted = secured(tmp_path, monkeypatch), []

    def answer(connection: ssl.SSLSocket) -> None:
        accepted.append(connection)
        while connection.recv(10**6):
            connection.sendall(reply(b"secret"))

    with accepting(by_tls(context, answer)) as url:
        outcomes = fetch(url.replace("http://127.0.0.1", "https://localhost"), *[REQUEST] * 3)
    assert list(map(body_of, outcomes)) == [b"secret"] * 3
    assert len(accepted) == 1


def test_a_response_by_tls_may_last_to_the_end_of_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(connection: ssl.SSLSocket) -> None:
        connection.recv(10**6)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nsecret")

    with accepting(by_tls(secured(tmp_path, monkeypatch), answer)) as url:
        outcomes = fetch(url.replace("http://127.0.0.1", "https://localhost"), *[REQUEST] * 3)
    assert list(map(body_of, outcomes)) == [b"secret"] * 3


def test_an_expired_certificate_reaches_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = secured(tmp_path, monkeypatch, not_after=datetime(2002, 1, 1, tzinfo=UTC))
    with accepting(by_tls(context, drain)) as url:
        (outcome,) = fetch(url.replace("http://127.0.0.1", "https://localhost"))
    assert outcome.reached_nobody
    assert "expired" in (outcome.trouble or "")


def test_a_certificate_of_nobody_known_reaches_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = secured(tmp_path, monkeypatch)
    trustme.CA().cert_pem.write_to_path(tmp_path / "authority.pem")  # another one is trusted
    with accepting(by_tls(context, drain)) as url:
        (outcome,) = fetch(url.replace("http://127.0.0.1", "https://localhost"))
    assert outcome.reached_nobody
    assert "certificate" in (outcome.trouble or "").lower()


def test_localhost_is_this_machine_whatever_a_lookup_says(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda host, *_, **__: pytest.fail(f"{host} is looked up"))
        with saying(reply(b"here")) as url:
            (outcome,) = fetch(url.replace("127.0.0.1", "localhost"))
    assert body_of(outcome) == b"here"


def test_after_a_server_error_a_request_goes_by_another_connection() -> None:
    connections: list[bytes] = []

    def fail(connection: socket.socket, request: bytes) -> None:
        connections.append(request)
        connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")
        drain(connection)

    with answering(fail) as url:
        outcomes = fetch(url, REQUEST, REQUEST)
    assert [outcome.response and outcome.response.status for outcome in outcomes] == [500, 500]
    assert len(connections) == 2
