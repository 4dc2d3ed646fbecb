"""Shows people who wait at a terminal that a task is at work."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from spec.output import say_over

if TYPE_CHECKING:
    from collections.abc import Iterator

SILENCE: Final = 2.0
"""How long people wait without a word, in seconds."""
_PAUSE: Final = 1.0
"""The time between two words, in seconds."""


@contextmanager
def waiting(doing: str, silence: float = SILENCE) -> Iterator[None]:
    """Shows on the terminal, while the block runs, what is done and for how long. A log gets nothing."""
    if not sys.stderr.isatty():
        yield
        return
    ended = Event()
    teller = Thread(target=_tell, args=(doing, silence, ended), daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


def _tell(doing: str, silence: float, ended: Event) -> None:
    started, pause, longest = time.monotonic(), silence, 0
    while not ended.wait(pause):
        text = f"{doing}, {time.monotonic() - started:.0f} s so far"
        say_over(text)
        pause, longest = _PAUSE, max(longest, len(text))
    if longest:
        say_over(" " * longest)
        say_over("")
