"""A child process that does as a test tells it over its pipe."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

from contract_tests.runtime.child import end_with_parent

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def main(channel: Connection) -> None:
    """Does one thing after the other."""
    while (wish := channel.recv()) != "leave":
        _do(wish, channel)


def _do(wish: str, channel: Connection) -> None:
    match wish:
        case "environment":
            channel.send(dict(os.environ))
        case "pid":
            channel.send(os.getpid())
        case "group":
            channel.send(os.getpgrp())
        case "be deaf":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            channel.send("deaf")
        case "fail":
            raise RuntimeError("as it was told")
        case "listen":
            channel.send(os.getpid())
            end_with_parent(channel, lambda _: None)
            threading.Event().wait()
