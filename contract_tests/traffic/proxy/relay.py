"""The way of a response from the server's connection to the application's, as it comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import h11

from contract_tests.guard.upstream import passed_on

if TYPE_CHECKING:
    from contract_tests.guard.connection import Connection, Fields, RawResponse

_MUCH: Final = 64 * 1024
"""How much may wait for the application to read it, in bytes, until the server is read no further."""


class Downstream:
    """Gives a response to the application while it comes, no faster than the application reads it."""

    def __init__(self, http: h11.Connection, writer: asyncio.StreamWriter) -> None:
        self.connection: Connection | None = None
        self.has_begun = False
        self.has_hung_up = False
        self._http = http
        self._writer = writer
        self._draining: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """True while the application is to read first."""
        return self._draining is not None

    def hang_up(self) -> bool:
        """Ends the server's connection, because nobody waits for the response. False if there is none yet."""
        if self.connection is None:
            return False
        self.has_hung_up = True
        self.connection.close()
        return True

    def begin(self, head: RawResponse) -> None:
        """Passes on the status line and the header fields."""
        self.has_begun = True
        fields = [each for each in passed_on(head.fields) if each[0].lower() != b"transfer-encoding"]
        self._write(h11.Response(status_code=head.status, headers=fields, reason=head.reason))

    def pass_on(self, data: bytes) -> None:
        """Passes on bytes of the body. Where nobody reads any more, it ends the server's connection."""
        if self._writer.is_closing() and self.connection:
            self.connection.close()
            return
        self._write(h11.Data(data))
        if self._draining is None and self._writer.transport.get_write_buffer_size() > _MUCH:
            self._draining = asyncio.get_running_loop().create_task(self._drain())

    def end(self, trailers: Fields) -> None:
        """Passes on the end of the response."""
        self._write(h11.EndOfMessage(headers=trailers))

    def answer(self, status: int, fields: Fields, text: str) -> None:
        """Answers in the server's place."""
        body = text.encode()
        own = [(b"Content-Type", b"text/plain; charset=utf-8"), (b"Content-Length", b"%d" % len(body)), *fields]
        for event in (h11.Response(status_code=status, headers=own), h11.Data(body), h11.EndOfMessage()):
            self._write(event)

    def _write(self, event: h11.Event) -> None:
        if data := self._http.send(event):
            self._writer.write(data)

    async def _drain(self) -> None:
        try:
            await self._writer.drain()
        except OSError:
            if self.connection:
                self.connection.close()
            return
        finally:
            self._draining = None
        if self.connection:
            self.connection.resume()
