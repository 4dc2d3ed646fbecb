"""The guard as a process: what passes through it, what does not, and what it makes of servers that misbehave."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest.mock import Mock
from urllib.parse import quote

import httpx
import psutil
import pytest
import trustme
import uvloop
from contract_tests.runtime.forking import stop
from starlette.requests import Request
from starlette.responses import Response

from contract_tests.exchange import exchange as exchanges
from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.marks import CASE_ID, MARK, NO_ANSWER, NOT_TRIED, PREFLIGHT
from contract_tests.guard import proxy
from contract_tests.guard.connection import MAX_BODY
from contract_tests.guard.process import Guard, GuardError, guarding
from contract_tests.guard.proxy import MAX_VOLUME, Errand
from contract_tests.guard.upstream import Outcome, Upstream
from contract_tests.runtime.serving import running
from contract_tests.target.limits import FREE, Limits, NumberRule
from contract_tests.target.options import SPEC
from contract_tests.target.target import Target, TargetError, TokenVariable
from tests.conftest import ROOT
from tests.support.sockets import accepting, answering, drain, saying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from contract_tests.exchange.exchange import GuardedExchange

TOKEN = 'aTok/en+of"this<test>'  # noqa: S105 - guards nothing
NUMBER, ALIAS = "+4915112345678", "**********5678"
LISTED = Limits({"/to_number": NumberRule(frozenset({NUMBER}))}, aliases={ALIAS: NUMBER})
PATH = "/conversations/create_phone_call"


@dataclass
class Server:
    """A server that answers as it is told, and remembers what it got."""

    answer: Callable[[Request, bytes], Response] = lambda _request, _body: Response("fine")
    seen: list[tuple[Request, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.seen.append((request, body))
        await self.answer(request, body)(scope, receive, send)


@contextmanager
def guarded(
    url: str, limits: Limits = FREE, max_calls: int | None = None, token: str | TokenVariable = TOKEN
) -> Iterator[Guard]:
    with guarding(Target("a test's", url, token, limits), Errand(url, limits, max_calls, 2, SPEC)) as guard:
        yield guard


def send(guard: Guard, body: object = b"", **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    right = {"Authorization": f"Bearer {guard.door.placeholder}", "Content-Type": "application/json"}
    with httpx.Client(trust_env=False, timeout=30) as client:
        return client.post(f"{guard.door.url}{PATH}", content=content, headers=right | headers)


def test_bytes_pass_as_they_are() -> None:
    def answer(request: Request, body: bytes) -> Response:
        response = Response(body[::-1], 207)
        response.raw_headers += [
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
            (b"x-query", request.url.query.encode()),
        ]
        return response

    server = Server(answer)
    with running(server) as url, guarded(url) as guard:
        with httpx.Client(trust_env=False) as client:
            headers = [("X-A", "1"), ("X-A", "2"), (CASE_ID, "case"), ("Connection", "X-Hop"), ("X-Hop", "1")]
            got = client.put(f"{guard.door.url}/a%2Fb//c?x=%31&y", content=b"\x00\xffab", headers=headers)
        (kept,) = guard.exchanges()
    (request, body) = server.seen[0]
    assert (got.status_code, got.content, got.headers.get_list("set-cookie")) == (207, b"ba\xff\x00", ["a=1", "b=2"])
    assert (request.method, request.scope["raw_path"], request.url.query) == ("PUT", b"/a%2Fb//c", "x=%31&y")
    assert body == b"\x00\xffab"
    assert request.headers.getlist("x-a") == ["1", "2"]
    assert not {CASE_ID, "x-hop", "connection"} & (set(request.headers) - {"connection"})
    assert (kept.case_id, kept.request.body) == ("case", b"\x00\xffab")
    assert kept.response
    assert (kept.response.status, kept.response.body) == (207, b"ba\xff\x00")


def test_a_target_cannot_speak_as_the_guard() -> None:
    server = Server(lambda _request, _body: Response("fine", headers={MARK: NOT_TRIED}))
    with running(server) as url, guarded(url) as guard:
        assert MARK not in send(guard).headers


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ("Bearer {}", f"Bearer {TOKEN}"),
        ("Basic {}", f"Basic {TOKEN}"),
        ("{}", TOKEN),
        ("Bearer {}x", f"Bearer {TOKEN}x"),
        ("Bearer {}, Bearer {}", f"Bearer {TOKEN}, Bearer {TOKEN}"),
        ("Bearer wrong", "Bearer wrong"),
        ("", ""),
    ],
)
def test_the_placeholder_is_swapped_for_the_token_and_nothing_else_is(sent: str, got: str) -> None:
    server = Server()
    with running(server) as url, guarded(url) as guard:
        send(guard, Authorization=sent.replace("{}", guard.door.placeholder))
        (kept,) = guard.exchanges()
    assert server.seen[0][0].headers["authorization"] == got
    assert TOKEN not in repr(kept)


def test_what_is_derived_from_the_placeholder_is_derived_from_the_token() -> None:
    server = Server()
    with running(server) as url, guarded(url) as guard:
        send(guard, Authorization=f"Bearer {guard.door.placeholder[:-1]}")
        send(guard, Authorization=f"Bearer {guard.door.placeholder.swapcase()}")
    got = [request.headers["authorization"] for request, _ in server.seen]
    assert got == [f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN.swapcase()}"]


def test_a_credential_that_is_to_be_wrong_is_never_the_right_one() -> None:
    server = Server()
    with running(server) as url, guarded(url, token="12345678") as guard:
        answer = send(guard, Authorization=f"Bearer {guard.door.placeholder.swapcase()}")
    assert (answer.headers[MARK], server.seen) == (NOT_TRIED, [])


ECHOES = {
    "plain": TOKEN,
    "swapped": TOKEN.swapcase(),
    "without its end": TOKEN[:-1],
    "URL": quote(TOKEN, safe=""),
    "URL twice": quote(quote(TOKEN, safe=""), safe=""),
    "JSON": json.dumps(TOKEN),
    "JSON in JSON": json.dumps(json.dumps(TOKEN)),
    "JSON four times": json.dumps(json.dumps(json.dumps(json.dumps(TOKEN)))),
    "JSON escapes": "".join(f"\\u{ord(character):04X}" for character in TOKEN),
    "HTML": TOKEN.replace("<", "&#60;").replace(">", "&#x3e;").replace('"', "&#34;"),
    "base64": base64.b64encode(TOKEN.encode()).decode(),
    "base64, 1 off": base64.b64encode(b"x" + TOKEN.encode() + b"yy").decode(),
    "base64, 2 off": base64.b64encode(b"Bearer x" + TOKEN.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(b"~" + TOKEN.encode()).decode(),
    "hexadecimal": TOKEN.encode().hex(),
}


@pytest.mark.parametrize("form", ECHOES)
def test_the_token_is_scrubbed_from_what_comes_back(form: str) -> None:
    echo = f"<{ECHOES[form]}>"

    def answer(_request: Request, _body: bytes) -> Response:
        headers = {"x-echo": echo, "content-encoding": "gzip"}
        return Response(gzip.compress(json.dumps({"e": 1}).encode() + echo.encode()), headers=headers)

    with running(Server(answer)) as url, guarded(url) as guard:
        got = send(guard)
        kept = repr(guard.exchanges())
    core = ECHOES[form].strip('"=')[4:-4]
    assert "[masked]" in got.text
    assert "[masked]" in got.headers["x-echo"]
    assert core not in got.text + got.headers["x-echo"] + kept


@pytest.mark.parametrize("token", [TOKEN, "back\\sl\\\\ashes"])
@pytest.mark.parametrize("filler", ["\\", "%25", "&#0", "\0"])
def test_a_long_response_of_escapes_is_scrubbed_at_once(token: str, filler: str) -> None:
    body = filler.encode() * (MAX_BODY // len(filler))
    began = time.process_time()
    scrubbed = Disguise("placeholder", token, {}).hide_bytes(body + token.encode())
    assert time.process_time() - began < 3  # a time that grows with the square would be hours
    assert scrubbed.endswith(b"[masked]")


def test_a_listed_number_is_known_by_its_alias_alone() -> None:
    server = Server(lambda _request, body: Response(body + b" 49 151 12345678"))
    with running(server) as url, guarded(url, LISTED) as guard:
        got = send(guard, {"to_number": ALIAS})
        kept = repr(guard.exchanges())
    assert server.seen[0][1] == json.dumps({"to_number": NUMBER}).encode()
    assert got.text == f'{{"to_number": "{ALIAS}"}} [{ALIAS}]'
    assert NUMBER not in kept


def test_a_request_that_must_not_go_out_is_not_tried() -> None:
    server = Server()
    with running(server) as url, guarded(url, LISTED) as guard:
        answer = send(guard, {"to_number": "+15551234567"})
        (kept,) = guard.exchanges()
    assert (answer.headers[MARK], server.seen) == (NOT_TRIED, [])
    assert kept.refusal
    assert kept.refusal.limit == "numbers"
    assert not kept.may_have_rung


@pytest.mark.parametrize("status", [200, 204, 302, 500, 503])
def test_requests_under_way_together_do_not_overshoot_the_budget(status: int) -> None:
    server = Server(lambda _request, _body: Response(status_code=status))
    with running(server) as url, guarded(url, max_calls=5) as guard, ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: send(guard), range(40)))
        rang = sum(exchange.may_have_rung for exchange in guard.exchanges())
    assert len(server.seen) == rang == 5
    assert sum(answer.headers.get(MARK) == NOT_TRIED for answer in answers) == 35


def test_what_is_turned_away_costs_nothing() -> None:
    server = Server(lambda _request, _body: Response(status_code=422))
    with running(server) as url, guarded(url, max_calls=1) as guard:
        assert [send(guard).status_code for _ in range(3)] == [422, 422, 422]


def test_a_refused_connection_costs_nothing_and_a_broken_reply_does() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with guarded(f"http://127.0.0.1:{nobody.getsockname()[1]}", max_calls=1) as guard:
            assert [send(guard).headers[MARK] for _ in range(2)] == [NO_ANSWER, NO_ANSWER]
    with saying(b"HTTP/1.1 422 No\r\nContent-Length: 9\r\n\r\nbroken") as url, guarded(url, max_calls=1) as guard:
        assert [send(guard).headers[MARK] for _ in range(2)] == [NO_ANSWER, NOT_TRIED]


def reply(body: bytes, *fields: str, length: int | None = None) -> bytes:
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(body) if length is None else length}", *fields]
    return "\r\n".join([*head, "", ""]).encode() + body


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (reply(b"half", length=100), "status 200 came, and then the reply broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "the reply broke off"),
        (b"220 mail.example ESMTP\r\n", "does not speak HTTP"),
        (b"", "does not speak HTTP: the connection ended"),
        (reply(b"x" * (MAX_BODY + 1)), "more than 2 MiB"),
        (reply(gzip.compress(bytes(50 * MAX_BODY), mtime=0), "Content-Encoding: gzip"), "unfolds to more than 2 MiB"),
        (reply(gzip.compress(b"hello", mtime=0)[:-4], "Content-Encoding: gzip"), "breaks off"),
        (reply(b"hello", "Content-Encoding: gzip"), "is said to be gzip and is not"),
        (reply(b"hello", "Content-Encoding: br"), "coded as 'br', which was not asked for"),
        (b"HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n", "the status 600 is none of a response in HTTP"),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", "the status 999 is none"),
        (reply(b"hello", "X-Odd: a\x01b"), "status 200 came with a control character in the field X-Odd"),
        (reply(b"hello", "X-Odd: a\x7fb"), "a control character in the field X-Odd"),
        (reply(b"hello", f"X-Long: {'x' * 2**15}"), "does not speak HTTP"),
        (b"HTTP/1.1 101 Odd\r\n\r\n", "does not speak HTTP"),
    ],
)
def test_a_reply_that_cannot_be_read_is_told_as_such(answer: bytes, trouble: str) -> None:
    with saying(answer) as url, guarded(url) as guard:
        got = send(guard)
        (kept,) = guard.exchanges()
    assert got.headers[MARK] == NO_ANSWER
    assert trouble in got.text
    assert kept.response is None
    assert trouble in (kept.trouble or "")


def test_what_a_target_says_beyond_its_response_is_no_response() -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply(b"asked for") + reply(b"not asked for"))
        drain(connection)

    with answering(answer) as url, guarded(url) as guard:
        assert [send(guard).text for _ in range(3)] == ["asked for"] * 3


def test_a_connection_serves_one_request_after_the_other() -> None:
    server = Server()
    with running(server) as url, guarded(url) as guard:
        for _ in range(3):
            send(guard)
    assert len({request.client for request, _ in server.seen}) == 1


@pytest.mark.parametrize("fields", [("Connection: close",), ()])
def test_a_target_may_end_the_connection_after_its_response(fields: tuple[str, ...]) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply(b"fine", *fields))
        connection.close()
        ended.set()

    with answering(answer) as url, guarded(url) as guard:
        for _ in range(3):
            ended = threading.Event()
            assert send(guard).text == "fine"
            assert ended.wait(10)


def test_a_response_before_the_end_of_the_request_is_the_response() -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply(b"too long"))
        drain(connection)

    with answering(answer) as url, guarded(url) as guard:
        assert send(guard, bytes(8 * 2**20)).text == "too long"


def test_a_response_before_the_request_is_the_response() -> None:
    busy = b"HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbusy"
    with accepting(lambda connection: connection.sendall(busy)) as url, guarded(url) as guard:
        assert {(got := send(guard)).status_code for _ in range(20)} == {503}, got.text


def test_a_request_does_not_wait_behind_one_that_was_answered_before_it_was_read() -> None:
    held = []

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 413 Long\r\nContent-Length: 4\r\n\r\nlong")
        held.append(connection.dup())  # it stays open, and is not read

    with answering(answer) as url, guarded(url) as guard:
        assert [send(guard, body).status_code for body in (bytes(8 * 2**20), b"{}")] == [413, 413]
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

    with answering(answer) as url, guarded(url) as guard:
        with httpx.Client(trust_env=False) as client:
            client.request(method, guard.door.url, headers={"X": "ask for no body"})
        assert send(guard).text == "right"


@pytest.mark.parametrize(
    ("begin", "part"),
    [(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"), (b"", b"HTTP/1.1 100\r\n\r\n")],
)
def test_a_flood_of_small_parts_is_given_up_in_time(begin: bytes, part: bytes) -> None:
    flood = part * 50_000

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(begin)
        while True:
            connection.sendall(flood)

    with answering(answer) as url, guarded(url) as guard:
        started = time.monotonic()
        got = send(guard, b"{}", **{CASE_ID: f"{PREFLIGHT}-1"})
        assert time.monotonic() - started < 8
    assert "no response came within 2 s" in got.text


def test_a_name_that_no_host_can_have_is_reached_by_nobody() -> None:
    with guarded("http://a..b:1", max_calls=1) as guard:
        assert "cannot be reached" in send(guard).text


@pytest.mark.parametrize(
    ("replies", "connections"),
    [
        ([reply(b"secret"), reply(b"secret"), reply(b"secret", "Connection: close")], 1),
        ([b"HTTP/1.1 200 OK\r\n\r\nsecret"] * 3, 3),
    ],
    ids=["kept alive", "to the end"],
)
def test_a_target_is_spoken_to_by_tls(
    replies: list[bytes], connections: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    left = iter(replies)
    accepted = []

    def answer(connection: socket.socket) -> None:
        accepted.append(connection)
        with context.wrap_socket(connection, server_side=True) as secured:
            while secured.recv(10**6):
                secured.sendall(next(left))
                if connections > 1:
                    return

    async def ask(url: str) -> list[Outcome]:
        upstream = Upstream(url)
        return [await upstream.send(exchanges.Request("POST", f"{url}/x?y", (), b"{}"), 10) for _ in range(3)]

    with accepting(answer) as url:
        outcomes = uvloop.run(ask(url.replace("http://127.0.0.1", "https://localhost")))
    assert [outcome.response and outcome.response.body for outcome in outcomes] == [b"secret"] * 3, outcomes
    assert len(accepted) == connections


def test_interim_responses_are_passed_over() -> None:
    with saying(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + reply(b"final")) as url, guarded(url) as guard:
        assert send(guard).text == "final"


def test_a_time_to_wait_is_waited_for() -> None:
    statuses = iter([429, 429, 200])
    server = Server(lambda _request, _body: Response(status_code=next(statuses), headers={"retry-after": "0"}))
    with running(server) as url, guarded(url, max_calls=1) as guard:
        assert send(guard).status_code == 200
    assert len(server.seen) == 3


def test_who_asks_whether_the_target_is_there_is_told_at_once() -> None:
    server = Server(lambda _request, _body: Response(status_code=429, headers={"retry-after": "0"}))
    with running(server) as url, guarded(url) as guard:
        assert send(guard, b"{}", **{CASE_ID: f"{PREFLIGHT}-1"}).status_code == 429
    assert len(server.seen) == 1


def test_what_a_response_unfolds_to_counts_as_its_volume() -> None:
    folded = gzip.compress(bytes(MAX_BODY))
    server = Server(lambda _request, _body: Response(folded, headers={"content-encoding": "gzip"}))
    with running(server) as url, guarded(url) as guard:
        marks = [send(guard).headers.get(MARK) for _ in range(MAX_VOLUME // MAX_BODY + 1)]
    assert marks == [None] * (MAX_VOLUME // MAX_BODY) + [NOT_TRIED]


def test_what_the_guard_fails_over_counts_as_the_budget_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_upstream: Upstream, request: Request, _limit: float) -> Outcome:
        raise RuntimeError(request.method)

    monkeypatch.setattr(Upstream, "send", fail)
    kept: list[GuardedExchange] = []
    app = proxy.Proxy(Errand("http://h", FREE, 1, 2, SPEC), Disguise("placeholder", TOKEN, {}), kept.append)

    async def post_twice() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://guard") as client:
            await client.post(PATH)
            await client.post(PATH)

    asyncio.run(post_twice())
    assert [exchange.refusal and exchange.refusal.limit for exchange in kept] == ["protocol", "budget"]
    assert [exchange.may_have_rung for exchange in kept] == [True, False]


@pytest.mark.parametrize("seconds", ["3600", "soon", "-1"])
def test_a_time_beyond_bounds_is_not_waited_for(seconds: str) -> None:
    server = Server(lambda _request, _body: Response(status_code=429, headers={"retry-after": seconds}))
    with running(server) as url, guarded(url) as guard:
        assert send(guard).status_code == 429
    assert len(server.seen) == 1


def test_a_redirect_is_not_followed() -> None:
    elsewhere = Server()
    with running(elsewhere) as other:
        server = Server(lambda _request, _body: Response(status_code=307, headers={"location": f"{other}/x"}))
        with running(server) as url, guarded(url) as guard:
            assert send(guard).headers["location"] == f"{other}/x"
    assert elsewhere.seen == []


def test_a_kind_of_violation_is_not_paid_for_a_fourth_time() -> None:
    server = Server()
    callers: list[object] = [None, [], {}, True, None]
    wrong = [{"to_number": NUMBER, "from_number": caller} for caller in callers]
    with running(server) as url, guarded(url, LISTED) as guard:
        marks = [send(guard, body).headers.get(MARK) for body in wrong]
        right = send(guard, {"to_number": NUMBER, "from_number": "a"})
        other = send(guard, {"to_number": NUMBER})
    assert marks == [None, None, None, NOT_TRIED, NOT_TRIED]
    assert [right.headers.get(MARK), other.headers.get(MARK)] == [None, None]


def test_a_target_that_reaches_nobody_is_given_up() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with guarded(f"http://127.0.0.1:{nobody.getsockname()[1]}") as guard:
            marks = [send(guard).headers[MARK] for _ in range(7)]
    assert marks == [NO_ANSWER] * 5 + [NOT_TRIED] * 2


def test_a_token_that_cannot_be_sent_stops_the_run() -> None:
    with pytest.raises(TargetError, match="the token cannot be sent"), guarded("http://127.0.0.1:9", token="tökén"):
        pass


def test_a_guard_that_ends_is_missed() -> None:
    with guarded("http://127.0.0.1:9") as guard:
        (child,) = [child for child in psutil.Process().children(recursive=True) if listens(child, guard)]
        child.kill()
        with pytest.raises(GuardError):
            guard.exchanges()


def listens(process: psutil.Process, guard: Guard) -> bool:
    port = httpx.URL(guard.door.url).port
    return any(connection.laddr.port == port for connection in process.net_connections("tcp"))


def test_a_process_that_ends_while_it_is_stopped_is_left_in_peace() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    process = Mock(pid=ended.pid, is_alive=lambda: True)  # as it was when it was asked
    stop(process, signal.SIGTERM)
    process.join.assert_called_once()


ORPHANING = """
import os, signal
from contract_tests.guard.process import guarding
from contract_tests.guard.proxy import Errand
from contract_tests.target.limits import FREE
from contract_tests.target.options import SPEC
from contract_tests.target.target import Target

if __name__ == "__main__":
    target = Target("nobody", "http://127.0.0.1:9", "token")
    with guarding(target, Errand(target.url, FREE, None, 1, SPEC)) as guard:
        print(guard.door.url, flush=True)
        signal.pause()
"""


def test_a_guard_ends_with_whoever_started_it() -> None:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}"}
    command = [sys.executable, "-c", ORPHANING]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout
        assert parent.stdout.readline().startswith("http://127.0.0.1:")
        children = psutil.Process(parent.pid).children(recursive=True)
        parent.send_signal(signal.SIGKILL)
    assert children
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_the_longest_waits_fit_into_what_the_engine_waits_for_the_guard() -> None:
    longest = 4 * proxy.REQUEST_TIMEOUT + proxy.MAX_WAITED
    settings = (ROOT / "schemathesis.toml").read_text()
    assert f"request-timeout = {150}" in settings
    assert longest < 150
