"""The suite catches the broken servers of the catalogue, and says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import httpx
import pytest

from contract_tests.kills.__main__ import main
from contract_tests.kills.kill import Kill
from contract_tests.kills.report import describe_kills
from contract_tests.servers.mock import PATH
from tests.conftest import ROOT, hear_ctrl_c

KILL = Kill(fault="a fault", expected="a check", caught_by=("a check",), requests=3, calls=1, seconds=0.5)
MOCK = Kill(fault="", expected=None, caught_by=(), requests=800, calls=48, seconds=6)


def start(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "contract_tests.kills", *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "generated"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
    )


def test_a_sample_of_the_faults_is_caught_and_the_mock_conforms() -> None:
    """`nox -s kills` runs them all; these are spread over the catalogue."""
    with start("--sample=60", "--json") as process:
        said, progress = process.communicate(timeout=300)
    outcome = json.loads(said)
    assert not [fault for fault in outcome["faults"] if fault["expected"] not in fault["caught_by"]]
    assert len(outcome["faults"]) == 60
    assert outcome["mock"]["caught_by"] == []
    assert 0 < outcome["mock"]["calls"] <= 60
    assert process.returncode == 0, progress


@pytest.mark.slow
def test_every_fault_is_caught() -> None:
    with start() as process:
        said, progress = process.communicate(timeout=1200)
    assert process.returncode == 0, said.rpartition("\n\n")[2] + progress[-500:]


def test_ctrl_c_ends_it_without_a_claim() -> None:
    with start("--sample=60") as process:
        assert process.stderr
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said, progress = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: nothing is claimed" in progress
    assert "Traceback" not in said + progress


def test_a_broken_server_can_be_tried_by_hand() -> None:
    with start("--serve=405 names no method") as process:
        assert process.stdout
        url, *_, token = process.stdout.readline().partition(";")[0].split()
        answer = httpx.put(f"{url}{PATH}", headers={"Authorization": f"Bearer {token}"})
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert (answer.status_code, "allow" in answer.headers) == (405, False)
    assert process.returncode == 0


def test_a_name_that_no_fault_has_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "no such fault"]) == 2
    assert main(["--serve", "no such fault"]) == 2
    assert capsys.readouterr().err.count("--list shows their names") == 2


def test_the_names_of_the_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--only", "405"]) == 0
    assert capsys.readouterr().out.splitlines() == ["405 names no method", "405 names the wrong methods"]


def test_each_fault_is_told_with_what_it_took() -> None:
    lines = describe_kills(MOCK, [KILL]).splitlines()
    assert lines[:2] == [
        "fault    caught by  requests  calls  seconds",
        "a fault  a check    3         1      0.5",
    ]
    assert lines[-2:] == [
        "on the mock itself: nothing found; 800 requests, 48 calls",
        "1 of 1 faults caught; median 3 requests, 1 calls",
    ]


def test_a_fault_that_another_check_caught_is_missed() -> None:
    missed = KILL.model_copy(update={"caught_by": ("another",)})
    said = describe_kills(MOCK, [KILL, missed])
    assert "MISSED  a fault: expected a check, found another" in said
    assert said.endswith("1 of 2 faults caught; median 3 requests, 1 calls")
