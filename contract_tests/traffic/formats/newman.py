"""JSON reports of newman, which runs collections of Postman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import ijson
import msgspec

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.entry import Entry, response_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.har import describe
from contract_tests.traffic.formats.json_items import TOLD, TOO_DEEP, read_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.traffic.formats.format import Content


class _Pair(msgspec.Struct, frozen=True):
    key: str | None = None
    value: str | None = None
    disabled: bool = False


class _Url(msgspec.Struct, frozen=True):
    protocol: str | None = None
    host: list[str] | None = None
    port: str | None = None
    path: list[str] | None = None
    query: list[_Pair] | None = None

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        path = "/".join(["", *(self.path or ())])
        query = urlencode(_pairs(self.query), quote_via=quote)
        return f"{self.protocol or 'http'}://{'.'.join(self.host or ())}{port}{path}{'?' if query else ''}{query}"


class _Body(msgspec.Struct, frozen=True):
    mode: str | None = None
    raw: str | None = None
    urlencoded: list[_Pair] | None = None

    @property
    def content(self) -> bytes | None:
        match self.mode:
            case "raw":
                return None if self.raw is None else self.raw.encode(errors="replace")
            case "urlencoded":
                return urlencode(_pairs(self.urlencoded)).encode()
            case _:
                return None


class _Request(msgspec.Struct, frozen=True):
    method: str
    url: _Url | str
    header: list[_Pair] | None = None
    body: _Body | None = None


class _Stream(msgspec.Struct, frozen=True):
    data: list[int] | None = None


class _Response(msgspec.Struct, frozen=True):
    code: int
    header: list[_Pair] | None = None
    stream: _Stream | None = None
    size: Any = msgspec.field(default=None, name="responseSize")

    @property
    def content(self) -> bytes | None:
        """The bytes of the body. Raises ValueError if one is no byte."""
        data = self.stream.data if self.stream else None
        return None if data is None or (not data and self.size) else bytes(data)


class _Execution(msgspec.Struct, frozen=True):
    request: _Request
    response: _Response | None = None

    def entry(self) -> Entry:
        sent, received = self.request, self.response
        body = sent.body.content if sent.body and sent.body.mode else b""
        response = response_of(received.code, _fields(received.header), received.content) if received else None
        return Entry(sent.method, str(sent.url), _fields(sent.header), body, response)


def read_newman(content: Content) -> Iterator[Entry | FormatError]:
    """Reads the executions of a report."""
    with content.open() as stream:
        try:
            for index, value in enumerate(read_items(stream, "run", "executions")):
                yield _read(value, index)
        except ijson.JSONError as error:
            yield FormatError(f"it is no JSON: {str(error).partition(chr(10))[0]}")


def _read(value: Any, index: int) -> Entry | FormatError:  # noqa: ANN401 - JSON of any shape
    if value is TOO_DEEP:
        return FormatError(f"run.executions[{index}]: {TOLD}")
    try:
        return msgspec.convert(value, _Execution, strict=False).entry()
    except msgspec.ValidationError as error:
        return FormatError(describe(error, f"run.executions[{index}]"))
    except ValueError as error:  # a byte beyond 255
        return FormatError(f"run.executions[{index}]: {error}")


def _pairs(pairs: list[_Pair] | None) -> list[tuple[str, str]]:
    return [(pair.key or "", pair.value or "") for pair in pairs or () if not pair.disabled]


def _fields(header: list[_Pair] | None) -> Headers | None:
    return None if header is None else Headers(_pairs(header))
