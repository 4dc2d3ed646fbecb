"""The example projects reach what they promise."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from contract_tests.judge.judge import judge
from contract_tests.plan.schedule import reserve_of
from contract_tests.result.baseline_file import read_baseline
from contract_tests.runtime.serving import running
from contract_tests.target.options import declared_options
from tests.conftest import ROOT, TOKEN
from tests.support.commands import finish
from tests.support.exchanges import JSON, post, sent
from tests.support.schedules import our_schedule

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

    from contract_tests.contract.contract import Contract

EXAMPLES = ROOT / "examples"
SERVER = EXAMPLES / "server"
SERVER_WORKFLOW = SERVER / ".github" / "workflows" / "contract.yml"
NIGHTLY = (EXAMPLES / "nightly/.github/workflows/nightly.yml", ROOT / ".github/workflows/staging.yml")
WORKFLOWS = (SERVER_WORKFLOW, *NIGHTLY)


def app_of(monkeypatch: pytest.MonkeyPatch, name: str) -> ASGIApp:
    """The application of a module in `examples/server/`, which takes the tests' token."""
    monkeypatch.setenv("SERVER_TOKEN", TOKEN)
    spec = importlib.util.spec_from_file_location(f"example_{name}", SERVER / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    app: ASGIApp = module.app
    return app


def gravities(contract: Contract, app: ASGIApp) -> set[str]:
    """The gravities of what an application does wrong, as far as its own requests show it."""
    exchanges = sent(app, *(planned.request for planned in our_schedule().requests))
    failures = [failure for each in judge(contract, exchanges) for failure in each.failures]
    return {str(failure.gravity) for failure in failures if failure.standing != "advice"}


@pytest.mark.slow
def test_the_tests_of_the_consumer_pass(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "--rootdir=.", "."],
        check=False,
        cwd=EXAMPLES / "consumer",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_the_hasty_server_is_wrong_in_every_way_that_the_tutorial_names(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = gravities(contract, app_of(monkeypatch, "app"))
    assert {"credentials", "crash", "response", "acceptance"} <= found


@pytest.mark.slow
def test_nothing_is_wrong_with_the_mended_server(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gravities(contract, app_of(monkeypatch, "mended")) == set()


def test_the_mended_server_asks_for_the_token_before_it_reads_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    (exchange,) = sent(app_of(monkeypatch, "mended"), post(b"{", headers=JSON))
    assert exchange.response
    assert exchange.response.status == 401


@pytest.mark.nightly
def test_the_mended_server_conforms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with running(app_of(monkeypatch, "mended")) as url:
        done = finish(tmp_path, "--url", url, "--rings-nobody", "--seed", "1", token=TOKEN)
    assert done.last_line.startswith("conforms: "), done.said


def test_the_workflow_of_the_server_starts_it_with_the_models_and_waits_for_it() -> None:
    job = workflow_at(SERVER_WORKFLOW)["jobs"]["contract"]
    (start,) = (step for step in job["steps"] if "uvicorn mended:app --port 8000 &\n" in step.get("run", ""))
    checkout, _, folder = start["env"]["PYTHONPATH"].partition("/")
    assert checkout in {step.get("with", {}).get("path") for step in job["steps"]}
    assert (ROOT / folder / "voiceos_models").is_dir()
    assert re.search(r"&\n *curl .*--retry \d+ .*--retry-connrefused http://127\.0\.0\.1:8000/", start["run"])


def test_the_workflow_of_the_server_gives_it_the_token_that_the_suite_sends() -> None:
    environment = workflow_at(SERVER_WORKFLOW)["jobs"]["contract"]["env"]
    assert environment["SERVER_TOKEN"] == environment["VOICEOS_TOKEN"]
    assert 'environ.get("SERVER_TOKEN"' in (SERVER / "mended.py").read_text()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_gives_options_that_there_are(path: Path) -> None:
    assert unknown_flags(workflow_at(path)) == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_head_of_a_workflow_lists_what_must_be_set(path: Path) -> None:
    text = path.read_text()
    head = text.partition("\nname: ")[0]
    needed = {*re.findall(r"\b(?:vars|secrets)\.(\w+)", text)}
    assert needed
    assert needed <= {*re.findall(r"\w+", head)}


@pytest.mark.slow
@pytest.mark.parametrize("path", NIGHTLY, ids=lambda path: path.stem)
def test_a_whole_plan_fits_into_the_calls_of_a_night(path: Path) -> None:
    allowed = int(re.findall(r"--max-calls (\d+)", path.read_text())[0])
    paid = [planned for planned in our_schedule().all_valid if planned.operation.costs]
    assert allowed - reserve_of(allowed) >= len(paid)


def test_the_baseline_of_the_nightly_example_can_be_read() -> None:
    assert read_baseline(EXAMPLES / "nightly" / "accepted.json").accepted == ()


def workflow_at(path: Path) -> dict[str, Any]:
    """The workflow of a file."""
    workflow: dict[str, Any] = yaml.safe_load(path.read_text())
    return workflow


def unknown_flags(workflow: dict[str, Any]) -> list[str]:
    """The flags of `nox -s contract` in a workflow that the suite does not have."""
    steps = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    given = [word for step in steps if "-s contract --" in step for word in step.partition("-s contract --")[2].split()]
    ours = {flag for option in declared_options() for flag in (option.flag, option.flag.replace("--", "--no-", 1))}
    return [word for word in given if word.startswith("--") and word not in ours]
