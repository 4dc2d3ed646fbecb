"""The blessed spec, which users rely on: that of the merge base with the main branch, unless another is named."""

from __future__ import annotations

import io
import os
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.generate.soundness import find_mistakes
from scripts.git import GitError, Repository
from spec.reader import Spec, SpecError, parse_spec
from spec.version import find_version_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME_ANOTHER: Final = "name another base: `nox -s drift -- --base REF_OR_FILE`"


class BaseError(Exception):
    """The base cannot be found or read. `str()` is the whole message for the user."""


@dataclass(frozen=True)
class Base:
    """The base of a comparison: its name, its spec if it has one yet, and the code generated from that."""

    name: str
    spec: Spec | None = None
    code: Mapping[str, str] = field(default_factory=dict)
    """Maps paths within generated/ to Python source. Empty if the base is a file."""
    unsound: SpecError | None = None
    """The problems for which the gate would refuse the base today. Whoever mends them must be able to."""


def find_base(named: str | None, spec_path: Path, generated: Path) -> Base:
    """Finds the base: the file or git revision named `named`, or else the merge base with the main branch.

    Raises:
        BaseError: there is no such base. The message says which command to run.
    """
    if named and Path(named).is_file():
        spec = _read(Path(named), Path(named).read_bytes())
        return Base(named, spec, unsound=_find_unsound(spec))
    try:
        return _find_committed(named, spec_path, generated)
    except GitError as error:
        raise BaseError(f"{error}, so the merge base is unknown; {_NAME_ANOTHER}") from error


def _find_committed(named: str | None, spec_path: Path, generated: Path) -> Base:
    """Finds the base in git's history."""
    repository = Repository(spec_path.resolve().parent)
    name, revision = (named, repository.commit(named)) if named else _merge_base(repository)
    if named and not revision:
        raise BaseError(f"--base {named} is neither a file nor a revision that this clone has; try `git fetch origin`")
    if not revision:
        return Base(name)
    title = f"{name} ({revision[:10]})"
    text = _text(repository, revision, spec_path.name)
    if text is None:
        return Base(title)
    spec = _read(Path(f"{name}:{spec_path.name}"), text)
    return Base(title, spec, _code(revision, generated), _find_unsound(spec))


def _text(repository: Repository, revision: str, name: str) -> bytes | None:
    """The file of this name in the repository's folder, as of a revision; None if the revision has no such file at all.

    Raises:
        BaseError: git cannot read it, or the revision has it in another folder.
    """
    text = repository.run("show", f"{revision}:./{name}")
    if text is not None:
        return text
    listed = repository.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", revision)
    if listed is None:
        raise BaseError(f"git cannot list the files of {revision[:10]}; {_NAME_ANOTHER}")
    found = [path for path in listed.decode(errors="replace").split("\0") if path.rpartition("/")[2] == name]
    if not found:
        return None
    raise BaseError(
        f"{revision[:10]} has no {name} that git can read in {repository.folder}, but it has {found[0]}.\n"
        f"Compare with that one: `git show {revision[:10]}:{found[0]} > base.yaml`, "
        "then `nox -s drift -- --base base.yaml`"
    )


def _merge_base(repository: Repository) -> tuple[str, str]:
    """The name and id of the commit where this branch left the main branch. Without a commit, the id is empty."""
    if not repository.line("rev-parse", "--git-dir"):
        raise BaseError(f"{repository.folder} is in no git repository that git can read; {_NAME_ANOTHER}")
    branch = os.environ.get("GITHUB_BASE_REF") or "main"
    fetch = f"origin +refs/heads/{branch}:refs/remotes/origin/{branch}"
    if repository.line("rev-parse", "--is-shallow-repository") == "true":
        raise BaseError(
            "this clone is shallow: it lacks the history that shows where this branch left the main branch.\n"
            f"To fetch it, run `git fetch --unshallow {fetch}`; or {_NAME_ANOTHER}"
        )
    if not repository.commit("HEAD"):
        return "no commit yet", ""
    main = next((name for name in (f"origin/{branch}", branch) if repository.commit(name)), None)
    if main is None:
        raise BaseError(f"there is no branch origin/{branch} or {branch}: run `git fetch {fetch}`; or {_NAME_ANOTHER}")
    if not (revision := repository.line("merge-base", main, "HEAD")):
        raise BaseError(f"HEAD and {main} have no commit in common; {_NAME_ANOTHER}")
    return f"the merge base with {main}", revision


def _read(path: Path, text: bytes) -> Spec:
    """Reads the spec of the base. Raises BaseError if it is no OpenAPI 3.1 document."""
    try:
        spec = parse_spec(path, text.decode())
        if problems := find_version_problems(spec):
            raise spec.error(problems)
    except UnicodeDecodeError as error:
        raise BaseError(f"{path} is not UTF-8; {_NAME_ANOTHER}") from error
    except SpecError as error:
        raise BaseError(f"this base cannot be compared with:\n{error}\n{_NAME_ANOTHER}") from error
    return spec


def _find_unsound(spec: Spec) -> SpecError | None:
    problems = find_mistakes(spec)
    return spec.error(problems) if problems else None


def _code(revision: str, generated: Path) -> dict[str, str]:
    """The Python files that a revision has under generated/."""
    archive = Repository(generated.parent).run("archive", "--format=tar", revision, "--", generated.name)
    if archive is None:
        return {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {
            member.name.removeprefix(f"{generated.name}/"): content.read().decode(errors="replace")
            for member in tar
            if member.name.endswith(".py") and (content := tar.extractfile(member))
        }
