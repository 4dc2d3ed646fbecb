"""pytest's face of a run: the one run behind all tests, and the verdict. conftest.py has the options."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.crash import describe_crash
from contract_tests.exit_codes import exit_code
from contract_tests.judge.checks import checks_of
from contract_tests.live_line import LiveLine
from contract_tests.report.progress import describe_status, describe_wait
from contract_tests.report.terminal import describe_start
from contract_tests.result.file_error import FileError
from contract_tests.result.result import Result
from contract_tests.result.words import counted
from contract_tests.run.embedded_mock import embedded_mock
from contract_tests.run.interrupted import RunInterrupted
from contract_tests.run.masks import describe_mask, mask_of
from contract_tests.run.past import read_past
from contract_tests.run.suite import run
from contract_tests.runtime.child import end_unused
from contract_tests.target.settings import SettingsError
from contract_tests.target.shard import held_operations
from contract_tests.target.target import EMBEDDED_MOCK, TargetError
from contract_tests.task import Kind, Task
from contract_tests.telling import tell, terminal_width
from spec.output import one_line, printable, say
from spec.reader import SpecError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from contract_tests.exchange.masking import Mask
    from contract_tests.report.progress import Status

TASK: Final = pytest.StashKey[Task]()
"""Where pytest's configuration holds the task."""
_HEADER: Final = pytest.StashKey[list[str]]()
_STARTED: Final = pytest.StashKey[bool]()
_RESULT: Final = pytest.StashKey[Result]()


def make_something_else(config: pytest.Config) -> int | None:
    """Does what is no run, and returns its exit code; None for a run."""
    task = config.stash[TASK]
    if task.kind is Kind.RUN:
        return None
    from contract_tests import other_tasks  # noqa: PLC0415 - a run need not wait for it

    try:
        return other_tasks.do_other_task(task, with_bodies=config.option.verbose > 0)
    except pytest.UsageError:
        raise
    except Exception as error:  # noqa: BLE001 - pytest would print its traceback, and that may quote the token
        say(describe_crash(error, f"--{task.kind.value.replace('_', '-')}"), file=sys.stderr)
        return pytest.ExitCode.INTERNAL_ERROR


def pytest_configure(config: pytest.Config) -> None:
    """Reads the spec and what is left of earlier runs, so that one that cannot be read is a usage error."""
    task = config.stash[TASK]
    try:
        config.stash[_HEADER] = _describe(task)
        read_past(task.options)
    except (SpecError, FileError) as error:
        raise pytest.UsageError(printable(str(error))) from error


def _describe(task: Task) -> list[str]:
    name = task.target.name if task.target else EMBEDDED_MOCK
    return [describe_start(task.contract, name, task.options.seed), *_describe_shard(task), task.describe_limits()]


def _describe_shard(task: Task) -> list[str]:
    shard, operations = task.options.shard, task.contract.operations
    if shard is None:
        return []
    return [f"shard {shard}: {len(held_operations(task.contract, shard))} of {counted(len(operations), 'operation')}"]


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Header lines: contract, target, seed; then the limits that hold."""
    return [one_line(line) for line in config.stash[_HEADER]]


def _mask(config: pytest.Config) -> Mask | None:
    """The mask of the target that the options name; None for the embedded mock, whose token is nobody's secret."""
    task = config.stash.get(TASK, None)
    with suppress(TargetError):  # a token that cannot be sent is told by the run
        is_live = task is not None and task.kind in {Kind.RUN, Kind.REPLAY}
        return mask_of(task.target, task.contract) if task and is_live and task.target else None
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keeps secrets out of tracebacks: with -l, they show the values of variables, which may quote the target."""
    report = yield
    mask = _mask(item.config) if report.longrepr else None
    if mask:
        shown = mask.hide_text(str(report.longrepr))
        report.longrepr = report.longrepr if shown == str(report.longrepr) else shown
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes a test of each check, and of each documented fact."""
    contract = metafunc.config.stash[TASK].contract
    if "check" in metafunc.fixturenames:
        metafunc.parametrize("check", [check.name for check in checks_of(contract)])
    for kind in ("required", "enum"):
        if f"{kind}_fact" in metafunc.fixturenames:
            facts = [fact for fact in contract.facts if fact.kind == kind]
            metafunc.parametrize(f"{kind}_fact", facts, ids=[fact.label for fact in facts])


@pytest.fixture(scope="session")
def result(pytestconfig: pytest.Config) -> Result:
    """The result of the one run that all tests speak of."""
    pytestconfig.stash[_STARTED] = True
    try:
        pytestconfig.stash[_RESULT] = _run(pytestconfig)
    except RunInterrupted as interrupted:
        pytestconfig.stash[_RESULT] = interrupted.result
        raise
    except (FileError, SettingsError, TargetError) as error:
        pytest.exit(printable(str(error)), returncode=pytest.ExitCode.USAGE_ERROR)
    except OSError as error:
        pytest.exit(printable(f"the reports cannot be written: {error}"), returncode=pytest.ExitCode.USAGE_ERROR)
    return pytestconfig.stash[_RESULT]


def _run(config: pytest.Config) -> Result:
    task = config.stash[TASK]
    with ExitStack() as stack:
        target = task.target or stack.enter_context(embedded_mock())
        progress = stack.enter_context(_live_progress(config))
        return run(target, task.options, progress.show)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Gives the verdict its exit code."""
    found = session.config.stash.get(_RESULT, None)
    if found and session.config.option.tbstyle == "auto":
        session.config.option.tbstyle = "no"  # the findings are told in full below, each once
    if found is None and session.config.stash.get(_STARTED, False) and exitstatus == pytest.ExitCode.TESTS_FAILED:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR  # the suite failed, not the target
    elif found and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = exit_code(found, allow_partial=session.config.stash[TASK].options.allow_partial)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Says the verdict, last of all. Before it, warns of a token that cannot be masked everywhere."""
    end_unused()  # an error of usage may come after they were started
    found = config.stash.get(_RESULT, None)
    mask = _mask(config) if found else None
    if mask and (note := describe_mask(mask)):
        say(f"\n{note}")
    if found is None and config.stash.get(_STARTED, False):
        say(f"\nnot finished: nothing is claimed; --seed {config.stash[TASK].options.seed} repeats the run")
    elif found:
        tell(found, config.stash[TASK].options)


class LiveProgress:
    """The progress of a run, by pytest's reporter."""

    def __init__(self, reporter: pytest.TerminalReporter) -> None:
        self._reporter = reporter
        self._line = LiveLine(width_of(reporter), lambda text: reporter.write(f"\r{text}"), reporter.write_line)

    def show(self, status: Status) -> None:
        """Shows how far a run is, and why it waits."""
        if status.waits:
            self._reporter.ensure_newline()
            self._reporter.write_line(describe_wait(status.waits))
        self._line.show(partial(describe_status, status))

    def clear(self) -> None:
        """Leaves an empty line on a terminal."""
        self._line.clear()


def width_of(reporter: pytest.TerminalReporter) -> int | None:
    """The width of the terminal, in columns; None where there is none."""
    return terminal_width(is_terminal=bool(reporter.isatty))


@contextmanager
def _live_progress(config: pytest.Config) -> Iterator[LiveProgress]:
    """Progress that reaches the terminal while pytest keeps what the run prints to itself."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        reporter.ensure_newline()
        progress = LiveProgress(reporter)
        yield progress
        progress.clear()
