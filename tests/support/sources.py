"""The project's own Python files, each read once by a process of the tests: several tests look at all of them."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WITH_STATEMENTS: Final = ("body", "orelse", "finalbody", "handlers", "cases")
_WITH_DOCSTRINGS: Final = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Source(NamedTuple):
    """The parts of a file that tests look at. All else would fill the memory of a process."""

    imports: tuple[ast.Import | ast.ImportFrom, ...]
    """At any depth; those that type checkers alone see are among them."""
    docstrings: tuple[str, ...]
    """Those of attributes are among them."""


@cache
def read_source(file: Path) -> Source:
    """Reads a file."""
    nodes = [*statements(ast.parse(file.read_text()))]
    imports = tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    return Source(imports, tuple(text for node in nodes for text in _docstrings(node)))


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """A node, and the statements in it at any depth. There are far fewer of these than `ast.walk` gives."""
    yield node
    for field in _WITH_STATEMENTS:
        for statement in getattr(node, field, ()):
            yield from statements(statement)


def _docstrings(node: ast.AST) -> Iterator[str]:
    for statement in node.body if isinstance(node, _WITH_DOCSTRINGS) else []:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield str(statement.value.value)
