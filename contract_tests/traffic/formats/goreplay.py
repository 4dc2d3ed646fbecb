"""Captures of GoReplay: messages as they passed over the wire, requests and responses apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h11

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import undo_coding
from contract_tests.traffic.entry import Entry, response_of
from contract_tests.traffic.formats.format import FormatError, without_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from contract_tests.traffic.formats.format import Content

_SEPARATOR: Final = "\n🐵🙈🙉\n".encode()
_CHUNK: Final = 2**20
_MAX_WAITING: Final = 10_000
"""How many requests wait for their responses at a time. The oldest ones are given without."""
_REQUEST: Final = b"1"


def read_goreplay(content: Content) -> Iterator[Entry | FormatError]:
    """Reads the requests of a capture, each with the response of the server that it was captured at."""
    waiting: dict[bytes, bytes] = {}
    with content.open() as stream:
        for head, message in _messages(stream):
            kind, _, rest = head.partition(b" ")
            name = rest.partition(b" ")[0]
            if kind == _REQUEST:
                waiting[name] = message
            elif name in waiting:
                yield _entry(waiting.pop(name), message)
            if len(waiting) > _MAX_WAITING:
                yield _entry(waiting.pop(next(iter(waiting))), None)
    yield from (_entry(message, None) for message in waiting.values())


def _messages(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The messages, each with the line of GoReplay's own above it."""
    rest = bytearray()
    while chunk := stream.read(_CHUNK):
        begin = max(0, len(rest) - len(_SEPARATOR))  # before it, no separator ends: it was looked for
        rest += chunk
        if rest.find(_SEPARATOR, begin) >= 0:
            *whole, last = bytes(rest).split(_SEPARATOR)
            yield from map(_cut, whole)
            rest = bytearray(last)
    if rest.strip():
        yield _cut(bytes(rest))


def _cut(payload: bytes) -> tuple[bytes, bytes]:
    head, _, message = payload.partition(b"\n")
    return head, message


def _entry(sent: bytes, received: bytes | None) -> Entry | FormatError:
    try:
        request, body = _parse(h11.Connection(h11.SERVER), sent)
        if not isinstance(request, h11.Request):
            return FormatError("a request has no request line")
        headers = _fields(request)
        target = request.target.decode("latin-1")
        url = f"http://{headers.first('Host') or ''}{target}" if target.startswith("/") else target
        response = None
        if received is not None:
            client = h11.Connection(h11.CLIENT)
            client.send(h11.Request(method=request.method, target="/", headers=[("Host", "h")]))
            answer, content = _parse(client, received)
            if isinstance(answer, h11.Response):
                response = response_of(answer.status_code, _fields(answer), content)
        return Entry(request.method.decode(), url, headers, undo_coding(body, headers), response)
    except h11.ProtocolError as error:
        return FormatError(f"a message is not HTTP: {without_quotes(str(error))}")


def _parse(connection: h11.Connection, message: bytes) -> tuple[h11.Request | h11.Response | None, bytes | None]:
    """The head and the body of a message; None for a body that breaks off. Raises ProtocolError for a bad head."""
    connection.receive_data(message)
    connection.receive_data(b"")
    head: h11.Request | h11.Response | None = None
    body: list[bytes] = []
    try:
        while not isinstance(event := connection.next_event(), h11.EndOfMessage | h11.ConnectionClosed):
            if isinstance(event, h11.Data):
                body.append(bytes(event.data))
            elif isinstance(event, h11.Request | h11.Response):
                head = event
    except h11.RemoteProtocolError:
        if head is None:
            raise
        return head, None
    is_whole = not connection.trailing_data[0]  # else something follows whose length nothing tells
    return head, b"".join(body) if is_whole else None


def _fields(message: h11.Request | h11.Response) -> Headers:
    return Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in message.headers.raw_items())
