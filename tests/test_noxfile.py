"""Each session of the noxfile that takes options says what they are: `nox -s kills -- --help`."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING, Final

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

EXCUSED: Final = {"tests": "pytest's own options", "lint": "ruff's", "relock": "uv's"}
"""Sessions whose options are those of another tool, which says them."""


def sessions() -> Iterator[ast.FunctionDef]:
    """The sessions that hand options on."""
    for node in ast.parse((ROOT / "noxfile.py").read_text()).body:
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


def module_of(session: ast.FunctionDef) -> str:
    """The module that the session runs with `-m`."""
    words = command_of(session)
    return words[words.index("-m") + 1]


OWN: Final = [session for session in sessions() if session.name not in EXCUSED]


def test_no_excuse_is_stale() -> None:
    assert EXCUSED.keys() <= {session.name for session in sessions()}
    assert {"generate", "drift", "contract", "mock", "kills", "fidelity", "compare"} <= {one.name for one in OWN}


@pytest.mark.parametrize("session", OWN, ids=lambda session: session.name)
def test_a_session_says_its_options(session: ast.FunctionDef, capsys: pytest.CaptureFixture[str]) -> None:
    module = module_of(session)
    if module == "pytest":
        assert pytest.main(["contract_tests", "--help"]) == 0
    else:
        with pytest.raises(SystemExit) as ended:
            importlib.import_module(f"{module}.__main__").main(["--help"])
        assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: ")
    assert "--" in said.partition("\n")[2]


def test_a_run_by_nox_names_nox_in_the_commands_of_its_findings() -> None:
    (session,) = (one for one in OWN if one.name == "contract")
    (given,) = (word for word in command_of(session) if word.startswith("--started-by="))
    assert given == "--started-by=nox -s contract --"
