"""The check that generated code only declares: it has imports, classes, functions and assignments, and does no work.

The generators turn text of the spec into code, and have let text through as code before (CVE-2026-105801). So their
output is checked, as if a stranger had written it, before Python runs a line of it.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from scripts.generate.python_source import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STATEMENTS: Final = (
    ast.Import,
    ast.ImportFrom,
    ast.ClassDef,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Pass,
)
_MODULES: Final = {
    "__future__",
    "attr",
    "attrs",
    "collections",
    "datetime",
    "decimal",
    "enum",
    "http",
    "httpx",
    "importlib",
    "io",
    "ipaddress",
    "json",
    "math",
    "pathlib",
    "pydantic",
    "ssl",
    "types",
    "typing",
    "typing_extensions",
    "urllib",
    "uuid",
}
# The builtins that get another name in a class with a field of theirs.
_BUILTINS: Final = {"bool", "bytes", "dict", "float", "int", "list", "object", "set", "str", "tuple", "type"}
# The functions that generated modules may call while they are imported. All of them declare something.
_DECLARATIONS: Final = {
    "ConfigDict",
    "Field",
    "TypeAliasType",
    "TypeVar",
    "Unset",
    "_attrs_define",
    "_attrs_field",
    "define",
    "field",
}
_IMPORT_ALL: Final = """
import importlib, pathlib, sys
package = pathlib.Path(sys.argv[1])
root = package.parent
sys.path.insert(0, str(root))
for file in sorted(package.rglob("*.py")):
    importlib.import_module(".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"))
"""


def check_code(package: Path) -> list[str]:
    """The complaints about the Python files of a package. They are not run."""
    files = sorted(package.rglob("*.py"))
    return [f"{file.relative_to(package.parent)}{complaint}" for file in files for complaint in _judge_file(file)]


def check_imports(package: Path) -> list[str]:
    """The complaints from importing every module of a package, in a process of its own."""
    command = [sys.executable, "-X", "utf8", "-I", "-B", "-c", _IMPORT_ALL, str(package)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode == 0:
        return []
    last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
    return [f"the generated code cannot be imported: {last}"]


def _judge_file(file: Path) -> Iterator[str]:
    try:
        tree = parse(file.read_text("utf-8"))
    except (SyntaxError, ValueError) as error:
        yield f": is not Python: {error}"
        return
    for node in _run_at_import(tree.body):
        if complaint := _judge(node):
            yield f":{getattr(node, 'lineno', 0)}: {complaint}"


def _run_at_import(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yields each node that Python evaluates at import: all but the bodies of functions."""
    for statement in body:
        yield statement
        match statement:
            case ast.ClassDef(bases=bases, keywords=keywords, decorator_list=decorators, body=inner):
                yield from _walk([*bases, *keywords, *decorators])
                yield from _run_at_import(inner)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                defaults = [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
                yield from _walk([*statement.decorator_list, *defaults])
            case ast.If(body=inner):
                yield from _run_at_import([*inner, *statement.orelse])
            case _:
                yield from _walk(list(ast.iter_child_nodes(statement)))


def _walk(nodes: list[ast.AST]) -> Iterator[ast.AST]:
    for node in nodes:
        yield from ast.walk(node)


def _judge(node: ast.AST) -> str | None:  # noqa: PLR0911 - a line for each kind of node
    if _is_harmless(node):
        return None
    match node:
        case ast.Import(names=names):
            return _judge_modules([name.name for name in names])
        case ast.ImportFrom(module="builtins", names=names, level=0):
            foreign = [name.name for name in names if name.name not in _BUILTINS]
            return (
                f"imports {', '.join(foreign)} from builtins, which generated code does not need" if foreign else None
            )
        case ast.ImportFrom(module=module, level=0):
            return _judge_modules([module or ""])
        case ast.Call(func=function) if ast.unparse(function) not in _DECLARATIONS:
            return f"calls {ast.unparse(function)[:80]} while it is imported"
        case ast.stmt() if not isinstance(node, _STATEMENTS):
            return f"has a statement that generated code does not need: {ast.unparse(node)[:80]}"
    return None


def _is_harmless(node: ast.AST) -> bool:
    """True for docstrings, imports for type checkers, and `model_rebuild()`, which recursive Pydantic classes need."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Expr(value=ast.Call() as call) | (ast.Call() as call):
            return not call.args and not call.keywords and ast.unparse(call.func).endswith(".model_rebuild")
    return False


def _judge_modules(names: list[str]) -> str | None:
    foreign = [name for name in names if name.partition(".")[0] not in _MODULES]
    return f"imports {', '.join(foreign)}, which generated code does not need" if foreign else None
