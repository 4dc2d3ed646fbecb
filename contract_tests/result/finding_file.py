"""A finding in a file of its own: all that it takes to send again what failed, and no secret."""

from __future__ import annotations

import base64
import re
import shlex
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from contract_tests.exchange.exchange import Request
from contract_tests.result.result import FindingFile
from contract_tests.runtime.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.result.result import Finding, Result, SentRequest

FOLDER: Final = "findings"
"""The folder of the findings, below that of the reports."""


class FindingFileError(Exception):
    """A finding's file cannot be used. `str()` says why and what to do."""


def replay_command(report_dir: Path, token_env: str | None, number: int) -> str:
    """The command that replays a finding; `token_env` names the variable with the token, where it takes one."""
    words = ["pytest", "contract_tests", "--replay", str(report_dir / FOLDER / f"{number}.json")]
    return shlex.join([*words, "--token-env", token_env] if token_env else words)


def write_findings(report_dir: Path, result: Result) -> None:
    """Writes each finding of a result to a file, numbered from 1.

    Raises:
        OSError: that cannot be done.
    """
    if result.findings:
        (report_dir / FOLDER).mkdir(exist_ok=True)
    for number, finding in enumerate(result.findings, 1):
        file = FindingFile(
            target=result.target, spec_version=result.spec_version, spec_sha256=result.spec_sha256, finding=finding
        )
        write_whole(report_dir / FOLDER / f"{number}.json", file.model_dump_json(indent=2) + "\n")


def read_finding(path: Path) -> FindingFile:
    """Reads a finding's file.

    Raises:
        FindingFileError: there is none, or it is not one.
    """
    try:
        return FindingFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FindingFileError(f"--replay {path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise FindingFileError(
            f"--replay {path} is not a finding that this version of the suite wrote: {place}: {first['msg']}\n"
            "A run writes its findings to contract-report/findings/."
        ) from error


def base_url(finding: Finding) -> str:
    """The base URL of the server that a finding is of."""
    return split_url(finding.request.url, finding.operation)[0]


def split_url(url: str, label: str) -> tuple[str, str]:
    """A URL of an operation as base URL, and path with query. The path of another operation is all of it."""
    template = label.partition(" ")[2]
    path = "".join(
        "[^/?#]*" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^{}]*\})", template)
    )
    found = re.match(rf"(\w+://[^/?#]+(?:/[^?#]*?)?)({path}(?:[?#].*)?)$", url) or re.match(r"(\w+://[^/?#]+)(.*)", url)
    return (found[1], found[2]) if found else (url, "")


def requests_of(finding: Finding, url: str) -> list[Request]:
    """What to send again, in its order, to the server at a base URL."""
    return [_request(sent, finding.operation, url) for sent in (*finding.before, finding.request)]


def _request(sent: SentRequest, label: str, url: str) -> Request:
    body = base64.b64decode(sent.body) if sent.body_is_base64 else sent.body.encode()
    return Request(sent.method, f"{url}{split_url(sent.url, label)[1]}", sent.headers, body)
