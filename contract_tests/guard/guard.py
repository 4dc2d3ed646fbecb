"""The guard, seen from the run: started before it, asked for its record, ended after it."""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.exchange.exchange import Exchange, Record
from contract_tests.exchange.masking import Mask
from contract_tests.exchange.sharing import Sharing
from contract_tests.guard.errand import CATCH_UP, STOP, Errand
from contract_tests.runtime.child import start
from contract_tests.runtime.modules import GUARD
from contract_tests.target.credentials import BEARER_ALONE, DEFAULT
from contract_tests.target.target import TargetError, TokenVariable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.runtime.child import Child
    from contract_tests.target.credentials import Credentials
    from contract_tests.target.target import Target

PLACEHOLDER: Final = f"placeholder-{secrets.token_hex(16)}"
"""The token's name outside of the guard. Nobody else on this machine knows it, or could borrow the token."""
PREFLIGHT: Final = f"preflight-{secrets.token_hex(16)}"
"""The id of the run's own preflights, which count as calls only if they are accepted.

Nobody but the run and its guard knows it: no file, no other sender, no other user of this machine.
"""
_START_TIMEOUT: Final = 20.0
_ANSWER_TIMEOUT: Final = 20.0
_GONE: Final = "The guard ended before the run did."


class GuardError(Exception):
    """The guard is not there any more. `str()` says so."""


@dataclass(frozen=True)
class Door:
    """The way to the target: the guard's base URL, and what to send it in place of the token."""

    url: str
    placeholder: str
    preflight: str = PREFLIGHT
    """The id that marks a preflight."""
    credentials: Credentials = BEARER_ALONE
    """Where requests have credentials."""


class Progress(NamedTuple):
    """How far a run is."""

    exchanges: int
    calls: int
    waits: float | None
    """The seconds that the guard now waits, because the target asks for time; None if it does not."""


OnProgress = Callable[[Progress], None]


class Guard:
    """A guard that runs. `on_progress` is called after each exchange, in a thread of the guard's."""

    def __init__(
        self, child: Child, url: str, on_progress: OnProgress, credentials: Credentials = BEARER_ALONE
    ) -> None:
        self.door = Door(url, PLACEHOLDER, credentials=credentials)
        self._child = child
        self._on_progress = on_progress
        self._kept: list[Exchange] = []
        self._answered: dict[str, Exchange] = {}
        """The last exchange of each id that was answered, and is not to be sent again."""
        self._sharing = Sharing()
        self._calls = 0
        self._news = threading.Condition()
        self._caught_up = threading.Event()
        self._ended = False
        child.listen(self._hear, self._note_end)

    def stop(self) -> None:
        """Has it send nothing more, and wait for nothing but the responses under way: the run is to end."""
        with suppress(OSError):
            self._child.channel.send(STOP)

    def record(self) -> Record:
        """All exchanges so far, those under way included once they are over.

        Raises:
            GuardError: the guard ended by itself.
        """
        self._caught_up.clear()
        try:
            self._child.channel.send(CATCH_UP)
        except OSError as error:
            raise GuardError(_GONE) from error
        if not self._caught_up.wait(_ANSWER_TIMEOUT) or self._ended:
            raise GuardError(_GONE)
        return self.told()

    def told(self) -> Record:
        """The exchanges that the guard has told of so far, without asking it."""
        return Record(tuple(self._kept))

    def find(self, exchange_id: str) -> Exchange | None:
        """The last exchange with an id, which the guard has answered; None if the guard has ended.

        The guard tells of an exchange before it answers, but its word may be heard after its answer.
        """
        with self._news:
            self._news.wait_for(lambda: self._ended or exchange_id in self._answered, _ANSWER_TIMEOUT)
        return self._answered.get(exchange_id)

    def _hear(self, message: object) -> None:
        if not isinstance(message, Exchange):
            self._caught_up.set()
            return
        exchange = self._sharing.share(message)
        with self._news:
            self._kept.append(exchange)
            if exchange.again_after is None:
                self._answered[exchange.id] = exchange
            self._news.notify_all()
        self._calls += message.may_have_rung
        self._on_progress(Progress(len(self._kept), self._calls, message.again_after))

    def _note_end(self) -> None:
        with self._news:
            self._ended = True
            self._news.notify_all()
        self._caught_up.set()


@contextmanager
def guarding(target: Target, errand: Errand, on_progress: OnProgress = lambda _: None) -> Iterator[Guard]:
    """A guard in front of the target, for as long as the block runs.

    Raises:
        TargetError: the token cannot be sent.
        GuardError: the guard did not start.
    """
    secrets = read_secrets(target, errand.credentials)
    child = start(GUARD)
    try:
        yield Guard(child, _hear_url(child, errand, secrets), on_progress, errand.credentials)
    finally:
        child.end()


def _hear_url(child: Child, errand: Errand, secrets: Mapping[str, str]) -> str:
    """The URL that the guard's process listens at, once it has its orders. Raises GuardError."""
    with suppress(EOFError, OSError):
        child.channel.send((errand, PLACEHOLDER, PREFLIGHT, secrets[DEFAULT], secrets))
        if child.channel.poll(_START_TIMEOUT):
            return str(child.channel.recv())
    child.end()
    last_line = next(iter(child.output.strip().splitlines()[-1:]), "it said nothing")
    raise GuardError(f"The guard did not start: {Mask(list(secrets.values())).hide_text(last_line)}")


def read_secrets(target: Target, credentials: Credentials) -> dict[str, str]:
    """The secrets that requests need, by the names of their schemes; a made one for the token that none needs.

    Raises:
        TargetError: one cannot be sent.
    """
    needed = {name: target.secrets.get(name, target.token) for name in (*credentials.names, *target.secrets)}
    return {DEFAULT: secrets.token_hex(16), **{name: _read_secret(held) for name, held in needed.items()}}


def _read_secret(held: str | TokenVariable) -> str:
    secret = os.environ.get(held.name, "") if isinstance(held, TokenVariable) else held
    if not re.fullmatch(r"[!-~]+", secret):
        raise TargetError("the token cannot be sent: it must be visible ASCII characters, without spaces around it")
    return secret
