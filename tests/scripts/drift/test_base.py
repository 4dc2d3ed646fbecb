"""What the spec is compared with: the merge base, or what was named; and a way out where there is neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.drift.base import Base, BaseError, find_base
from tests.support.repositories import THINGS, commit, git, start, write_spec

if TYPE_CHECKING:
    from pathlib import Path

OTHER = THINGS.replace("title: Things", "title: Other")


@pytest.fixture(autouse=True)
def _no_pull_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_BASE_REF", raising=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose only commit, on main, has a spec and a file of generated code."""
    folder = tmp_path / "repository"
    write_spec(folder, THINGS)
    (folder / "generated" / "models").mkdir(parents=True)
    (folder / "generated" / "models" / "thing.py").write_text("class Thing: ...\n")
    return start(folder)


def commit_spec(folder: Path, text: str, message: str) -> None:
    write_spec(folder, text)
    commit(folder, message)


def find(folder: Path, named: str | None = None) -> Base:
    return find_base(named, folder / "spec" / "openapi.yaml", folder / "generated")


def title(base: Base) -> str:
    assert base.spec
    return str(base.spec.document["info"]["title"])


def test_is_the_commit_where_the_branch_left_main(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create=branch")
    commit_spec(repository, OTHER, "on the branch")
    git(repository, "switch", "--quiet", "main")
    commit_spec(repository, THINGS.replace("title: Things", "title: Newer"), "on main, meanwhile")
    git(repository, "switch", "--quiet", "branch")
    base = find(repository)
    assert title(base) == "Things"
    assert base.name == f"the merge base with main ({git(repository, 'rev-parse', 'main^')[:10]})"
    assert base.code == {"models/thing.py": "class Thing: ...\n"}


def test_prefers_the_remotes_main(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    commit_spec(tmp_path / "clone", OTHER, "not pushed yet")
    assert title(find(tmp_path / "clone")) == "Things"


def test_is_the_base_of_the_pull_request(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "switch", "--quiet", "--create=release")
    commit_spec(repository, OTHER, "released")
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    monkeypatch.setenv("GITHUB_BASE_REF", "release")
    assert find(tmp_path / "clone").name.startswith("the merge base with origin/release")


def test_may_be_named_by_revision_or_file(repository: Path, tmp_path: Path) -> None:
    commit_spec(repository, OTHER, "second")
    assert (title(find(repository)), title(find(repository, "HEAD^"))) == ("Other", "Things")
    (tmp_path / "older.yaml").write_text(THINGS)
    assert find(repository, str(tmp_path / "older.yaml")).name == str(tmp_path / "older.yaml")


def test_is_nothing_before_the_first_commit(tmp_path: Path) -> None:
    (tmp_path / "spec").mkdir()
    git(tmp_path, "init", "--quiet")
    assert find(tmp_path) == Base("no commit yet")


def test_is_nothing_where_there_was_no_spec(repository: Path) -> None:
    git(repository, "rm", "--quiet", "spec/openapi.yaml")
    commit(repository, "without")
    (repository / "spec").mkdir(exist_ok=True)
    base = find(repository)
    assert (base.spec, base.name.startswith("the merge base with main")) == (None, True)


def test_is_found_whatever_repository_the_environment_names(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository, "worktree", "add", "--quiet", "-b", "branch", str(tmp_path / "linked"))
    commit_spec(tmp_path / "linked", OTHER, "on the branch")
    monkeypatch.setenv("GIT_DIR", git(tmp_path / "linked", "rev-parse", "--absolute-git-dir"))
    assert title(find(tmp_path / "linked")) == "Things"


def test_a_base_that_has_the_spec_elsewhere_is_not_without_one(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create=branch")
    git(repository, "mv", "spec", "api")
    commit(repository, "moved")
    with pytest.raises(BaseError, match=r"but it has spec/openapi.yaml\.\nCompare with that one: `git show "):
        find_base(None, repository / "api" / "openapi.yaml", repository / "generated")


def test_a_base_that_git_cannot_read_is_told(repository: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:spec/openapi.yaml")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert "has no openapi.yaml that git can read" in message(repository)


def message(folder: Path, named: str | None = None) -> str:
    with pytest.raises(BaseError) as error:
        find(folder, named)
    return str(error.value)


def test_a_shallow_clone_is_told_how_to_be_mended(repository: Path, tmp_path: Path) -> None:
    commit_spec(repository, OTHER, "second")
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "clone")
    said = message(tmp_path / "clone")
    assert said.startswith("this clone is shallow")
    (command,) = [line.partition("`git ")[2].partition("`")[0] for line in said.splitlines() if "`git " in line]
    git(tmp_path / "clone", *command.split())
    assert title(find(tmp_path / "clone")) == "Other"


def test_a_missing_main_branch_is_named(repository: Path) -> None:
    git(repository, "branch", "--move", "trunk")
    said = message(repository)
    assert "there is no branch origin/main or main: run `git fetch origin" in said
    assert "--base REF_OR_FILE" in said


def test_unrelated_histories_are_told(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--orphan=other")
    (repository / "spec").mkdir(exist_ok=True)
    commit_spec(repository, THINGS, "a new beginning")
    assert "have no commit in common" in message(repository)


def test_a_folder_without_git_is_told(tmp_path: Path) -> None:
    (tmp_path / "spec").mkdir()
    assert "is in no git repository" in message(tmp_path)


def test_a_machine_without_git_is_told(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert "git is not installed" in message(repository)


@pytest.mark.parametrize("named", ["nowhere", "--output=/tmp/x", "HEAD:spec/openapi.yaml"])
def test_a_name_for_nothing_is_told(repository: Path, named: str) -> None:
    assert f"--base {named} is neither a file nor a revision" in message(repository, named)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("openapi: [", "is not YAML"),
        (THINGS.replace("3.1.0", "3.0.3"), "is not an OpenAPI 3.1 document"),
    ],
)
def test_a_base_that_is_no_openapi_is_told(repository: Path, text: str, reason: str) -> None:
    commit_spec(repository, text, "broken")
    said = message(repository)
    assert "this base cannot be compared with:\nthe merge base with main:openapi.yaml:" in said
    assert reason in said
    assert "--base REF_OR_FILE" in said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (THINGS.replace("description: Refused.", "description: 3"), "3 is not of type"),
        (THINGS.replace("paths:", "paths:\n  $ref: ../paths.yaml"), "is refused: it leads out of"),
    ],
)
def test_a_base_that_would_be_refused_today_comes_with_the_reason(repository: Path, text: str, reason: str) -> None:
    commit_spec(repository, text, "broken")
    base = find(repository)
    assert title(base) == "Things"
    assert reason in str(base.unsound)


def test_a_sound_base_has_no_problem(repository: Path) -> None:
    assert find(repository).unsound is None
