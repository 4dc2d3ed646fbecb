"""Reads recorded traffic: HAR files, 1.1 and 1.2, as browsers, proxies and gateways write them.

Parts that they leave out are not judged. Fields that they add (with `_`) are passed over, but for those that tell of a
browser which answered by itself. An entry must have a request with its method and URL.
"""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from contract_tests.exchange.headers import Headers

if TYPE_CHECKING:
    from pathlib import Path


_BOM: Final = b"\xef\xbb\xbf"
_REPLACEMENT: Final = "\ufffd"
"""Stands in recordings in place of bytes that are no UTF-8."""
_FORM: Final = "application/x-www-form-urlencoded"
"""The media type of forms whose bytes follow from their fields."""
_WITHOUT_BODY: Final = {"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"}
"""The methods whose requests mostly have no body. A recorder that names none has left out none."""
_WITHOUT_CONTENT: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT}
_GZIP_OR_ZLIB: Final = 47
"""zlib's number for either, told by the first bytes."""
_MAX_BODY: Final = 16 * 2**20
"""The longest body that is decompressed, in bytes."""


class HarError(Exception):
    """A recording cannot be read. `str()` names the file and the place."""


def _size(value: object) -> int | None:
    """A number of bytes; None for what stands for an unknown one."""
    return int(value) if isinstance(value, int | float) and 0 <= value < math.inf else None


def _difference(value: object) -> int | None:
    """A number of bytes more or less; None for what stands for an unknown one."""
    return int(value) if isinstance(value, int | float) and -math.inf < value < math.inf else None


def _listed(value: object) -> object:
    return [] if value is None else value


Size = Annotated[int | None, BeforeValidator(_size)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class NameValue(_Part):
    """A header field, or a field of a form."""

    name: str
    value: str | None = None


NameValues = Annotated[list[NameValue], BeforeValidator(_listed)]


class RecordedBody(_Part):
    """A body as it is recorded: of a request as `postData`, of a response as `content`."""

    media_type: str | None = Field(default=None, alias="mimeType")
    text: str | None = None
    encoding: str | None = None
    params: NameValues = []
    size: Size = None
    compression: Annotated[int | None, BeforeValidator(_difference)] = None

    def decode(self) -> bytes | None:
        """Its bytes; None if they are not recorded, or were no text and were recorded as one."""
        if self.text is None:
            is_form = (self.media_type or "").partition(";")[0].strip().lower() == _FORM
            return urlencode([(field.name, field.value or "") for field in self.params]).encode() if is_form else None
        if (self.encoding or "").lower() != "base64":
            return None if _REPLACEMENT in self.text else self.text.encode()
        try:
            return base64.b64decode(self.text, validate=True)
        except ValueError:  # binascii.Error is one, and so is what is said of text beyond ASCII
            return None


class RecordedRequest(_Part):
    """A request as it was recorded."""

    method: str
    url: str
    headers: NameValues = []
    body: RecordedBody | None = Field(default=None, alias="postData")
    body_size: Size = Field(default=None, alias="bodySize")

    def whole_body(self) -> bytes | None:
        """The bytes of the body; None if they are not recorded, or not all."""
        headers = fields_of(self.headers)
        sizes = [_content_length(headers), self.body_size, self.body.size if self.body else None]
        size = max((size for size in sizes if size is not None), default=None)
        body = self.body.decode() if self.body else None
        if not body:
            has_none = size == 0 or (size is None and self.method.upper() in _WITHOUT_BODY and not self.body)
            return b"" if has_none else None
        return None if len(body) < (size or 0) or _coding(headers) else body


class RecordedResponse(_Part):
    """A response as it was recorded; its body as it was before it was compressed."""

    status: int = 0
    status_text: str | None = Field(default=None, alias="statusText")
    headers: NameValues = []
    body: RecordedBody | None = Field(default=None, alias="content")
    body_size: Size = Field(default=None, alias="bodySize")

    @property
    def is_the_servers(self) -> bool:
        """True if the server gave it: no status says that none came, and browsers make redirects of their own."""
        is_final = self.status >= HTTPStatus.OK and self.status != HTTPStatus.NOT_MODIFIED
        is_internal = (self.status_text or "").lower() == "internal redirect"
        return is_final and not is_internal and fields_of(self.headers).first("Non-Authoritative-Reason") is None

    def whole_body(self) -> bytes | None:
        """The bytes of the body; None if they are not recorded, or not all."""
        if self.status in _WITHOUT_CONTENT:
            return b""
        body = self.body.decode() if self.body else None
        if not self.body or not body:
            return b"" if self._is_said_to_be_empty else None
        coding = _coding(fields_of(self.headers))
        if coding and _is_binary(body):
            return _decompress(body)
        # Some count what was sent, and say how much longer it is (or shorter, below 0) without its compression.
        length = 0 if coding else _content_length(fields_of(self.headers)) or 0
        sizes = {self.body.size or 0, (self.body.size or 0) + (self.body.compression or 0), length}
        return None if len(body) < max(sizes) and len(body) not in sizes - {0} else body

    @property
    def _is_said_to_be_empty(self) -> bool:
        """True if there was no body. Of one that was lost, some tools write no text, and 0 as its size."""
        sizes = {_content_length(fields_of(self.headers)), self.body_size, self.body.size if self.body else None}
        is_told = self.body is not None and (self.body.text == "" or self.body_size == 0)
        return not any(sizes) and (is_told or _content_length(fields_of(self.headers)) == 0)


class Entry(_Part):
    """An exchange as it was recorded."""

    request: RecordedRequest
    response: RecordedResponse | None = None
    is_from_cache: Any = Field(default=None, alias="_fromCache")
    is_from_worker: Any = Field(default=None, alias="_fetchedViaServiceWorker")

    @property
    def answer(self) -> RecordedResponse | None:
        """The server's response; None if none came, or the browser answered by itself."""
        is_local = self.is_from_cache or self.is_from_worker
        return self.response if self.response and self.response.is_the_servers and not is_local else None


class _Log(_Part):
    entries: list[Any]


class _Har(_Part):
    log: _Log


def read_har(path: Path) -> list[Entry | None]:
    """The exchanges of a HAR file, in its order. None stands for an entry that is none.

    Raises:
        HarError: the file cannot be read, or is no HAR file. A file in which no entry is one is none either.
    """
    try:
        content = path.read_bytes().removeprefix(_BOM)
    except OSError as error:
        raise HarError(f"--recording {path} cannot be read: {error.strerror}") from error
    try:
        entries = _Har.model_validate_json(_without_half_pairs(content)).log.entries
    except ValidationError as error:
        raise _no_har(path, error) from error
    read = [_read_entry(entry) for entry in entries]
    errors = [each for each in read if isinstance(each, ValidationError)]
    if errors and len(errors) == len(read):
        raise _no_har(path, errors[0], "log.entries[0].")
    return [each if isinstance(each, Entry) else None for each in read]


def _read_entry(value: object) -> Entry | ValidationError:
    try:
        return Entry.model_validate(value)
    except ValidationError as error:
        return error


def _no_har(path: Path, error: ValidationError, place: str = "") -> HarError:
    problem = error.errors(include_url=False, include_input=False)[0]
    return HarError(f"--recording {path} is no HAR file: {place}{_place(problem['loc'])}: {problem['msg']}")


def fields_of(headers: list[NameValue]) -> Headers:
    """Header fields, without HTTP/2's own, which begin with a colon."""
    return Headers((field.name, field.value or "") for field in headers if not field.name.startswith(":"))


def _without_half_pairs(content: bytes) -> bytes:
    r"""The JSON text with U+FFFD for each half of a surrogate pair (`\ud800`), which no UTF-8 can hold."""
    if b"\\ud" not in content and b"\\uD" not in content:
        return content
    try:
        text = json.dumps(json.loads(content), ensure_ascii=False)
    except (ValueError, RecursionError):
        return content  # what is wrong with it is told better by the reader
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _place(path: tuple[int | str, ...]) -> str:
    """Where something stands, as `log.entries[3].request`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "the file"


def _coding(headers: Headers) -> str:
    """The content coding with which a body was sent; empty if it was sent as it is."""
    return ",".join(value for value in headers.all("Content-Encoding") if value.lower() != "identity")


def _is_binary(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return False


def _decompress(body: bytes) -> bytes | None:
    """The body without its gzip or deflate; None if it has another coding, breaks off, or is too long."""
    decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        decoded = decoder.decompress(body, _MAX_BODY)
    except zlib.error:
        return None
    return decoded if decoder.eof else None


def _content_length(headers: Headers) -> int | None:
    length = headers.first("Content-Length") or ""
    # A longer number is that of no body, and Python refuses to read one of thousands of digits.
    return int(length) if re.fullmatch(r"\d{1,18}", length, re.ASCII) else None
