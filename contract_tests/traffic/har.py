"""Reads recorded traffic: HAR files, 1.1 and 1.2, as browsers, proxies and gateways write them.

What they leave out is left open, and what they add (fields with `_`) is passed over. Only what nothing could be said
without must be there: each entry's request with its method and URL.
"""

from __future__ import annotations

import base64
import json
import math
import re
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from contract_tests.exchange.headers import Headers

if TYPE_CHECKING:
    from pathlib import Path


_BOM: Final = b"\xef\xbb\xbf"
_REPLACEMENT: Final = "\ufffd"
"""Stands in recordings in place of bytes that are no UTF-8."""


class HarError(Exception):
    """A recording cannot be read. `str()` names the file and the place."""


def _size(value: object) -> int | None:
    """A number of bytes; None for what stands for an unknown one."""
    return int(value) if isinstance(value, int | float) and 0 <= value < math.inf else None


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


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
    compression: Annotated[float | None, AfterValidator(_finite)] = None

    def decode(self) -> bytes | None:
        """Its bytes; None if they are not recorded, or were no text and were recorded as one."""
        if self.text is None:
            return urlencode([(field.name, field.value or "") for field in self.params]).encode() or None
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
        size = _content_length(fields_of(self.headers)) or self.body_size or 0
        body = self.body.decode() if self.body else None
        is_encoded = _is_encoded(fields_of(self.headers))
        return None if len(body or b"") < size or is_encoded else body or b""


class RecordedResponse(_Part):
    """A response as it was recorded; its body as it was before it was compressed."""

    status: int = 0
    headers: NameValues = []
    body: RecordedBody | None = Field(default=None, alias="content")

    def whole_body(self) -> bytes | None:
        """The bytes of the body; None if they are not recorded, or not all."""
        if self.body is None:
            return None
        body = self.body.decode()
        if body is None:
            return b"" if self.body.size == 0 and not self._length else None
        # Some count what was sent, and say how much longer it is (or shorter, below 0) without its compression.
        sizes = {self.body.size or 0, (self.body.size or 0) + int(self.body.compression or 0), self._length}
        return None if len(body) < max(sizes) and len(body) not in sizes - {0} else body

    @property
    def _length(self) -> int:
        headers = fields_of(self.headers)
        return 0 if _is_encoded(headers) else _content_length(headers)


class Entry(_Part):
    """An exchange as it was recorded."""

    request: RecordedRequest
    response: RecordedResponse | None = None


class _Log(_Part):
    entries: list[Entry]


class _Har(_Part):
    log: _Log


def read_har(path: Path) -> list[Entry]:
    """The exchanges of a HAR file, in its order.

    Raises:
        HarError: the file cannot be read, or is no HAR file.
    """
    try:
        content = path.read_bytes().removeprefix(_BOM)
    except OSError as error:
        raise HarError(f"--recording {path} cannot be read: {error.strerror}") from error
    try:
        return _Har.model_validate_json(_without_half_pairs(content)).log.entries
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        raise HarError(f"--recording {path} is no HAR file: {_place(problem['loc'])}: {problem['msg']}") from error


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


def _is_encoded(headers: Headers) -> bool:
    """Tells whether the body was sent compressed."""
    return any(value.lower() != "identity" for value in headers.all("Content-Encoding"))


def _content_length(headers: Headers) -> int:
    length = headers.first("Content-Length") or ""
    # A longer number is that of no body, and Python refuses to read one of thousands of digits.
    return int(length) if re.fullmatch(r"\d{1,18}", length, re.ASCII) else 0
