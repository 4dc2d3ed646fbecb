"""pytest's face of a run: the options, the one run behind all tests, and the verdict."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.contract import Contract, read_contract
from contract_tests.finding_file import FindingFileError, base_url, read_finding
from contract_tests.har import Entry, HarError, read_har
from contract_tests.options import MAX_SEED, SPEC, Options
from contract_tests.recording import judge_recording
from contract_tests.rehearsal import rehearse
from contract_tests.replay import replay
from contract_tests.report import describe_replay, describe_schedule, describe_start, describe_verdict
from contract_tests.result import Result
from contract_tests.servers.mock import create_app, judge_with_token
from contract_tests.servers.serving import running
from contract_tests.suite import run
from contract_tests.target import EMBEDDED_MOCK, Target, TargetError, loopback_target
from spec.reader import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

UNTESTABLE: Final = 7
"""pytest's exit code where nothing can be claimed of the target."""
INCOMPLETE: Final = 8
"""pytest's exit code where what was tried conforms, and a limit left something out."""

_CONTRACT: Final = pytest.StashKey[Contract]()
_OPTIONS: Final = pytest.StashKey[Options]()
_TARGET: Final = pytest.StashKey[Target | None]()
_ENTRIES: Final = pytest.StashKey[list[Entry] | None]()
_STARTED: Final = pytest.StashKey[bool]()
_RESULT: Final = pytest.StashKey[Result]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "the contract suite")
    group.addoption("--url", help="base URL of the server to test, on this machine only; default: the embedded mock")
    group.addoption(
        "--token-env",
        default="VOICEOS_TOKEN",
        metavar="NAME",
        help="environment variable that holds the server's token; default: %(default)s",
    )
    group.addoption("--seed", type=_seed, metavar="N", help="repeat the run that had this seed; default: a new one")
    group.addoption(
        "--report-dir",
        type=_folder,
        default=Path("contract-report"),
        metavar="DIR",
        help="where the reports go; default: %(default)s",
    )
    group.addoption(
        "--connect-timeout",
        type=_seconds,
        default=10.0,
        metavar="S",
        help="how long the server may take to answer the first request, in seconds; default: %(default)g",
    )
    group.addoption(
        "--time-limit",
        type=_seconds,
        default=300.0,
        metavar="S",
        help="how long the run may take, in seconds; default: %(default)g",
    )
    group.addoption(
        "--all-known-names",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="try every known voice, speaker, model and language name, not one of each list; default: on the mock only",
    )
    group.addoption(
        "--no-fuzzing",
        action="store_true",
        help="send no random requests after the planned and the precise ones",
    )
    group.addoption(
        "--max-calls",
        type=_calls,
        metavar="N",
        help="send N valid requests at most, the most telling ones, and no random ones; default: all of the plan",
    )
    group.addoption(
        "--allow-partial",
        action="store_true",
        help="exit with 0 though --max-calls left something out",
    )
    group.addoption("--dry-run", action="store_true", help="print what would be sent, and send the target nothing")
    group.addoption(
        "--recording",
        type=Path,
        metavar="FILE.har",
        help="judge recorded traffic and send nothing; what counts is at the spec's servers, or at any --url",
    )
    group.addoption(
        "--replay",
        type=Path,
        metavar="FINDING.json",
        help="send what a finding is of again, to its server or --url, and say whether it stands",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """With --dry-run, prints the schedule in place of a run; with --replay, sends a finding again."""
    if config.option.help:
        return None
    if config.option.replay:
        return _replay(config, config.option.replay)
    if not config.option.dry_run:
        return None
    print("counting the requests, on a server of this process that turns everything away …", file=sys.stderr)
    try:
        print(describe_schedule(*rehearse(_options(config))))
    except SpecError as error:
        raise pytest.UsageError(str(error)) from error
    return pytest.ExitCode.OK


def _replay(config: pytest.Config, path: Path) -> int:
    try:
        contract, file = read_contract(SPEC), read_finding(path)
        with ExitStack() as stack:
            target = _target(config, None if file.target == EMBEDDED_MOCK else base_url(file.finding))
            replayed = replay(
                contract,
                file,
                target or stack.enter_context(_embedded_mock()),
                config.getoption("connect_timeout"),
            )
    except (SpecError, FindingFileError, TargetError) as error:
        raise pytest.UsageError(str(error)) from error
    print(describe_replay(file, replayed, contract.spec.sha256))
    return {"stands": pytest.ExitCode.TESTS_FAILED, "gone": pytest.ExitCode.OK, "untestable": UNTESTABLE}[
        replayed.verdict
    ]


def pytest_configure(config: pytest.Config) -> None:
    if config.option.help:
        return
    try:
        config.stash[_CONTRACT] = read_contract(SPEC)
        recording = config.getoption("recording")
        config.stash[_ENTRIES] = read_har(recording) if recording else None
        config.stash[_TARGET] = None if recording else _target(config)
        _check_report_dir(config.getoption("report_dir"))
    except (SpecError, TargetError, HarError, OSError) as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[_OPTIONS] = _options(config)


def pytest_report_header(config: pytest.Config) -> str:
    recording = config.getoption("recording")
    name = f"the recording {recording.name}" if recording else EMBEDDED_MOCK
    target = config.stash[_TARGET] or Target(name, "", "")
    return describe_start(config.stash[_CONTRACT], target, config.stash[_OPTIONS].seed)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
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
    except OSError as error:
        pytest.exit(f"the reports cannot be written: {error}", returncode=pytest.ExitCode.USAGE_ERROR)
    return pytestconfig.stash[_RESULT]


def _judge_or_run(config: pytest.Config) -> Result:
    options, entries = config.stash[_OPTIONS], config.stash[_ENTRIES]
    if entries is not None:
        return judge_recording(config.getoption("recording"), entries, config.getoption("url"), options)
    with ExitStack() as stack:
        target = config.stash[_TARGET] or stack.enter_context(_embedded_mock())
        progress = stack.enter_context(_live_progress(config))
        return run(target, options, progress.show)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    found = session.config.stash.get(_RESULT, None)
    if found is None and session.config.stash.get(_STARTED, False) and exitstatus == pytest.ExitCode.TESTS_FAILED:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR  # the suite failed, not the target
    elif found and exitstatus == pytest.ExitCode.OK and found.verdict != "conforms":
        session.exitstatus = _exit_code(found, allow_partial=session.config.getoption("allow_partial"))


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


def _target(config: pytest.Config, default: str | None = None) -> Target | None:
    """The target that the options name; None for the embedded mock, which starts when it is needed."""
    url, name = config.getoption("url") or default, config.getoption("token_env")
    if url is None:
        return None
    token = os.environ.get(name)
    if not token:
        raise TargetError(
            f"the environment variable {name} is not set: it must hold the token that {url} takes.\n"
            f"Set it (export {name}=…), or name another with --token-env."
        )
    return loopback_target(url, token)


def _options(config: pytest.Config) -> Options:
    seed, names, max_calls = (config.getoption(name) for name in ("seed", "all_known_names", "max_calls"))
    return Options(
        report_dir=config.getoption("report_dir"),
        token_env=config.getoption("token_env"),
        seed=secrets.randbelow(MAX_SEED) if seed is None else seed,
        connect_timeout=config.getoption("connect_timeout"),
        time_limit=config.getoption("time_limit"),
        all_known_names=config.getoption("url") is None if names is None else names,
        max_calls=max_calls,
        strict=bool(config.option.strict),  # pytest's own --strict: here, undocumented fields of responses violate too
        fuzzing=not config.getoption("no_fuzzing") and max_calls is None,
    )


def _folder(text: str) -> Path:
    if not text.strip():
        raise pytest.UsageError("--report-dir is empty; name a folder")
    return Path(text)


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) >= MAX_SEED:
        raise pytest.UsageError(f"--seed {text!r} is not a whole number below {MAX_SEED}")
    return int(text)


def _calls(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) == 0:
        raise pytest.UsageError(f"--max-calls {text!r} is not a whole number above 0")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise pytest.UsageError(f"{text!r} is not a number of seconds above 0")
    return seconds
