"""A finding in a file of its own: all that it takes to send again what failed, and no secret."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.marks import OWN_FIELDS
from contract_tests.result.reading import read_model
from contract_tests.result.result import FindingFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.result.result import Finding, SentRequest

FOLDER: Final = "findings"
"""The folder of the findings, below that of the reports."""
_REPLAY: Final = " --replay "
_SEED: Final = "--seed"


def finding_path(report_dir: Path, number: int) -> Path:
    """The file of a finding, by its number from 1."""
    return report_dir / FOLDER / f"{number}.json"


def replay_command(suite: str, path: Path, flags: Iterable[str]) -> str:
    """The command that replays the finding in a file.

    `suite` is the command that runs the suite where the user is. `flags` name the server and its token.
    """
    return f"{suite} {shlex.join(['--replay', str(path), *flags])}"


def rerun_command(suite: str, seed: int, flags: Iterable[str]) -> str:
    """The command that repeats the run with a seed, for a finding that cannot be replayed by itself."""
    return f"{suite} {shlex.join([_SEED, str(seed), *flags])}"


def seed_in(command: str) -> int | None:
    """The seed of a command that repeats a run; None if it is another command.

    >>> seed_in("pytest --seed 5 --url http://127.0.0.1:8000"), seed_in("pytest --replay a/findings/1.json")
    (5, None)
    """
    found = re.search(rf" {_SEED} (\d{{1,20}})(?: |$)", command)
    return int(found[1]) if found else None


def replayed_path(command: str) -> Path | None:
    """The file that a replay command reads; None if the command repeats a run."""
    _, has_file, rest = command.partition(_REPLAY)
    return Path(shlex.split(rest)[0]) if has_file else None


def with_path(command: str, path: Path) -> str:
    """A replay command for the same finding in another file. A command that repeats a run stays as it is.

    >>> from pathlib import Path
    >>> with_path("pytest --replay a/findings/1.json --url http://127.0.0.1:8000", Path("b/findings/2.json"))
    'pytest --replay b/findings/2.json --url http://127.0.0.1:8000'
    """
    suite, has_file, rest = command.partition(_REPLAY)
    return replay_command(suite, path, shlex.split(rest)[1:]) if has_file else command


def read_finding(path: Path) -> FindingFile:
    """Reads a finding's file. Raises FileError: there is none, or it is not one."""
    kind = "a finding that this version of the suite wrote"
    remedy = "A run writes its findings to contract-report/findings/."
    return read_model(FindingFile, path, "--replay", kind, remedy)


def requests_of(finding: Finding) -> list[Request]:
    """The requests to send again, in their order, without the host and the guard's fields that a file may have."""
    example = finding.example
    return [_request(sent) for sent in (*example.before, example.request)]


def creations_of(finding: Finding) -> list[Request]:
    """The requests that create anew what the others name, in their order, as `requests_of` has these."""
    return [_request(sent) for sent in finding.example.made_by]


def _request(sent: SentRequest) -> Request:
    return Request(sent.method, sent.target, Headers(sent.headers).without({"Host", *OWN_FIELDS}), sent.content)
