"""A socket that says what a test has it say, where no server of HTTP would."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def answering(answer: Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """The URL of a socket that hands each connection to `answer`, with what it read of the request, and closes it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_all() -> None:
            with suppress(OSError):  # the listener was shut down
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        answer(connection, connection.recv(10**6))

        thread = threading.Thread(target=answer_all, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
