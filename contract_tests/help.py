"""The help of the contract suite: examples, and its own options by group. pytest's own help follows it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from contract_tests.target.options import Group, declared_options
from contract_tests.target.target import ENOUGH_CALLS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.target.options import Option

_DESCRIPTION: Final = "Tests a server against spec/openapi.yaml: the embedded mock, or the server that you name."
_EXAMPLES: Final = {
    "test the embedded mock": "",
    "test a server on this machine, with the token in VOICEOS_TOKEN": "--url http://127.0.0.1:8000",
    f"test a server that rings real phones: one number, and {ENOUGH_CALLS} calls at most": (
        "--url https://staging.example.com --to-number +12025550143 --from-number +12025550142 "
        f"--max-calls {ENOUGH_CALLS}"
    ),
    "see what would be sent, and send nothing": "--dry-run --max-calls 20",
    "judge recorded traffic, and send nothing": "--recording traffic.har",
    "see what is new since the last run": "--against last-report --baseline accepted.json",
}
"""The options of each example, by what it does."""


def make_help(command: str) -> str:
    """The help. `command` is the one that starts the suite where the user is, such as `nox -s contract --`."""
    parser = argparse.ArgumentParser(
        usage=f"{command} [options]",
        description=f"{_DESCRIPTION}\n\nexamples:\n{_describe_examples(command)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    for group in Group:
        options = [option for option in declared_options() if option.declaration.group is group]
        section = parser.add_argument_group(group.value)
        for option in options:
            section.add_argument(option.flag, **in_argparse(option), help=option.help.replace("%", "%%"))
    return parser.format_help()


def _describe_examples(command: str) -> str:
    """A line for what each example does, and one for its command."""
    without_options = command.removesuffix(" --")
    return "\n".join(
        f"  # {what}\n  {f'{command} {options}' if options else without_options}" for what, options in _EXAMPLES.items()
    )


def add_options(parser: argparse.ArgumentParser, options: Iterable[Option]) -> None:
    """Has a parser take options of the suite, each under its name; None stands for one that is not given."""
    for option in options:
        help_text = option.help.replace("%", "%%")
        parser.add_argument(option.flag, **in_argparse(option), default=None, dest=option.name, help=help_text)


def in_argparse(option: Option) -> dict[str, Any]:
    """The arguments for argparse. Types are not among them: all sources are read by the same."""
    match option.declaration.form, option.declaration.metavar:
        case "either", _:
            return {"action": argparse.BooleanOptionalAction}
        case "repeated", metavar:
            return {"action": "append", "metavar": metavar}
        case _, None:
            return {"action": "store_const", "const": True}
        case _, metavar:
            return {"metavar": metavar}
