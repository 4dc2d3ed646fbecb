"""The repository keeps its own rules: what the README says runs, who may import whom, and what stays out of it."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT

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


def sessions() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-m", "nox", "--list", "--json"], check=True, cwd=ROOT, capture_output=True, text=True
    )
    return set(re.findall(r'"session": "(\w+)"', done.stdout))


def test_the_readme_has_commands() -> None:
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_names_a_session_that_exists(command: str) -> None:
    named = set(re.findall(r"nox -s (\w+)", command))
    assert named <= sessions()


@pytest.mark.parametrize("command", [command for command in COMMANDS if "pytest contract_tests" in command])
def test_an_option_in_the_readme_exists(command: str) -> None:
    words = shlex.split(command.partition("pytest contract_tests")[2])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "contract_tests", *words, "--help"], check=False, cwd=ROOT, capture_output=True
    )
    assert done.returncode == 0


def test_ci_runs_the_readmes_first_commands_from_the_readme() -> None:
    assert "README.md" in RUN_BY_CI


@pytest.mark.parametrize(("folder", "forbidden"), WALLS.items())
def test_no_import_crosses_a_wall(folder: str, forbidden: set[str]) -> None:
    for file in sorted((ROOT / folder).rglob("*.py")):
        imported = {name.partition(".")[0] for node in ast.walk(ast.parse(file.read_text())) for name in _modules(node)}
        assert not imported & forbidden, file


def test_the_version_of_python_is_said_alike() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11" in README


def test_the_locked_versions_name_no_host() -> None:
    locked = (ROOT / "constraints.txt").read_text()
    assert "://" not in locked
    assert "--index-url" not in locked


def test_the_pinned_generators_are_the_locked_ones() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    pins = {pin for group in groups.values() for pin in group if isinstance(pin, str) and "==" in pin}
    assert pins
    assert pins <= set((ROOT / "constraints.txt").read_text().splitlines())


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
