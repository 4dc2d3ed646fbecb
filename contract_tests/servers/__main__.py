"""Serves the mock: a stand-in for VoiceOS's phone-call endpoint that conforms to the spec and rings nobody.

It accepts the token in the environment variable VOICEOS_TOKEN, by default `mock-token`.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from typing import TYPE_CHECKING, Final

from contract_tests.runtime.serving import HOST, PortTakenError, listen, serve_until_interrupted
from contract_tests.servers.mock import PATH, create_app, judge_with_token
from spec.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN_ENV: Final = "VOICEOS_TOKEN"  # noqa: S105 - the name of a variable
DEFAULT_TOKEN: Final = "mock-token"  # noqa: S105 - of the mock, which guards nothing
_BODY: Final = '{"from_number": "+12025550142", "to_number": "+12025550143", "agent_id": "agent_8c1f"}'


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code: 0 after Ctrl-C, 1 if the port is taken."""
    options = _parse(argv)
    if not os.environ.get(TOKEN_ENV, DEFAULT_TOKEN).isascii():
        say(f"the token in {TOKEN_ENV} cannot be sent by any client: it is not ASCII", file=sys.stderr)
        return 1
    try:
        listener = listen(options.port)
    except PortTakenError as error:
        say(f"{error}\nstop it, or let it choose a free port: nox -s mock -- --port 0", file=sys.stderr)
        return 1
    own_token = os.environ.get(TOKEN_ENV)
    say(_invitation(f"http://{HOST}:{listener.getsockname()[1]}", own_token=bool(own_token)))
    serve_until_interrupted(create_app(judge_with_token(own_token or DEFAULT_TOKEN)), listener)
    say("stopped")
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s mock --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--port", type=_port, default=8000, metavar="N", help="the port; 0 takes a free one; default: 8000"
    )
    return parser.parse_args(argv)


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() else -1
    if port not in range(65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 0 to 65535")
    return port


def _invitation(url: str, *, own_token: bool) -> str:
    """Says how to try the mock. A token of the user's own is not printed."""
    token = f"${TOKEN_ENV}" if own_token else DEFAULT_TOKEN
    curl = (
        f'curl {url}{PATH} -H "Authorization: Bearer {token}" '
        f"-H 'Content-Type: application/json' -d {shlex.quote(_BODY)}"
    )
    return f"the mock listens on {url} and accepts the token {token}; Ctrl-C stops it. Try it:\n\n  {curl}\n"


if __name__ == "__main__":
    raise SystemExit(main())
