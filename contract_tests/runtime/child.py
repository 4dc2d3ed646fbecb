"""Child processes: they start with a clean environment, are spoken to over a pipe, and end with their parent.

A child runs one module, whose `main(channel)` gets the end of the pipe. It spends most of its start on imports, so it
can be started before its work is known.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRACE: Final = 5.0
"""How long a child may take to end, in seconds, until it is told so with more force."""
_SHOWN: Final = 64 * 1024
"""How much of a child's output is kept, from its end, in bytes."""
_ROOT: Final = str(Path(__file__).resolve().parents[2])
_INHERITED: Final = (
    *("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR"),
    *("SSL_CERT_DIR", "SSL_CERT_FILE"),
    *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
)
"""The only variables of the user's environment that a child gets: others may hold secrets."""


class Child:
    """A child process. `channel` is the parent's end of the pipe, over which any picklable object goes."""

    def __init__(self, module: str) -> None:
        self._listener: threading.Thread | None = None
        # Not to the user's terminal: a traceback is no message, and may hold a secret.
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - closed at its end
        self.output = ""
        """The last of what it printed, unless it redirects that; known after its end."""
        self.channel, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "contract_tests.runtime.child", module, str(theirs.fileno())],
                env={"PYTHONPATH": _ROOT, **_inherited()},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the parent, which knows what is to end first
            )

    def listen(self, hear: Callable[[object], None], note_end: Callable[[], None]) -> None:
        """Has a thread hear what the child says, until its end."""
        self._listener = threading.Thread(target=_listen, args=(self.channel, hear, note_end), daemon=True)
        self._listener.start()

    @property
    def is_alive(self) -> bool:
        """True while it still runs."""
        return self._process.poll() is None

    def wait(self, seconds: float) -> int | None:
        """Waits for its end; gives its exit code, negative for a signal, or None if it still runs."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def end(self) -> int:
        """Ends it if it still runs, with more force if it takes too long; gives its exit code."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.is_alive:
                with suppress(ProcessLookupError):  # it may end just now
                    os.killpg(self._process.pid, number)
                self.wait(GRACE)
        if self._listener:
            self._listener.join(GRACE)  # a channel that is closed under its reader breaks in odd ways
        self.channel.close()
        self._keep_output()
        return self._process.wait()

    def _keep_output(self) -> None:
        if not self._printed.closed:
            with self._printed:
                self._printed.seek(max(0, self._printed.seek(0, os.SEEK_END) - _SHOWN))
                self.output = self._printed.read().decode(errors="replace")


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


@contextmanager
def clean_environment() -> Iterator[None]:
    """Gives processes that others start within the block the environment of a child, which holds no secret."""
    before = dict(os.environ)
    for name in before.keys() - _inherited().keys():
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(before)


_started_early: Final[dict[str, Child]] = {}


def start_early(module: str) -> None:
    """Starts a child that the next `start` of the module gives.

    Raises:
        OSError: no process can be started.
    """
    _started_early[module] = Child(module)


def start(module: str) -> Child:
    """A child that runs the module: the one that was started early, or a new one. Raises OSError as `start_early`."""
    return _started_early.pop(module, None) or Child(module)


def end_unused() -> None:
    """Ends the children that were started early and that nobody took."""
    while _started_early:
        _started_early.popitem()[1].end()


def end_with_parent(channel: Connection, hear: Callable[[object], None]) -> None:
    """Lets the calling process, a child, end once its parent is gone; `hear` gets what the parent says until then."""
    threading.Thread(target=_listen, args=(channel, hear, partial(os._exit, 0)), daemon=True).start()


def _listen(channel: Connection, hear: Callable[[object], None], note_end: Callable[[], None]) -> None:
    while True:
        try:
            message = channel.recv()
        except (EOFError, OSError):
            note_end()
            return
        hear(message)


def main(module: str, descriptor: str) -> None:
    """Runs a module in this process, which is the child."""
    channel = Connection(int(descriptor))
    try:
        importlib.import_module(module).main(channel)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(0)  # the parent is gone


if __name__ == "__main__":
    main(*sys.argv[1:])
