"""Whatever a target, a process or the user does, a run ends with a verdict, and its reports are whole."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING

import psutil
import pytest
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from contract_tests.plan.schedule import PREFLIGHT_PURPOSE
from contract_tests.result.part import decode_part
from contract_tests.result.result import Result
from contract_tests.run.interrupted import RunInterrupted
from contract_tests.run.suite import run
from contract_tests.runtime.modules import ENGINE, GUARD
from contract_tests.runtime.serving import running
from contract_tests.target.target import Target
from tests.conftest import ROOT, TOKEN, hear_ctrl_c
from tests.support.dropped import drop
from tests.support.results import in_words
from tests.support.sockets import answering
from tests.support.things import options, things
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from contract_tests.report.progress import Status

    OnStatus = Callable[[Status], None]

MIB = 2**20
GIB = 2**30
PREFLIGHTS = 1
"""How many requests come before those of the plan."""


def after(number: int, answer: Callable[[], Response]) -> Callable[[int], Response | None]:
    """A fault that shows after so many requests."""
    return lambda nth: answer() if nth > number else None


def result_of(
    fault: Callable[[int], Response | None],
    report_dir: Path,
    on_progress: OnStatus = lambda _: None,
    time_limit: float = 300.0,
    connect_timeout: float = 10.0,
) -> Result:
    """The result of a run, as it is told and as it is written."""
    with running(things(fault)) as url:
        wanted = options(report_dir, time_limit=time_limit, connect_timeout=connect_timeout)
        result = run(Target("a faulty target", url, TOKEN), wanted, on_progress)
    assert written(report_dir) == result
    return result


def written(report_dir: Path) -> Result:
    return decode_part((report_dir / "result.json").read_text(), Result)


def checks_of(result: Result) -> set[str]:
    return {check for finding in result.findings for check in finding.checks}


def nothing(_nth: int) -> Response | None:
    """No fault."""
    return None


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"[" * 65536
        await asyncio.sleep(0)


async def gibibyte() -> AsyncIterator[bytes]:
    for _ in range(GIB // MIB):
        yield b" " * MIB


async def never() -> AsyncIterator[bytes]:
    await asyncio.sleep(1000)
    yield b""


def json_stream(body: AsyncIterator[bytes], **headers: str) -> Response:
    return StreamingResponse(body, 200, headers, "application/json")


def bomb() -> Response:
    return Response(gzip.compress(b" " * (200 * MIB), 9), 200, {"content-encoding": "gzip"}, "application/json")


# ------------------------------------------------------------------------------------------------ a target that is lost


@pytest.mark.slow
@pytest.mark.usefixtures("_without_schemathesis")
def test_a_target_that_is_lost_on_the_way_is_untestable(tmp_path: Path) -> None:
    result = result_of(
        after(30, lambda: JSONResponse({"detail": "expired"}, 401, {"WWW-Authenticate": "Bearer"})), tmp_path
    )
    assert result.verdict == "untestable"
    assert (result.reason or "").startswith("The target was lost on the way, after ")
    assert "The target refuses the token: it answers 401 to POST" in (result.reason or "")


@pytest.mark.usefixtures("_without_schemathesis")
def test_the_answer_to_the_preflight_is_judged_too(tmp_path: Path) -> None:
    result = result_of(lambda nth: JSONResponse({}, 500) if nth == PREFLIGHTS else None, tmp_path)
    assert result.verdict == "violates"
    assert {finding.example.sent for finding in result.findings} == {PREFLIGHT_PURPOSE}


@pytest.mark.slow
@pytest.mark.usefixtures("_without_schemathesis")
def test_a_target_that_hangs_is_given_up_at_the_time_limit(tmp_path: Path) -> None:
    result = result_of(after(1, lambda: json_stream(never())), tmp_path, time_limit=0.1)
    assert result.verdict == "untestable"
    assert result.reason == "The run was stopped: it was not done after 0.1 s (--time-limit)."


@pytest.mark.slow
@pytest.mark.usefixtures("_without_schemathesis")
def test_a_run_that_is_stopped_keeps_what_was_found_until_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = threading.Event()

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return time.monotonic() + (1000 if late.is_set() else 0)

    monkeypatch.setattr("contract_tests.run.suite.time", Clock)
    result = result_of(
        lambda nth: JSONResponse({}) if nth > PREFLIGHTS else None,
        tmp_path,
        lambda progress: late.set() if progress.exchanges == 3 else None,
    )
    assert result.verdict == "violates"
    assert result.reason == "The run was stopped: it was not done after 300 s (--time-limit)."
    assert result.requests >= 3 - PREFLIGHTS


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: JSONResponse({}, 429, {"retry-after": "0"}), "takes no more requests"),
        (lambda: json_stream(never()), "does not answer"),
        (lambda: RedirectResponse("http://127.0.0.1:9/"), "redirects to 'http://127.0.0.1:9/'"),
    ],
    ids=["429", "a body that never comes", "a redirect elsewhere"],
)
@pytest.mark.slow
def test_an_obstacle_at_the_beginning_is_untestable(
    tmp_path: Path, answer: Callable[[], Response], reason: str
) -> None:
    result = result_of(after(0, answer), tmp_path, connect_timeout=1.0)
    assert (result.verdict, result.requests, result.calls) == ("untestable", 0, 0)
    assert reason in (result.reason or "")


@pytest.mark.slow
def test_a_deploy_is_waited_for(tmp_path: Path) -> None:
    result = result_of(lambda nth: JSONResponse({}, 503) if nth < 5 else None, tmp_path)
    assert result.verdict == "conforms", result.reason


@pytest.mark.slow
def test_a_target_that_hangs_is_given_up_as_lost(tmp_path: Path) -> None:
    result = result_of(after(3, lambda: json_stream(never())), tmp_path)
    assert result.verdict == "untestable"
    assert "lost on the way" in (result.reason or "")
    assert "no response came within 10 s" in (result.reason or "")


# --------------------------------------------------------------------------------------- an answer without end or sense


@pytest.mark.parametrize(
    ("answer", "check", "detail"),
    [
        (lambda: json_stream(endless()), "answers_every_request", "more than 2 MiB"),
        pytest.param(
            lambda: json_stream(gibibyte(), **{"content-length": str(GIB)}),
            "answers_every_request",
            "more than 2 MiB",
            marks=pytest.mark.nightly,
        ),
        (bomb, "answers_every_request", "unfolds to more than 2 MiB"),
        pytest.param(
            lambda: RedirectResponse("/things", 307), "status_code_conformance", "307", marks=pytest.mark.nightly
        ),
    ],
    ids=["an endless body", "a gibibyte", "a gzip bomb", "a redirect to itself"],
)
@pytest.mark.slow
def test_an_answer_without_end_or_sense_is_a_finding(
    tmp_path: Path, answer: Callable[[], Response], check: str, detail: str
) -> None:
    result = result_of(lambda nth: answer() if 1 < nth < 4 else None, tmp_path)
    assert result.verdict == "violates"
    finding = next(finding for finding in result.findings if check in finding.checks)
    assert detail in finding.headline + finding.detail


@pytest.mark.slow
def test_a_target_that_asks_for_patience_without_end_leaves_the_run_incomplete(tmp_path: Path) -> None:
    busy = JSONResponse({"detail": "busy"}, 429, {"retry-after": "3600"})
    result = result_of(lambda nth: busy if 1 < nth < 4 else None, tmp_path)
    assert (result.verdict, result.findings) == ("incomplete", ())
    assert any("the server answered 429: run again later" in text for text in in_words(result.untried))


@pytest.mark.slow
def test_a_target_that_asks_for_a_moment_is_given_it_and_conforms(tmp_path: Path) -> None:
    waits: list[float] = []

    def note(progress: Status) -> None:
        waits.extend([] if progress.waits is None else [progress.waits])

    busy = [JSONResponse({}, status, {"retry-after": "1"}) for status in (429, 503)]
    result = result_of(lambda nth: busy[nth % 2] if nth in {2, 3, 30} else None, tmp_path, note)
    assert (result.verdict, result.findings, result.untried) == ("conforms", (), ())
    assert waits == [1, 1, 1]


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
        pytest.param(b"\x16\x03\x01 no HTTP\r\n\r\n", marks=pytest.mark.nightly),
        pytest.param(b"", marks=pytest.mark.nightly),
    ],
    ids=["reset within the body", "no HTTP", "nothing at all"],
)
@pytest.mark.slow
def test_a_reply_that_breaks_off_is_a_finding(tmp_path: Path, text: bytes) -> None:
    with raw(text) as url:
        result = run(Target("a faulty target", url, TOKEN), options(tmp_path))
    assert result.verdict == "violates"
    assert "answers_every_request" in checks_of(result)


@pytest.mark.nightly
def test_a_gibibyte_takes_no_gibibyte_of_memory(tmp_path: Path) -> None:
    def peak(answer: Callable[[], Response]) -> int:
        with peak_of_memory() as memory:
            result_of(lambda nth: answer() if nth == 3 else None, tmp_path)
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


# --------------------------------------------------------------------------------------------------- processes that end


def children(module: str) -> list[psutil.Process]:
    """The child processes that run a module."""
    found = []
    for process in psutil.Process().children():
        with suppress(psutil.Error):
            found += [process] if module in process.cmdline() else []
    return found


def killing(module: str, at: int) -> OnStatus:
    """Kills the process of a module once there are so many exchanges."""

    def on_progress(progress: Status) -> None:
        if progress.exchanges == at:
            for process in children(module):
                process.kill()

    return on_progress


@pytest.mark.slow
def test_a_guard_that_is_killed_is_told_as_the_reason(tmp_path: Path) -> None:
    result = result_of(nothing, tmp_path, killing(GUARD, at=5))
    assert (result.verdict, result.reason) == ("untestable", "The guard ended before the run did.")
    assert result.requests >= 5 - PREFLIGHTS
    assert not children(GUARD) + children(ENGINE)


@pytest.mark.slow
def test_an_engine_that_is_killed_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    result = result_of(nothing, tmp_path, killing(ENGINE, at=5))
    assert result.verdict == "untestable"
    assert (result.reason or "").startswith("Schemathesis failed (exit -9). Its last lines:")
    assert result.requests > 5


@pytest.mark.usefixtures("_without_schemathesis")
def test_a_guard_that_does_not_start_is_told_as_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contract_tests.guard.guard.GUARD", "contract_tests.no_such_module")
    result = result_of(nothing, tmp_path)
    assert result.verdict == "untestable"
    assert (result.reason or "").startswith("The guard did not start: ModuleNotFoundError")


# --------------------------------------------------------------------------------------------------------------- Ctrl-C


@pytest.fixture
def _hearing_ctrl_c() -> Iterator[None]:
    """Whoever starts the tests in the background has them ignore it."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, handler)


def pressing_ctrl_c(*at: int) -> OnStatus:
    """Presses Ctrl-C when there are so many exchanges."""
    me = threading.get_ident()
    return lambda progress: signal.pthread_kill(me, signal.SIGINT) if progress.exchanges in at else None


@pytest.mark.usefixtures("_hearing_ctrl_c")
def test_ctrl_c_keeps_what_was_found_until_then(tmp_path: Path) -> None:
    with pytest.raises(RunInterrupted) as interrupted:
        result_of(lambda nth: JSONResponse({}) if nth > 1 else None, tmp_path, pressing_ctrl_c(4))
    result = written(tmp_path)
    assert result == interrupted.value.result
    assert result.verdict == "violates"
    assert "interrupted" in (result.reason or "")
    assert result.requests >= 4 - PREFLIGHTS
    assert (tmp_path / "findings" / "1.json").exists()
    assert not children(GUARD) + children(ENGINE)


@pytest.mark.slow
@pytest.mark.usefixtures("_hearing_ctrl_c", "_without_schemathesis")
def test_an_exchange_under_way_at_ctrl_c_is_kept_and_counts_as_a_call(tmp_path: Path) -> None:
    me = threading.get_ident()

    async def slow() -> AsyncIterator[bytes]:
        signal.pthread_kill(me, signal.SIGINT)
        await asyncio.sleep(0.1)  # if this is over before the run hears of it, the exchange is kept all the same
        yield b"{}"

    with pytest.raises(RunInterrupted) as interrupted:
        result_of(lambda nth: json_stream(slow()) if nth == 2 else None, tmp_path)
    result = interrupted.value.result
    assert (result.requests, result.calls) == (PREFLIGHTS + 1, 1)
    assert result.findings


@pytest.mark.usefixtures("_hearing_ctrl_c", "_without_schemathesis")
def test_a_ctrl_c_that_python_drops_ends_the_run_all_the_same(tmp_path: Path) -> None:
    signal.signal(signal.SIGINT, lambda *_: drop(KeyboardInterrupt()))
    with pytest.raises(RunInterrupted) as interrupted:
        result_of(nothing, tmp_path, pressing_ctrl_c(4))
    assert interrupted.value.result == written(tmp_path)
    assert interrupted.value.result.requests < 40


@pytest.mark.slow
@pytest.mark.usefixtures("_hearing_ctrl_c")
def test_a_second_ctrl_c_ends_at_once_and_keeps_what_was_told(tmp_path: Path) -> None:
    me = threading.get_ident()

    async def hanging() -> AsyncIterator[bytes]:
        signal.pthread_kill(me, signal.SIGINT)
        await asyncio.sleep(0.3)
        signal.pthread_kill(me, signal.SIGINT)
        await asyncio.sleep(1000)
        yield b""

    with pytest.raises(RunInterrupted) as interrupted:
        result_of(lambda nth: json_stream(hanging()) if nth == 3 else None, tmp_path)
    assert interrupted.value.result == written(tmp_path)
    assert interrupted.value.result.requests == PREFLIGHTS + 1
    assert not children(GUARD) + children(ENGINE)


PRESSED = [range(at, at + times) for at in (1, 2, 3, 5, 10, 20, 40, 60, 80) for times in (1, 2)]
"""At which exchanges Ctrl-C is pressed: once, or twice in a row."""


@pytest.mark.usefixtures("_hearing_ctrl_c")
# Ctrl-C may come between any two steps, such as opening a socket and keeping it. Python closes that socket, and warns.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("exchanges", share_out(PRESSED, slow=2), ids=str)
def test_ctrl_c_at_any_exchange_leaves_no_process_and_no_half_report(tmp_path: Path, exchanges: range) -> None:
    with pytest.raises(RunInterrupted) as interrupted:
        result_of(nothing, tmp_path, pressing_ctrl_c(*exchanges))
    assert interrupted.value.result == written(tmp_path)
    assert interrupted.value.result.verdict == "untestable"
    assert not children(GUARD) + children(ENGINE)


@pytest.mark.slow
@pytest.mark.usefixtures("_hearing_ctrl_c")
def test_ctrl_c_does_not_wait_for_a_target_that_takes_no_more_requests(tmp_path: Path) -> None:
    me, seen = threading.get_ident(), count()

    def busy() -> Response:
        if not next(seen):
            threading.Timer(1, signal.pthread_kill, (me, signal.SIGINT)).start()
        return JSONResponse({"detail": "later"}, 429, {"Retry-After": "20"})

    started = time.monotonic()
    with pytest.raises(RunInterrupted) as interrupted:
        result_of(after(40, busy), tmp_path)
    assert time.monotonic() - started < 20
    assert interrupted.value.result.requests >= 39


# ---------------------------------------------------------------------------------------------------- the whole command


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


@pytest.mark.slow
def test_a_full_disk_is_said_and_leaves_no_half_report(tmp_path: Path) -> None:
    limit = 4_000
    flags = ("--no-fuzzing", "--no-all-known-names")
    with start(tmp_path, *flags, prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 4, said
    assert "the reports cannot be written" in said
    assert "Traceback" not in said
    assert not (tmp_path / "result.json").exists() or json.loads((tmp_path / "result.json").read_text())


@pytest.mark.parametrize("seconds", share_out([1.0, 0.0, 3.0], slow=1))
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
        assert decode_part(report[0].read_text(), Result).verdict == "untestable"
