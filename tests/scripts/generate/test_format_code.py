"""Generated code is laid out, and imports nothing that it does not use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.generate.run_generator import format_code

if TYPE_CHECKING:
    from pathlib import Path


def test_all_unused_imports_of_a_function_are_removed_however_many_there_are(tmp_path: Path) -> None:
    imports = "".join(f"    from a import b{number}\n" for number in range(120))
    (tmp_path / "module.py").write_text(f"def f():\n{imports}    return (1)\n")
    format_code(tmp_path)
    assert (tmp_path / "module.py").read_text() == "def f():\n    return 1\n"
