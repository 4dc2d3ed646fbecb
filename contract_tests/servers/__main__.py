"""Serves the mock: a stand-in for VoiceOS's phone calls that conforms to the spec and rings nobody.

With --spec, it serves a mock of another OpenAPI document, which remembers what is created.

The mock accepts the token in the environment variable VOICEOS_TOKEN, by default `mock-token`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.exchange.credentials import RIGHT
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.runtime.serving import PortTakenError, listen, serve_until_interrupted
from contract_tests.servers.arguments import Arguments, parse
from contract_tests.servers.invitation import Address, Token, invite, name_operations
from contract_tests.servers.mock import PATH, PLAIN_CALL
from contract_tests.servers.on_demand import TOKEN, MockServer
from contract_tests.servers.store import StateError
from spec.output import say
from spec.reader import SpecError

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence
    from typing import TextIO

    from starlette.types import ASGIApp

    from contract_tests.servers.certificate import Issued

TOKEN_ENV: Final = "VOICEOS_TOKEN"  # noqa: S105 - the name of a variable


class _Mock(NamedTuple):
    """A mock to serve."""

    app: ASGIApp
    request: Request | None
    """A request to try it with."""
    further: tuple[str, ...] = ()
    """Texts that tell more of it."""


class _UnusableError(Exception):
    """The mock cannot be served so. `str()` says why, and what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says; returns the exit code: 0 after Ctrl-C, 1 if it cannot be served so."""
    warnings.simplefilter("ignore", FutureWarning)  # of Python, about patterns of a document
    arguments = parse(argv, __doc__ or "", os.environ.get(TOKEN_ENV) or TOKEN)
    try:
        with ExitStack() as stack:
            _serve(arguments, stack)
    except (PortTakenError, StateError, _UnusableError) as error:
        say(f"{error}", file=sys.stderr)
        return 1
    say("stopped")
    return 0


def _serve(arguments: Arguments, stack: ExitStack) -> None:
    """Serves the mock until Ctrl-C. Raises the errors that `main` tells."""
    if not arguments.settings.token.isascii():
        raise _UnusableError(f"the token in {TOKEN_ENV} cannot be sent by any client: it is not ASCII")
    issued, log = _issue(arguments, stack), _open_log(arguments, stack)
    mock = _mock_any(arguments.spec, arguments, log) if arguments.spec else _mock_calls(arguments, log, stack)
    listener = stack.enter_context(_listen(arguments))
    address = Address.of(arguments.host, listener.getsockname()[1], issued)
    token = Token.of_variable(TOKEN_ENV) if os.environ.get(TOKEN_ENV) else Token(TOKEN)
    say("\n".join([invite(address, token, mock.request), *mock.further]))
    serve_until_interrupted(mock.app, listener, issued.certificate if issued else None)


def _mock_calls(arguments: Arguments, log: TextIO, stack: ExitStack) -> _Mock:
    """The mock of phone calls. Raises StateError."""
    server = MockServer(arguments.settings, log)
    stack.callback(server.close)
    headers = Headers([("Authorization", RIGHT), ("Content-Type", "application/json")])
    return _Mock(server.app(), Request("POST", PATH, headers, PLAIN_CALL))


def _mock_any(spec: Path, arguments: Arguments, log: TextIO) -> _Mock:
    """The mock of another document. Raises `_UnusableError` if it cannot be used."""
    from contract_tests.contract.contract import read_contract  # noqa: PLC0415 - few need it, and it takes long
    from contract_tests.servers.any_mock import AnyMock  # noqa: PLC0415 - the same
    from contract_tests.servers.plain_request import make_plain_request  # noqa: PLC0415 - the same

    try:
        contract, settings = read_contract(spec), arguments.settings
    except SpecError as error:
        cause = "" if error.__cause__ is None or isinstance(error.__cause__, OSError) else f"{error.__cause__}"
        raise _UnusableError("\n".join(filter(None, [f"{error}", cause]))) from error
    mock = AnyMock(contract, settings.token, settings.always, log)
    labels = [operation.label for operation in contract.operations]
    return _Mock(mock.app(settings.origins), make_plain_request(contract), (name_operations(labels),))


def _listen(arguments: Arguments) -> socket.socket:
    try:
        return listen(arguments.port, arguments.host)
    except PortTakenError as error:
        raise PortTakenError(f"{error}\nstop it, or let the mock choose a free port: --port 0") from error


def _open_log(arguments: Arguments, stack: ExitStack) -> TextIO:
    """The file of the log; standard error if none is named."""
    if arguments.log is None:
        return sys.stderr
    try:
        return stack.enter_context(arguments.log.open("a", encoding="ascii"))
    except OSError as error:
        raise _UnusableError(f"the log cannot be written to {arguments.log}: {error.strerror}") from error


def _issue(arguments: Arguments, stack: ExitStack) -> Issued | None:
    """A certificate for HTTPS, in a folder that lives as long as the mock; None if it serves HTTP."""
    if not arguments.tls:
        return None
    from contract_tests.servers.certificate import issue  # noqa: PLC0415 - it takes long to import, and few need it

    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="voiceos-mock-"))
    return issue(Path(folder), arguments.host)


if __name__ == "__main__":
    raise SystemExit(main())
