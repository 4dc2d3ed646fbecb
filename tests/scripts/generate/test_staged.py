"""Code in git's index is compared with generated code too: it is what a commit brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.generate.staged import compare_staged
from spec.reader import read_spec
from tests.support.minimal import MINIMAL
from tests.support.repositories import git, start, write_spec

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "CODE = 1\n"
CACHE = "package/__pycache__/module.cpython-311.pyc"


def write(folder: Path, path: str, text: str) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a spec and code from it, and beside it a folder `new` with the same code."""
    folder = tmp_path / "project"
    write_spec(folder, MINIMAL)
    for place in (folder / "generated", tmp_path / "new"):
        write(place, "package/module.py", SOURCE)
    return start(folder)


def find(project: Path) -> dict[str, str]:
    spec = read_spec(project / "spec" / "openapi.yaml")
    differences = compare_staged(spec, project / "generated", project.parent / "new")
    assert all(difference.is_staged for difference in differences)
    return {difference.path: difference.kind for difference in differences}


def test_what_is_committed_as_generated_does_not_differ(project: Path) -> None:
    assert find(project) == {}


def test_what_is_staged_differs_though_the_folder_does_not(project: Path) -> None:
    file = write(project, "generated/package/module.py", "CODE = 2\n")
    write(project, "generated/yaml.py", "")
    git(project, "add", "--all")
    file.write_text(SOURCE)
    (project / "generated" / "yaml.py").unlink()
    assert find(project) == {"package/module.py": "changed", "yaml.py": "extra"}


def test_a_file_that_the_index_lacks_differs(project: Path) -> None:
    git(project, "rm", "--quiet", "--cached", "generated/package/module.py")
    write(project, "generated/other", "")
    git(project, "add", "generated/other")
    assert find(project) == {"package/module.py": "missing", "other": "extra"}


def test_a_link_differs_whatever_it_leads_to(project: Path) -> None:
    (project / "generated" / "link").symlink_to("package")
    git(project, "add", "--all")
    assert find(project) == {"link": "extra"}


def test_code_of_another_spec_is_not_compared(project: Path) -> None:
    write_spec(project, MINIMAL.replace("version: ", "version:  "))
    write(project.parent / "new", "package/module.py", "CODE = 2\n")
    assert find(project) == {}


@pytest.mark.parametrize("spec", [MINIMAL, MINIMAL.replace("version: ", "version:  ")])
def test_a_committed_cache_differs_whatever_the_spec(project: Path, spec: str) -> None:
    write_spec(project, spec)
    write(project, f"generated/{CACHE}", "compiled")
    git(project, "add", "--force", f"generated/{CACHE}")
    assert find(project) == {CACHE: "extra"}


def test_without_a_repository_nothing_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_spec(tmp_path, MINIMAL)
    for path in (str(tmp_path), ""):
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        monkeypatch.setenv("PATH", path)
        assert compare_staged(read_spec(tmp_path / "spec" / "openapi.yaml"), tmp_path / "generated", tmp_path) == []
