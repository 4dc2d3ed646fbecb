"""The engine's process: imports Schemathesis, waits for its job, and runs Schemathesis's own command line."""

from __future__ import annotations

import ast
import functools
import importlib
import os
import sys
import threading
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from contract_tests.engine.job import ENDED, LOG, Job
from contract_tests.exchange.marks import MARK, NO_CALL_LEFT
from contract_tests.runtime.child import end_with_parent
from contract_tests.runtime.serving import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

    from schemathesis import AuthContext, Case, HookContext, Response

    from contract_tests.engine.job import Credential
    from contract_tests.target.own_values import OwnValues

_SLOW_IMPORTS: Final = (
    "schemathesis.cli.commands.run.executor",
    "schemathesis.engine.core",
    "schemathesis.engine.run.analysis",
    "schemathesis.engine.run.stateful",
    "schemathesis.engine.run.unit",
    "schemathesis.specs.openapi.coverage._operation",
    "schemathesis.specs.openapi.object_authorization",
    "schemathesis.specs.openapi.schemas",
    "schemathesis.transport.asgi",
    "schemathesis.transport.wsgi",
    "pyrate_limiter",
)
"""Modules that Schemathesis imports once it runs. One that is there no more is passed over."""


def main(channel: Connection) -> None:
    """Runs the engine as the job says; the exit code is Schemathesis's."""
    from schemathesis.cli import schemathesis  # noqa: PLC0415 - the import is this process's first work

    for module in _SLOW_IMPORTS:
        with suppress(ImportError):
            importlib.import_module(module)
    job = channel.recv()
    assert isinstance(job, Job)  # noqa: S101 - nobody else has the channel
    may_send = threading.Event()
    end_with_parent(channel, lambda _: may_send.set())
    _move_to(job.folder)
    _prepare_each_request(may_send, job.own_values)
    _authorize_each_request(job.credentials)
    _end_what_no_call_is_left_for(job.costly)
    _parse_in_turn()
    sys.argv[1:] = job.arguments  # Schemathesis reads it for what it shows
    schemathesis(job.arguments, prog_name="st")


def _parse_in_turn() -> None:
    """Lets one thread at a time parse Python. Where two do, CPython 3.11 may fail with a SystemError.

    Hypothesis reads the source of functions so, in each worker's thread.
    """
    parse, lock = ast.parse, threading.Lock()

    @functools.wraps(parse)
    def parse_in_turn(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
        with lock:
            return parse(*arguments, **options)

    ast.parse = parse_in_turn


def _move_to(folder: Path) -> None:
    """Works in the folder and logs to it; keeps Schemathesis's client from a user's proxy and logins."""
    os.chdir(folder)
    os.environ.update({"NO_PROXY": HOST, "NETRC": str(folder / "no-netrc"), "COLUMNS": "120"})
    with (folder / LOG).open("wb") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())


def _authorize_each_request(credentials: Mapping[str, tuple[Credential, ...]]) -> None:
    """Gives each request the credentials of its operation, unless they are what Schemathesis breaks in it."""
    import schemathesis  # noqa: PLC0415 - it is imported by now, and not by whoever imports this module

    @schemathesis.auth(refresh_interval=None)
    class RightCredentials:
        """Schemathesis takes a class that makes credentials, and sets them."""

        def get(self, case: Case[Any], _context: AuthContext) -> tuple[Credential, ...] | None:
            return credentials.get(case.operation.label)

        def set(self, case: Case[Any], data: tuple[Credential, ...], _context: AuthContext) -> None:
            places = {"header": case.headers, "query": case.query, "cookie": case.cookies}
            for each in data:
                if isinstance(places[each.location], MutableMapping):  # else it is wrong as a whole
                    places[each.location][each.name] = each.value


def _prepare_each_request(may_send: threading.Event, own_values: OwnValues | None) -> None:
    """Holds requests back until they may be sent, and has them carry the target's own values."""
    import schemathesis  # noqa: PLC0415 - it is imported by now, and not by whoever imports this module

    @schemathesis.hook
    def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
        may_send.wait()
        if own_values and isinstance(case.body, dict):
            case.body = own_values.put_into(case.operation.label, case.body)


def _end_what_no_call_is_left_for(costly: frozenset[str]) -> None:
    """Ends the test of each operation that costs, once the guard has kept a request back because no call is left.

    None of its further requests could go out, for the calls that were made stay made. Each would take as long as a
    request that is sent. Walks along links go on: they are few, and lead through operations that cost nothing too.
    """
    import schemathesis  # noqa: PLC0415 - it is imported by now, and not by whoever imports this module
    from schemathesis.engine.run.unit._case import BudgetExpired  # noqa: PLC0415

    is_spent = threading.Event()

    @schemathesis.hook
    def after_call(_context: HookContext, _case: Case[Any], response: Response) -> None:
        if NO_CALL_LEFT in response.headers.get(MARK.lower(), ()):
            is_spent.set()

    @schemathesis.hook("before_call")
    def end_test(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
        label = case.operation.label
        if is_spent.is_set() and label in costly and case.meta and case.meta.phase.name != "stateful":
            with Path(ENDED).open("a", encoding="utf-8") as ended:
                ended.write(f"{label}\n")
            raise BudgetExpired  # Schemathesis's own way to end the test of one operation, and keep what it has found
