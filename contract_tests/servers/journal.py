"""The journal of the mock: the last requests that it got and webhooks that it sent, and all of them as JSON lines."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from contract_tests.servers.preferences import APPLIED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from contract_tests.servers.hiding import Hiding
    from contract_tests.servers.reasons import Reason

KEPT: Final = 1000
"""How many entries of each kind are kept. The file of the log has them all."""
LONGEST_BODY: Final = 64 * 1024
"""How much of a body is kept, in bytes."""
_INVALID: Final = {400, 422}
_APPLIED: Final = APPLIED.lower().encode()

Explain = Callable[["Scope", bytes], "tuple[Reason, ...]"]
"""Finds the reasons why a request is not valid."""


class Received(NamedTuple):
    """A request that the mock got, and the status of its answer."""

    at: str
    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int
    seconds: float
    query: str | None = None
    applied: str | None = None
    """The preferences that the answer honours."""
    reasons: tuple[Reason, ...] = ()
    """Why the request is not valid."""


class Sent(NamedTuple):
    """A webhook that the mock sent, or why it did not."""

    at: str
    event: str
    conversation: str
    """The id of the conversation."""
    method: str
    url: str
    status: int | None = None
    """The status of the receiver's answer."""
    problem: str | None = None
    """Why it was not sent, or was not answered."""


class Journal:
    """Keeps the last entries, and writes each to a log if there is one."""

    def __init__(self, log: TextIO | None = None) -> None:
        self.received: deque[Received] = deque(maxlen=KEPT)
        self.sent: deque[Sent] = deque(maxlen=KEPT)
        self._log = log

    def note(self, entry: Received | Sent) -> None:
        """Keeps and logs an entry."""
        if isinstance(entry, Received):
            self.received.append(entry)
        else:
            self.sent.append(entry)
        if self._log:
            self._log.write(json.dumps(as_json(entry)).replace("\x7f", r"\u007f") + "\n")
            self._log.flush()

    def clear(self) -> None:
        """Forgets all entries."""
        self.received.clear()
        self.sent.clear()


def as_json(entry: Received | Sent) -> dict[str, Any]:
    """An entry as JSON, without what it has nothing to say of."""
    told = {name: value for name, value in entry._asdict().items() if value is not None and value != ()}
    return {"kind": "request" if isinstance(entry, Received) else "webhook", **told}


def now_text() -> str:
    """The time, as date-times are spelled in JSON."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Journaling:
    """An application whose requests are noted in a journal."""

    app: ASGIApp
    journal: Journal
    explain: Explain
    hiding: Hiding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request, and notes it once its answer is on the way."""
        if scope["type"] != "http" or scope["path"].startswith("/_mock/"):
            await self.app(scope, receive, send)
            return
        under_way = _UnderWay(scope, receive, send)
        try:
            await self.app(scope, under_way.receive, under_way.send)
        finally:
            self.journal.note(under_way.entry(self.explain, self.hiding))


class _UnderWay:
    """A request that is being served."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._at, self._begun = now_text(), time.perf_counter()
        self._body, self._status = bytearray(), 0
        self._headers: Sequence[tuple[bytes, bytes]] = ()

    async def receive(self) -> Message:
        message = await self._receive()
        if len(self._body) <= LONGEST_BODY:
            self._body += message.get("body", b"")
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], message["headers"]
        await self._send(message)

    def entry(self, explain: Explain, hiding: Hiding) -> Received:
        body, query = bytes(self._body), self._scope["query_string"].decode("latin-1")
        return Received(
            at=self._at,
            method=self._scope["method"],
            path=self._scope["path"],
            headers=_shown(self._scope["headers"], hiding),
            query=hiding.of_query(query) or None,
            body=body[:LONGEST_BODY].decode("utf-8", "replace"),
            status=self._status,
            seconds=round(time.perf_counter() - self._begun, 6),
            applied=_applied(self._headers),
            reasons=explain(self._scope, body) if self._status in _INVALID else (),
        )


def _applied(headers: Sequence[tuple[bytes, bytes]]) -> str | None:
    """The preferences that an answer with these header fields honours."""
    return next((value.decode("latin-1") for name, value in headers if name.lower() == _APPLIED), None)


def _shown(headers: Sequence[tuple[bytes, bytes]], hiding: Hiding) -> dict[str, str]:
    """Header fields as they may be shown."""
    shown: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1")
        value = hiding.of_field(name, raw_value.decode("latin-1"))
        shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown
