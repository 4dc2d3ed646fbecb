"""Python source as a syntax tree, in a way that is safe for threads."""

from __future__ import annotations

import ast
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

# CPython up to 3.12 counts the depth of a tree for all threads together, and raises SystemError when two threads build
# trees at the same time: "AST constructor recursion depth mismatch" (python/cpython#106905).
_ONE_AT_A_TIME: Final = threading.Lock()


def parse(text: str) -> ast.Module:
    """Parses a module. Raises SyntaxError or ValueError, as `ast.parse` does."""
    with _ONE_AT_A_TIME:
        return ast.parse(text)


def public_names(module: Path) -> list[str]:
    """The classes and type aliases that a module defines, in alphabetical order."""
    body = parse(module.read_text("utf-8")).body
    classes = [node.name for node in body if isinstance(node, ast.ClassDef)]
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return sorted([*classes, *(target.id for target in targets if isinstance(target, ast.Name))])
