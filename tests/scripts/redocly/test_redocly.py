"""Redocly CLI is installed whole or not at all, and its failures are told without its own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.redocly import installation, node
from scripts.redocly.__main__ import main
from scripts.redocly.answer import call
from scripts.redocly.installation import cli

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it belongs, with nothing there, and no registry to have it from."""
    monkeypatch.setattr(installation, "_HOME", tmp_path / "environment" / "redocly")
    (tmp_path / "environment").mkdir()
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retry_mintimeout", "1")
    return tmp_path / "environment"


def test_an_installation_that_fails_leaves_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Redocly CLI was not installed: npm ended with 1:")
    assert "127.0.0.1:9" in said
    assert list(home.iterdir()) == []


@pytest.mark.usefixtures("home")
def test_an_environment_without_node_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(node, "_DISTRIBUTION", "nodejs-that-is-not-there")
    assert main([]) == 1
    assert "Run `nox -s drift`" in capsys.readouterr().err


def test_another_version_than_the_locked_one_does_not_count(home: Path) -> None:
    (home / "redocly" / installation._CLI).parent.mkdir(parents=True)  # noqa: SLF001 - where it would be
    (home / "redocly" / installation._CLI).touch()  # noqa: SLF001 - the same
    (home / "redocly" / "package-lock.json").write_text("{}")
    with pytest.raises(node.RedoclyError, match="not in the locked version"):
        cli()


def test_what_it_says_when_it_fails_is_told_without_its_code(tmp_path: Path) -> None:
    with pytest.raises(node.RedoclyError, match="`redocly lint` failed") as error:
        call("lint", tmp_path / "absent.yaml")
    assert "absent.yaml" in str(error.value)
    assert "    at " not in str(error.value)
