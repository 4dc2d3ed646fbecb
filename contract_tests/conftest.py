"""pytest's options for the contract suite. contract_tests/session.py does what they ask for; it is imported last."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.target.options import Group, declared_options
from spec.output import printable, say

if TYPE_CHECKING:
    from contract_tests.target.options import Option
    from contract_tests.task import Task


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the options of contract_tests/target/options.py. Their values are read later, with the other sources."""
    for group in Group:
        options = [option for option in declared_options() if option.declaration.group is group]
        pytests_own = [option for option in options if option.declaration.form == "pytest"]
        notes = [f"\npytest's own {option.flag} means here: {option.help}" for option in pytests_own]
        section = parser.getgroup(group.name, group.value + "".join(notes))
        for option in options:
            if option not in pytests_own:
                section.addoption(option.flag, **_in_argparse(option), default=None, help=option.help)


def _in_argparse(option: Option) -> dict[str, Any]:
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


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Does the task that the options ask for, or leaves a run to pytest. `--help` and usage errors import nothing."""
    if config.option.help:
        return None
    from contract_tests import task  # noqa: PLC0415 - `--help` needs none of it

    try:
        config.stash[task.TASK] = asked = task.read_task(_given_flags(config))
        return _begin(config, asked)
    except (task.TaskError, OSError) as error:
        raise pytest.UsageError(printable(str(error))) from error
    except KeyboardInterrupt:
        say("interrupted: nothing is claimed", file=sys.stderr)
        return pytest.ExitCode.INTERRUPTED


def _given_flags(config: pytest.Config) -> dict[str, object]:
    """The flags that were given, by the options' names. pytest's own switches are False where they were not."""
    given = {option.name: getattr(config.option, option.name, None) for option in declared_options()}
    own = {option.name for option in declared_options() if option.declaration.form == "pytest"}
    return {name: value for name, value in given.items() if value is not None and (value or name not in own)}


def _begin(config: pytest.Config, asked: Task) -> int | None:
    """Imports what does a task, while its processes import what they need."""
    from contract_tests.runtime.child import start_early  # noqa: PLC0415 - a usage error comes first
    from contract_tests.runtime.interrupts import hearing_ctrl_c_later  # noqa: PLC0415 - the same

    with hearing_ctrl_c_later():  # pydantic turns an interrupted import into an error of its own
        for module in asked.processes:
            start_early(module)
        from contract_tests import session  # noqa: PLC0415 - the same
    config.pluginmanager.register(session)
    return session.make_something_else(config)
