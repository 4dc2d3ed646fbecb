"""The tasks that are no run: judges a recording, shows a run's requests, sends a finding again, or accepts causes.

A run imports none of it.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.exit_codes import UNTESTABLE
from contract_tests.judge_files import judge_files
from contract_tests.result.file_error import FileError
from contract_tests.result.finding_file import read_finding, replay_command, rerun_command, seed_in
from contract_tests.run.accepting import accept, prune
from contract_tests.run.conclusion import can_be_replayed, replay_flags
from contract_tests.run.dry_run import describe_dry_run, make_dry_run
from contract_tests.run.embedded_mock import embedded_mock
from contract_tests.run.replay import describe_replay, replay
from contract_tests.target.settings import SettingsError
from contract_tests.target.target import EMBEDDED_MOCK, TargetError
from contract_tests.task import Kind, Task, find_target, require_secrets
from spec.output import printable, say
from spec.reader import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contract_tests.result.result import FindingFile
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target


def do_other_task(task: Task, *, with_bodies: bool) -> int | None:
    """Does a task and returns its exit code; None for a run. A dry run shows `with_bodies` what it would send.

    Raises:
        pytest.UsageError: the task cannot be done as asked for.
    """
    if task.kind is Kind.RECORDING:
        return judge_files(task)
    if task.kind is Kind.REPLAY and task.options.replay:
        return _replay(task, task.options.replay)
    if task.kind in {Kind.ACCEPT, Kind.PRUNE} and task.options.baseline:
        return _change_baseline(task.options, task.options.baseline)
    return _show_requests(task, with_bodies=with_bodies) if task.kind is Kind.DRY_RUN else None


def _show_requests(task: Task, *, with_bodies: bool) -> int:
    say("counting the requests, on a server of this process that turns everything away …", file=sys.stderr)
    try:
        described = describe_dry_run(make_dry_run(task.options, task.limits), with_bodies=with_bodies)
        say(f"{task.describe_limits()}\n{described}")
    except (SpecError, SettingsError, TargetError) as error:
        raise pytest.UsageError(printable(str(error))) from error
    return pytest.ExitCode.OK


def _replay(task: Task, path: Path) -> int:
    options = task.options
    try:
        file = read_finding(path)
        with ExitStack() as stack:
            target = find_target(options, task.contract)
            _require_server(target, file, path)
            if target:
                require_secrets(target, task.contract)
            file = _with_command(file, _command_for(file, path, options, replay_flags(options) if target else ()))
            replayed = replay(task.contract, file, target or stack.enter_context(embedded_mock()), options)
    except (SpecError, FileError, SettingsError, TargetError) as error:
        raise pytest.UsageError(printable(str(error))) from error
    say(describe_replay(file, replayed, task.contract.spec.sha256))
    exits = {"stands": pytest.ExitCode.TESTS_FAILED, "gone": pytest.ExitCode.OK, "untestable": UNTESTABLE}
    return exits[replayed.verdict]


def _change_baseline(options: Options, path: Path) -> int:
    try:
        if options.until and options.reason and options.accept:
            say(accept(options.report_dir, path, options.accept, options.reason, options.until))
        else:
            say(prune(options.report_dir, path))
    except (FileError, OSError) as error:
        raise pytest.UsageError(printable(str(error))) from error
    return pytest.ExitCode.OK


def _command_for(file: FindingFile, path: Path, options: Options, flags: Sequence[str]) -> str:
    """The command that shows a finding again. Of the one in its file, only the seed is taken over."""
    seed = seed_in(file.finding.reproduce)
    if can_be_replayed(file.finding) or seed is None:
        return replay_command(options.started_by, path, flags)
    return rerun_command(options.started_by, seed, flags)


def _with_command(file: FindingFile, command: str) -> FindingFile:
    """The finding with a command of our own: the one in its file is for nobody to run."""
    return structs.replace(file, finding=structs.replace(file.finding, reproduce=command))


def _require_server(target: Target | None, file: FindingFile, path: Path) -> None:
    """Refuses to take a server from a finding's file. Raises TargetError."""
    if target is None and file.target != EMBEDDED_MOCK:
        raise TargetError(
            f"--replay {path}: the finding is of {file.target}. A file does not say where requests and the token go.\n"
            "Name the server with --url or --target, as for a run."
        )
