"""The modules that the wheel has, and their names in it."""

from __future__ import annotations

import ast
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest

from scripts.build_hook import packaged, renamed
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from contract_tests.a import b", "from voiceos_testing.a import b"),
        ("    from spec.a import b", "    from voiceos_testing.spec.a import b"),
        ("from spec import paths", "from voiceos_testing.spec import paths"),
        ("import spec.a", "import voiceos_testing.spec.a"),
        ("from specs import a", "from specs import a"),
        ("from spectrum.spec import a", "from spectrum.spec import a"),
        ('"from spec import a"', '"from spec import a"'),
    ],
)
def test_imports_are_renamed(text: str, expected: str) -> None:
    assert renamed(text) == expected


@cache
def contents() -> dict[str, str]:
    """The wheel's modules and files by their names."""
    return dict(packaged(ROOT))


def imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        yield from [each.name for each in node.names] if isinstance(node, ast.Import) else []
        yield from [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.slow
def test_the_wheel_has_every_module_that_its_own_import() -> None:
    files = contents()
    known = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files}
    for name, text in files.items():
        names = {*imported(text)} if name.endswith(".py") else set[str]()
        assert {each for each in names if each.startswith("voiceos_testing")} <= known, name
        assert not {each for each in names if each.startswith(("contract_tests", "spec."))}, name


THIRD_PARTIES = {
    "compression",  # of the standard library from Python 3.14 on
    *(
        "backports",
        "cel_expr_python",
        "h11",  # comes with httpx
        "httpx",
        "hypothesis",
        "ijson",
        "yaml",
        "jsonschema_rs",
        "msgspec",
        "psutil",
        "pydantic",
        "pydantic_core",
        "pytest",
        "starlette",
    ),
    *("trustme", "uvicorn", "yaml"),
}
"""The packages of the extras `mock` and `pytest`, and of the package itself, by the names that are imported."""


@pytest.mark.slow
def test_the_mock_of_the_wheel_needs_nothing_but_its_extras() -> None:
    allowed = THIRD_PARTIES | {*sys.stdlib_module_names, "voiceos_testing", "voiceos_client", "voiceos_models"}
    for name, text in contents().items():
        names = {each.partition(".")[0] for each in imported(text)} if name.endswith(".py") else set[str]()
        assert names <= allowed, name


@pytest.mark.slow
def test_the_wheel_has_the_spec() -> None:
    assert "voiceos_testing/spec/openapi.yaml" in contents()
