"""NDJSON: an exchange on each line, as an entry of HAR, or as `{"request": …, "response": …}` (exchange.schema.json).

The second form is what this project's own client and proxy write.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import undo_coding
from contract_tests.traffic.entry import Entry, RecordedResponse, response_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.har import HarEntry, describe
from contract_tests.traffic.formats.lenient_json import BOM, loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.traffic.formats.format import Content
    from spec.json_value import Json

_T = TypeVar("_T", bound=msgspec.Struct)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of requests and responses alike. An absent one was not recorded."""

    headers: dict[str, str | list[str]] | None = None
    body: str | None = None
    encoding: str | None = None
    """`base64` where `body` is not the text itself."""

    @property
    def fields(self) -> Headers | None:
        """The header fields."""
        if self.headers is None:
            return None
        return Headers((name, value) for name, values in self.headers.items() for value in listed(values))

    @property
    def content(self) -> bytes | None:
        """The bytes of the body as they passed over the wire. Raises ValueError if they are no base64."""
        if self.body is None:
            return None
        return base64.b64decode(self.body, validate=True) if self.encoding == "base64" else self.body.encode()


class SentMessage(Message, frozen=True, kw_only=True):
    """A request."""

    method: str
    url: str


class ReceivedMessage(Message, frozen=True, kw_only=True):
    """A response."""

    status: int


class Line(msgspec.Struct, frozen=True):
    """An exchange."""

    request: SentMessage
    response: ReceivedMessage | None = None

    def entry(self) -> Entry:
        """The exchange that it records. Raises ValueError if a body is no base64."""
        sent, received = self.request, self.response
        headers = sent.fields
        response = response_of(received.status, received.fields, received.content) if received else None
        return Entry(sent.method, sent.url, headers, undo_coding(sent.content, headers), response)


def listed(values: str | list[str]) -> list[str]:
    """The values of a header field, of which there is one or more."""
    return values if isinstance(values, list) else [values]


def read_har_lines(content: Content) -> Iterator[Entry | FormatError | None]:
    """Reads an entry of HAR on each line; None of a blank one."""
    return _read(content, HarEntry, lambda line: line.entry(content.attachment))


def read_ndjson(content: Content) -> Iterator[Entry | FormatError | None]:
    """Reads `{"request": …, "response": …}` on each line; None of a blank one."""
    return _read(content, Line, Line.entry)


def _read(content: Content, kind: type[_T], entry_of: Callable[[_T], Entry]) -> Iterator[Entry | FormatError | None]:
    decoder: Final = msgspec.json.Decoder(kind, strict=False)
    with content.open() as stream:
        for number, line in enumerate(stream, 1):
            if line.isspace():
                yield None
                continue
            try:
                yield entry_of(_decode(line.removeprefix(BOM), decoder))
            except msgspec.ValidationError as error:
                yield FormatError(describe(error, f"line {number}: "))
            except ValueError as error:
                yield FormatError(f"line {number}: it is no JSON: {error}")


def _decode(line: bytes, decoder: msgspec.json.Decoder[_T]) -> _T:
    """A line's value. What the fast reader does not take is read by one that takes more."""
    try:
        return decoder.decode(line)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.convert(loads(line), decoder.type, strict=False)


def write_line(exchange: Exchange) -> bytes:
    """An exchange as a line that `read_ndjson` reads, with its line feed. Nothing of it is masked."""
    request, response = exchange.request, exchange.response
    received = RecordedResponse(response.status, response.headers, response.body) if response else None
    return write_entry(Entry(request.method, request.url, request.headers, request.body, received))


def write_entry(entry: Entry) -> bytes:
    """An entry as a line, as `write_line` makes it. What was not recorded is absent."""
    response = entry.response
    sent = {"method": entry.method, "url": entry.url} | _message(entry.headers, entry.body)
    received = {"status": response.status} | _message(response.headers, response.body) if response else None
    return msgspec.json.encode({"request": sent, "response": received}) + b"\n"


def _message(headers: Headers | None, body: bytes | None) -> dict[str, Json]:
    return _fields(headers) | _content(body)


def _fields(headers: Headers | None) -> dict[str, Json]:
    fields: dict[str, list[str]] = {}
    for name, value in headers or ():
        fields.setdefault(name, []).append(value)
    return {} if headers is None else {"headers": fields}


def _content(body: bytes | None) -> dict[str, Json]:
    try:
        return {} if body is None else {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body or b"").decode(), "encoding": "base64"}
