"""Runs of the suite as their users see them: what they print, write and exit with."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import psutil
import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.engine import engine
from contract_tests.engine.engine import EngineRun
from contract_tests.engine.job import FOLDER
from contract_tests.engine.report import EngineReport
from contract_tests.exchange.exchange import Exchange, Record
from contract_tests.judge import witness
from contract_tests.judge.checks import CHECKS
from contract_tests.judge.judge import Judging, judge
from contract_tests.kills.kill import TOKEN as TOKEN_OF_KILLS
from contract_tests.kills.kill import catalogue
from contract_tests.plan.schedule import make_schedule
from contract_tests.report.files import FORMATS
from contract_tests.result.part import decode_part
from contract_tests.result.result import Result
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.run.suite import run
from contract_tests.run.troubles import explain_engine
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import create_app, judge_with_token
from contract_tests.target.options import Options
from contract_tests.target.target import Target, TargetError
from tests.conftest import ROOT, TOKEN
from tests.support.another import another_server, read_another
from tests.support.commands import SHORT, finish, start
from tests.support.exchanges import post, responding, sent
from tests.support.lax_server import CAUSES, make_lax_app
from tests.support.readme_run import broken_server
from tests.support.results import HERE, OPTIONS, in_words, result_of
from tests.support.schedules import our_schedule
from tests.support.terminal import as_golden
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.schedule import Schedule
    from contract_tests.servers.answer import Answer
    from tests.support.commands import Finished
    from tests.support.golden import Golden

OPERATION = "/paths/~1conversations~1create_phone_call/post"
CONFORMS, VIOLATES, INTERRUPTED, USAGE, UNTESTABLE = 0, 1, 2, 4, 7


# --- whole commands, which the tests share


def contract_of(run: Finished) -> Contract:
    """The small contract of a run: its spec is beside the reports."""
    return read_contract(run.reports.parent / "openapi.yaml")


def test_a_conforming_run_is_told(golden: Golden, small_run: Finished) -> None:
    assert small_run.code == CONFORMS, small_run.said
    golden("contract/another", as_golden(contract_of(small_run), small_run.said))


def test_a_run_tells_its_contract_its_target_and_its_seed(small_run: Finished) -> None:
    assert "contract: POST /things, POST /owners/{owner}/things of Another 1.0.0, at http://" in small_run.said
    assert ", seed 1\n" in small_run.said


def test_the_last_line_is_the_verdict(small_run: Finished) -> None:
    verdict = r"conforms: http://\S+; \d+ requests sent, \d+ calls, 0 findings, seed 1, "
    assert re.match(verdict, small_run.last_line)


def test_a_run_writes_its_result_and_the_engines_files(small_run: Finished) -> None:
    files = {path.name for path in small_run.reports.iterdir()}
    assert files == {*FORMATS, FOLDER}
    result = decode_part((small_run.reports / "result.json").read_bytes(), Result)
    assert (result.verdict, result.findings, result.untried) == ("conforms", (), ())
    assert result.calls >= 6


def test_junit_xml_has_a_test_for_each_check_and_fact(small_run: Finished) -> None:
    suite = ET.parse(small_run.reports.parent / "junit.xml").getroot().find("testsuite")  # noqa: S314 - our own file
    assert suite is not None
    result = decode_part((small_run.reports / "result.json").read_bytes(), Result)
    assert int(suite.get("tests", "")) == len(result.checks) + len(contract_of(small_run).facts) + 1
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")


def test_a_users_login_for_all_hosts_is_not_sent(small_run: Finished) -> None:
    # It has one in .netrc. Sent in place of the token, it would have every request refused.
    assert (small_run.reports.parent / ".netrc").exists()
    assert small_run.code == CONFORMS, small_run.said


@pytest.mark.slow
def test_a_conforming_run_on_the_embedded_mock_is_told(golden: Golden, contract: Contract, tmp_path: Path) -> None:
    done = finish(tmp_path, *SHORT, token=None)
    assert done.code == CONFORMS, done.said
    golden("contract/conforming", as_golden(contract, done.said))


@pytest.mark.slow
def test_a_violating_run_is_told(golden: Golden, contract: Contract, violating_run: Finished) -> None:
    assert violating_run.code == VIOLATES, violating_run.said
    golden("contract/violating", as_golden(contract, violating_run.said))


@pytest.mark.slow
def test_a_broken_rule_is_a_failed_test(violating_run: Finished) -> None:
    assert '1. response.status is "' in violating_run.said
    assert f"FAILED contract_tests/test_contract.py::test_check[{broken_server().caught_by}]" in violating_run.said
    assert violating_run.last_line.startswith("violates: http://127.0.0.1:")


@pytest.mark.slow
def test_the_token_is_neither_printed_nor_written(violating_run: Finished) -> None:
    written = [path.read_text() for path in violating_run.reports.rglob("*") if path.is_file()]
    assert len(written) >= 3
    assert not any(TOKEN_OF_KILLS in text for text in [violating_run.said, *written])


@pytest.mark.slow
def test_a_servers_text_does_not_command_the_terminal(violating_run: Finished) -> None:
    assert r"a\u001b[2J\u0007\rb" in violating_run.said
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", violating_run.said)


@pytest.mark.slow
def test_a_finding_is_seen_again_with_its_command(golden: Golden, contract: Contract, replay: Finished) -> None:
    assert replay.code == VIOLATES, replay.said
    assert replay.last_line.startswith("stands: ")
    golden("contract/replay", as_golden(contract, replay.said))


@pytest.mark.slow
def test_a_judged_recording_is_told(golden: Golden, contract: Contract, judged_recording: Finished) -> None:
    assert judged_recording.code == CONFORMS, judged_recording.said
    golden("contract/recording", as_golden(contract, judged_recording.said))


# --- from a server in this process to a result


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return our_schedule()


def result_at(contract: Contract, app: ASGIApp, schedule: Schedule, until: str | None = None) -> Result:
    """The result of our own requests to a server: of all, or of those until a check finds something."""
    exchanges, judging = [], Judging(contract)
    for planned in schedule.requests:
        (exchange,) = sent(app, planned.request)
        exchanges.append(replace(exchange, id=planned.id))
        judged = judging.judge([exchange]) if until else ()
        if any(failure.check == until for each in judged for failure in each.failures):
            break
    return result_of(contract, *exchanges, schedule=schedule)


BLAMED = [
    ("200 body (ConversationResponse): account_id absent", "/components/schemas/ConversationResponse/required"),
    ("200 status (ConversationStatus/enum): an undocumented member", "/components/schemas/ConversationStatus/enum"),
    ("PlayhtVoice.speed: maximum not checked", "/components/schemas/PlayhtVoice/properties/speed/maximum"),
    ("a number as metadata accepted", "/components/schemas/Metadata/additionalProperties/type"),
    ("no credentials asked for", OPERATION),
    ("a prefix of the token accepted", OPERATION),
    ("the media type is not looked at", f"{OPERATION}/requestBody"),
    ("NaN is read as a number", f"{OPERATION}/requestBody"),
    (
        "the answer has an end before the end",
        "/components/schemas/ConversationResponse/properties/ended_at/x-rules/0",
    ),
    ("a text longer than 255 refused", f"{OPERATION}/requestBody"),
]
"""Faults, with the pointers of the statements that they break."""


@pytest.mark.parametrize("case", share_out(BLAMED, default=1, slow=2), ids=lambda case: case[0])
def test_a_finding_names_the_line_of_the_spec(contract: Contract, schedule: Schedule, case: tuple[str, str]) -> None:
    fault, pointer = case
    broken = catalogue()[fault]
    result = result_at(contract, broken.make_app(TOKEN), schedule, until=broken.caught_by)
    assert result.verdict == "violates"
    findings = [finding for finding in result.findings if broken.caught_by in finding.checks]
    assert findings[0].pointer == pointer
    assert findings[0].location == f"spec/openapi.yaml:{contract.place(pointer).line}"


@pytest.mark.slow
def test_a_missing_field_breaks_its_fact_alone(contract: Contract, schedule: Schedule) -> None:
    def without_account(answer: Answer) -> Answer:
        return replace(answer, body={name: value for name, value in answer.body.items() if name != "account_id"})

    result = result_at(contract, responding(without_account), schedule)
    assert [fact.name for fact in result.facts if fact.breaches] == ["ConversationResponse.account_id"]


@pytest.mark.slow
def test_the_mock_conforms_to_all_our_own_requests(contract: Contract, schedule: Schedule) -> None:
    result = result_at(contract, create_app(judge_with_token(TOKEN)), schedule)
    assert (result.verdict, result.findings) == ("conforms", ())


@pytest.mark.parametrize("seed", share_out(range(2, 21), slow=1))
def test_the_mock_conforms_to_them_with_each_seed(contract: Contract, seed: int) -> None:
    schedule = make_schedule(contract, all_known_names=False, seed=seed, max_calls=None)
    result = result_at(contract, create_app(judge_with_token(TOKEN)), schedule)
    assert (result.verdict, result.findings) == ("conforms", ())


@pytest.mark.slow
def test_a_planned_request_that_went_out_otherwise_proves_nothing(contract: Contract, schedule: Schedule) -> None:
    app = create_app(judge_with_token(TOKEN))
    first, *others = sent(app, *(planned.request for planned in schedule.all_valid))
    (otherwise,) = sent(app, post({}))
    exchanges = [
        replace(each, id=planned.id) for each, planned in zip([otherwise, *others], schedule.all_valid, strict=True)
    ]
    assert first.is_accepted
    result = result_of(contract, *exchanges, schedule=replace(schedule, invalid=()))
    assert result.verdict == "incomplete"
    purpose = f"{schedule.valid[0].operation.label}: {schedule.valid[0].purpose}"
    assert in_words(result.untried) == (f"{purpose} (it did not go out as planned)",)


def test_a_response_that_cannot_be_read_does_not_conform(contract: Contract) -> None:
    result = result_of(contract, Exchange(post(), trouble="sent a body that is no gzip"))
    assert (result.verdict, result.findings[0].check) == ("violates", "answers_every_request")


def test_another_contract_is_tested_too(tmp_path: Path) -> None:
    another = read_another(tmp_path)
    schedule = make_schedule(another, all_known_names=False, seed=1, max_calls=None)
    result = result_at(another, another_server(another), schedule)
    assert (result.verdict, result.findings) == ("conforms", ())
    assert len(schedule.valid) >= 6


@pytest.mark.parametrize(
    ("engine_run", "reason"),
    [
        (EngineRun(0, "", EngineReport()), None),
        (EngineRun(1, "", EngineReport()), None),
        (
            EngineRun(2, "Usage: st\nNo such option\n", EngineReport()),
            "Schemathesis failed (exit 2). Its last lines:\nUsage: st\nNo such option",
        ),
        (
            EngineRun(0, "", EngineReport(errors=["no such schema"])),
            "Schemathesis gave up before it had tried everything, because of:\nno such schema",
        ),
    ],
)
def test_an_engine_that_fails_is_explained(engine_run: EngineRun, reason: str | None) -> None:
    assert explain_engine(engine_run) == reason


def test_an_obstacle_leaves_nothing_claimed(contract: Contract) -> None:
    exchanges = sent(create_app(judge_with_token(TOKEN)), post())
    evidence = Evidence(Record(tuple(exchanges)), tuple(judge(contract, exchanges)), "Schemathesis failed.")
    assert conclude(contract, evidence, HERE, OPTIONS, seconds=1).verdict == "untestable"


def test_a_token_that_cannot_be_sent_stops_a_run_before_it_writes_anything(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="the token cannot be sent"):
        run(Target("a test's", "http://127.0.0.1:8000", "tökén"), Options(tmp_path / "report", "VOICEOS_TOKEN", 1))
    assert not (tmp_path / "report").exists()


def test_the_token_is_not_in_the_targets_repr() -> None:
    assert TOKEN not in repr(Target("a test's", "http://127.0.0.1", TOKEN))


# --- whole runs, each for one test


@pytest.mark.nightly
def test_a_run_with_everything_on_conforms(tmp_path: Path) -> None:
    done = finish(tmp_path, "--seed=1", token=None)
    assert done.code == CONFORMS, done.said


NOT_OF_ONE_EXCHANGE = {"use_after_free", "ensure_resource_availability", "object_level_authorization"}
"""The stock checks that need several operations. The README names them."""


@pytest.mark.slow
def test_our_judge_asks_what_every_stock_check_of_schemathesis_asks() -> None:
    import schemathesis.checks  # noqa: PLC0415 - it takes seconds

    schemathesis.checks.load_all_checks()
    stock = {*schemathesis.checks.CHECKS.get_all_names()}
    asked = {check.name for check in CHECKS} | witness._SAME_QUESTION.keys()  # noqa: SLF001 - nobody else needs it
    assert stock - asked == NOT_OF_ONE_EXCHANGE
    assert all(f"`{name}`" in (ROOT / "README.md").read_text() for name in NOT_OF_ONE_EXCHANGE)


@pytest.mark.nightly
def test_two_runs_with_one_seed_send_the_same_bodies(tmp_path: Path) -> None:
    assert bodies_of_a_run(tmp_path / "one") == bodies_of_a_run(tmp_path / "two")


def bodies_of_a_run(folder: Path) -> list[bytes]:
    """The bodies that a server gets, in any order: our sender and the engine send at the same time."""
    bodies: list[bytes] = []
    conforming = judge_with_token(TOKEN)

    def judge_and_keep(request: Any) -> Any:  # noqa: ANN401 - as the mock's seam has them
        bodies.append(request.body)
        return conforming(request)

    with running(create_app(judge_and_keep)) as url:
        run(Target("a test's server", url, TOKEN), Options(folder, "VOICEOS_TOKEN", 5))
    return sorted(bodies)


@pytest.mark.nightly
def test_a_content_coding_that_is_none_does_not_conform(tmp_path: Path) -> None:
    coded = responding(lambda answer: replace(answer, headers={"Content-Encoding": "gzip"}))
    with running(coded) as url:
        result = run(Target("a test's server", url, TOKEN), Options(tmp_path, "VOICEOS_TOKEN", 1, fuzzing=False))
    assert result.verdict == "violates"


@pytest.mark.slow
def test_a_target_that_is_down_is_untestable(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    done = finish(tmp_path, f"--url={url}", "--seed=1")
    assert done.code == UNTESTABLE
    assert f"{url} cannot be reached" in done.said
    assert done.last_line.startswith(f"untestable: nothing is claimed of {url}; ")


DYING_SERVER = """
import os
from contract_tests.servers.mock import create_app, judge_with_token
from contract_tests.runtime.serving import listen, serve_until_interrupted

left = 50

def judge(request):
    global left
    left -= 1
    if left < 0:
        os._exit(1)
    return judge_with_token("the-right-token")(request)

listener = listen(0)
print(listener.getsockname()[1], flush=True)
serve_until_interrupted(create_app(judge), listener)
"""


@pytest.mark.slow
def test_a_target_that_dies_on_the_way_is_untestable(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}"}
    command = [sys.executable, "-c", DYING_SERVER]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        result = run(Target("a test's", url, TOKEN), Options(tmp_path, "VOICEOS_TOKEN", 1, fuzzing=False))
    assert result.verdict == "untestable"
    assert "The target was lost on the way" in (result.reason or "")


@pytest.mark.slow
def test_an_engine_that_fails_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_arguments", lambda *_: ("run", "--no-such-option"))
    with running(create_app(judge_with_token(TOKEN))) as url:
        result = run(Target("a test's server", url, TOKEN), Options(tmp_path, "VOICEOS_TOKEN", 1, fuzzing=False))
    assert result.verdict == "untestable"
    assert "Schemathesis failed" in (result.reason or "")


@pytest.mark.slow
def test_a_run_is_stopped_at_its_time_limit(tmp_path: Path) -> None:
    with running(create_app(judge_with_token(TOKEN))) as url:
        options = Options(tmp_path, "VOICEOS_TOKEN", 1, time_limit=0.01)
        result = run(Target("a test's server", url, TOKEN), options)
    assert result.verdict == "untestable"
    assert result.reason == "The run was stopped: it was not done after 0.01 s (--time-limit)."


@pytest.mark.slow
def test_a_token_that_cannot_be_sent_is_a_usage_error(tmp_path: Path) -> None:
    done = finish(tmp_path, "--url=http://127.0.0.1:8000", token="tökén")
    assert done.code == USAGE
    assert "the token cannot be sent" in done.said
    assert "Traceback" not in done.said
    assert not done.reports.exists()


@pytest.mark.slow
def test_ctrl_c_leaves_no_process_behind(tmp_path: Path) -> None:
    with start(f"--report-dir={tmp_path}", token=None) as process:
        children = next(find_children(process.pid))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert psutil.wait_procs(children, timeout=30)[1] == []


def find_children(pid: int) -> Iterator[list[psutil.Process]]:
    """The children of a process, once it has any."""
    parent = psutil.Process(pid)
    while parent.is_running():
        if children := parent.children(recursive=True):
            yield children


INTERRUPTING = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "contract_tests.result.result":
            try:
                os.kill(os.getpid(), signal.SIGINT)
            except KeyboardInterrupt as error:  # as pydantic does while it makes a model
                raise ImportError("an error of its own") from error

sys.meta_path.insert(0, Interrupting())
"""


@pytest.mark.slow
def test_ctrl_c_while_the_suite_is_imported_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "interrupting.py").write_text(INTERRUPTING)
    done = finish(tmp_path, "-p", "interrupting", token=None, PYTHONPATH=str(tmp_path))
    assert (done.code, done.said.strip()) == (INTERRUPTED, "interrupted: nothing is claimed")


@pytest.mark.nightly
def test_a_whole_run_finds_no_more_causes_than_a_lax_server_has(tmp_path: Path) -> None:
    with running(make_lax_app()) as url:
        result = run(Target("a lax server", url, TOKEN), Options(tmp_path, "VOICEOS_TOKEN", seed=1, fuzzing=False))
    assert len(result.findings) <= len(CAUSES)
    assert result.findings[0].gravity == "credentials"
