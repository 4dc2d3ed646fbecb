"""Puts the mock into the wheel: its modules and all that they import, as the package `voiceos_testing`.

Here these modules stand in `contract_tests` and `spec`, names that no installed package should have. hatchling loads
this file by its path, perhaps where nothing of the project can be imported.
"""

from __future__ import annotations

import ast
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = "voiceos_testing"
ENTRIES: Final = (
    "contract_tests.servers.plugin",
    "contract_tests.servers.__main__",
    "contract_tests.traffic.in_tests",
)
"""The module that pytest loads, the one that the command runs, and the judge of tests."""
_NEW_NAMES: Final = {"contract_tests": PACKAGE, "spec": f"{PACKAGE}.spec"}
_IMPORT: Final = re.compile(rf"^(\s*(?:from|import) )({'|'.join(_NEW_NAMES)})(?=[. ])", re.MULTILINE)
_DATA: Final = ("contract_tests/py.typed", "contract_tests/targets.toml", "spec/openapi.yaml")


class MockInWheel(BuildHookInterface[Any]):
    """The hook that hatchling runs before it builds the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the files to those of the wheel."""
        del version  # both kinds of wheel are built alike
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self.root)
        for name, text in packaged(root):
            file = Path(self._folder.name, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            build_data["force_include"][str(file)] = name

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes the folder that the files were written to."""
        del version, build_data, artifact_path
        self._folder.cleanup()


def packaged(root: Path) -> Iterator[tuple[str, str]]:
    """The files of the package, each as its path in the wheel and its text."""
    for file in (*sorted(modules(root)), *(root / name for name in _DATA)):
        text = file.read_text(encoding="utf-8")
        yield _path_in_wheel(file.relative_to(root)), renamed(text) if file.suffix == ".py" else text


def renamed(text: str) -> str:
    """A module's text with the names that its imports have in the wheel.

    >>> renamed("from spec.reader import read_spec")
    'from voiceos_testing.spec.reader import read_spec'
    """
    return _IMPORT.sub(lambda found: f"{found[1]}{_NEW_NAMES[found[2]]}", text)


def modules(root: Path) -> set[Path]:
    """The files of the entries, of all modules that they import, and of the packages around these."""
    waiting, found = [_file(root, name) for name in ENTRIES], set[Path]()
    while waiting:
        file = waiting.pop()
        if file is None or file in found:
            continue
        found.add(file)
        waiting += [_file(root, name) for name in _imported(file.read_text(encoding="utf-8"))]
    return found


def _imported(text: str) -> Iterator[str]:
    """The names of the modules that a module's text may import, and those of the packages around them."""
    for node in ast.walk(ast.parse(text)):
        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _file(root: Path, module: str) -> Path | None:
    """The file of a module of ours; None for any other."""
    if module.partition(".")[0] not in _NEW_NAMES:
        return None
    place = root.joinpath(*module.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def _path_in_wheel(file: Path) -> str:
    first, *others = file.parts
    return "/".join((*_NEW_NAMES[first].split("."), *others))
