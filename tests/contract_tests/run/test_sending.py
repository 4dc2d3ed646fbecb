"""Requests of ours on their way to the guard, by their bytes."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request as IncomingRequest
from starlette.responses import Response

from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import MASKED, Request
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.marks import EXCHANGE_ID, MARK, NOT_SENT
from contract_tests.guard.guard import Door
from contract_tests.run.sending import Answer, Sender
from contract_tests.runtime.serving import running
from tests.support.applications import Application
from tests.support.sockets import answering, drain, silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

PLACEHOLDER = "placeholder-0a"


@pytest.fixture(scope="module")
def application() -> Application:
    return Application(lambda _request, body: Response(body))


@pytest.fixture(scope="module")
def url(application: Application) -> Iterator[str]:
    with running(application) as url:
        yield url


def sent(url: str, application: Application, request: Request) -> list[tuple[str, str]]:
    """The header fields of the request as they came."""
    with Sender(Door(url, PLACEHOLDER)) as sender:
        assert sender.send(request, "e-1")
    incoming, body = application.seen[-1]
    assert (incoming.method, body) == (request.method, request.body)
    assert incoming.scope["raw_path"].decode() == request.path
    return [(name.decode(), value.decode("latin-1")) for name, value in incoming.headers.raw]


def test_nothing_is_added_to_a_request(url: str, application: Application) -> None:
    fields = [("B", "2"), ("A", "1"), ("b", "3")]
    came = sent(url, application, Request("PATCH", "/a%2Fb?x=%31&y", Headers(fields), b"\x00\xff"))
    assert [name for name, _ in came] == ["host", "b", "a", "b", MARK.lower(), EXCHANGE_ID, "content-length"]
    assert ("b", "3") in came
    assert application.seen[-1][0].url.query == "x=%31&y"


def test_the_placeholder_takes_the_place_of_the_token(url: str, application: Application) -> None:
    came = sent(url, application, Request("GET", "/", Headers([("authorization", RIGHT), ("X", "{token}")])))
    assert ("authorization", f"Bearer {PLACEHOLDER}") in came
    assert ("x", "{token}") in came


def test_masked_fields_are_left_out_and_the_length_is_that_of_the_body(url: str, application: Application) -> None:
    fields = Headers([("Cookie", MASKED), ("Content-Length", "999"), ("Transfer-Encoding", "gzip")])
    came = dict(sent(url, application, Request("POST", "/", fields, b"four")))
    assert came["content-length"] == "4"
    assert not {"cookie", "transfer-encoding"} & set(came)


def test_an_exchange_has_its_id(url: str, application: Application) -> None:
    assert (EXCHANGE_ID, "e-1") in sent(url, application, Request("GET", "/"))


def test_all_requests_go_out_on_one_connection(url: str, application: Application) -> None:
    before = len(application.seen)
    with Sender(Door(url, PLACEHOLDER)) as sender:
        for number in range(5):
            sender.send(Request("POST", "/", body=b"x" * number), str(number))
    assert len({request.client for request, _ in application.seen[before:]}) == 1


def test_two_requests_at_once_are_both_under_way_before_either_is_answered() -> None:
    meeting = asyncio.Event()
    waiting: list[str] = []

    async def answer_once_both_are_here(scope: Scope, receive: Receive, send: Send) -> None:
        body = await IncomingRequest(scope, receive).body()
        waiting.append(body.decode())
        if len(waiting) == 2:
            meeting.set()
        await meeting.wait()
        await Response(body)(scope, receive, send)

    both = [(Request("POST", "/", body=name), name.decode()) for name in (b"one", b"other")]
    with running(answer_once_both_are_here) as url, Sender(Door(url, PLACEHOLDER)) as sender:
        answers = sender.send_at_once(both)
    assert [answer and answer.text for answer in answers] == ["one", "other"]


def test_of_two_requests_at_once_the_one_that_http_cannot_carry_is_not_sent(url: str) -> None:
    odd, even = Request("PO ST", "/"), Request("POST", "/", body=b"even")
    with Sender(Door(url, PLACEHOLDER)) as sender:
        assert sender.send_at_once([(odd, "1"), (even, "2")]) == [None, Answer(200, "even", None, None)]


def test_a_body_in_chunks_goes_out_in_chunks(url: str, application: Application) -> None:
    came = dict(sent(url, application, Request("POST", "/", Headers([("Transfer-Encoding", "chunked")]), b"four")))
    assert came["transfer-encoding"] == "chunked"
    assert "content-length" not in came


def test_an_answer_of_the_guard_has_its_mark() -> None:
    application = Application(lambda _request, _body: Response("not sent: no", 424, {MARK: NOT_SENT, "location": "/x"}))
    with running(application) as url, Sender(Door(url, PLACEHOLDER)) as sender:
        assert sender.send(Request("GET", "/"), "1") == Answer(424, "not sent: no", "/x", NOT_SENT)


@pytest.mark.parametrize(
    "request_",
    [
        Request("PO ST", "/"),
        Request("GET", "/ x"),
        Request("GET", "/\r\nX: y"),
        Request("GET", "/", Headers([("X Y", "")])),
        Request("GET", "/", Headers([("X", "a\r\nY: b")])),
    ],
)
def test_a_request_that_http_cannot_carry_is_not_sent(url: str, application: Application, request_: Request) -> None:
    before = len(application.seen)
    with Sender(Door(url, PLACEHOLDER)) as sender:
        assert sender.send(request_, "odd") is None
        assert sender.send(Request("POST", "/", body=b"next"), "next") == Answer(200, "next", None, None)
    assert len(application.seen) == before + 1


def test_a_guard_that_does_not_answer_in_time_gives_no_answer() -> None:
    with silent() as url, Sender(Door(url, PLACEHOLDER)) as sender:
        assert sender.send(Request("GET", "/"), "1", timeout=0.05) is None


def test_after_an_answer_that_breaks_off_the_next_request_has_a_connection_of_its_own() -> None:
    replies = iter(
        [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]
    )

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(next(replies))
        connection.shutdown(socket.SHUT_WR)
        drain(connection)

    with answering(answer) as url, Sender(Door(url, PLACEHOLDER)) as sender:
        assert sender.send(Request("GET", "/"), "1") is None
        assert sender.send(Request("GET", "/"), "2") == Answer(200, "", None, None)


def test_proxies_and_logins_of_the_user_are_not_used(
    url: str, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    came = dict(sent(url, application, Request("POST", "/", body=json.dumps({}).encode())))
    assert AUTHORIZATION.lower() not in came
