"""The compiled templates of the page are kept, and are never those of other settings."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import jinja2
import pytest

from contract_tests.report.page.compiled import Compiled

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "page.j2").write_text("{{ text }}")
    file = tmp_path / "settings.py"
    file.write_text("autoescape = False")
    return file


def render(settings: Path, *, autoescape: bool = False) -> str:
    loader, cache = jinja2.FileSystemLoader(settings.parent), Compiled(settings)
    environment = jinja2.Environment(autoescape=autoescape, loader=loader, bytecode_cache=cache)  # noqa: S701 - a test of both
    return environment.get_template("page.j2").render(text="<")


def kept(settings: Path) -> list[Path]:
    return sorted((settings.parent / "__pycache__").iterdir())


def test_a_template_is_compiled_once(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert render(settings) == "<"
    monkeypatch.delattr(jinja2.Environment, "_parse")  # compiling needs it
    assert render(settings) == "<"


def test_other_settings_have_templates_of_their_own(settings: Path) -> None:
    render(settings)
    settings.write_text("autoescape = True")
    assert render(settings, autoescape=True) == "&lt;"


def test_nothing_is_kept_where_python_keeps_nothing(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert render(settings) == "<"
    assert not kept(settings)


def test_a_folder_that_is_not_there_keeps_nothing(settings: Path) -> None:
    (settings.parent / "__pycache__").rmdir()
    assert render(settings) == "<"
