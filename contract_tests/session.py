"""pytest's face of a run: the one run behind all tests, and the verdict. conftest.py has the options."""

from __future__ import annotations

import os
import secrets
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.report.terminal import describe_replay, describe_schedule, describe_start, describe_verdict
from contract_tests.result.finding_file import FindingFileError, base_url, read_finding
from contract_tests.result.result import Result
from contract_tests.run.dry_run import rehearse
from contract_tests.run.recording import judge_recording
from contract_tests.run.replay import replay
from contract_tests.run.suite import RunInterrupted, run
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import create_app, judge_with_token
from contract_tests.target.limits import FREE
from contract_tests.target.options import MAX_SEED, SPEC, Options
from contract_tests.target.settings import Settings, SettingsError, read_fields, read_settings
from contract_tests.target.target import EMBEDDED_MOCK, Target, TargetError, TokenVariable, make_target, require_places
from contract_tests.traffic.har import Entry, HarError, read_har
from spec.reader import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNTESTABLE: Final = 7
"""pytest's exit code where nothing can be claimed of the target."""
INCOMPLETE: Final = 8
"""pytest's exit code where what was tried conforms, and a limit left something out."""

_CONTRACT: Final = pytest.StashKey[Contract]()
_SETTINGS: Final = pytest.StashKey[Settings]()
_OPTIONS: Final = pytest.StashKey[Options]()
_TARGET: Final = pytest.StashKey[Target | None]()
_ENTRIES: Final = pytest.StashKey[list[Entry] | None]()
_STARTED: Final = pytest.StashKey[bool]()
_RESULT: Final = pytest.StashKey[Result]()


def make_something_else(config: pytest.Config) -> int | None:
    """With --dry-run, prints the schedule in place of a run; with --replay, sends a finding again."""
    settings = _settings(config)
    _refuse_several_tasks(settings)
    if settings.replay:
        return _replay(settings, settings.replay)
    if not settings.dry_run:
        return None
    print("counting the requests, on a server of this process that turns everything away …", file=sys.stderr)
    try:
        target = _target(settings, read_contract(SPEC))
        print(describe_schedule(*rehearse(_options(settings), target.limits if target else FREE)))
    except (SpecError, SettingsError, TargetError) as error:
        raise pytest.UsageError(str(error)) from error
    return pytest.ExitCode.OK


def _refuse_several_tasks(settings: Settings) -> None:
    """Of two tasks one would be passed over in silence, and it may be the one that sends nothing."""
    given = [f"--{name.replace('_', '-')}" for name in ("dry_run", "recording", "replay") if getattr(settings, name)]
    if len(given) > 1:
        raise pytest.UsageError(
            f"{' and '.join(given)} are different tasks: give one of them, and see whether an environment variable "
            "(VOICEOS_…) gives another"
        )


def _replay(settings: Settings, path: Path) -> int:
    try:
        contract, file = read_contract(SPEC), read_finding(path)
        with ExitStack() as stack:
            if settings.url or file.target != EMBEDDED_MOCK:
                settings = settings.model_copy(update={"url": settings.url or base_url(file.finding)})
            target = _target(settings, contract) or stack.enter_context(_embedded_mock())
            _require_token(target)
            replayed = replay(contract, file, target, _options(settings))
    except (SpecError, FindingFileError, SettingsError, TargetError) as error:
        raise pytest.UsageError(str(error)) from error
    print(describe_replay(file, replayed, contract.spec.sha256))
    exits = {"stands": pytest.ExitCode.TESTS_FAILED, "gone": pytest.ExitCode.OK, "untestable": UNTESTABLE}
    return exits[replayed.verdict]


def pytest_configure(config: pytest.Config) -> None:
    """Reads the contract and finds out what to do, so that what cannot be done is told before anything is sent."""
    settings = _settings(config)
    try:
        config.stash[_CONTRACT] = read_contract(SPEC)
        config.stash[_ENTRIES] = read_har(settings.recording) if settings.recording else None
        config.stash[_TARGET] = None if settings.recording else _target(settings, config.stash[_CONTRACT])
        _require_token(config.stash[_TARGET])
        _check_report_dir(settings.report_dir)
    except (SpecError, SettingsError, TargetError, HarError, OSError) as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[_OPTIONS] = _options(settings)


def pytest_report_header(config: pytest.Config) -> str:
    """Says what is tested, and with which seed."""
    recording = _settings(config).recording
    name = f"the recording {recording.name}" if recording else EMBEDDED_MOCK
    target = config.stash[_TARGET] or Target(name, "", "")
    return describe_start(config.stash[_CONTRACT], target, config.stash[_OPTIONS].seed)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes a test of each documented fact."""
    contract = metafunc.config.stash[_CONTRACT]
    for kind in ("required", "enum"):
        if f"{kind}_fact" in metafunc.fixturenames:
            facts = [fact for fact in contract.facts if fact.kind == kind]
            metafunc.parametrize(f"{kind}_fact", facts, ids=[fact.label for fact in facts])


@pytest.fixture(scope="session")
def result(pytestconfig: pytest.Config) -> Result:
    """The result of the one run that all tests speak of."""
    pytestconfig.stash[_STARTED] = True
    try:
        pytestconfig.stash[_RESULT] = _judge_or_run(pytestconfig)
    except RunInterrupted as interrupted:
        pytestconfig.stash[_RESULT] = interrupted.result
        raise
    except TargetError as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
    except OSError as error:
        pytest.exit(f"the reports cannot be written: {error}", returncode=pytest.ExitCode.USAGE_ERROR)
    return pytestconfig.stash[_RESULT]


def _judge_or_run(config: pytest.Config) -> Result:
    settings, options, entries = config.stash[_SETTINGS], config.stash[_OPTIONS], config.stash[_ENTRIES]
    if settings.recording and entries is not None:
        return judge_recording(settings.recording, entries, settings.url, options)
    with ExitStack() as stack:
        target = config.stash[_TARGET] or stack.enter_context(_embedded_mock())
        progress = stack.enter_context(_live_progress(config))
        return run(target, options, progress.show)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Gives the verdict its exit code."""
    found = session.config.stash.get(_RESULT, None)
    if found is None and session.config.stash.get(_STARTED, False) and exitstatus == pytest.ExitCode.TESTS_FAILED:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR  # the suite failed, not the target
    elif found and exitstatus == pytest.ExitCode.OK and found.verdict != "conforms":
        session.exitstatus = _exit_code(found, allow_partial=_settings(session.config).allow_partial)


def _exit_code(found: Result, *, allow_partial: bool) -> int:
    match found.verdict:
        case "untestable":
            return UNTESTABLE
        case "incomplete":
            return pytest.ExitCode.OK if allow_partial else INCOMPLETE
        case _:
            return pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Says the verdict below all that pytest says."""
    found = config.stash.get(_RESULT, None)
    if found is None and config.stash.get(_STARTED, False):
        print(f"\nnot finished: nothing is claimed; --seed {config.stash[_OPTIONS].seed} repeats the run")
    elif found:
        print(f"\n{describe_verdict(found, config.stash[_OPTIONS].report_dir)}")


class _Progress:
    """How far the run is, on one line that is written over where that can be done, else on a line now and then."""

    _INTERVAL: Final = 5.0

    def __init__(self, reporter: pytest.TerminalReporter) -> None:
        self._reporter = reporter
        self._started = self._told = time.monotonic()

    def show(self, responses: int) -> None:
        now = time.monotonic()
        text = f"{responses} responses, {now - self._started:.0f} s"
        if self._reporter.isatty:
            self._reporter.write(f"\r{text} ")
        elif now - self._told >= self._INTERVAL:
            self._told = now
            self._reporter.write_line(text)


@contextmanager
def _live_progress(config: pytest.Config) -> Iterator[_Progress]:
    """Progress that reaches the terminal while pytest keeps what the run prints to itself."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        reporter.ensure_newline()
        yield _Progress(reporter)
        reporter.ensure_newline()


@contextmanager
def _embedded_mock() -> Iterator[Target]:
    token = secrets.token_hex(16)
    with running(create_app(judge_with_token(token))) as url:
        yield Target(EMBEDDED_MOCK, url, token)


def _check_report_dir(folder: Path) -> None:
    """Raises OSError if no report can be written there."""
    existing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        raise NotADirectoryError(f"--report-dir {folder} cannot be used: {existing} is no folder to write to")


def _settings(config: pytest.Config) -> Settings:
    """What the options, the environment and targets.toml say."""
    if _SETTINGS not in config.stash:
        given = {name: getattr(config.option, name, None) for name in Settings.model_fields}
        given["strict"] = given["strict"] or None  # pytest's own, which knows no "not given"
        flags = {name: value for name, value in given.items() if value is not None}
        try:
            config.stash[_SETTINGS] = read_settings(flags, config.option.target)
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from error
    return config.stash[_SETTINGS]


def _target(settings: Settings, contract: Contract) -> Target | None:
    """The target that the settings name; None for the embedded mock, which starts when it is needed."""
    if settings.url is None:
        return None
    servers = [server["url"] for server in contract.spec.document.get("servers", [])]
    fields = read_fields()
    target = make_target(settings, fields, servers)
    require_places(target, fields, contract)
    return target


def _require_token(target: Target | None) -> None:
    """Raises TargetError if the variable that holds the token is not set. What it holds, the guard alone reads."""
    if target and isinstance(target.token, TokenVariable) and target.token.name not in os.environ:
        name = target.token.name
        raise TargetError(
            f"the environment variable {name} is not set: it must hold the token that {target.name} takes.\n"
            f"Set it (export {name}=…), or name another with --token-env."
        )


def _options(settings: Settings) -> Options:
    names = settings.all_known_names
    return Options(
        report_dir=settings.report_dir,
        token_env=settings.token_env,
        seed=secrets.randbelow(MAX_SEED) if settings.seed is None else settings.seed,
        connect_timeout=settings.connect_timeout,
        time_limit=settings.time_limit,
        all_known_names=settings.url is None if names is None else names,
        max_calls=settings.max_calls,
        strict=settings.strict,  # pytest's own --strict: here, undocumented fields of responses violate too
        fuzzing=not settings.no_fuzzing and settings.max_calls is None,
    )
