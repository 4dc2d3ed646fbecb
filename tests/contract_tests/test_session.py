"""pytest's face of a run, from results that no run made: the tests, the output and the exit code."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests import other_tasks, session
from contract_tests.exchange.exchange import Exchange, Refusal
from contract_tests.live_line import LiveLine
from contract_tests.report.files import write_result
from contract_tests.report.progress import Status
from contract_tests.report.summary import make_summary
from contract_tests.result.part import encode_part
from contract_tests.run.dry_run import DryRun
from contract_tests.run.interrupted import RunInterrupted
from contract_tests.runtime import child
from contract_tests.target.target import TargetError
from tests.conftest import ROOT
from tests.support.commands import OF_CI
from tests.support.exchanges import CALL, altering, conforming, post, sent
from tests.support.lax_server import CAUSES
from tests.support.pages import lax_run
from tests.support.report_results import named
from tests.support.results import ELSEWHERE, HERE, OPTIONS, finding_file, result_of
from tests.support.schedules import our_schedule
from tests.support.terminal import as_golden

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result
    from tests.support.golden import Golden

    Face = Callable[..., tuple[int, str]]

STATUS = Status("invalid requests", exchanges=63, done=3, planned=9, calls=60, max_calls=None, left=12.0)
CONFORMS, VIOLATES, INTERRUPTED, ERROR, USAGE, UNTESTABLE, INCOMPLETE = 0, 1, 2, 3, 4, 7, 8


@pytest.fixture
def face(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Face:
    """Runs `pytest contract_tests` with a result in place of a run; gives the exit code and all that is printed."""

    def show(outcome: Result | BaseException | None, *flags: str, run: object = None) -> tuple[int, str]:
        def give(*_: object) -> Result:
            if isinstance(outcome, BaseException):
                raise outcome
            assert outcome
            return outcome

        monkeypatch.setattr(session, "run", run or give)
        code = pytest.main(["contract_tests", "-p", "no:cacheprovider", "--seed=1", "--color=no", *flags])
        captured = capsys.readouterr()
        return int(code), captured.out + captured.err

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    for variable in OF_CI:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(child, "start_early", lambda _: None)
    monkeypatch.setattr(session, "embedded_mock", lambda: nullcontext(HERE))
    return show


def test_a_result_that_conforms_exits_with_0(contract: Contract, face: Face) -> None:
    code, said = face(result_of(contract, *sent(conforming(), post())))
    assert code == CONFORMS
    assert said.rstrip().splitlines()[-1].startswith("conforms: a test's server; 2 requests sent, 0 calls, 0 findings")


def test_a_result_that_violates_fails_the_test_of_the_check(contract: Contract, face: Face) -> None:
    code, said = face(result_of(contract, *sent(altering(id="1"), post(), post())))
    assert code == VIOLATES
    assert "FAILED contract_tests/test_contract.py::test_check[id_is_new]" in said


@pytest.mark.slow
def test_a_violated_fact_is_a_failed_test(contract: Contract, face: Face) -> None:
    code, said = face(result_of(contract, *sent(altering(status="live"), post(), post())))
    assert code == VIOLATES
    assert "FAILED contract_tests/test_contract.py::test_enumeration[ConversationStatus]" in said


def test_a_servers_text_does_not_command_the_terminal(contract: Contract, face: Face) -> None:
    _, said = face(result_of(contract, *sent(altering(status="live\x1b[2J\x07\r"), post(), post())))
    assert r'1. A response is wrong at status (200): "live\u001b[2J\u0007\r"' in said
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", said)


@pytest.mark.slow
def test_an_untestable_target_is_told(contract: Contract, face: Face, golden: Golden) -> None:
    code, said = face(result_of(contract, obstacle="http://127.0.0.1:80 does not answer: no response came within 1 s."))
    assert code == UNTESTABLE
    golden("contract/untestable", as_golden(contract, said))


@pytest.mark.slow
@pytest.mark.parametrize(("flags", "code"), [((), INCOMPLETE), (("--allow-partial",), CONFORMS)])
def test_an_incomplete_result_is_told(
    contract: Contract, face: Face, golden: Golden, flags: tuple[str, ...], code: int
) -> None:
    refusal = Refusal("budget", "--max-calls is reached")
    cut_off = Exchange(post(), id="planned request 2 of 9", refusal=refusal)
    found, said = face(result_of(contract, *sent(conforming(), post()), cut_off), *flags)
    assert found == code
    golden("contract/incomplete", as_golden(contract, said))


@pytest.mark.slow
def test_a_warning_is_told_and_fails_nothing(contract: Contract, face: Face, golden: Golden) -> None:
    (exchange,) = sent(conforming(), post(CALL | {"agent_id": "mine"}))
    (wrong,) = sent(altering(agent_id="another"), post(CALL | {"agent_id": "mine"}))
    code, said = face(result_of(contract, exchange, wrong, target=ELSEWHERE))
    assert code == CONFORMS
    golden("contract/warning", as_golden(contract, said))


@pytest.mark.slow
def test_a_lax_server_gets_no_more_findings_than_it_has_causes(contract: Contract, face: Face, golden: Golden) -> None:
    result = lax_run()
    code, said = face(result)
    assert code == VIOLATES
    assert len(result.findings) <= len(CAUSES)
    golden("contract/lax", as_golden(contract, said))


@pytest.mark.slow
def test_additive_drift_violates_where_that_is_asked_for(contract: Contract, face: Face) -> None:
    exchanges = sent(altering(new=1), post())
    assert face(result_of(contract, *exchanges))[0] == CONFORMS
    strict = replace(OPTIONS, strict=True)
    code, said = face(result_of(contract, *exchanges, options=strict), "--strict")
    assert code == VIOLATES
    assert '1. Responses have a field "new", which the spec does not have  (additive_drift)' in said


@pytest.mark.slow
def test_an_interrupted_run_tells_its_findings_so_far(contract: Contract, face: Face) -> None:
    interrupted = RunInterrupted(result_of(contract, obstacle="The run was interrupted before all was tried."))
    code, said = face(interrupted)
    assert code == INTERRUPTED
    assert said.rstrip().splitlines()[-1].startswith("untestable: nothing is claimed of a test's server; ")


@pytest.mark.slow
def test_a_target_that_cannot_be_used_is_a_usage_error(face: Face) -> None:
    code, said = face(TargetError("the token cannot be sent: it must be visible ASCII characters"))
    assert code == USAGE
    assert "the token cannot be sent" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_reports_that_cannot_be_written_are_a_usage_error(face: Face) -> None:
    code, said = face(OSError(28, "No space left on device"))
    assert code == USAGE
    assert "the reports cannot be written: [Errno 28] No space left on device" in said


@pytest.mark.slow
def test_an_error_of_the_suites_own_claims_nothing(face: Face) -> None:
    code, said = face(RuntimeError("a mistake of ours"), "--tb=line")
    assert code == ERROR
    assert "not finished: nothing is claimed; --seed 1 repeats the run" in said


@pytest.mark.slow
def test_a_wait_is_told_with_its_reason(contract: Contract, face: Face) -> None:
    found = result_of(contract, *sent(conforming(), post()))

    def run(_target: object, _options: object, on_progress: Callable[[Status], None]) -> Result:
        on_progress(structs.replace(STATUS, waits=30.0))
        return found

    code, said = face(found, run=run)
    assert code == CONFORMS
    assert "\nwaiting 30 s, because the server asks for it (Retry-After)\n" in said


@pytest.mark.slow
def test_progress_is_one_line_on_a_terminal_and_is_cleared(
    contract: Contract, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_target: object, _options: object, on_progress: Callable[[Status], None]) -> Result:
        on_progress(STATUS)
        return result_of(contract, *sent(conforming(), post()))

    monkeypatch.setattr(LiveLine, "PAUSE", 0.0)
    monkeypatch.setattr(session, "width_of", lambda _: 70)
    monkeypatch.delenv("NO_COLOR", raising=False)
    line = "invalid requests: 3 of 9, 60 calls, about 12 s left"
    assert f"\r{line.ljust(70)}\r{'':70}\r" in face(None, run=run)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\r" not in face(None, run=run)[1]


@pytest.mark.slow
def test_a_baseline_that_is_out_of_date_fails(face: Face) -> None:
    code, said = face(named("out-of-date"))
    assert code == VIOLATES
    assert "accepted.json: accepted, and not there any more: A response is wrong at uri" in said


@pytest.mark.slow
def test_a_run_with_nothing_but_accepted_causes_passes(face: Face) -> None:
    code, said = face(named("accepted"))
    assert code == CONFORMS
    assert said.rstrip().splitlines()[-1].startswith("conforms but for 2 accepted causes: a test's server; ")


@pytest.mark.slow
def test_what_earlier_runs_left_is_read_before_a_run(face: Face, tmp_path: Path) -> None:
    write_result(tmp_path, named("violates"))
    (tmp_path / "accepted.json").write_text('{"accepted": []}')
    (tmp_path / "history.jsonl").touch()
    given = [f"--against={tmp_path}", f"--baseline={tmp_path}/accepted.json", f"--history={tmp_path}/history.jsonl"]
    assert face(named("conforms"), *given)[0] == CONFORMS
    (tmp_path / "history.jsonl").write_text("{}")
    code, said = face(named("conforms"), *given)
    assert code == USAGE
    assert "history.jsonl is not a history that this version of the suite wrote: line 1" in said


@pytest.mark.slow
def test_github_gets_annotations_below_a_text_without_commands(face: Face) -> None:
    _, said = face(named("violates"), "--format=github")
    assert re.search(r"(?s)\n::stop-commands::(\w+)\n.*\nviolates: .*\n::\1::\n::error file=spec/openapi\.yaml,", said)


@pytest.mark.slow
def test_the_page_of_a_github_run_gets_the_summary(face: Face, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    face(named("violates"))
    assert (tmp_path / "summary.md").read_text() == f"{make_summary(named('violates'))}\n"


@pytest.mark.slow
@pytest.mark.parametrize(("flags", "is_shown"), [([], False), (["-v"], True)])
def test_a_dry_run_shows_bodies_on_demand(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    is_shown: bool,  # noqa: FBT001 - a row's column
) -> None:
    schedule = our_schedule(1)
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(child, "start_early", lambda _: None)
    monkeypatch.setattr(other_tasks, "make_dry_run", lambda *_: DryRun(schedule, invalid=5))
    assert pytest.main(["contract_tests", "-p", "no:cacheprovider", "--seed=1", "--dry-run", *flags]) == CONFORMS
    assert ('{"from_number": ' in capsys.readouterr().out) is is_shown


def crash(*_: object) -> None:
    raise ValueError("the target said k7Qw-29xZ-mP4v\x1b[2J")


def test_a_replay_that_crashes_says_so_without_the_token(
    contract: Contract, face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (finding, *_) = result_of(contract, *sent(altering(id="1"), post(), post())).findings
    path = tmp_path / "1.json"
    path.write_text(encode_part(finding_file(contract, finding)))
    monkeypatch.setattr(other_tasks, "replay", crash)
    monkeypatch.setenv("ITS_TOKEN", "k7Qw-29xZ-mP4v")
    code, said = face(None, f"--replay={path}", "--url=http://127.0.0.1:9", "--token-env=ITS_TOKEN")
    assert code == ERROR
    assert said.startswith("--replay failed by a fault of the suite (ValueError, at ")
    assert "Traceback" not in said
    assert "k7Qw" not in said


def test_a_crash_while_a_recording_is_judged_quotes_nothing_of_it(
    face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "traffic.har"
    path.write_text('{"log": {"entries": []}}')
    monkeypatch.setattr(other_tasks, "judge_files", crash)
    code, said = face(None, f"--recording={path}", "-l", "-x")
    assert code == ERROR
    assert said.startswith("--recording failed by a fault of the suite (ValueError, at ")
    assert "k7Qw" not in said


def test_golden_files_hold_no_progress_which_only_slow_runs_show(contract: Contract) -> None:
    quick = "contract_tests/test_contract.py ...F [ 34%]\nFs. [100%]\nend\n"
    slow = quick.replace(
        ".py ", ".py \nSchemathesis: 235 requests, 3 calls, at most 5 min left\n.\ncontract_tests/test_contract.py "
    )
    assert as_golden(contract, slow) == as_golden(contract, quick) == "end\n"
