"""The README and the pages of docs/, read into their code blocks and commands."""

from __future__ import annotations

import ast
import re
import shlex
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES: Final = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
"""The text of each page, by its path."""
_FENCED: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE: Final = re.compile(r"`([^`\n]*\bnox -s [^`\n]+)`")
_ASSIGNMENT: Final = re.compile(r"[A-Z_]+=.*", re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    """The fenced code blocks of a page in a language, in order."""
    return [text for name, text in _FENCED.findall(PAGES[page]) if name == language]


@dataclass(frozen=True)
class Command:
    """A shell command of a page."""

    text: str
    page: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The variables that are set for the command."""
        words = [word for word in shlex.split(self.text) if _ASSIGNMENT.fullmatch(word)]
        return dict(word.split("=", 1) for word in words)

    @property
    def session(self) -> str | None:
        """The nox session that the command runs. A call of the suite by pytest counts as `contract`."""
        if found := re.search(r"\bnox -s (\w+)", self.text):
            return found[1]
        return "contract" if "pytest contract_tests" in self.text else None

    @property
    def options(self) -> list[str]:
        """The words that the task gets."""
        before, separator, after = self.text.partition(" -- ")
        return shlex.split(after if separator else before.partition("pytest contract_tests")[2])

    @property
    def flags(self) -> set[str]:
        """The names of the options, with their dashes."""
        return {word.partition("=")[0] for word in self.options if word.startswith("--")}


COMMANDS: Final = [
    Command(line, page) for page in PAGES for block in blocks(page, "sh") for line in block.splitlines() if line.strip()
]
"""Every line of every `sh` block."""
MENTIONED: Final = [Command(text, page) for page, content in PAGES.items() for text in _INLINE.findall(content)]
"""Commands of nox in running text and tables."""
FLAGS: Final = [
    (page, flag) for page, text in PAGES.items() for flag in dict.fromkeys(re.findall(r"`(--[a-z][\w-]*)", text))
]
"""Options that running text and tables mention by themselves, with their pages."""


@cache
def sessions() -> dict[str, list[str]]:
    """The command line of each session of the noxfile, up to the user's own options."""
    tree = ast.parse((ROOT / "noxfile.py").read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: _task(node) for node in functions if _is_session(node)}


def task(session: str, *options: str) -> list[str]:
    """The command line of a session with a user's options, for this environment."""
    program, *arguments = sessions()[session]
    return [sys.executable, *(arguments if program == "python" else ["-m", program, *arguments]), *options]


def _is_session(function: ast.FunctionDef) -> bool:
    return any("nox.session" in ast.unparse(decorator) for decorator in function.decorator_list)


def _task(session: ast.FunctionDef) -> list[str]:
    """The constant arguments of the call that passes on `session.posargs`."""
    calls = [node for node in ast.walk(session) if isinstance(node, ast.Call)]
    (call,) = [each for each in calls if any("posargs" in ast.unparse(argument) for argument in each.args)]
    return [str(argument.value) for argument in call.args if isinstance(argument, ast.Constant)]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
