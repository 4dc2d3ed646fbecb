"""The generated code in git's index: it is what a commit brings, whatever the folder holds."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from scripts.generate.folder_difference import CACHE, Difference, read_folder
from scripts.git import Entry, GitError, Repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spec.reader import Spec


def compare_staged(spec: Spec, output: Path, expected: Path) -> list[Difference]:
    """The files below `output` that differ in git's index from those of the folder `expected`, by path.

    If the index has another spec than this one, it may have other code too. Then only caches of Python differ: no
    commit may bring them, because Python runs them in place of the source beside them. Without git, nothing differs.
    """
    repository = Repository(output.absolute().parent)
    try:
        staged = {entry.path.partition("/")[2]: entry for entry in repository.index(output.name)}
        is_whole = bool(staged) and _has(spec)
    except GitError:
        return []
    files = read_folder(expected) if is_whole else {}
    paths = [path for path in sorted(files.keys() | staged.keys()) if is_whole or CACHE in path.split("/")]
    return list(_differences(repository, paths, staged, files))


def _has(spec: Spec) -> bool:
    """True if git's index has the spec as it was read."""
    path = spec.path.absolute()
    return any(_holds(entry, spec.text.encode()) for entry in Repository(path.parent).index(path.name))


def _differences(
    repository: Repository, paths: list[str], staged: dict[str, Entry], files: dict[str, bytes]
) -> Iterator[Difference]:
    for path in paths:
        entry, content = staged.get(path), files.get(path)
        if entry is None or content is None or not _holds(entry, content):
            actual = repository.run("cat-file", "blob", entry.sha) or b"" if entry else None
            yield Difference(path, actual, content, is_staged=True)


def _holds(entry: Entry, content: bytes) -> bool:
    """True if an entry of the index is a regular file with this content, by its hash."""
    algorithm = "sha1" if len(entry.sha) == hashlib.sha1(usedforsecurity=False).digest_size * 2 else "sha256"
    blob = hashlib.new(algorithm, b"blob %d\0%b" % (len(content), content), usedforsecurity=False)
    return entry.is_regular and entry.sha == blob.hexdigest()
