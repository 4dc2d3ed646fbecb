"""The suite catches the broken servers of the catalogue, and says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import httpx
import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.judge import judge
from contract_tests.kills import __main__ as command
from contract_tests.kills.__main__ import main
from contract_tests.kills.kill import Kill, catalogue, kill_in_process, kill_through_engine, shows
from contract_tests.kills.report import describe_kills
from contract_tests.servers.faults.fault import Fault, by_judging
from contract_tests.servers.mock import PATH, judge_with_token
from tests.conftest import ROOT, hear_ctrl_c
from tests.support.exchanges import CALL, answer, post
from tests.support.readme_run import broken_server, result_of_run
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from tests.support.commands import Finished

KILL = Kill(fault="a fault", expected="a check", caught_by=("a check",), requests=3, calls=1, seconds=0.5)
MISSED = KILL.model_copy(update={"caught_by": ("another",)})
MOCK = Kill(fault="", expected=None, caught_by=(), requests=800, calls=48, seconds=6)
PARTS = 48
"""In how many parts the catalogue is tried. Each is a sample of the whole."""
THROUGH_ENGINE = [
    "RimeVoice.speed_alpha: maximum not checked",
    "a prefix of the token accepted",
    "CreateCall without to_number accepted",
    "200 body (ConversationResponse): account_id absent",
    "a text longer than 255 refused",
    "NaN is read as a number",
    "the media type is not looked at",
    "405 names no method",
    "the connection breaks within the body of 200",
    "a call is sent on to another origin",
    "the answer has one id for all",
    "1 wrong body in 20 crashes",
]
"""Faults of different kinds, which whole runs must catch too."""


@pytest.mark.parametrize(("name", "is_against_advice"), [("300.0 refused", True), ("everything refused", False)])
def test_a_fault_counts_as_caught_by_advice_only_where_no_source_forbids_it(
    contract: Contract, name: str, *, is_against_advice: bool
) -> None:
    exchange = Exchange(post(CALL | {"agent_config": {"max_duration_seconds": 300.0}}), answer({"detail": []}, 422))
    (judged,) = judge(contract, [exchange])
    make_app = by_judging(judge_with_token)
    fault = Fault(name, "documented_request_accepted", make_app, is_against_advice=is_against_advice)
    assert shows(fault, judged) is is_against_advice


def missed(names: Sequence[str], kill: Callable[[str, int], Kill]) -> list[Kill]:
    """The faults that the checks that must catch them do not."""
    kills = [kill(name, 1) for name in names]
    return [found for found in kills if not found.is_caught]


def test_a_sample_of_the_faults_is_caught() -> None:
    assert missed([*catalogue()][::PARTS], kill_in_process) == []


@pytest.mark.parametrize("part", share_out(range(1, PARTS), slow=1))
def test_every_other_fault_is_caught(part: int) -> None:
    assert missed([*catalogue()][part::PARTS], kill_in_process) == []


@pytest.mark.slow
def test_a_fault_of_a_response_is_caught_by_a_whole_run(violating_run: Finished) -> None:
    # The server that the whole commands share has this fault.
    assert broken_server().caught_by in {
        check for finding in result_of_run(violating_run).findings for check in finding.checks
    }


@pytest.mark.parametrize("name", share_out(THROUGH_ENGINE, slow=0))
def test_faults_of_all_kinds_are_caught_by_a_whole_run(name: str) -> None:
    assert missed([name], kill_through_engine) == []


@pytest.fixture
def run_nothing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has the command's runs come to the outcomes that a test gives it, and run nothing."""

    def come_to(*outcomes: Kill) -> None:
        monkeypatch.setattr(command, "run_all", lambda _runs, _workers: iter(outcomes))

    return come_to


NAME = "405 names no method"
CAUGHT = Kill(fault=NAME, expected="a check", caught_by=("a check",), requests=3, calls=1, seconds=0.5)


@pytest.mark.parametrize(
    ("mock", "kill", "code"),
    [
        (MOCK, CAUGHT, 0),
        (MOCK, CAUGHT.model_copy(update={"caught_by": ()}), 1),
        (MOCK.model_copy(update={"caught_by": ("a check",)}), CAUGHT, 1),
    ],
    ids=["caught", "missed", "found on the mock"],
)
def test_the_exit_code_tells_whether_all_are_caught_and_the_mock_conforms(
    run_nothing: Callable[..., None], capsys: pytest.CaptureFixture[str], mock: Kill, kill: Kill, code: int
) -> None:
    run_nothing(kill, mock)
    assert main(["--only", NAME]) == code
    assert "1 fault caught" in capsys.readouterr().out


def test_the_outcome_is_printed_as_json(run_nothing: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    run_nothing(CAUGHT, MOCK)
    main(["--only", NAME, "--json"])
    outcome = json.loads(capsys.readouterr().out)
    assert outcome == {"mock": MOCK.model_dump(mode="json"), "faults": [CAUGHT.model_dump(mode="json")]}


def test_an_interrupted_command_claims_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def be_interrupted(_runs: object, _workers: object) -> Iterator[Kill]:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run_all", be_interrupted)
    assert main(["--only", NAME]) == 130
    said = capsys.readouterr()
    assert "interrupted: nothing is claimed" in said.err
    assert said.out == ""


def test_a_sample_is_spread_over_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--sample=60"]) == 0
    sample = capsys.readouterr().out.splitlines()
    places = [[*catalogue()].index(name) for name in sample]
    gaps = {later - earlier for earlier, later in pairwise(places)}
    assert len(sample) == 60
    assert max(gaps) - min(gaps) <= 1


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
        "1 of 1 fault caught; median 3 requests, 1 call",
    ]


def test_a_fault_that_it_took_a_thorough_run_to_catch_is_told() -> None:
    said = describe_kills(MOCK, [KILL, KILL.model_copy(update={"is_thorough": True})])
    assert said.endswith("2 of 2 faults caught, 1 of them with --thorough; median 3 requests, 1 call")


def test_a_fault_that_another_check_caught_is_missed() -> None:
    said = describe_kills(MOCK, [KILL, MISSED])
    assert "MISSED  a fault: expected a check, found another" in said
    assert said.endswith("1 of 2 faults caught; median 3 requests, 1 call")


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


@pytest.mark.slow
def test_the_command_catches_a_sample_in_processes_of_its_own() -> None:
    with start("--sample=8", "--json", "--workers=2") as process:
        said, progress = process.communicate(timeout=300)
    assert process.returncode == 0, progress
    outcome = json.loads(said)
    assert len(outcome["faults"]) == 8
    assert outcome["mock"]["caught_by"] == []
    assert 0 < outcome["mock"]["calls"] <= 60


@pytest.mark.slow
def test_ctrl_c_ends_the_command_without_a_claim() -> None:
    with start("--sample=60") as process:
        assert process.stderr
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said, progress = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: nothing is claimed" in progress
    assert "Traceback" not in said + progress


@pytest.mark.slow
def test_a_broken_server_can_be_tried_by_hand() -> None:
    with start(f"--serve={NAME}") as process:
        assert process.stdout
        url, *_, token = process.stdout.readline().partition(";")[0].split()
        answer = httpx.put(f"{url}{PATH}", headers={"Authorization": f"Bearer {token}"})
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert (answer.status_code, "allow" in answer.headers) == (405, False)
    assert process.returncode == 0
