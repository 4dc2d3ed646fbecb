"""The README's run of a broken server, and the replay of its finding, for all tests that look at a violating run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.kills.kill import catalogue
from contract_tests.result.part import decode_part
from contract_tests.result.result import Result
from contract_tests.runtime.serving import running
from tests.docs.pages import Command, task
from tests.support.commands import SHORT, Finished, finish, read_finished
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from contract_tests.servers.faults.fault import Fault

SERVE: Final = 'nox -s kills -- --serve "the answer has an end before the end"'
TEST_BROKEN: Final = "VOICEOS_TOKEN=aTokenOfKills nox -s contract -- --url http://127.0.0.1:8000"
ADDRESS: Final = "http://127.0.0.1:8000"
"""The address in commands of pages."""
TOKEN: Final = Command(TEST_BROKEN).environment["VOICEOS_TOKEN"]
_ACCOUNT: Final = b"account_of_the_mock"
_CLEARING: Final = rb"a\u001b[2J\u0007\rb"
"""An account in JSON, as long as the mock's, that would clear the screen if it were printed as it is."""


def broken_server() -> Fault:
    """The server that the README serves."""
    return catalogue()[Command(SERVE).options[-1]]


def run_readme_commands(factory: pytest.TempPathFactory) -> tuple[Finished, Finished]:
    """The README's run, and the replay of the finding by the command that the run names."""

    def fill(folder: Path) -> None:
        with running(_with_clearing_account(broken_server().make_app(TOKEN))) as url:
            run = _finish(folder / "run", TEST_BROKEN.replace(ADDRESS, url), *SHORT)
            _finish(folder / "replay", result_of_run(run).findings[0].reproduce)

    folder = shared_folder(factory, "violating", fill)
    return read_finished(folder / "run"), read_finished(folder / "replay")


def result_of_run(run: Finished) -> Result:
    """The result that a run wrote."""
    return decode_part((run.reports / "result.json").read_bytes(), Result)


def _finish(folder: Path, command: str, *further: str) -> Finished:
    """Runs a command as its nox session would."""
    return finish(folder, *Command(command).options, *further, token=TOKEN, command=task("contract"))


def _with_clearing_account(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_altered(message: Message) -> None:
            body = message.get("body", b"").replace(_ACCOUNT, _CLEARING)
            await send({**message, "body": body} if "body" in message else message)

        await app(scope, receive, send_altered)

    return answer
