"""pytest's options for the contract suite. contract_tests/session.py does what they ask for; it is imported last."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import pytest

from contract_tests.help import in_argparse, make_help
from contract_tests.target.options import Options, declared_options
from contract_tests.target.settings import suggest
from spec.output import printable, say

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from contract_tests.task import Task


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Declares the options of contract_tests/target/options.py. Their values are read later, with the other sources."""
    for option in declared_options():
        if option.declaration.form != "pytest":
            parser.addoption(option.flag, **in_argparse(option), default=None, help=argparse.SUPPRESS)
    config = pluginmanager.getplugin("pytestconfig")
    _refuse_misspelt(parser, config.invocation_params.args)


def _refuse_misspelt(parser: pytest.Parser, arguments: Sequence[str | os.PathLike[str]]) -> None:
    """Refuses a flag that nobody knows, if it is like one of ours: pytest itself would not say which one."""
    _, unknown = parser.parse_known_and_unknown_args(arguments)
    for flag in (argument.partition("=")[0] for argument in unknown):
        if meant := suggest(flag, [option.flag for option in declared_options()]):
            raise pytest.UsageError(printable(f"there is no option {flag}{meant}"))


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Does the task that the options ask for, or leaves a run to pytest. `--help` and usage errors import nothing."""
    if config.option.help:
        say(f"{make_help(config.option.started_by or Options.started_by)}\npytest's own options:\n")
        return None
    from contract_tests import task  # noqa: PLC0415 - `--help` needs none of it

    try:
        return _begin(config, task.read_task(_given_flags(config)))
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

    with hearing_ctrl_c_later():  # an import that is interrupted may end in any error
        for module in asked.processes:
            start_early(module)
        from contract_tests import session  # noqa: PLC0415 - the same
    config.stash[session.TASK] = asked
    config.pluginmanager.register(session)
    return session.make_something_else(config)
