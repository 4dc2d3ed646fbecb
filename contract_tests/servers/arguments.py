"""The arguments of the command that serves the mock."""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from contract_tests.runtime.serving import HOST
from contract_tests.servers.lives import Pace
from contract_tests.servers.on_demand import Settings
from contract_tests.servers.orders import Order
from contract_tests.servers.request_fields import explain_unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMAND: Final = "voiceos-mock"
"""The command that the wheel installs."""
_SESSION: Final = "nox -s mock --"
_PACE: Final = Pace()
_MOST_SECONDS: Final = 86_400
_OF_CALLS: Final = ("ring", "talk", "state", "deliver_to")
"""The options that only the mock of phone calls has."""


@dataclass(frozen=True)
class Arguments:
    """Everything that the user asked for."""

    settings: Settings
    host: str
    port: int
    tls: bool
    log: Path | None
    spec: Path | None = None
    """The document to mock; None for the mock of phone calls."""


def parse(argv: Sequence[str] | None, description: str, token: str) -> Arguments:
    """The user's arguments. Ends the process, as argparse does, where one is wrong."""
    parser = _parser(description)
    given = parser.parse_args(argv)
    defaults = parser.parse_args([])
    of_calls = [name for name in _OF_CALLS if getattr(given, name) != getattr(defaults, name)]
    if given.spec and of_calls:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in of_calls)
        parser.error(f"the mock of another document knows no calls, and so has no {options}")
    try:
        always = Order(fail=given.fail, refuse=given.refuse, change=given.change, delay=given.delay)
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False)
        parser.error(f"argument --{first['loc'][0]}: {first['msg']}")
    if problem := explain_unknown(given.refuse or ()) if given.spec is None else None:
        parser.error(f"argument --refuse: {problem}")
    settings = Settings(token, Pace(given.ring, given.talk), given.state, given.deliver_to, given.origin, always)
    return Arguments(settings, given.host, given.port, given.tls, given.log, given.spec)


def _parser(description: str) -> argparse.ArgumentParser:
    is_installed = Path(sys.argv[0]).stem == COMMAND
    parser = argparse.ArgumentParser(
        prog=COMMAND if is_installed else _SESSION,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--spec", type=Path, metavar="FILE", help="mock this OpenAPI document in place of phone calls")
    _add_where(parser.add_argument_group("where it listens"))
    _add_lives(parser.add_argument_group("calls"))
    _add_orders(parser.add_argument_group("every answer"))
    return parser


def _add_where(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--host", default=HOST, metavar="ADDRESS", help=f"the address; default: {HOST}")
    group.add_argument(
        "--port", type=_port, default=8000, metavar="N", help="the port; 0 takes a free one; default: 8000"
    )
    group.add_argument("--tls", action="store_true", help="serve HTTPS, with a certificate made on the spot")
    group.add_argument(
        "--origin",
        action="append",
        default=[],
        metavar="URL",
        help="let pages of this origin use it in a browser, beside those of this machine; repeatable",
    )
    group.add_argument(
        "--log", type=Path, metavar="FILE", help="append each request as a JSON line; default: standard error"
    )


def _add_lives(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--ring", type=_seconds, default=_PACE.ring, metavar="SECONDS", help=f"ring so long; default: {_PACE.ring:g}"
    )
    group.add_argument(
        "--talk", type=_seconds, default=_PACE.talk, metavar="SECONDS", help=f"talk so long; default: {_PACE.talk:g}"
    )
    group.add_argument("--state", type=Path, metavar="FILE", help="keep the conversations in this file of SQLite")
    group.add_argument(
        "--deliver-to",
        action="append",
        default=[],
        metavar="HOST",
        help="send webhooks to this host too, beside this machine; repeatable",
    )


def _add_orders(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--fail", type=int, metavar="STATUS", help="answer with this status")
    group.add_argument(
        "--refuse", type=_location, metavar="FIELD", help="answer with a 422 that blames this field: a.b.0"
    )
    group.add_argument("--change", type=_object, metavar="JSON", help='change these fields: {"status": "new"}')
    group.add_argument("--delay", type=float, default=0.0, metavar="SECONDS", help="answer so much later")


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() else -1
    if port not in range(65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 0 to 65535")
    return port


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time in seconds: a number from 0 to {_MOST_SECONDS}")
    return seconds


def _location(text: str) -> list[str | int]:
    return [int(token) if token.isdecimal() else token for token in text.split(".")]


def _object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f'{text!r} is not a JSON object, such as {{"status": "new"}}')
    return value
