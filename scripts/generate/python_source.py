"""Python source as a syntax tree, for threads too."""

from __future__ import annotations

import ast
import threading
from typing import Final

# CPython up to 3.12 counts the depth of a tree once for all threads, and raises SystemError when two build one at a
# time: "AST constructor recursion depth mismatch" (python/cpython#106905).
_ONE_AT_A_TIME: Final = threading.Lock()


def parse(text: str) -> ast.Module:
    """The module. Raises SyntaxError or ValueError as `ast.parse` does."""
    with _ONE_AT_A_TIME:
        return ast.parse(text)
