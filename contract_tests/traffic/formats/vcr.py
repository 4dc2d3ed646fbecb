"""Cassettes of vcrpy, in YAML and JSON, as pytest-recording and pytest-vcr keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import yaml

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import undo_coding
from contract_tests.traffic.entry import Entry, response_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.har import describe
from contract_tests.traffic.formats.lenient_json import loads
from contract_tests.traffic.formats.ndjson import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.traffic.formats.format import Content

MAX_CASSETTE: Final = 256 * 2**20
"""The longest cassette that is read, in bytes. They are read whole, for YAML has no streaming reader that is fast."""

HeaderValues = dict[str, str | list[str]]


class _Status(msgspec.Struct, frozen=True):
    code: int


class _Body(msgspec.Struct, frozen=True):
    string: Any = None


class _Request(msgspec.Struct, frozen=True):
    method: str
    uri: str
    headers: HeaderValues | None = None
    body: Any = None


class _Response(msgspec.Struct, frozen=True):
    status: _Status
    headers: HeaderValues | None = None
    body: _Body | None = None


class _Interaction(msgspec.Struct, frozen=True):
    request: _Request
    response: _Response | None = None

    def entry(self) -> Entry:
        sent, received = self.request, self.response
        headers = _fields(sent.headers)
        response = None
        if received:
            content = _bytes(received.body.string) if received.body else None
            response = response_of(received.status.code, _fields(received.headers), content)
        return Entry(sent.method, sent.uri, headers, undo_coding(_bytes(sent.body) or b"", headers), response)


def read_vcr(content: Content) -> Iterator[Entry | FormatError]:
    """Reads the interactions of a cassette."""
    try:
        interactions = _load(content)["interactions"] or []
    except (LookupError, TypeError):
        yield FormatError("it has no interactions")
    except ValueError as error:
        yield FormatError(f"it is neither YAML nor JSON: {error}")
    else:
        for index, interaction in enumerate(interactions):
            try:
                yield msgspec.convert(interaction, _Interaction, strict=False).entry()
            except msgspec.ValidationError as error:
                yield FormatError(describe(error, f"interactions[{index}]"))


def _load(content: Content) -> Any:  # noqa: ANN401 - a document of any shape
    """The document of a cassette. Raises ValueError."""
    with content.open() as stream:
        text = stream.read(MAX_CASSETTE + 1)
    if len(text) > MAX_CASSETTE:
        message = f"it has more than {MAX_CASSETTE // 2**20} MiB"
        raise ValueError(message)
    if text.lstrip().startswith(b"{"):
        return loads(text)
    try:
        return yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error).replace("\n", " ")) from error


def _fields(headers: HeaderValues | None) -> Headers | None:
    if headers is None:
        return None
    return Headers((name, value) for name, values in headers.items() for value in listed(values))


def _bytes(body: object) -> bytes | None:
    """The bytes of a body; None for one that is not recorded as bytes or text."""
    if isinstance(body, str):
        return body.encode(errors="replace")
    return body if isinstance(body, bytes) else None
