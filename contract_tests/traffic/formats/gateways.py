"""Logs of gateways: Kong's http-log, and taps of Envoy with bodies. Each has one JSON object an exchange."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import ijson
import msgspec

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import bytes_of_text, decode_base64, undo_coding
from contract_tests.traffic.entry import Entry, RecordedResponse, response_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.har import body_or_none, describe
from contract_tests.traffic.formats.json_items import TOLD, TOO_DEEP, read_values
from contract_tests.traffic.formats.ndjson import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.traffic.formats.format import Content


_BY_KONG: Final = "X-Kong-Response-Latency"
"""The header field of responses that Kong gave itself."""
_STATUS: Final = re.compile(r"\d{3}", re.ASCII)


class _KongMessage(msgspec.Struct, frozen=True, kw_only=True):
    headers: dict[str, str | list[str]] | None = None
    body: str | None = None
    """Kong's own log has none. A plugin or a custom field may add it."""

    @property
    def fields(self) -> Headers | None:
        return fields_of(self.headers)

    @property
    def content(self) -> bytes | None:
        return None if self.body is None else bytes_of_text(self.body)


class _KongRequest(_KongMessage, frozen=True, kw_only=True):
    method: str
    url: str


class _KongResponse(_KongMessage, frozen=True, kw_only=True):
    status: int


class Kong(msgspec.Struct, frozen=True):
    """An entry of Kong's log."""

    request: _KongRequest
    response: _KongResponse | None = None

    def entry(self) -> Entry:
        """The exchange that it records."""
        sent, received = self.request, self.response
        is_kongs = received and received.fields and received.fields.first(_BY_KONG) is not None
        response = None
        if received and not is_kongs:
            response = response_of(received.status, received.fields, received.content)
        return Entry(sent.method, sent.url, sent.fields, body_or_none(sent.content, sent.fields, sent.method), response)


class _Field(msgspec.Struct, frozen=True):
    key: str
    value: str = ""


class _EnvoyBody(msgspec.Struct, frozen=True):
    truncated: bool = False
    as_bytes: str | None = None
    as_string: str | None = None

    @property
    def content(self) -> bytes | None:
        if self.truncated:
            return None
        if self.as_bytes is not None:
            return decode_base64(self.as_bytes)
        return None if self.as_string is None else bytes_of_text(self.as_string)


class _EnvoyMessage(msgspec.Struct, frozen=True):
    headers: list[_Field]
    body: _EnvoyBody | None = None

    @property
    def fields(self) -> Headers:
        return Headers((field.key, field.value) for field in self.headers if not field.key.startswith(":"))

    def own(self, name: str) -> str:
        """The value of a field of HTTP/2's own, such as `:path`; empty if it is absent."""
        return next((field.value for field in self.headers if field.key == name), "")


class _Trace(msgspec.Struct, frozen=True):
    request: _EnvoyMessage
    response: _EnvoyMessage | None = None


class Envoy(msgspec.Struct, frozen=True):
    """A buffered trace of Envoy."""

    http_buffered_trace: _Trace

    def entry(self) -> Entry:
        """The exchange that it records."""
        sent, received = self.http_buffered_trace.request, self.http_buffered_trace.response
        scheme = sent.own(":scheme") or sent.own("x-forwarded-proto") or "http"
        method, fields = sent.own(":method"), sent.fields
        content = sent.body.content if sent.body else None
        return Entry(
            method,
            f"{scheme}://{sent.own(':authority') or sent.own('host')}{sent.own(':path')}",
            fields,
            undo_coding(content, fields) if sent.body else body_or_none(None, fields, method),
            _envoy_response(received) if received else None,
        )


def _envoy_response(received: _EnvoyMessage) -> RecordedResponse | None:
    status, fields = received.own(":status"), received.fields
    content = received.body.content if received.body else body_or_none(None, fields, "")
    return response_of(int(status), fields, content) if _STATUS.fullmatch(status) else None


def read_kong(content: Content) -> Iterator[Entry | FormatError]:
    """Reads Kong's http-log, an entry on each line or anywhere."""
    return _read(content, Kong)


def read_envoy(content: Content) -> Iterator[Entry | FormatError]:
    """Reads traces of Envoy, one after the other."""
    return _read(content, Envoy)


def _read(content: Content, kind: type[Kong | Envoy]) -> Iterator[Entry | FormatError]:
    with content.open() as stream:
        try:
            for number, value in enumerate(read_values(stream), 1):
                yield _read_one(value, kind, f"object {number}: ")
        except ijson.JSONError as error:
            yield FormatError(f"it is no JSON: {str(error).partition(chr(10))[0]}")


def _read_one(value: object, kind: type[Kong | Envoy], place: str) -> Entry | FormatError:
    if value is TOO_DEEP:
        return FormatError(f"{place}{TOLD}")
    try:
        return msgspec.convert(value, kind, strict=False).entry()
    except msgspec.ValidationError as error:
        return FormatError(describe(error, place))
