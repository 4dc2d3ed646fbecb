"""The command for live traffic: what it says while traffic passes, at its end, and what it leaves."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from contract_tests.proxy import main
from contract_tests.recordings import main as judge_recordings
from contract_tests.runtime.serving import listen, running
from contract_tests.servers.mock import PATH, create_app, judge_with_token, respond_with_conversation
from tests.conftest import ROOT, TOKEN
from tests.support.commands import OF_CI

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voiceos_models import CreateCall

    from contract_tests.servers.answer import Answer

BODY = {"from_number": "+12025550142", "to_number": "+12025550143"}
STAGING = {"from_number": "+14155552671", "to_number": "+14155552672"}


@dataclass(frozen=True)
class Ended:
    """A proxy that has ended."""

    code: int
    said: str
    answers: list[httpx.Response]
    folder: Path


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in OF_CI:
        monkeypatch.delenv(variable, raising=False)


def drive(  # noqa: PLR0913 - what may differ between tests
    url: str,
    folder: Path,
    *bodies: object,
    flags: tuple[str, ...] = (),
    number: int = signal.SIGINT,
    before_the_end: Callable[[subprocess.Popen[str]], None] = lambda _: None,
    listens: bool = True,
) -> Ended:
    """Runs the command in front of a server, sends bodies through it, and ends it by a signal."""
    arguments = ["--url", url, "--report-dir", str(folder / "report"), "--save", str(folder / "saved.ndjson")]
    process = subprocess.Popen(
        [sys.executable, "-m", "contract_tests.proxy", *arguments, *flags],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "generated"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    first = process.stdout.readline()
    if not listens:
        process.stdout.close()
    with httpx.Client(base_url=first.split()[0], headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as client:
        answers = [client.post(PATH, json=body) for body in bodies]
    before_the_end(process)
    process.send_signal(number)
    rest, _ = process.communicate(timeout=60) if listens else ("", process.wait(60))
    return Ended(process.returncode, first + rest, answers, folder)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A proxy in front of a server that says a status that the contract does not have, or has a field like that."""

    def respond(call: CreateCall) -> Answer:
        answer = respond_with_conversation(call)
        added = {"mood": "calm"} if call.to_number == STAGING["to_number"] else {"status": "paused"}
        return replace(answer, body={**answer.body, **added})

    with running(create_app(judge_with_token(TOKEN), respond)) as url:
        return drive(url, tmp_path_factory.mktemp("proxy"), BODY, BODY, STAGING)


def test_what_passes_is_answered_by_the_server(ended: Ended) -> None:
    assert [answer.json()["status"] for answer in ended.answers] == ["paused", "paused", "started"]


def test_each_cause_is_told_once_when_it_shows(ended: Ended) -> None:
    cause, drift = [line for line in ended.said.splitlines() if line.startswith("new: ")]
    assert '"paused" is not one of "started", "ended" or "queued"  (response_' in cause
    assert drift.startswith("new: additive drift: spec/openapi.yaml:")
    assert drift.endswith('ConversationResponse has no field "mood" (1 response)')


def test_ctrl_c_ends_with_the_verdict_the_page_and_the_exit_code_of_a_run(ended: Ended) -> None:
    assert ended.code == 1
    assert ended.said.splitlines()[-1].startswith("violates: the traffic to http://127.0.0.1:")
    assert {"index.html", "result.json", "junit.xml"} <= {path.name for path in (ended.folder / "report").iterdir()}


def test_neither_the_token_nor_a_number_is_shown_or_saved(ended: Ended) -> None:
    written = [path.read_text() for path in ended.folder.rglob("*") if path.is_file()]
    assert not [text for text in (ended.said, *written) if TOKEN in text]
    assert (ended.folder / "saved.ndjson").stat().st_mode & 0o077 == 0
    saved = (ended.folder / "saved.ndjson").read_text()
    assert "+14155552671" not in saved
    assert "********2671" in saved


def test_what_was_saved_is_judged_as_it_was_live(ended: Ended, tmp_path: Path) -> None:
    saved = ended.folder / "saved.ndjson"
    url = json.loads(saved.read_text().splitlines()[0])["request"]["url"].removesuffix(PATH)
    assert judge_recordings([str(saved), "--url", url, "--report-dir", str(tmp_path / "again")]) == 1
    live, again = (
        json.loads((folder / "result.json").read_text()) for folder in (ended.folder / "report", tmp_path / "again")
    )
    assert [each["key"] for each in again["findings"]] == [each["key"] for each in live["findings"]]
    assert again["requests"] == live["requests"] == 3


@pytest.mark.slow
def test_where_nothing_passed_the_way_out_is_told(tmp_path: Path, mock_url: str) -> None:
    ended = drive(mock_url, tmp_path)
    assert ended.code == 7
    assert "Nothing passed. Give your application the proxy's address in place of the server's." in ended.said


@pytest.mark.slow
def test_that_the_server_is_out_of_reach_is_told_once(tmp_path: Path) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        ended = drive(f"http://127.0.0.1:{unheard.getsockname()[1]}", tmp_path, BODY, BODY)
    assert [answer.status_code for answer in ended.answers] == [502, 502]
    assert ended.said.count("no response: the server cannot be reached: ") == 1


@pytest.mark.slow
def test_where_the_proxys_process_is_killed_what_passed_until_then_is_judged(tmp_path: Path, mock_url: str) -> None:
    def kill_the_child(process: subprocess.Popen[str]) -> None:
        (child,) = psutil.Process(process.pid).children()
        time.sleep(0.5)  # it is to tell what passed
        child.kill()
        process.wait(30)

    ended = drive(mock_url, tmp_path, BODY, before_the_end=kill_the_child)
    assert "The proxy's process has ended by itself." in ended.said
    assert "It was interrupted, after 1 entry." in ended.said
    assert (tmp_path / "report" / "index.html").exists()


@pytest.mark.slow
def test_where_nobody_reads_what_is_told_the_traffic_passes(tmp_path: Path) -> None:
    def respond(call: CreateCall) -> Answer:
        return replace(respond_with_conversation(call), status=201)

    def ask_again(process: subprocess.Popen[str]) -> None:
        time.sleep(0.5)  # it cannot tell what is new
        assert process.poll() is None

    with running(create_app(judge_with_token(TOKEN), respond)) as url:
        ended = drive(url, tmp_path, BODY, before_the_end=ask_again, listens=False)
    assert (ended.folder / "report" / "index.html").exists()


@pytest.mark.slow
def test_limits_hold_and_are_told_once(tmp_path: Path, mock_url: str) -> None:
    limits = ("--to-number", "+12025550143", "--from-number", "+12025550142", "--max-calls", "1")
    ended = drive(mock_url, tmp_path, STAGING, STAGING, BODY, BODY, flags=limits, number=signal.SIGTERM)
    assert [answer.status_code for answer in ended.answers] == [424, 424, 200, 424]
    told = [line for line in ended.said.splitlines() if line.startswith("not sent: ")]
    assert len(told) == 2, told
    assert "2 not sent: a number that is not on the list, at /to_number" in ended.said


def test_no_server_is_named() -> None:
    assert main([]) == 4


def test_a_folder_that_cannot_be_made_is_told_before_anybody_connects(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["--url", "http://127.0.0.1:1", "--report-dir", str(tmp_path / "file" / "report")]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert "the reports cannot be written" in said.err


def test_a_taken_port_is_told_with_the_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    earlier = tmp_path / "r" / "result.json"
    earlier.parent.mkdir()
    earlier.touch()
    with listen(0) as taken:
        port = taken.getsockname()[1]
        assert main(["--url", "http://127.0.0.1:1", "--port", str(port), "--report-dir", str(tmp_path / "r")]) == 4
    assert f"port {port} cannot be used" in (said := capsys.readouterr().err)
    assert "--port 0" in said
    assert earlier.exists()
