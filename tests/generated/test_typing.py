"""Type checkers find what is wrong with a user's code, and nothing else: mypy --strict, and Pyright.

basedpyright is Pyright in a wheel with its own runtime; Pyright's own downloads itself when it first runs.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Final

import pytest

from tests.conftest import ROOT
from tests.docs.pages import blocks

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # each checker takes seconds

DATA: Final = ROOT / "tests" / "data" / "typing"


@pytest.fixture(scope="module")
def project(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's project: their code, and the package as it is installed."""
    folder = tmp_path_factory.mktemp("project")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    for name in ("good", "bad"):
        (folder / f"{name}.py").write_text((DATA / f"{name}.py").read_text())
    (folder / "guide.py").write_text("\n".join(blocks("docs/client.md", "python")))
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "extraPaths": ["site"], "include": ["*.py"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    return folder


@pytest.fixture(scope="module")
def found_by_mypy(project: Path) -> dict[str, set[int]]:
    options = ["--strict", "--follow-imports=silent", "--cache-dir=.cache", "--config-file=", "--no-error-summary"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "good.py", "bad.py", "guide.py"],
        check=False,
        cwd=project,
        env={"MYPYPATH": "site"},
        capture_output=True,
        text=True,
    )
    lines = re.findall(r"^(\w+)\.py:(\d+): error: ", done.stdout, re.MULTILINE)
    assert lines, done.stdout + done.stderr
    return _by_file([(name, int(number)) for name, number in lines])


@pytest.fixture(scope="module")
def found_by_pyright(project: Path) -> dict[str, set[int]]:
    done = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable],
        check=False,
        cwd=project,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)["generalDiagnostics"]
    errors = [one for one in found if one["severity"] == "error" and one.get("rule") != "reportUnusedExpression"]
    return _by_file([(re.split(r"[/.]", one["file"])[-2], one["range"]["start"]["line"] + 1) for one in errors])


@pytest.mark.parametrize("checker", ["found_by_mypy", "found_by_pyright"])
@pytest.mark.parametrize("name", ["good", "readme"])
def test_right_code_is_clean(request: pytest.FixtureRequest, checker: str, name: str) -> None:
    assert request.getfixturevalue(checker).get(name, set()) == set()


@pytest.mark.parametrize("checker", ["found_by_mypy", "found_by_pyright"])
def test_wrong_code_is_found_line_by_line(request: pytest.FixtureRequest, checker: str) -> None:
    lines = (DATA / "bad.py").read_text().splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if "# wrong:" in line}
    assert len(wrong) >= 15
    assert request.getfixturevalue(checker)["bad"] == wrong


def _by_file(found: list[tuple[str, int]]) -> dict[str, set[int]]:
    return {name: {number for file, number in found if file == name} for name, _ in found}
