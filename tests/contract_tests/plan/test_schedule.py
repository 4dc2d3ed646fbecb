"""What a run would send, and what limits leave out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from contract_tests.guard.process import PLACEHOLDER
from contract_tests.plan.schedule import describe_planned, make_schedule
from contract_tests.result.result import Result
from contract_tests.run.dry_run import rehearse
from contract_tests.target.options import Options
from tests.conftest import ROOT, TOKEN

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.plan.schedule import Schedule

LABEL = "POST /conversations/create_phone_call"
WEIGHTS = {"documented": 0, "sdk": 1, "inferred": 2}


def schedule(contract: Contract, max_calls: int | None = None) -> Schedule:
    return make_schedule(contract, Options(Path(), "VOICEOS_TOKEN", seed=1, max_calls=max_calls), TOKEN)


def contract_tests(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "contract_tests", "-q", *options],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "VOICEOS_TOKEN"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_planned_requests_come_first_and_in_order(contract: Contract) -> None:
    made = schedule(contract)
    planned = len(made.plans[LABEL].bodies)
    described = [request.description for request in made.requests[LABEL]]
    assert described[:planned] == [describe_planned(number, planned) for number in range(1, planned + 1)]
    assert not any(text.startswith("planned") for text in described[planned:])


def test_a_limit_cuts_the_plan_and_names_what_it_leaves_out(contract: Contract) -> None:
    whole, cut = schedule(contract).plans[LABEL], schedule(contract, max_calls=5).plans[LABEL]
    assert [body.body for body in cut.bodies] == [body.body for body in whole.bodies[:4]]
    tried = {choice for body in whole.bodies for choice in body.tries}
    assert set(cut.untried) == tried - {choice for body in cut.bodies for choice in body.tries}


def test_a_limit_keeps_the_most_telling_choices(contract: Contract) -> None:
    cut = schedule(contract, max_calls=12).plans[LABEL]
    tried = [choice.standing for body in cut.bodies for choice in body.tries]
    left_out = [choice.standing for choice in cut.untried]
    assert tried.count("documented") / len(tried) > left_out.count("documented") / len(left_out)


def test_a_rehearsal_counts_what_a_run_sends(contract: Contract) -> None:
    made, rehearsal = rehearse(Options(Path(), "VOICEOS_TOKEN", seed=1, max_calls=3))
    assert rehearsal.valid == 2  # one call is left for what comes after the plan
    assert rehearsal.invalid >= len(made.requests[LABEL]) - 2 + 400
    assert make_schedule(contract, Options(Path(), "", seed=1, max_calls=3), PLACEHOLDER) == made


def test_a_dry_run_prints_the_plan_and_needs_no_server(tmp_path: Path) -> None:
    done = contract_tests("--dry-run", "--max-calls=3", "--no-all-known-names", f"--report-dir={tmp_path}")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"{LABEL}: 2 valid requests, each of which may be a call"
    assert lines[1].startswith("    1  AgentConfiguration: ")
    assert "left out by --max-calls:" in lines
    assert lines[-1].startswith("2 valid requests, ")
    assert lines[-1].endswith("; nothing was sent")
    assert list(tmp_path.iterdir()) == []


def test_a_plan_cut_short_is_incomplete_unless_that_is_allowed(tmp_path: Path) -> None:
    done = contract_tests("--max-calls=6", "--seed=1", f"--report-dir={tmp_path}")
    assert done.returncode == 8, done.stdout
    assert "cut off: " in done.stdout
    assert done.stdout.splitlines()[-1].startswith("incomplete: the embedded mock; ")
    result = Result.model_validate(json.loads((tmp_path / "result.json").read_text()))
    assert result.calls == 5  # the sixth is left for what comes after the plan
    assert result.untried
    allowed = contract_tests("--max-calls=6", "--seed=1", "--allow-partial", f"--report-dir={tmp_path}")
    assert allowed.returncode == 0, allowed.stdout
