"""Files under scripts/ and spec/ import each other in one direction, and nobody imports a command."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.support.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path

FILES = [
    file
    for folder in ("spec", "scripts")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if "templates" not in file.parts
]


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def imported(file: Path) -> set[str]:
    """The modules that a file imports, and `package.name` for each name that it imports from a package."""
    nodes = read_source(file).imports
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    sources = [(node.module or "", node.names) for node in nodes if isinstance(node, ast.ImportFrom)]
    return (
        plain | {source for source, _ in sources} | {f"{one}.{name.name}" for one, names in sources for name in names}
    )


@pytest.mark.slow
def test_no_files_import_each_other_in_a_circle() -> None:
    names = {name_of(file) for file in FILES}
    TopologicalSorter({name_of(file): imported(file) & names for file in FILES}).prepare()


def test_no_file_imports_a_command() -> None:
    assert [name_of(file) for file in FILES if any(name.endswith(".__main__") for name in imported(file))] == []


def test_the_repositorys_root_is_named_in_one_place() -> None:
    assert [name_of(file) for file in FILES if "ROOT: Final" in file.read_text()] == ["spec.paths"]
