"""The repository keeps its own rules: what the README says runs, who may import whom, and what stays out of it."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml

from contract_tests.runtime.serving import running
from contract_tests.servers.__main__ import DEFAULT_TOKEN
from contract_tests.servers.mock import create_app, judge_with_token
from spec.reader import read_spec
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES_THE_ENDPOINT = {"rules", "servers", "options.py", "settings.py", "target.py"}
"""What knows this endpoint: documented rules, our own servers, and the options of targets."""
README = (ROOT / "README.md").read_text()
COMMANDS = [
    line.removeprefix("$ ")
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip() and (line.startswith("$ ") or "$ " not in block)
]
RUN_BY_CI = (ROOT / ".ci" / "run").read_text()
WALLS = {
    "scripts": {"contract_tests", "tests"},
    "contract_tests": {"scripts", "tests"},
    "spec": {"scripts", "contract_tests", "tests"},
    "generated": {"spec", "scripts", "contract_tests", "tests"},
}
README_URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def readme_mock() -> Iterator[str]:
    with running(create_app(judge_with_token(DEFAULT_TOKEN))) as url:
        yield url


def sessions() -> set[str]:
    tree = ast.parse((ROOT / "noxfile.py").read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if any("nox.session" in ast.unparse(mark) for mark in node.decorator_list)}


def test_the_readme_has_commands() -> None:
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_names_a_session_that_exists(command: str) -> None:
    named = set(re.findall(r"nox -s (\w+)", command))
    assert named <= sessions()


def test_the_readmes_pytest_command_tests_the_mock(readme_mock: str, tmp_path: Path) -> None:
    (command,) = [command for command in COMMANDS if "pytest contract_tests" in command]
    command = command.replace("pytest", f"{sys.executable} -m pytest --report-dir={tmp_path}")
    done = subprocess.run(
        ["bash", "-c", command.replace(README_URL, readme_mock)], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert f"conforms: {readme_mock};" in done.stdout


def test_ci_runs_the_readmes_first_commands_from_the_readme() -> None:
    assert "README.md" in RUN_BY_CI


@pytest.mark.parametrize(("folder", "forbidden"), WALLS.items())
def test_no_import_crosses_a_wall(folder: str, forbidden: set[str]) -> None:
    for file in sorted((ROOT / folder).rglob("*.py")):
        imported = {name.partition(".")[0] for node in ast.walk(ast.parse(file.read_text())) for name in _modules(node)}
        assert not imported & forbidden, file


@pytest.mark.parametrize(
    "file",
    [path for path in sorted((ROOT / "contract_tests").rglob("*.py")) if not NAMES_THE_ENDPOINT & {*path.parts}],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_what_serves_any_spec_names_nothing_of_this_one(file: Path) -> None:
    keys = (token for pointer in read_spec(ROOT / "spec" / "openapi.yaml").places for token in pointer.split("/"))
    names = {key for key in keys if "_" in key}
    assert {"to_number", "agent_config"} <= names
    assert sorted(names & {*re.findall(r"\w+", file.read_text())}) == []


def test_the_version_of_python_is_said_alike() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11" in README


def test_the_locked_versions_name_no_host() -> None:
    locked = (ROOT / "constraints.txt").read_text()
    assert "://" not in locked
    assert "--index-url" not in locked


def test_the_locked_package_of_npm_names_no_host_and_has_a_hash() -> None:
    text = (ROOT / "package-lock.json").read_text()
    (package,) = [entry for path, entry in json.loads(text)["packages"].items() if path]
    pinned = json.loads((ROOT / "package.json").read_text())["dependencies"]["@redocly/cli"]
    assert "://" not in text
    assert (package["version"], package["integrity"][:7]) == (pinned, "sha512-")


def test_a_rule_that_is_switched_off_has_its_reason_above() -> None:
    lines = (ROOT / "redocly.yaml").read_text().partition("rules:")[2].splitlines()
    switched_off = [index for index, line in enumerate(lines) if line.endswith(": off")]
    assert switched_off
    assert all(lines[index - 1].lstrip().startswith("# ") for index in switched_off)


def test_the_drift_job_has_the_history_that_it_needs() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]
    for job in jobs.values():
        assert job["steps"][0]["with"]["fetch-depth"] == 0
    assert "nox -s drift" in str(jobs["drift"]["steps"])
    assert "nox -s drift" in RUN_BY_CI
    assert jobs["ci"]["strategy"]["matrix"]["python-version"] == ["3.11", "3.12", "3.13", "3.14"]


def test_the_pinned_generators_are_the_locked_ones() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    pins = {pin for group in groups.values() for pin in group if isinstance(pin, str) and "==" in pin}
    assert pins
    pins -= set(groups["vendor-sdk"])  # of an environment of its own
    assert pins <= set((ROOT / "constraints.txt").read_text().splitlines())


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
