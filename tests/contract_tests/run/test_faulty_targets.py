"""Whatever a target does, a run ends in bounded time with a verdict, and its reports are whole."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import resource
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import trustme
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from contract_tests.result.result import Result
from contract_tests.run.suite import RunInterrupted, run
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import Answer, ReceivedRequest, create_app, judge_body, judge_with_token
from contract_tests.target.options import Options
from contract_tests.target.target import Target
from tests.conftest import ROOT, TOKEN, hear_ctrl_c
from tests.support.sockets import answering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from starlette.types import Receive, Scope, Send
    from voiceos_models import CreateCall

MIB = 2**20
GIB = 2**30
Fault = Callable[[int, float], Response | None]
"""What is answered in place of the mock, by the number of the request and the seconds since the first."""


class Faulty:
    """The mock, but for what a fault answers in its place."""

    def __init__(self, fault: Fault, *, is_for_calls_alone: bool = False) -> None:
        self.fault = fault
        self.is_for_calls_alone = is_for_calls_alone
        self.number = 0
        self.started = 0.0
        self.mock = create_app(judge_with_token(TOKEN))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.number += 1
        self.started = self.started or time.monotonic()
        answer = self.fault(self.number, time.monotonic() - self.started)
        if self.is_for_calls_alone and dict(scope["headers"]).get(b"content-length") == b"2":
            answer = None  # the request that finds out whether the target is there
        await (answer or self.mock)(scope, receive, send)


def options(report_dir: Path, **changes: Any) -> Options:  # noqa: ANN401 - any option
    return Options(report_dir, "VOICEOS_TOKEN", 1, **({"fuzzing": False, "time_limit": 100.0} | changes))


def result_of(fault: Fault, report_dir: Path, **changes: Any) -> Result:  # noqa: ANN401 - any option
    return result_at(Faulty(fault), report_dir, **changes)


def result_at(app: Faulty, report_dir: Path, **changes: Any) -> Result:  # noqa: ANN401 - any option
    with running(app) as url:
        result = run(Target("a faulty target", url, TOKEN), options(report_dir, **changes))
    assert Result.model_validate_json((report_dir / "result.json").read_text()) == result
    return result


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"[" * 65536
        await asyncio.sleep(0)


async def gibibyte() -> AsyncIterator[bytes]:
    for _ in range(GIB // MIB):
        yield b" " * MIB


def after(number: int, answer: Callable[[], Response]) -> Fault:
    """A fault that shows from a request on; the first one finds out whether the target is there."""
    return lambda count, _seconds: answer() if count > number else None


def json_stream(body: AsyncIterator[bytes], **headers: str) -> Response:
    return StreamingResponse(body, 200, headers, "application/json")


def bomb() -> Response:
    return Response(gzip.compress(b" " * (200 * MIB), 9), 200, {"content-encoding": "gzip"}, "application/json")


async def nothing_ever() -> AsyncIterator[bytes]:
    await asyncio.sleep(1000)
    yield b""


# ------------------------------------------------------------------------------------------- what is found in an answer


@pytest.mark.parametrize(
    ("answer", "check", "detail"),
    [
        pytest.param(lambda: json_stream(endless()), "answers_every_request", "more than 2 MiB", id="an endless body"),
        pytest.param(
            lambda: json_stream(gibibyte(), **{"content-length": str(GIB)}),
            "answers_every_request",
            "more than 2 MiB",
            id="a gibibyte",
        ),
        pytest.param(bomb, "answers_every_request", "unfolds to more than 2 MiB", id="a gzip bomb"),
        pytest.param(
            lambda: RedirectResponse("/conversations/create_phone_call", 307),
            "status_code_conformance",
            "307",
            id="a redirect to itself",
        ),
        pytest.param(
            lambda: JSONResponse({"detail": "busy"}, 429, {"retry-after": "3600"}),
            "ignored_auth",  # the probe of which comes first
            "429",
            id="429 and no end",
        ),
    ],
)
def test_an_answer_without_end_or_sense_is_a_finding(
    tmp_path: Path, answer: Callable[[], Response], check: str, detail: str
) -> None:
    app = Faulty(after(3, answer), is_for_calls_alone=True)
    result = result_at(app, tmp_path, fail_fast=True)
    assert result.verdict == "violates"
    finding = next(finding for finding in result.findings if finding.check == check)
    assert detail in finding.headline + finding.detail


def raw(text: bytes) -> AbstractContextManager[str]:
    """A socket that answers each connection's first request with bytes and resets it; one for `{}` with 422."""
    refusal = b'{"detail": []}'
    head = b"HTTP/1.1 422 Unprocessable Entity\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

    def answer(connection: socket.socket, request: bytes) -> None:
        is_preflight = b"\r\ncontent-length: 2\r\n" in request.lower()  # `{}`
        connection.sendall(head % len(refusal) + refusal if is_preflight else text)
        if not is_preflight:  # a reset in place of an end
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return answering(answer)


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: application/json\r\n\r\n{",
        b"\x16\x03\x01 no HTTP\r\n\r\n",
        b"",
    ],
    ids=["reset within the body", "no HTTP", "nothing at all"],
)
def test_a_reply_that_breaks_off_is_a_finding(tmp_path: Path, text: bytes) -> None:
    with raw(text) as url:
        result = run(Target("a faulty target", url, TOKEN), options(tmp_path, fail_fast=True))
    assert (result.verdict, {finding.check for finding in result.findings}) == ("violates", {"answers_every_request"})


def test_a_gibibyte_takes_no_gibibyte_of_memory(tmp_path: Path) -> None:
    def peak(answer: Callable[[], Response]) -> int:
        with peak_of_memory() as memory:
            result_of(after(3, answer), tmp_path, fail_fast=True)
        return memory[0]

    base = peak(lambda: JSONResponse({"detail": "boom"}, 500))
    assert peak(lambda: json_stream(gibibyte(), **{"content-length": str(GIB)})) - base < 300 * MIB


@contextmanager
def peak_of_memory() -> Iterator[list[int]]:
    """The most memory that this process and those below it held at once meanwhile, in bytes."""
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], _memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _memory() -> int:
    """What this process and all below it hold for themselves, in bytes."""
    total = 0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            memory = process.memory_full_info()
        except psutil.Error:
            continue
        total += memory.uss
    return total


# --------------------------------------------------------------------------------------------- what is not the contract


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(
            lambda _number, _seconds: JSONResponse({}, 429, {"retry-after": "0"}), "takes no more requests", id="429"
        ),
        pytest.param(
            lambda _number, _seconds: json_stream(nothing_ever()), "does not answer", id="a body that never comes"
        ),
        pytest.param(
            lambda _number, _seconds: RedirectResponse("http://127.0.0.1:9/"), "sends us on", id="a redirect elsewhere"
        ),
    ],
)
def test_what_keeps_a_run_from_beginning_is_untestable(tmp_path: Path, fault: Fault, reason: str) -> None:
    result = result_of(fault, tmp_path, connect_timeout=1.0)
    assert result.verdict == "untestable"
    assert reason in (result.reason or "")
    assert result.calls == 0


def test_a_name_that_leads_nowhere_is_untestable(tmp_path: Path) -> None:
    result = run(
        Target("a faulty target", "http://no-such-host.invalid", TOKEN), options(tmp_path, connect_timeout=5.0)
    )
    assert (result.verdict, result.requests) == ("untestable", 0)
    assert "cannot be reached" in (result.reason or "")


@pytest.mark.parametrize("age", [timedelta(days=-1), timedelta(days=1)], ids=["expired", "of nobody known"])
def test_a_certificate_that_is_not_valid_is_untestable(tmp_path: Path, age: timedelta) -> None:
    now = datetime.now(UTC)
    certificate = trustme.CA().issue_cert("localhost", not_before=now - timedelta(days=9), not_after=now + age)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def shake_hands() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                    context.wrap_socket(connection, server_side=True)
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        threading.Thread(target=shake_hands, daemon=True).start()
        url = f"https://localhost:{listener.getsockname()[1]}"
        result = run(Target("a faulty target", url, TOKEN), options(tmp_path, connect_timeout=5.0))
    assert result.verdict == "untestable"
    assert "certificate" in (result.reason or "").lower()


def test_a_deploy_is_waited_for(tmp_path: Path) -> None:
    result = result_of(
        lambda _number, seconds: JSONResponse({}, 503) if seconds < 5 else None, tmp_path, all_known_names=False
    )
    assert result.verdict == "conforms", result.reason


def test_a_token_that_expires_on_the_way_is_untestable(tmp_path: Path) -> None:
    result = result_of(after(30, lambda: JSONResponse({"detail": "expired"}, 401)), tmp_path)
    assert result.verdict == "untestable"
    assert "refuses the token" in (result.reason or "")


def test_a_target_that_hangs_is_given_up_in_time(tmp_path: Path) -> None:
    started = time.monotonic()
    result = result_of(after(3, lambda: json_stream(nothing_ever())), tmp_path, time_limit=15.0)
    assert time.monotonic() - started < 60
    assert result.verdict == "untestable"
    assert "lost on the way" in (result.reason or "")
    assert "no response came within 10 s" in (result.reason or "")


# ------------------------------------------------------------------------------------------------------- the run itself


def start(report_dir: Path, *flags: str, prepare: Callable[[], object] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "contract_tests", f"--report-dir={report_dir}", "--seed=1", *flags],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("VOICEOS", "PYTEST"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=prepare,
        start_new_session=True,
    )


def test_a_full_disk_is_said_and_leaves_no_half_report(tmp_path: Path) -> None:
    limit = 4_000
    flags = ("--no-fuzzing", "--no-all-known-names")
    with start(tmp_path, *flags, prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 4, said
    assert "the reports cannot be written" in said
    assert "Traceback" not in said
    assert not (tmp_path / "result.json").exists() or json.loads((tmp_path / "result.json").read_text())


@pytest.mark.parametrize("seconds", [0.0, 1.0, 3.0])
def test_ctrl_c_at_any_moment_of_a_run_leaves_no_process_and_no_half_report(tmp_path: Path, seconds: float) -> None:
    with start(tmp_path, prepare=hear_ctrl_c) as process:
        assert process.stdout
        while not process.stdout.readline().startswith("collected"):
            pass
        process_below = psutil.Process(process.pid).children(recursive=True)
        threading.Event().wait(seconds)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    _, alive = psutil.wait_procs(process_below, timeout=10)
    assert not alive
    assert "Traceback" not in said
    assert "nothing is claimed" in said or "no tests ran" in said  # it may come before the run has begun
    assert process.returncode == 2
    if report := list(tmp_path.glob("result.json")):
        assert Result.model_validate_json(report[0].read_text()).verdict == "untestable"


@pytest.fixture
def hearing_ctrl_c() -> Iterator[None]:
    """Whoever starts the tests in the background has them ignore it."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, handler)


@pytest.mark.usefixtures("hearing_ctrl_c")
def test_ctrl_c_keeps_what_was_found_until_then(tmp_path: Path) -> None:
    me = threading.get_ident()
    with running(create_app(judge_body)) as url, pytest.raises(RunInterrupted) as interrupted:
        run(Target("takes any token", url, TOKEN), options(tmp_path), lambda _: signal.pthread_kill(me, signal.SIGINT))
    result = Result.model_validate_json((tmp_path / "result.json").read_text())
    assert result == interrupted.value.result
    assert result.verdict == "violates"
    assert "interrupted" in (result.reason or "")
    assert 0 < result.requests < 800
    assert (tmp_path / "findings" / "1.json").exists()


@pytest.mark.usefixtures("hearing_ctrl_c")
def test_ctrl_c_does_not_wait_for_a_target_that_takes_no_more_requests(tmp_path: Path) -> None:
    me, seen = threading.get_ident(), count()

    def judge(request: ReceivedRequest) -> CreateCall | Answer:
        if next(seen) < 40:
            return judge_with_token(TOKEN)(request)
        threading.Timer(1, signal.pthread_kill, (me, signal.SIGINT)).start()
        return Answer(429, {"detail": "later"}, {"Retry-After": "20"})

    started = time.monotonic()
    with running(create_app(judge)) as url, pytest.raises(RunInterrupted) as interrupted:
        run(Target("busy", url, TOKEN), options(tmp_path))
    assert time.monotonic() - started < 20
    assert interrupted.value.result.requests >= 39
