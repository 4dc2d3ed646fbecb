"""Responses that are sent in one piece.

uvicorn writes the head of a response, and then its body. Each write is a system call that wakes the client.
Together, these took two fifths of the mock's time.
"""

from __future__ import annotations

from asyncio import Protocol
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, BaseTransport


_MOST: Final = 64 * 1024
"""The most that is kept, in bytes: as much as asyncio's transports take before they ask for a pause."""


class OnePieceProtocol(HttpToolsProtocol, Protocol):
    """HTTP as uvicorn speaks it, with all that is written in one turn of the loop sent together."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Takes a new connection."""
        super().connection_made(Gathering(transport, self.loop))  # type: ignore[arg-type] # it has what is used of one


class Gathering:
    """A transport that keeps what is written until the next turn of the loop, and then writes it at once.

    It keeps no more than `_MOST`: the server of a long response must hear that the client reads more slowly.
    """

    def __init__(self, transport: Any, loop: AbstractEventLoop) -> None:  # noqa: ANN401 - a transport of any loop
        self._transport = transport
        self._loop = loop
        self._kept: list[bytes] = []
        self._length = 0

    def write(self, data: bytes) -> None:
        """Keeps bytes to write."""
        if not self._kept:
            self._loop.call_soon(self._flush)
        self._kept.append(data)
        self._length += len(data)
        if self._length > _MOST:
            self._flush()

    def close(self) -> None:
        """Closes the connection once all is written."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._transport, name)

    def _flush(self) -> None:
        kept, self._kept, self._length = self._kept, [], 0
        if kept:
            self._transport.write(b"".join(kept))
