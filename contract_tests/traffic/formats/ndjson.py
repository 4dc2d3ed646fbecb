"""NDJSON: an exchange on each line, as an entry of HAR, or as `{"request": …, "response": …}` (exchange.schema.json).

The second form is what this project's own client and proxy write.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import msgspec

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import bytes_of_text, undo_coding
from contract_tests.traffic.entry import Entry, RecordedResponse, response_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.har import REMEMBERED, HarEntry, HarFields, describe, read_text
from contract_tests.traffic.formats.lenient_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.traffic.formats.format import Content
    from spec.json_value import Json

_Unread = TypeVar("_Unread", bound=msgspec.Struct)
_Whole = TypeVar("_Whole", bound=msgspec.Struct)
Fields = dict[str, str | list[str]] | None
"""Header fields, by their names."""
_decode_fields: Final = msgspec.json.Decoder(Fields, strict=False).decode
_ABSENT: Any = None
_H = TypeVar("_H", Fields, msgspec.Raw)


class Message(msgspec.Struct, Generic[_H], frozen=True, kw_only=True):
    """The parts of requests and responses alike. An absent one was not recorded. Header fields may be left unread."""

    headers: _H = _ABSENT
    body: str | None = None
    encoding: str | None = None
    """`base64` where `body` is not the text itself."""

    @property
    def fields(self) -> Headers | None:
        """The header fields."""
        headers: Fields | msgspec.Raw = self.headers
        return _read_fields(bytes(headers)) if isinstance(headers, msgspec.Raw) else fields_of(headers)

    @property
    def content(self) -> bytes | None:
        """The bytes of the body as they passed over the wire; None if they are not recorded."""
        return None if self.body is None else read_text(self.body, self.encoding)


class SentMessage(Message[_H], Generic[_H], frozen=True, kw_only=True):
    """A request."""

    method: str
    url: str


class ReceivedMessage(Message[_H], Generic[_H], frozen=True, kw_only=True):
    """A response."""

    status: int


class Line(msgspec.Struct, Generic[_H], frozen=True):
    """An exchange."""

    request: SentMessage[_H]
    response: ReceivedMessage[_H] | None = None

    def entry(self) -> Entry:
        """The exchange that it records."""
        sent, received = self.request, self.response
        headers = sent.fields
        response = response_of(received.status, received.fields, received.content) if received else None
        return Entry(sent.method, sent.url, headers, undo_coding(sent.content, headers), response)


@lru_cache(REMEMBERED)
def _read_fields(content: bytes) -> Headers | None:
    """Header fields by their JSON text. Raises ValidationError if they are none."""
    return fields_of(_decode_fields(content))


def fields_of(fields: Fields) -> Headers | None:
    """Header fields by their names; None if there are none, for no message is without any."""
    return Headers((name, value) for name, values in (fields or {}).items() for value in _listed(values)) or None


def _listed(values: str | list[str]) -> list[str]:
    return values if isinstance(values, list) else [values]


def read_har_lines(content: Content) -> Iterator[Entry | FormatError | None]:
    """Reads an entry of HAR on each line; None of a blank one."""

    def entry_of(line: HarEntry[msgspec.Raw] | HarEntry[HarFields]) -> Entry:
        return line.entry(content.attachment)

    return _read(content, HarEntry[msgspec.Raw], HarEntry[HarFields], entry_of)


def read_ndjson(content: Content) -> Iterator[Entry | FormatError | None]:
    """Reads `{"request": …, "response": …}` on each line; None of a blank one."""

    def entry_of(line: Line[msgspec.Raw] | Line[Fields]) -> Entry:
        return line.entry()

    return _read(content, Line[msgspec.Raw], Line[Fields], entry_of)


def _read(
    content: Content, unread: type[_Unread], whole: type[_Whole], entry_of: Callable[[_Unread | _Whole], Entry]
) -> Iterator[Entry | FormatError | None]:
    """Reads lines, each as a value that leaves header fields unread, for most of them are known. Else, as a whole."""
    decode: Final = msgspec.json.Decoder(unread, strict=False).decode
    with content.open() as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield entry_of(decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield None if line.isspace() else _read_whole(line, whole, entry_of, number)
            except RecursionError:
                yield FormatError(f"line {number}: it is nested too deep")
            except ValueError as error:
                yield _no_json(error, number)


def _read_whole(
    line: bytes, kind: type[_Whole], entry_of: Callable[[_Whole], Entry], number: int
) -> Entry | FormatError:
    """The entry of a line that the fast reader does not take, or the error of it."""
    try:
        return entry_of(msgspec.convert(loads(line), kind, strict=False))
    except msgspec.ValidationError as error:
        return FormatError(describe(error, f"line {number}: "))
    except RecursionError:
        return FormatError(f"line {number}: it is nested too deep")
    except ValueError as error:
        return _no_json(error, number)


def _no_json(error: ValueError, number: int) -> FormatError:
    return FormatError(f"line {number}: it is no JSON: {error}")


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
    text = body.decode(errors="replace") if body is not None else None
    if body is None or bytes_of_text(text or "") == body:
        return {} if text is None else {"body": text}
    return {"body": base64.b64encode(body).decode(), "encoding": "base64"}
