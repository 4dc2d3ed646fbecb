"""The ways out of this project for text: a terminal or log, GitHub Actions commands, Markdown, JSON, HTML.

There is no other. HTML is `in_page`, and then the template engine's escaping, which is on for every template.

Specs, servers and recordings are written by others. Their text may command a terminal, a log of GitHub Actions, or the
page of a run; here it is spelled out. Spelling a text out again changes nothing.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

# GitHub Actions takes a command from `::` at the start of a line, after blanks, and from `##[` anywhere.
_COMMAND: Final = re.compile(r"^([^\S\n]*):(?=:)|##(?=\[)", re.MULTILINE)
_SHORTEST_FENCE: Final = 3


def printable(text: str) -> str:
    r"""The text as it may be shown: its characters that cannot be printed are spelled out, and no line is a command.

    >>> printable("red\x1b[31m")
    'red\\x1b[31m'
    >>> printable("::add-mask::a")
    '\\x3a:add-mask::a'
    """
    return _COMMAND.sub(lambda found: r"#\x23" if found[0] == "##" else rf"{found[1]}\x3a", _spelled_out(text))


def in_page(text: str) -> str:
    r"""A page of HTML as it may be shown: unprintable characters are spelled out. Line feeds stay.

    >>> in_page("<b>\u202eabc")
    '<b>\\u202eabc'
    """
    return "\n".join(line if line.isprintable() else _spelled_out(line) for line in text.split("\n"))


def _spelled_out(text: str) -> str:
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)


def one_line(text: str) -> str:
    r"""The text as `printable` shows it, on one line.

    >>> one_line("fresh\n(0.1 s)")
    'fresh\\n(0.1 s)'
    """
    return printable(text.replace("\n", r"\n"))


def say(text: str, *, file: TextIO | None = None) -> None:
    """Shows a text, and a line end, to people: on standard output, or in another file."""
    print(printable(text), file=file or sys.stdout, flush=True)


def say_over(text: str) -> None:
    """Shows a text on the line of standard error on which the last one stands, if it is a terminal; else on its own."""
    start, end = ("\r", "") if sys.stderr.isatty() else ("", "\n")
    print(f"{start}{one_line(text)}", end=end, file=sys.stderr, flush=True)


def say_json(value: Any) -> None:  # noqa: ANN401 - what json.dumps takes
    """Shows a value as JSON, in ASCII alone."""
    print(json.dumps(value, indent=2).replace("##[", r"##\u005b"), flush=True)


def say_in_github_log(text: str, commands: str = "") -> None:
    """Shows a text in a log of GitHub Actions, where no line of it is a command, and then gives commands."""
    mark = secrets.token_hex(16)  # the text cannot know it, and so cannot end this
    print(f"::stop-commands::{mark}\n{printable(text)}\n::{mark}::", flush=True)
    if commands:
        print(commands, flush=True)


def github_command(name: str, properties: Mapping[str, object], message: str) -> str:
    """A command of GitHub Actions, such as `error`, on one line.

    >>> github_command("error", {"file": "a,b", "line": 2}, "broken")
    '::error file=a%2Cb,line=2::broken'
    """
    named = ",".join(f"{key}={_escape(str(value), ':', ',')}" for key, value in properties.items())
    return f"::{name} {named}::{_escape(message)}"


def _escape(text: str, *others: str) -> str:
    for character in ("%", "\r", "\n", *others):
        text = text.replace(character, f"%{ord(character):02X}")
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def say_on_run_page(text: str) -> None:
    """Appends Markdown to the page of the run, in GitHub Actions; elsewhere, does nothing."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    try:
        if path:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(f"{text}\n")
    except OSError as error:
        say(f"the summary of the run was not written: {error}", file=sys.stderr)


def markdown(text: str) -> str:
    r"""A text in one line of Markdown, in a table too: a code span, in which neither HTML, links nor @names work.

    >>> markdown("<img> `a|b` @all")
    '`` <img> `a\\|b` @all ``'
    """
    mark = "`" * (_longest_run(text) + 1)
    blank = " " if "`" in text else ""
    return f"{mark}{blank}{one_line(text) or ' '}{blank}{mark}".replace("|", "\\|")


def markdown_block(text: str) -> str:
    """A text of several lines as a code block of Markdown, which it cannot end."""
    mark = "`" * max(_longest_run(text) + 1, _SHORTEST_FENCE)
    return f"{mark}text\n{printable(text)}\n{mark}"


def _longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)
