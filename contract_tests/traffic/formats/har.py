"""HAR, 1.1 and 1.2, as browsers, proxies and gateways write it.

Parts that they leave out are not judged. Fields that they add (with `_`) are passed over, but for those that tell of a
browser which answered by itself, and Playwright's `_file`, which names a file with the body.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

import ijson
import msgspec

from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.traffic.codings import bytes_of_text, decode_base64, undo_coding, without_chunks
from contract_tests.traffic.entry import Entry, RecordedResponse, has_no_content, is_final
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.json_items import TOLD, TOO_DEEP, read_items
from contract_tests.traffic.formats.lenient_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.traffic.formats.format import Content

    Attachments = Callable[[str], bytes | None]

_MAX_WHOLE: Final = 256 * 2**20
"""The longest file that is read whole, in bytes, where the streaming reader does not take it."""
REMEMBERED: Final = 1024
"""How many lists of header fields are remembered by their texts."""
_DIGITS: Final = re.compile(r"\d{1,18}", re.ASCII)
_OF_TEXT: Final = {"", "text", "plain", "utf-8", "utf8", "ascii", "us-ascii"}
"""The encodings of bodies that stand there as they are."""
_FORM: Final = "application/x-www-form-urlencoded"
"""The media type of forms whose bytes follow from their fields."""
WITHOUT_BODY: Final = {"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"}
"""The methods whose requests mostly have no body. A recorder that names none has left out none."""


class NameValue(msgspec.Struct, frozen=True):
    """A header field, or a field of a form."""

    name: str
    value: str | None = None


HarFields = list[NameValue] | None
"""A list of header fields."""
_decode_fields: Final = msgspec.json.Decoder(HarFields, strict=False).decode
_ABSENT: Any = None
_H = TypeVar("_H", HarFields, msgspec.Raw)


class HarBody(msgspec.Struct, frozen=True):
    """A body: of a request as `postData`, of a response as `content`."""

    media_type: str | None = msgspec.field(default=None, name="mimeType")
    text: str | None = None
    encoding: str | None = None
    params: list[NameValue] | None = None
    size: Any = None
    compression: Any = None
    file: str | None = msgspec.field(default=None, name="_file")
    comment: Any = None

    def decode(self, attachments: Attachments) -> bytes | None:
        """Its bytes; None if they are not recorded, or were no text and were recorded as one."""
        if self.text is not None and self.encoding is self.file is self.comment is None:
            return bytes_of_text(self.text)  # as most are
        if self.file is not None:
            return attachments(self.file)
        if self.comment and "truncated" in str(self.comment).lower():
            return None
        if self.text is None:
            is_form = (self.media_type or "").partition(";")[0].strip().lower() == _FORM
            pairs = [(field.name, field.value or "") for field in self.params or ()]
            return urlencode(pairs).encode() if is_form else None
        return read_text(self.text, self.encoding)


class HarRequest(msgspec.Struct, Generic[_H], frozen=True):
    """A request."""

    method: str
    url: str
    headers: _H = _ABSENT
    body: HarBody | None = msgspec.field(default=None, name="postData")
    body_size: Any = msgspec.field(default=None, name="bodySize")

    def whole_body(self, head: _Head, attachments: Attachments) -> bytes | None:
        """The bytes of the body; None if they are not recorded, or not all."""
        recorded = self.body
        body = None if recorded is None else recorded.decode(attachments)
        if body and recorded is not None and len(body) == self.body_size and recorded.size is None and head.is_bare:
            return body  # as most are: this is told at once
        size = _largest(head.fields.content_length, self.body_size, recorded.size if recorded else None)
        if not body:
            return b"" if self._is_said_to_be_empty(size, head.fields) else None
        return None if len(body) < size or head.fields.content_coding else without_chunks(body, head.fields)

    def _is_said_to_be_empty(self, size: int, headers: Headers) -> bool:
        """True if there was no body. Browsers say 0 of those too that they cannot look into."""
        if self.body or size > 0 or headers.content_length == 0:
            return size == 0
        is_sent = headers.first(CONTENT_TYPE) or headers.first("Transfer-Encoding")
        return self.method.upper() in WITHOUT_BODY or (size == 0 and not is_sent)


class HarResponse(msgspec.Struct, Generic[_H], frozen=True):
    """A response; its body as it was before it was compressed."""

    status: int | None = None
    status_text: str | None = msgspec.field(default=None, name="statusText")
    headers: _H = _ABSENT
    body: HarBody | None = msgspec.field(default=None, name="content")
    body_size: Any = msgspec.field(default=None, name="bodySize")
    sent_size: Any = msgspec.field(default=None, name="_transferSize")

    def is_the_servers(self) -> bool:
        """Tells whether the server gave it: browsers make redirects of their own, and proxies errors."""
        return is_final(self.status or 0) and not (self.status_text and _is_made_up(self.status_text))

    def whole_body(self, head: _Head, attachments: Attachments) -> bytes | None:
        """The bytes of the body; None if they are not recorded, or not all."""
        if has_no_content(self.status or 0):
            return b""
        recorded, headers = self.body, head.fields
        body = None if recorded is None else recorded.decode(attachments)
        if not body or recorded is None:
            return b"" if self._is_said_to_be_empty(headers) else None
        if len(body) == recorded.size and head.is_bare:
            return body  # as most are: this is told at once
        decoded = undo_coding(body, headers)
        if decoded is not body:
            return decoded
        # Some count what was sent, and say how much longer it is (or shorter, below 0) without its compression.
        length = 0 if headers.content_coding else headers.content_length or 0
        size = _size(recorded.size) or 0
        sizes = {size, size + (_difference(recorded.compression) or 0), length}
        return None if len(body) < max(sizes) and len(body) not in sizes - {0} else body

    def _is_said_to_be_empty(self, headers: Headers) -> bool:
        """True if there was no body. Of one that was lost, some tools write no text, and 0 as its size."""
        length, size = headers.content_length, _size(self.body_size)
        is_unknown = self.body_size is not None and size is None
        is_told = self.body is not None and not is_unknown and self.sent_size != 0
        is_told = is_told and (size == 0 or (self.body is not None and self.body.text == ""))
        return not any((length, size, _size(self.body.size) if self.body else None)) and (is_told or length == 0)


class HarEntry(msgspec.Struct, Generic[_H], frozen=True):
    """An entry. Its header fields may be left unread."""

    request: HarRequest[_H]
    response: HarResponse[_H] | None = None
    is_from_cache: Any = msgspec.field(default=None, name="_fromCache")
    is_from_worker: Any = msgspec.field(default=None, name="_fetchedViaServiceWorker")
    is_from_test: Any = msgspec.field(default=None, name="_wasFulfilled")

    def entry(self, attachments: Attachments) -> Entry:
        """The exchange that it records."""
        request, response = self.request, self.response
        head = _head_of(request.headers, request.body)
        is_local = self.is_from_cache or self.is_from_worker or self.is_from_test
        answer = None if response is None or is_local else _answer(response, attachments)
        return Entry(request.method, request.url, head.typed, request.whole_body(head, attachments), answer)


def _answer(response: HarResponse[_H], attachments: Attachments) -> RecordedResponse | None:
    head = _head_of(response.headers, response.body)
    if head.is_the_browsers or not response.is_the_servers():
        return None
    return RecordedResponse(response.status or 0, head.typed, response.whole_body(head, attachments))


@lru_cache(REMEMBERED)
def _is_made_up(status_text: str) -> bool:
    """Tells whether a status is that of a browser's redirect, or of a proxy's error."""
    text = status_text.lower()
    return text == "internal redirect" or text.startswith("fiddler - ")


class _Head(NamedTuple):
    """The header fields of a message, and all that is read of them for each."""

    fields: Headers
    """They are without HTTP/2's own, which begin with a colon."""
    typed: Headers | None
    """The fields with the media type that is told of the body; None if there are none."""
    is_the_browsers: bool
    """True if a browser says by them that it made the response."""
    is_bare: bool
    """True if they name neither a length nor a coding."""


def _head_of(headers: HarFields | msgspec.Raw, body: HarBody | None) -> _Head:
    """The header fields by their list, or by its text."""
    media_type = body.media_type if body else None
    return _read_head(bytes(headers), media_type) if isinstance(headers, msgspec.Raw) else _head(headers, media_type)


@lru_cache(REMEMBERED)
def _read_head(content: bytes, media_type: str | None) -> _Head:
    """Header fields by their JSON text. Raises ValidationError if they are none."""
    return _head(_decode_fields(content), media_type)


def _head(headers: HarFields, media_type: str | None) -> _Head:
    fields = _fields(headers)
    is_the_browsers = fields.first("Non-Authoritative-Reason") is not None
    is_bare = not any(map(fields.all, ("Content-Length", "Content-Encoding", "Transfer-Encoding")))
    return _Head(fields, _with_media_type(fields, media_type), is_the_browsers, is_bare)


def _fields(headers: HarFields) -> Headers:
    """Header fields without HTTP/2's own. Browsers list some twice, and so each media type is taken once."""
    fields = Headers((field.name, field.value or "") for field in headers or () if field.name[:1] != ":")
    types = fields.all(CONTENT_TYPE)
    if len(types) < 2 and "" not in types:  # noqa: PLR2004 - as in most
        return fields
    return Headers((*fields.without([CONTENT_TYPE]), *((CONTENT_TYPE, each) for each in dict.fromkeys(types) if each)))


def _with_media_type(headers: Headers, media_type: str | None) -> Headers | None:
    """The header fields, the media type among them as far as it is known; None if nothing is."""
    if media_type and media_type != "x-unknown" and headers.first(CONTENT_TYPE) is None:
        return Headers([*headers, (CONTENT_TYPE, media_type)])
    return headers or None


def body_or_none(content: bytes | None, headers: Headers | None, method: str) -> bytes | None:
    """A request's body that was recorded, or the empty one where none is said to have been sent."""
    length = headers.content_length if headers else None
    has_none = length == 0 or (method.upper() in WITHOUT_BODY and not length)
    return b"" if content is None and has_none else undo_coding(content, headers)


def read_text(text: str, encoding: str | None) -> bytes | None:
    """The bytes of a body that was recorded as a text; None if they are lost, or its encoding is not known."""
    name = (encoding or "").lower()
    if name == "base64":
        return decode_base64(text)
    return bytes_of_text(text) if name in _OF_TEXT else None


def _size(value: object) -> int | None:
    """A number of bytes; None for what stands for an unknown one."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    return int(value) if isinstance(value, (int, float)) and 0 <= value < math.inf else None


def _largest(*sizes: object) -> int:
    """The largest number of bytes that is known; -1 if none is."""
    return max([size for size in map(_size, sizes) if size is not None], default=-1)


def _difference(value: object) -> int | None:
    """A number of bytes more or less; None for what stands for an unknown one."""
    return int(value) if isinstance(value, (int, float)) and -math.inf < value < math.inf else None


def read_har(content: Content) -> Iterator[Entry | FormatError]:
    """Reads a HAR file, one entry at a time."""
    values = _stream_values(content)
    return (_read_value(value, content, index) for index, value in enumerate(values))


def _stream_values(content: Content) -> Iterator[object]:
    """The values in `log.entries`, and an error in place of what is no JSON."""
    count = 0
    with content.open() as stream:
        try:
            for value in read_items(stream, "log", "entries"):
                yield value
                count += 1
        except ijson.JSONError as error:
            broken = str(error).partition("\n")[0]
        else:
            if count:
                return
            broken = ""  # perhaps it is another document
    yield from _read_whole(content, count, broken)


def _read_whole(content: Content, passed: int, broken: str) -> Iterator[object]:
    """The values after the first ones, by a reader that takes NaN and numbers beyond all bounds, but no large file."""
    with content.open() as stream:
        text = stream.read(_MAX_WHOLE + 1)
    try:
        entries = loads(text)["log"]["entries"][passed:] if len(text) <= _MAX_WHOLE else [_no_json(broken)]
        yield from entries
    except (LookupError, TypeError):
        yield FormatError("it has no log.entries")
    except ValueError as error:
        yield _no_json(str(error))


def _no_json(problem: str) -> FormatError:
    return FormatError(f"it is no JSON: {problem}")


def _read_value(value: object, content: Content, index: int) -> Entry | FormatError:
    if isinstance(value, FormatError):
        return value
    if value is TOO_DEEP:
        return FormatError(f"log.entries[{index}]: {TOLD}")
    try:
        return msgspec.convert(value, HarEntry[HarFields], strict=False).entry(content.attachment)
    except msgspec.ValidationError as error:
        return FormatError(describe(error, f"log.entries[{index}]"))


def describe(error: msgspec.ValidationError, place: str) -> str:
    """An error of an entry, with its place: `log.entries[3].request: Object missing required field `url``."""
    problem, _, inner = str(error).partition(" - at `$")
    return f"{place}{inner.removesuffix('`')}: {problem}"
