"""The progress of a run, or of the judging of recordings, as people see it while they wait."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class LiveLine:
    """One line that is written over on a terminal; else a line of its own now and then.

    `width` is that of the terminal, in columns, and None where there is none. `write_over` writes a text over the last
    one, and `write` writes one on a line of its own.
    """

    INTERVAL: Final = 30.0
    PAUSE = 0.1

    def __init__(self, width: int | None, write_over: Callable[[str], object], write: Callable[[str], object]) -> None:
        # Who wants no colours wants no line that is written over either: a screen reader would read it again and again.
        self._width = None if os.environ.get("NO_COLOR") else width
        self._write_over, self._write = write_over, write
        self._shown = time.monotonic()

    def show(self, describe: Callable[[int | None], str]) -> None:
        """Shows the progress, if it is time to. `describe` gives it in words, for a width."""
        now = time.monotonic()
        if now - self._shown < (self.INTERVAL if self._width is None else self.PAUSE):
            return
        self._shown = now
        if self._width is None:
            self._write(describe(None))
        else:
            self._write_over(describe(self._width).ljust(self._width))

    def clear(self) -> None:
        """Leaves an empty line on a terminal."""
        if self._width is not None:
            self._write_over("".ljust(self._width))
            self._write_over("")
