"""Text that others wrote commands nothing that it is shown on: no terminal, no log of GitHub Actions, no page."""

from __future__ import annotations

import ast
import doctest
import json
import re
from typing import TYPE_CHECKING, Final

from hypothesis import example, given
from hypothesis import strategies as st

from spec import output
from spec.output import (
    github_command,
    markdown,
    markdown_block,
    one_line,
    printable,
    say,
    say_in_github_log,
    say_json,
    say_over,
)
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

HOSTILE: Final = "::stop-commands::a\n  ::add-mask::b\n\t##[error]c\x1b]0;d\x07\u202e\x9b2J``` <img src=x> @all |"
COMMAND: Final = re.compile(r"^\s*::|##\[", re.MULTILINE)
SHOWN_BY_PYTEST: Final = {"pytest.fail", "pytest.skip", "pytest.exit", "pytest.UsageError"}


@given(st.text())
@example(HOSTILE)
def test_a_printable_text_commands_nothing_and_is_stable(text: str) -> None:
    shown = printable(text)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert not COMMAND.search(shown)
    assert printable(shown) == shown
    assert "\n" not in one_line(text)


@given(st.text(), st.text())
@example(HOSTILE, HOSTILE)
def test_a_command_for_github_is_one_line_and_means_what_it_says(value: str, message: str) -> None:
    command = github_command("error", {"file": value, "line": 1}, message)
    assert command.isprintable()
    properties, _, _ = command.removeprefix("::error ").partition("::")
    assert len(properties.split(",")) == 2


@given(st.text())
@example(HOSTILE)
@example("`")
@example("||``")
def test_markdown_is_one_code_span(text: str) -> None:
    shown = markdown(text)
    fence = re.match("`+", shown)
    assert fence
    assert shown.endswith(fence[0])
    inside = shown[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall("`+", inside)
    assert not re.search(r"(?<!\\)\||\n", shown)


@given(st.text())
@example("a\n````\n<img>")
def test_a_block_of_markdown_ends_where_it_should(text: str) -> None:
    first, *inside, last = markdown_block(text).split("\n")
    assert first == f"{last}text"
    assert not any(last in line for line in inside)


def test_nothing_within_a_text_ends_the_time_without_commands(capsys: pytest.CaptureFixture[str]) -> None:
    marks = []
    for _ in range(2):
        say_in_github_log(HOSTILE, "::error::ours")
        first, *shown, last, command = capsys.readouterr().out.splitlines()
        marks.append(first.removeprefix("::stop-commands::"))
        assert last == f"::{marks[-1]}::"
        assert command == "::error::ours"
        assert not COMMAND.search("\n".join(shown))
    assert len({*marks}) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", mark) for mark in marks)


def test_each_way_out_spells_out_what_commands(capsys: pytest.CaptureFixture[str]) -> None:
    say(HOSTILE)
    say_over(HOSTILE)
    said = capsys.readouterr()
    assert not COMMAND.search(said.out + said.err)
    assert "\x1b" not in said.out + said.err
    say_json({"text": HOSTILE})
    said = capsys.readouterr()
    assert not COMMAND.search(said.out)
    assert said.out.isascii()
    assert json.loads(said.out) == {"text": HOSTILE}


def test_the_examples_are_right() -> None:
    assert doctest.testmod(output).failed == 0


def ways_out(file: Path) -> Iterator[str]:
    """The texts that a file gives to pytest without spelling them out, as expressions."""
    text = file.read_text()
    for node in ast.walk(ast.parse(text)) if "pytest" in text else ():
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in SHOWN_BY_PYTEST:
            continue
        if not _is_spelled_out(node.args[0]):
            yield f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"


def _is_spelled_out(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) or (
        isinstance(argument, ast.Call) and ast.unparse(argument.func) in {"printable", "one_line"}
    )


def test_there_is_no_other_way_out() -> None:
    """Ruff refuses `print` elsewhere; pytest shows what it is given."""
    ignored = (ROOT / "pyproject.toml").read_text()
    assert re.findall(r'"(.*)" = \[.*"T201"', ignored) == ["spec/output.py"]
    files = [file for file in (ROOT / "contract_tests").rglob("*.py") if file.name != "plugin.py"]  # the wheel's
    assert [text for file in files for text in ways_out(file)] == []
