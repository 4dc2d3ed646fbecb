"""Sends requests of ours to the guard: one after the other on a kept connection, or several at once on as many."""

from __future__ import annotations

import http.client
import math
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from contract_tests.exchange.exchange import MASKED
from contract_tests.exchange.marks import EXCHANGE_ID, MARK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from contract_tests.exchange.exchange import Request
    from contract_tests.exchange.headers import Field
    from contract_tests.guard.guard import Door

TIMEOUT: Final = 90.0
"""Beyond what the guard takes to send a request, as often as it may, in seconds: it answers in time."""
_GRACE: Final = 10.0
"""How long an answer may come after the deadline, in seconds."""
_TOKEN: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
"""A method, or the name of a field (RFC 9110, section 5.6.2); http.client lets others pass."""
_MADE_ANEW: Final = {"content-length", "host", "transfer-encoding", MARK.lower()}


@dataclass(frozen=True)
class Answer:
    """The guard's answer to a request. The exchange itself, the guard keeps."""

    status: int
    text: str
    location: str | None
    mark: str | None
    """The mark of an answer of the guard's own; None for a target's response."""


class Sender:
    """Sends requests by their bytes, without anything that an HTTP client adds of its own.

    `patience` is how long the guard may wait where the target asks for time, in seconds; `deadline` is when the run is
    to end, on the monotonic clock.
    """

    def __init__(self, door: Door, patience: float = 0.0, deadline: float = math.inf) -> None:
        self._timeout = TIMEOUT + patience
        self._deadline = deadline
        self._door = door
        self._lines = [_Line(door)]

    def __enter__(self) -> Self:
        """Gives itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes its connections."""
        for line in self._lines:
            line.close()

    def send(self, request: Request, exchange_id: str, timeout: float | None = None) -> Answer | None:
        """Sends a request; None if the guard did not answer in time (in seconds), or HTTP cannot carry the request.

        Its fields go out in their order, with the token in its place. A field whose value was masked is left out. The
        length of the body is told anew, for a recorded one may be that of other bytes.
        """
        return self.send_at_once([(request, exchange_id)], timeout)[0]

    def send_at_once(
        self, requests: Sequence[tuple[Request, str]], timeout: float | None = None
    ) -> list[Answer | None]:
        """Sends requests with their ids, each on a connection of its own, and only then reads the answers."""
        self._lines += (_Line(self._door) for _ in requests[len(self._lines) :])
        pairs = list(zip(self._lines, requests, strict=False))
        for line, (request, exchange_id) in pairs:
            line.write(request, exchange_id, self._patience(timeout))
        return [line.read() for line, _ in pairs]

    def _patience(self, timeout: float | None) -> float:
        """How long to wait for an answer, in seconds: no longer than the run lasts."""
        left = max(0.0, self._deadline - time.monotonic()) + _GRACE
        return min(left, self._timeout if timeout is None else timeout)


class _Line:
    """A connection to the guard, which carries one request at a time."""

    def __init__(self, door: Door) -> None:
        self._token = door.placeholder
        self._credentials = door.credentials
        self._netloc = urlsplit(door.url).netloc
        self._connection = http.client.HTTPConnection(self._netloc)
        self._is_waiting = False
        """True if a request is written whose answer is still to be read."""

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _renew(self) -> None:
        """Closes the connection and begins another one: http.client keeps parts of what it could not send."""
        self.close()
        self._connection = http.client.HTTPConnection(self._netloc)

    def write(self, request: Request, exchange_id: str, timeout: float) -> None:
        """Writes a request, if HTTP can carry it."""
        self._connection.timeout = timeout
        if self._connection.sock:
            self._connection.sock.settimeout(timeout)
        try:
            self._put(request, exchange_id)
            self._is_waiting = True
        except (OSError, http.client.HTTPException, ValueError):
            self._renew()

    def read(self) -> Answer | None:
        """The answer to the request that was written; None if there is none."""
        if self._is_waiting:
            self._is_waiting = False
            with suppress(OSError, http.client.HTTPException, ValueError):
                return _read(self._connection.getresponse())
            self._renew()  # the answer may still come
        return None

    def _put(self, request: Request, exchange_id: str) -> None:
        request = self._credentials.fill_in(request, self._token)
        if not all(map(_TOKEN.fullmatch, (request.method, *(name for name, _ in request.headers)))):
            raise ValueError("HTTP cannot carry it")
        self._connection.putrequest(request.method, request.target or "/", skip_accept_encoding=True)
        for name, value in (*_fields(request), (MARK, self._token), (EXCHANGE_ID, exchange_id)):
            self._connection.putheader(name, value.strip(" \t").encode("latin-1", "replace"))
        if request.is_chunked:
            self._connection.putheader("Transfer-Encoding", "chunked")
        elif request.body:
            self._connection.putheader("Content-Length", str(len(request.body)))
        self._connection.endheaders(request.body or None, encode_chunked=request.is_chunked)


def _fields(request: Request) -> list[Field]:
    return [field for field in request.headers.without(_MADE_ANEW) if field[1] != MASKED]


def _read(response: http.client.HTTPResponse) -> Answer:
    text = response.read().decode(errors="replace")
    return Answer(response.status, text, response.headers["Location"], response.headers[MARK])
