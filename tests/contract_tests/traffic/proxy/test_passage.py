"""The proxy passes bytes as they came, both ways, and answers itself only where it must."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import threading
from typing import TYPE_CHECKING

import pytest

from contract_tests.guard.connection import MAX_BODY
from contract_tests.guard.upstream import Upstream
from contract_tests.target.limits import FREE, Limits, NumberRule
from contract_tests.traffic.proxy.gate import Gate
from contract_tests.traffic.proxy.orders import Orders, Passed
from contract_tests.traffic.proxy.passage import Passage
from spec.paths import SPEC
from tests.support.sockets import answering, receive, saying

if TYPE_CHECKING:
    from collections.abc import Callable

REPLY = b"HTTP/1.1 201 Made So\r\nX-Odd-CASE: a\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 2\r\n\r\n{}"
GET = b"GET /x?y=%20 HTTP/1.1\r\nHost: app.example\r\n\r\n"
PATH = b"/conversations/create_phone_call"
RINGING = Limits({"/to_number": NumberRule(frozenset({"+12025550143"}))})


def post(body: bytes, path: bytes = PATH, fields: bytes = b"Content-Type: application/json\r\n") -> bytes:
    return b"POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Length: %d\r\n\r\n%s" % (path, fields, len(body), body)


def through(  # noqa: PLR0913 - what may differ between tests
    url: str, said: bytes, *, limits: Limits = FREE, max_calls: int | None = None, end: bytes = b"", named: str = ""
) -> tuple[bytes, list[Passed]]:
    """What an application hears that says something to the proxy, and what the judge is told.

    The application stops listening once it has heard `end`; by default it says no more, and hears all. The server is
    known by the URL `named`.
    """
    kept: list[Passed] = []

    async def pass_on() -> bytes:
        upstream = Upstream(url)
        passage = Passage(named or url, upstream, Gate(Orders(url, SPEC, limits, max_calls, 0)), kept.append)
        server = await asyncio.start_server(passage.serve, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(said)
        if end:
            heard = await reader.readuntil(end)
        else:
            writer.write_eof()
            heard = await reader.read()
        writer.close()
        await passage.wait_until_idle(0 if end else 10)  # an application that hung up waits for nothing
        server.close()
        upstream.close()
        await asyncio.sleep(0)  # the loop is to hear of it
        return heard

    return asyncio.run(asyncio.wait_for(pass_on(), 30)), kept


def end_with_a_reset(writer: asyncio.StreamWriter) -> None:
    """Has a connection end as where a process is killed, and not in good order."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hearing(reply: bytes) -> tuple[list[bytes], Callable[[socket.socket], None]]:
    """What a server hears, and the server."""
    heard: list[bytes] = []

    def handle(connection: socket.socket, first: bytes) -> None:
        heard.append(first)
        connection.sendall(reply)

    return heard, handle  # type: ignore[return-value]


def test_a_response_passes_with_its_reason_the_case_and_order_of_its_fields_and_those_that_come_twice() -> None:
    with saying(REPLY) as url:
        heard, _ = through(url, GET)
    assert heard == REPLY


def test_a_request_passes_as_it_came_but_for_the_host_and_what_concerns_one_connection() -> None:
    heard, handle = hearing(REPLY)
    request = (
        b"PUT /a%2Fb?q=1&q=2 HTTP/1.1\r\nHost: app.example\r\nx-tRace: 1\r\nAuthorization: Bearer secret\r\n"
        b"Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nCookie: a=1\r\nContent-Length: 3\r\n\r\na\x00b"
    )
    with answering(handle) as url:  # type: ignore[arg-type]
        through(url, request)
    assert heard == [
        b"PUT /a%%2Fb?q=1&q=2 HTTP/1.1\r\nHost: %s\r\nx-tRace: 1\r\nAuthorization: Bearer secret\r\n"
        b"Cookie: a=1\r\nContent-Length: 3\r\n\r\na\x00b" % url.removeprefix("http://").encode()
    ]


def test_a_compressed_body_passes_as_it_came_and_is_judged_decoded() -> None:
    packed = gzip.compress(b'{"a": 1}')
    reply = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(packed), packed)
    with saying(reply) as url:
        heard, (passed,) = through(url, GET)
    assert heard == reply
    assert passed.entry.response
    assert passed.entry.response.body == b'{"a": 1}'


@pytest.mark.parametrize("length", [3, 30])
def test_of_a_response_in_chunks_a_length_beside_them_does_not_pass(length: int) -> None:
    chunks = b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s" % (length, chunks)) as url:
        heard, (passed,) = through(url, GET)
    assert heard == b"HTTP/1.1 200 OK\r\n" + chunks
    assert passed.entry.response
    assert passed.entry.response.body == b"hello"


def test_of_a_request_in_chunks_a_length_beside_them_does_not_pass() -> None:
    """A server that believes the length would take the rest of the body for another request."""
    chunks = b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    server, handle = hearing(REPLY)
    with answering(handle) as url:  # type: ignore[arg-type]
        through(url, b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n" + chunks)
        host = url.removeprefix("http://").encode()
    assert server == [b"POST /x HTTP/1.1\r\nHost: %s\r\n%s" % (host, chunks)]


def test_a_response_is_heard_while_it_still_comes() -> None:
    begin = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\ndata: 1\r\n"

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(begin)
        connection.recv(1)  # the rest comes once the application has heard this, and has hung up

    with answering(answer) as url:
        heard, _ = through(url, GET, end=b"data: 1")
    assert heard.endswith(b"data: 1")


@pytest.mark.parametrize("resets", [False, True])
def test_the_servers_connection_ends_once_the_application_has_hung_up(resets: bool) -> None:  # noqa: FBT001 - a parameter
    begun, ended = threading.Event(), threading.Event()

    def stay_silent(connection: socket.socket, _: bytes) -> None:
        begun.set()
        if not connection.recv(1):
            ended.set()

    async def hang_up(url: str) -> list[Passed]:
        kept: list[Passed] = []
        upstream = Upstream(url)
        passage = Passage(url, upstream, Gate(Orders(url, SPEC, FREE, None, 0)), kept.append, patience=0)
        server = await asyncio.start_server(passage.serve, "127.0.0.1", 0)
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(GET)
        if resets:
            await asyncio.to_thread(begun.wait, 10)  # else the request is lost with the connection
            end_with_a_reset(writer)
        writer.close()
        await asyncio.to_thread(ended.wait, 10)
        await passage.wait_until_idle(10)
        server.close()
        upstream.close()
        return kept

    with answering(stay_silent) as url:
        (passed,) = asyncio.run(hang_up(url))
    assert ended.is_set()
    assert passed.entry.response is None
    assert passed.trouble is None


def test_a_response_of_any_length_passes_and_its_body_is_not_judged() -> None:
    body = bytes(MAX_BODY + 1)
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)) as url:
        heard, (passed,) = through(url, GET)
    assert heard.endswith(body)
    assert passed.entry.response
    assert passed.entry.response.body is None


def test_a_connection_takes_one_request_after_the_other() -> None:
    def answer_twice(connection: socket.socket, _: bytes) -> None:
        connection.sendall(REPLY)
        receive(connection)
        connection.sendall(REPLY)

    with answering(answer_twice) as url:
        heard, kept = through(url, GET + GET)
    assert heard == REPLY + REPLY
    assert len(kept) == 2


def ending_kept_connections(said: bytes) -> tuple[list[bytes], bytes, list[Passed]]:
    """The requests that a server hears which ends each connection at its second request, and what `through` gives."""
    heard: list[bytes] = []

    def answer(connection: socket.socket, first: bytes) -> None:
        heard.append(first)
        connection.sendall(REPLY)
        heard.append(receive(connection))

    with answering(answer) as url:
        app, kept = through(url, said)
    return [each for each in heard if each], app, kept


def test_where_the_server_ends_a_kept_connection_what_may_be_repeated_is_sent_again() -> None:
    server, app, kept = ending_kept_connections(GET + GET)
    assert len(server) == 3
    assert app == REPLY + REPLY
    assert len(kept) == 2


def test_where_the_server_ends_a_kept_connection_a_call_is_not_sent_again() -> None:
    server, app, _ = ending_kept_connections(GET + post(b"{}"))
    assert len(server) == 2
    assert app.startswith(REPLY + b"HTTP/1.1 502 ")


def test_where_the_server_breaks_off_the_application_hears_no_end() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
    with saying(half) as url:
        heard, (passed,) = through(url, GET)
    assert heard == half
    assert passed.entry.response is None
    assert passed.trouble
    assert passed.trouble.startswith("status 200 came, and then the reply broke off: ")


def test_where_nobody_listens_the_proxy_answers_and_says_that_it_does() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        heard, (passed,) = through(f"http://127.0.0.1:{unheard.getsockname()[1]}", GET)
    assert heard.startswith(b"HTTP/1.1 502")
    assert b"X-Contract-Guard: no-response\r\n" in heard
    assert passed.entry.response is None
    assert passed.trouble
    assert passed.trouble.startswith("cannot be reached: ")


@pytest.mark.parametrize("said", [b"nonsense\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_what_cannot_be_passed_on_is_answered_and_not_judged(said: bytes) -> None:
    with saying(REPLY) as url:
        heard, kept = through(url, said)
    assert heard.split()[1] in {b"400", b"501"}
    assert kept == []


def test_a_client_that_waits_to_be_told_may_send_its_body() -> None:
    head = b"POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with saying(REPLY) as url:
        heard, _ = through(url, head, end=b"\r\n\r\n")
    assert heard == b"HTTP/1.1 100 \r\n\r\n"


def test_a_number_that_is_not_on_the_list_does_not_reach_the_server() -> None:
    server, handle = hearing(REPLY)
    body = b'{"to_number": "+12025550199", "from_number": "+12025550143"}'
    with answering(handle) as url:  # type: ignore[arg-type]
        heard, (passed,) = through(url, post(body), limits=RINGING)
    assert server == []
    assert b"X-Contract-Guard: not-sent\r\n" in heard
    assert passed.refusal == "a number that is not on the list, at /to_number"


def test_a_listed_number_reaches_the_server() -> None:
    body = b'{"to_number": "+12025550143", "from_number": "+12025550143"}'
    with saying(REPLY) as url:
        heard, (passed,) = through(url, post(body), limits=RINGING)
    assert heard == REPLY
    assert passed.refusal is None


def calls(status: bytes, *requests: bytes) -> list[str | None]:
    """The refusals of requests that a server answers with a status, where one call is allowed."""

    def answer(connection: socket.socket, _: bytes) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 %s X\r\nContent-Length: 0\r\n\r\n" % status)
            if not receive(connection):
                return

    with answering(answer) as url:
        _, kept = through(url, b"".join(requests), max_calls=1)
    return [each.refusal for each in kept]


def test_at_the_limit_of_calls_no_call_passes_and_what_rings_nobody_does() -> None:
    assert calls(b"200", post(b"{}"), post(b"{}"), GET) == [None, "the limit of calls is reached", None]


def test_a_refused_call_is_none() -> None:
    assert calls(b"422", post(b"{}"), post(b"{}")) == [None, None]


def test_a_request_for_the_name_of_a_site_does_not_pass() -> None:
    with saying(REPLY) as url:
        heard, kept = through(url, GET.replace(b"app.example", b"evil.com"))
    assert heard.startswith(b"HTTP/1.1 421 ")
    assert b"evil.com is neither this machine nor the server" in heard
    assert not kept


def test_a_request_for_the_name_of_the_server_passes() -> None:
    with saying(REPLY) as url:
        heard, _ = through(url, GET.replace(b"app.example", b"API.voice.com:80"), named="http://api.voice.com")
    assert heard.startswith(b"HTTP/1.1 201 ")
