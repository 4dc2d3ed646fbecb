"""The guard's process: started before a run, ended after it, and by itself when nobody is left to guard."""

from __future__ import annotations

import os
import re
import secrets
import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.exchange import Door
from contract_tests.runtime.forking import GRACE, begin_forked, forkserver, stop
from contract_tests.target.target import TargetError, TokenVariable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from contract_tests.exchange.exchange import GuardedExchange
    from contract_tests.guard.proxy import Errand
    from contract_tests.target.target import Target

PLACEHOLDER: Final = f"placeholder-{secrets.token_hex(16)}"
"""What the token is called outside of the guard. Nobody else on this machine knows it, or could borrow the token."""
_CATCH_UP: Final = "catch up"
_HURRY: Final = "hurry"
_START_TIMEOUT: Final = 20.0
_ANSWER_TIMEOUT: Final = 20.0


class GuardError(Exception):
    """The guard is not there any more. `str()` says so."""


class Guard:
    """A guard that runs."""

    def __init__(self, channel: Connection) -> None:
        self._channel = channel
        self._url = ""
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._kept: list[GuardedExchange] = []
        self._caught_up = threading.Event()
        self._ended = False

    @property
    def door(self) -> Door:
        """Where to find the target behind it.

        Raises:
            GuardError: the guard did not start.
        """
        if not self._url:
            raise GuardError("The guard did not start.")
        return Door(self._url, PLACEHOLDER)

    def wait_for_start(self) -> None:
        """Waits until it takes requests, or has failed to start. Raises TargetError if the token cannot be sent."""
        try:
            answer = self._channel.recv() if self._channel.poll(_START_TIMEOUT) else ""
        except (EOFError, OSError):
            return
        if isinstance(answer, TargetError):
            raise answer
        self._url = answer
        self._listener.start()

    def hurry(self) -> None:
        """Has it wait for nothing but the target's answers, for the run is to end."""
        with suppress(OSError):
            self._channel.send(_HURRY)

    def close(self) -> None:
        """Stops listening to the guard's process, which has ended."""
        if self._listener.is_alive():
            self._listener.join(GRACE)  # a channel that is closed under its reader breaks in odd ways
        self._channel.close()

    def exchanges(self) -> tuple[GuardedExchange, ...]:
        """All exchanges so far.

        Raises:
            GuardError: the guard ended by itself.
        """
        self._caught_up.clear()
        try:
            self._channel.send(_CATCH_UP)
        except OSError as error:
            raise GuardError("The guard ended before the run did.") from error
        if not self._caught_up.wait(_ANSWER_TIMEOUT) or self._ended:
            raise GuardError("The guard ended before the run did.")
        return tuple(self._kept)

    def _listen(self) -> None:
        """Listens to the guard's process until that ends."""
        while True:
            try:
                message = self._channel.recv()
            except (EOFError, OSError):
                self._ended = True
                self._caught_up.set()
                return
            if message is None:
                self._caught_up.set()
            else:
                self._kept.append(message)


@contextmanager
def guarding(target: Target, errand: Errand) -> Iterator[Guard]:
    """A guard in front of the target, for as long as the block runs.

    Raises:
        TargetError: the token cannot be sent.
    """
    ours, theirs = forkserver().Pipe()
    process = forkserver().Process(target=_work, args=(errand, target, PLACEHOLDER, theirs), daemon=True)
    process.start()
    theirs.close()
    guard = Guard(ours)
    try:
        guard.wait_for_start()
        yield guard
    finally:
        stop(process, signal.SIGTERM, signal.SIGKILL)
        guard.close()


def _work(errand: Errand, target: Target, placeholder: str, channel: Connection) -> None:
    """What the guard's process does."""
    begin_forked()
    # Ctrl-C reaches the whole group; whoever started the guard ends it when nothing passes through any more.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from contract_tests.guard.proxy import Proxy, be_quiet  # noqa: PLC0415 - imported before the fork, as in engine.py
    from contract_tests.runtime.serving import running  # noqa: PLC0415 - the same

    be_quiet()
    try:
        disguise = Disguise(placeholder, _read_token(target), target.limits.aliases)
    except TargetError as error:
        channel.send(error)
        return
    teller = _Teller(channel)
    proxy = Proxy(errand, disguise, teller.tell)
    with running(proxy, own_headers=False) as url:
        channel.send(url)
        teller.serve(proxy.hurry)


class _Teller:
    """Tells what is kept, from the server's thread, and answers whoever asks whether that was all, from this one."""

    def __init__(self, channel: Connection) -> None:
        self._channel = channel
        self._lock = threading.Lock()

    def tell(self, message: GuardedExchange | None) -> None:
        with self._lock:
            try:
                self._channel.send(message)
            except OSError:
                os._exit(1)  # nobody is left to guard

    def serve(self, hurry: Callable[[], None]) -> None:
        while True:
            try:
                message = self._channel.recv()
            except (EOFError, OSError):
                os._exit(0)
            if message == _HURRY:
                hurry()
            else:
                self.tell(None)


def _read_token(target: Target) -> str:
    if not isinstance(target.token, TokenVariable):
        return _check(target.token)
    return _check(os.environ.get(target.token.name, ""))


def _check(token: str) -> str:
    """The token. Raises TargetError if it cannot be sent."""
    if not re.fullmatch(r"[!-~]+", token):
        raise TargetError("the token cannot be sent: it must be visible ASCII characters, without spaces around it")
    return token
