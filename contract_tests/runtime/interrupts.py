"""Ctrl-C, put off or ignored while it would break something in the middle, and never lost."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def hearing_ctrl_c_later() -> Iterator[None]:
    """Puts Ctrl-C off until the block is left."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def ignoring_ctrl_c() -> Iterator[None]:
    """Ignores Ctrl-C within the block; in another thread than the main one, where it never comes, does nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


@contextmanager
def noticing_dropped_ctrl_c() -> Iterator[threading.Event]:
    """Gives an event that is set once Python has dropped a Ctrl-C.

    Python drops what is raised where nobody can catch it: in the callback of a weak reference, or in a finalizer.
    Ctrl-C may come there as well as anywhere else.
    """
    is_dropped, before = threading.Event(), sys.unraisablehook

    def notice(unraisable: sys.UnraisableHookArgs) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            is_dropped.set()
        else:
            before(unraisable)

    sys.unraisablehook = notice
    try:
        yield is_dropped
    finally:
        sys.unraisablehook = before
