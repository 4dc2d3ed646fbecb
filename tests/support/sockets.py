"""A socket that says what a test has it say, where no server of HTTP would."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager


@contextmanager
def accepting(handle: Callable[[socket.socket], None]) -> Iterator[str]:
    """The URL of a socket that hands each connection to `handle`, one after the other, and closes it then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def handle_all() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:  # it was shut down
                    return
                with connection, suppress(OSError):  # the other side may have gone
                    handle(connection)

        thread = threading.Thread(target=handle_all, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def answering(answer: Callable[[socket.socket, bytes], None]) -> AbstractContextManager[str]:
    """A socket that hands each connection to `answer`, with what it read of the request."""
    return accepting(lambda connection: answer(connection, connection.recv(10**6)))


def saying(text: bytes) -> AbstractContextManager[str]:
    """A socket that says the same to every connection."""
    return answering(lambda connection, _: connection.sendall(text))


def silent() -> AbstractContextManager[str]:
    """A socket that takes every connection, and says nothing for as long as it is held."""
    return answering(lambda connection, _: drain(connection))


def dripping(begin: bytes) -> AbstractContextManager[str]:
    """A socket that sends a byte now and then, for as long as the connection is held."""

    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(begin)
        connection.settimeout(0.1)
        while True:
            connection.sendall(b"x")
            with suppress(TimeoutError):
                drain(connection)
                return

    return answering(drip)


def receive(connection: socket.socket) -> bytes:
    """Reads a request to its end, which may come in several pieces; less, if the other side closes the connection."""
    text = b""
    while not _is_whole(text) and (piece := connection.recv(10**6)):
        text += piece
    return text


def _is_whole(text: bytes) -> bool:
    head, end, body = text.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(end) and len(body) >= int(length[1] if length else 0)


def drain(connection: socket.socket) -> None:
    """Reads until the other side closes the connection."""
    while connection.recv(10**6):
        pass
