"""The noxfile's sessions say their options, install only what is locked, and import only what was generated."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.conftest import ROOT
from tests.support.commands import main_of
from tests.support.sessions import load_noxfile, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOXFILE: Final = ast.parse((ROOT / "noxfile.py").read_text())
EXCUSED: Final = {"tests": "pytest's own options", "lint": "ruff's", "relock": "uv's", "build": "hatchling's"}
"""Sessions whose options are those of another tool, which says them."""


def sessions() -> Iterator[ast.FunctionDef]:
    """The sessions that hand options on."""
    for node in NOXFILE.body:
        if isinstance(node, ast.FunctionDef) and "session.posargs" in ast.unparse(node):
            yield node


def command_of(session: ast.FunctionDef) -> list[str]:
    """The words of the command that gets the options, as far as they are literals."""
    (call,) = (
        node
        for node in ast.walk(session)
        if isinstance(node, ast.Call) and any("posargs" in ast.unparse(argument) for argument in node.args)
    )
    return [str(argument.value) for argument in call.args if isinstance(argument, ast.Constant)]


def tokens_taken(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *arguments: str) -> dict[str, str]:
    """The tokens that the noxfile takes out of an environment."""
    (function,) = (node for node in NOXFILE.body if isinstance(node, ast.FunctionDef) and node.name == "take_tokens")
    names: dict[str, Any] = {"os": os, "re": re, "sys": sys, "Path": lambda path: ROOT / path}
    exec(compile(ast.Module([function], []), "noxfile.py", "exec"), names)  # noqa: S102 - nox itself is not installed
    monkeypatch.setattr(sys, "argv", ["nox", *arguments])
    monkeypatch.setattr(os, "environ", environment)
    taken: dict[str, str] = names["take_tokens"]()
    return taken


def module_of(session: ast.FunctionDef) -> str:
    """The module that the session runs with `-m`."""
    words = command_of(session)
    return words[words.index("-m") + 1]


OWN: Final = [session for session in sessions() if session.name not in EXCUSED]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("VOICEOS_TOKEN", []),
        ("VOICEOS_STAGING_TOKEN", []),
        ("A_SECRET", ["--token-env", "A_SECRET"]),
        ("A_SECRET", ["--token-env=A_SECRET"]),
    ],
)
def test_a_token_is_taken_out_of_the_environment(
    name: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {name: "secret", "PATH": "/bin", "VOICEOS_MAX_CALLS": "1"}
    assert tokens_taken(monkeypatch, environment, "-s", "contract", "--", *arguments) == {name: "secret"}
    assert environment == {"PATH": "/bin", "VOICEOS_MAX_CALLS": "1"}


def test_a_token_that_a_variable_names_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "A" in tokens_taken(monkeypatch, {"VOICEOS_TOKEN_ENV": "A", "A": "secret"})


def test_tokens_are_taken_before_anything_is_installed_and_given_to_servers_and_runs_alone() -> None:
    statements = [ast.unparse(node) for node in NOXFILE.body]
    assert statements.index("TOKENS = take_tokens()") < statements.index(ast.unparse(next(sessions())))
    given = [session.name for session in sessions() if "env=TOKENS" in ast.unparse(session)]
    assert given == ["contract", "mock"]


def test_no_excuse_is_stale() -> None:
    assert EXCUSED.keys() <= {session.name for session in sessions()}
    assert {"generate", "drift", "contract", "mock", "docs", "kills", "fidelity", "compare"} <= {
        one.name for one in OWN
    }


@pytest.mark.parametrize("session", OWN, ids=lambda session: session.name)
def test_a_session_says_its_options(session: ast.FunctionDef, capsys: pytest.CaptureFixture[str]) -> None:
    module = module_of(session)
    if module == "pytest":
        assert pytest.main(["contract_tests", "--help"]) == 0
    else:
        with pytest.raises(SystemExit) as ended:
            main_of(module)(["--help"])
        assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: ")
    assert "--" in said.partition("\n")[2]


def test_a_run_by_nox_names_nox_in_the_commands_of_its_findings() -> None:
    (session,) = (one for one in OWN if one.name == "contract")
    (given,) = (word for word in command_of(session) if word.startswith("--started-by="))
    assert given == "--started-by=nox -s contract --"


SESSIONS: Final = [
    node.name
    for node in ast.parse((ROOT / "noxfile.py").read_text()).body
    if isinstance(node, ast.FunctionDef) and node.decorator_list
]
JUDGES_GENERATED: Final = {"generate", "drift", "docs", "lint", "build", "relock"}
"""Sessions that read generated/, or do not need it. None of them imports it."""


@pytest.mark.parametrize("session", SESSIONS)
def test_a_session_installs_only_what_is_locked_with_a_hash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, session: str
) -> None:
    locked = {line.partition(" ")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()}
    recorder = record(monkeypatch, tmp_path, session)
    assert recorder.installed
    for arguments in recorder.installed:
        assert arguments[:3] == ("--require-hashes", "-c", "constraints.txt")
        assert {*arguments[3:]} <= locked
    for command in recorder.runs:
        assert "install" not in command or "--require-hashes" in command


def test_a_package_that_is_not_locked_is_refused_with_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delitem(load_noxfile(monkeypatch).LOCKED, "pyyaml")
    with pytest.raises(AssertionError, match=r"constraints\.txt does not lock pyyaml; run `nox -s relock`"):
        record(monkeypatch, tmp_path, "drift")


@pytest.mark.parametrize("session", SESSIONS)
def test_nothing_of_generated_can_be_imported_but_its_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, session: str
) -> None:
    recorder = record(monkeypatch, tmp_path, session)
    assert recorder.env["PYTHONPATH"] is None
    links = {path.name: path.readlink() for path in recorder.site.iterdir()}
    packages = set() if session in JUDGES_GENERATED else {"voiceos_client", "voiceos_models"}
    assert links == {name: ROOT / "generated" / name for name in packages}


def test_a_link_to_another_clone_is_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    recorder = record(monkeypatch, tmp_path, "mock")
    link = recorder.site / "voiceos_models"
    link.unlink()
    link.symlink_to(tmp_path)
    load_noxfile(monkeypatch).mock(recorder)
    assert link.readlink() == ROOT / "generated" / "voiceos_models"


WRAPPER: Final = """\
#!/bin/sh
case "$*" in "pip install"*) env > "{seen}"; exec "{uv}" "$@" --dry-run --offline;; esac
exec "{uv}" "$@"
"""
"""Notes the environment of `uv pip install`, which runs in the same process but fetches nothing."""


@pytest.mark.slow
@pytest.mark.parametrize("session", ["contract", "lint"])
def test_uv_sees_no_token_when_a_session_installs(session: str, tmp_path: Path) -> None:
    wrapper, seen = tmp_path / "uv", tmp_path / "environment.txt"
    uv = shutil.which("uv") or ROOT / ".venv" / "bin" / "uv"  # the environment of the tests has none
    wrapper.write_text(WRAPPER.format(seen=seen, uv=uv))
    wrapper.chmod(0o755)
    secrets = {
        "VOICEOS_TOKEN": "k7Qw-29xZ-mP4v",
        "VOICEOS_STAGING_TOKEN": "mP4v-k7Qw-29xZ",
        "ITS_TOKEN": "29xZ-mP4v-k7Qw",
    }
    nox = [sys.executable, "-m", "nox", f"--envdir={tmp_path / 'envs'}", "-s", session]
    environment = os.environ | secrets | {"UV": str(wrapper)}
    command = [*nox, "--", "--token-env=ITS_TOKEN"]
    subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True)
    told = seen.read_text()
    assert "UV_SYSTEM_CERTS=1" in told
    assert [token for token in secrets.values() if token in told] == []
