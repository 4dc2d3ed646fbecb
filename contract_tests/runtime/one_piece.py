"""Responses that are sent in one piece.

uvicorn writes the head of a response, and then its body. Each write is a system call that wakes the client.
Together, these took two fifths of the mock's time.
"""

from __future__ import annotations

from asyncio import Protocol
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, BaseTransport


class OnePieceProtocol(HttpToolsProtocol, Protocol):
    """HTTP as uvicorn speaks it, with all that is written in one turn of the loop sent together."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Takes a new connection."""
        super().connection_made(Gathering(transport, self.loop))  # type: ignore[arg-type] # it has what is used of one


class Gathering:
    """A transport that keeps what is written until the next turn of the loop, and then writes it at once."""

    def __init__(self, transport: Any, loop: AbstractEventLoop) -> None:  # noqa: ANN401 - a transport of any loop
        self._transport = transport
        self._loop = loop
        self._kept: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Keeps bytes to write."""
        if not self._kept:
            self._loop.call_soon(self._flush)
        self._kept.append(data)

    def close(self) -> None:
        """Closes the connection once all is written."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._transport, name)

    def _flush(self) -> None:
        kept, self._kept = self._kept, []
        if kept:
            self._transport.write(b"".join(kept))
