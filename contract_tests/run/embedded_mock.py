"""The target that a run starts by itself: the mock, in a process of its own."""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from contract_tests.runtime.child import start
from contract_tests.runtime.modules import MOCK
from contract_tests.target.target import EMBEDDED_MOCK, Target, TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.runtime.child import Child

_START_TIMEOUT: Final = 30.0
_FAILED: Final = (
    "the embedded mock does not start. It serves this project's own spec alone: for another one, name a server with "
    "--url. If the spec was changed, `nox -s generate` makes generated/ anew"
)


@contextmanager
def embedded_mock() -> Iterator[Target]:
    """The mock as a target, for as long as the block runs.

    Raises:
        TargetError: it does not start.
    """
    token = secrets.token_hex(16)
    child = start(MOCK)
    try:
        yield Target(EMBEDDED_MOCK, _begin(child, token), token)
    finally:
        child.end()


def _begin(child: Child, token: str) -> str:
    """Has the mock accept a token; gives its URL. Raises TargetError."""
    with suppress(EOFError, OSError):
        child.channel.send(token)
        if child.channel.poll(_START_TIMEOUT):
            return str(child.channel.recv())
    raise TargetError(_FAILED)
