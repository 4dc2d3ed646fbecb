"""Stubs: the modules of operations that a client cannot have. Their functions say why when they are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from spec.reader import tokens

if TYPE_CHECKING:
    from pathlib import Path

    from spec.reader import Problem, Spec

_FUNCTIONS: Final = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")


def write_stubs(package: Path, spec: Spec, missing: dict[str, Problem]) -> None:
    """Writes a stub into a client for each operation of `missing`, which has the reasons by the pointers."""
    for pointer, problem in missing.items():
        operation, (*_, path, method) = spec.value(pointer), tokens(pointer)
        folder = package / "api" / _identifier((operation.get("tags") or ["default"])[0])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
        name = _identifier(operation.get("operationId") or f"{method}_{path}")
        (folder / f"{name}.py").write_text(_source(f"{method.upper()} {path}: {problem.message}"), "utf-8")


def _source(reason: str) -> str:
    head = f'''"""A stub: the client was generated without this operation."""

from typing import NoReturn

_REASON = {reason!r}
'''
    return "\n\n".join([head, *(_function(name) for name in _FUNCTIONS)])


def _function(name: str) -> str:
    word = "async def" if name.startswith("asyncio") else "def"
    return f'''{word} {name}(*arguments: object, **options: object) -> NoReturn:
    """Says why the client has not this operation.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError(_REASON)
'''


def _identifier(name: str) -> str:
    words = re.sub("([a-z])([A-Z])", r"\1_\2", name)
    return re.sub(r"\W+", "_", words).strip("_").lower() or "operation"
