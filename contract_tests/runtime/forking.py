"""Processes that are forked from one that has all imported already, so that a run that starts them pays for it once."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing import resource_tracker
from multiprocessing.forkserver import ensure_running
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import ForkServerContext, ForkServerProcess

GRACE: Final = 5.0
"""How long a process may take to end, in seconds, until it is told so with more force."""
_IMPORTED_BEFORE: Final = [
    "contract_tests.engine.hooks",
    "contract_tests.guard.process",
    "contract_tests.guard.proxy",
    "contract_tests.runtime.serving",
    "uvicorn.lifespan.off",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
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
]
"""What takes long to import. One that is there no more is passed over."""


@cache
def forkserver() -> ForkServerContext:
    """The context to make processes with."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED_BEFORE)
    # It has no handler of Ctrl-C while it imports. What comes meanwhile is heard here afterwards. The tracker, which it
    # starts if need be, would lift the block.
    resource_tracker.ensure_running()
    with hearing_ctrl_c_later():
        ensure_running()
    return context


@contextmanager
def hearing_ctrl_c_later() -> Iterator[None]:
    """Puts Ctrl-C off until the block is left, for what it would break in the middle."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def warm_up() -> None:
    """Begins to import, while the caller does other things. What the environment holds is taken over now.

    Raises:
        OSError: processes cannot be told anything by a socket in the folder for temporary files.
    """
    try:
        forkserver()
    except OSError as error:
        folder = tempfile.gettempdir()
        message = f"no socket can be made in {folder} ({error}): set TMPDIR to a folder with a short name, like /tmp"
        raise OSError(message) from error


def begin_forked() -> None:
    """To be called first in such a process: it spares the garbage collector what was imported before, which stays."""
    gc.freeze()


def stop(process: ForkServerProcess, *signals: signal.Signals, grace: float = GRACE) -> None:
    """Ends a process if it still runs, with one signal after the other, and waits `grace` seconds for each."""
    for number in signals:
        if process.is_alive() and process.pid:
            with suppress(ProcessLookupError):  # it may end just now
                os.kill(process.pid, number)
            process.join(grace)
