"""Redocly CLI is installed whole or not at all, and its failures are told without its own code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scripts import processor_time
from scripts.redocly import answer, installation, node
from scripts.redocly.__main__ import main
from scripts.redocly.answer import call
from scripts.redocly.installation import cli
from scripts.redocly.settings import checked_settings
from tests.support.minimal import MINIMAL

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


@pytest.mark.slow
def test_an_installation_that_fails_leaves_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Redocly CLI was not installed: npm ended with 1:")
    assert "127.0.0.1:9" in said
    assert "Run the same command again when npm can reach its registry" in said
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


@pytest.mark.slow
def test_what_it_says_when_it_fails_is_told_without_its_code(tmp_path: Path) -> None:
    with pytest.raises(node.RedoclyError, match="`redocly lint` failed") as error:
        call("lint", tmp_path / "absent.yaml")
    assert "absent.yaml" in str(error.value)
    assert "    at " not in str(error.value)


@pytest.mark.slow
def test_it_runs_where_nothing_but_its_settings_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside its settings it would find a file of exceptions, which would hide this problem."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text("openapi: 3.1.0\ninfo: {title: Bare, version: 1.0.0}\npaths: {}\n")
    config = tmp_path / "redocly.yaml"
    config.write_text("telemetry: 'off'\nextends: [minimal]\nrules: {info-contact: error}\n")
    (tmp_path / ".redocly.lint-ignore.yaml").write_text("spec.yaml:\n  info-contact: ['#/info', '#/info/contact']\n")
    monkeypatch.setattr(answer, "CONFIG", config)
    assert "info-contact" in {problem["ruleId"] for problem in call("lint", tmp_path / "spec.yaml")["problems"]}


def test_the_settings_of_this_project_are_taken() -> None:
    assert json.loads(checked_settings(answer.CONFIG))["telemetry"] == "off"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "plugins: [./evil.mjs]",
            ":2:1: is refused: the settings may have extends, telemetry, rules, and no other key",
        ),
        ("extends: [./more.yaml]", ":2:1: is refused: it may list minimal, recommended,"),
        ("extends: https://example.com/rules.yaml", ":2:1: is refused: it may list"),
        ("rules: {$ref: ./rules.yaml}", ":2:9: is refused: write one of off, warn, error"),
        ("rules: {info-contact: {severity: error, $ref: x.yaml}}", ":2:9: is refused"),
        ("rules: {info-contact: {severity: error, where: [{$ref: x.yaml}]}}", ":2:9: is refused"),
        ("rules: [info-contact]", ":2:1: is refused"),
        ("telemetry: on", "is read by some YAML readers as a bool"),
        ("extends: &sets [minimal]\nrules: *sets", "is an alias of another value"),
    ],
)
def test_settings_that_do_more_than_switch_rules_are_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "redocly.yaml").write_text(("" if "telemetry" in line else "telemetry: 'off'") + f"\n{line}\n")
    with pytest.raises(node.RedoclyError) as error:
        checked_settings(tmp_path / "redocly.yaml")
    assert f"{tmp_path / 'redocly.yaml'}:" in str(error.value)
    assert said in str(error.value)


@pytest.mark.slow
def test_it_is_stopped_when_it_uses_up_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor_time, "LIMIT", 1)
    members = ", ".join(f"colour {number}" for number in range(400_000))
    for name in "ab":
        (tmp_path / name).write_text(MINIMAL.replace("[red, green]", f"[{name}, {members}]"))
    with pytest.raises(answer.RedoclySlowError, match="`redocly diff` was still at work after"):
        call("diff", tmp_path / "a", tmp_path / "b", "--fail-on=none")
