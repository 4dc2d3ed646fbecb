"""The pages of docs/ that are made from the code: the options of the suite, and its checks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from contract_tests.judge.checks import checks_of
from contract_tests.kills.kill import catalogue
from contract_tests.target.options import Group, Option, declared_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.check import Check

_GROUPS: Final = {
    Group.TARGET: "The server",
    Group.TASK: "Other tasks than a run",
    Group.RUN: "The run",
    Group.OVER_TIME: "This run beside earlier ones",
    Group.LIMITS: "What a run may ring and spend",
}
_OPTIONS: Final = """\
# Options

These are the options of `nox -s contract --` and of `pytest contract_tests`. Each is also an environment variable and a
key of `contract_tests/targets.toml`. A flag wins over a variable, and a variable over a key. This page is made from the
code.
"""
_CHECKS: Final = """\
# Checks

The judge asks these questions of every exchange: of runs, recordings, replays and live traffic alike. The last column
says how many of the broken servers of `nox -s kills` the check must catch, with one of them as an example. This page is
made from the code. [Why standings](why.md#why-standings) explains the words in the second column.

| check | standing | what it asks | faults |
|---|---|---|---|
"""


def options_page() -> str:
    """The page of the options, group by group."""
    return _OPTIONS + "".join(_group(group, title) for group, title in _GROUPS.items())


def _group(group: Group, title: str) -> str:
    options = [option for option in declared_options() if option.declaration.group is group]
    head = f"\n## {title}\n\n| option | variable | what it does |\n|---|---|---|\n"
    return head + "".join(map(_option, options))


def _option(option: Option) -> str:
    metavar = f" {option.declaration.metavar}" if option.declaration.metavar else ""
    return f"| `{option.flag}{metavar}` | `{option.variable}` | {_cell(option.help)} |\n"


def checks_page(contract: Contract) -> str:
    """The page of the checks, in the order of reports."""
    faults = catalogue().values()
    number = Counter(fault.caught_by for fault in faults)
    example = {fault.caught_by: fault.name for fault in reversed(list(faults))}
    return _CHECKS + "".join(_row(check, number[check.name], example) for check in checks_of(contract))


def _row(check: Check, number: int, example: dict[str, str]) -> str:
    standing = check.standing or "that of the statement"
    caught = f"{number}, such as: {_cell(example[check.name])}" if number else "none by itself"
    return f"| `{check.name}` | {standing} | {_cell(check.summary)} | {caught} |\n"


def _cell(text: str) -> str:
    """A text in a cell of a table."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def pages(contract: Contract) -> Iterator[tuple[str, str]]:
    """Each page with its name in docs/."""
    yield "options.md", options_page()
    yield "checks.md", checks_page(contract)
