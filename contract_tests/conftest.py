"""pytest's options for a run. What they lead to is in contract_tests/session.py, a plugin that is loaded after them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

from contract_tests.runtime.forking import hearing_ctrl_c_later, warm_up
from contract_tests.target.options import MAX_SEED


def pytest_addoption(parser: pytest.Parser) -> None:
    """Every default is in contract_tests/target/settings.py: what is not given here may be given elsewhere."""
    group = parser.getgroup(
        "contract",
        "the contract suite: every option can be set by an environment variable too (VOICEOS_MAX_CALLS for\n"
        "--max-calls), and for a target in contract_tests/targets.toml; options win",
    )
    group.addoption("--url", help="base URL of the server to test; default: the embedded mock, which rings nobody")
    group.addoption("--target", metavar="NAME", help="test this target of contract_tests/targets.toml; default: mock")
    group.addoption(
        "--token-env",
        metavar="NAME",
        help="environment variable that holds the server's token; default: VOICEOS_TOKEN",
    )
    group.addoption("--seed", type=_seed, metavar="N", help="repeat the run that had this seed; default: a new one")
    group.addoption("--report-dir", type=_folder, metavar="DIR", help="where the reports go; default: contract-report")
    group.addoption(
        "--connect-timeout",
        type=_seconds,
        metavar="S",
        help="how long the server may take to answer the first request, in seconds; default: 10",
    )
    group.addoption(
        "--time-limit", type=_seconds, metavar="S", help="how long the run may take, in seconds; default: 300"
    )
    group.addoption(
        "--all-known-names",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="try every known voice, speaker, model and language name, not one of each list; default: on the mock only",
    )
    _add_flag(group, "--no-fuzzing", "send no random requests after the planned and the precise ones")
    _add_flag(group, "--allow-partial", "exit with 0 though a limit cut something off")
    _add_flag(group, "--dry-run", "print what would be sent, and send the target nothing")
    group.addoption(
        "--recording",
        type=Path,
        metavar="FILE.har",
        help="judge recorded traffic and send nothing; what counts is at the spec's servers, or else at --url",
    )
    group.addoption(
        "--replay",
        type=Path,
        metavar="FINDING.json",
        help="send what a finding is of again, to its server or --url, and say whether it stands",
    )
    _add_limits(parser.getgroup("limits", "what a run may ring and spend; the embedded mock has no such limits"))


def _add_limits(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--to-number",
        action="append",
        metavar="NUMBER",
        help="a number that may be rung; can be repeated. A server of this machine gets fictional ones by default and "
        "no others, any other server must be given one",
    )
    group.addoption("--from-number", metavar="NUMBER", help="the caller's number, which belongs to the account")
    group.addoption("--agent-id", metavar="ID", help="the stored agent to name in requests that name one")
    group.addoption(
        "--data",
        action="append",
        metavar="POINTER=TEXT",
        help="put this text into every request where the JSON Pointer leads to one; can be repeated",
    )
    group.addoption(
        "--webhook-url", metavar="URL", help="the one URL to name in webhooks; default: one that leads nowhere"
    )
    group.addoption(
        "--max-calls",
        type=_calls,
        metavar="N",
        help="make N calls at most: every answer but a 4xx counts. The plan is cut to fit, the most telling requests "
        "stay, and no random ones are sent",
    )
    group.addoption(
        "--max-duration", type=_calls, metavar="S", help="how long a call may last, in seconds; default: 60"
    )
    _add_flag(group, "--free-numbers", "let a server of this machine have any number")
    _add_flag(group, "--allow-production", "test a server that the spec lists, where calls are real")


def _add_flag(group: pytest.OptionGroup, name: str, text: str) -> None:
    group.addoption(name, action="store_const", const=True, default=None, help=text)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Loads the rest while another process imports the engine. Both take their time before the first request."""
    if config.option.help:
        return None
    try:
        warm_up()
        with hearing_ctrl_c_later():  # an import makes an error of its own of it
            from contract_tests import session  # noqa: PLC0415 - see above

        config.pluginmanager.register(session)
        return session.make_something_else(config)
    except OSError as error:
        raise pytest.UsageError(str(error)) from error
    except KeyboardInterrupt:
        print("interrupted: nothing is claimed", file=sys.stderr)
        return pytest.ExitCode.INTERRUPTED


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
        raise pytest.UsageError(f"{text!r} is not a whole number above 0")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise pytest.UsageError(f"{text!r} is not a number of seconds above 0")
    return seconds
