"""The example projects reach what they promise."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from contract_tests.judge.judge import judge
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


def test_the_hasty_server_is_wrong_in_every_way_that_the_tutorial_names(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = gravities(contract, app_of(monkeypatch, "app"))
    assert {"credentials", "crash", "response", "acceptance"} <= found


def test_nothing_is_wrong_with_the_mended_server(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gravities(contract, app_of(monkeypatch, "mended")) == set()


def test_the_mended_server_asks_for_the_token_before_it_reads_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    (exchange,) = sent(app_of(monkeypatch, "mended"), post(b"{", headers=JSON))
    assert exchange.response
    assert exchange.response.status == 401


@pytest.mark.slow
def test_the_mended_server_conforms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with running(app_of(monkeypatch, "mended")) as url:
        done = finish(tmp_path, "--url", url, "--rings-nobody", "--seed", "1", token=TOKEN)
    assert done.last_line.startswith("conforms: "), done.said


def test_the_workflow_of_the_server_starts_it_and_tests_it() -> None:
    workflow = yaml.safe_load((SERVER / ".github" / "workflows" / "contract.yml").read_text())
    commands = [step.get("run", "") for step in workflow["jobs"]["contract"]["steps"]]
    assert any("uvicorn mended:app --port 8000" in command for command in commands)
    assert unknown_flags(workflow) == []


def test_the_nightly_workflow_gives_options_that_there_are_and_a_baseline_that_can_be_read() -> None:
    folder = EXAMPLES / "nightly"
    workflow = yaml.safe_load((folder / ".github" / "workflows" / "nightly.yml").read_text())
    assert unknown_flags(workflow) == []
    assert read_baseline(folder / "accepted.json").accepted == ()


def unknown_flags(workflow: dict[str, Any]) -> list[str]:
    """The flags of `nox -s contract` in a workflow that the suite does not have."""
    steps = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    given = [word for step in steps if "-s contract --" in step for word in step.partition("-s contract --")[2].split()]
    ours = {flag for option in declared_options() for flag in (option.flag, option.flag.replace("--", "--no-", 1))}
    return [word for word in given if word.startswith("--") and word not in ours]
