"""Cassettes of vcrpy, in YAML and JSON, as pytest-recording and pytest-vcr keep them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import ijson
import msgspec
import yaml

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import undo_coding
from contract_tests.traffic.entry import Entry, response_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.har import describe
from contract_tests.traffic.formats.json_items import MAX_DEPTH, TOLD, TOO_DEEP, read_items
from contract_tests.traffic.formats.lenient_json import NestedTooDeepError, loads
from contract_tests.traffic.formats.ndjson import listed
from spec.reader import find_too_deep

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
        try:
            for index, interaction in enumerate(interactions):
                yield _read(interaction, f"interactions[{index}]")
        except ijson.JSONError as error:
            yield FormatError(f"it is no JSON: {str(error).partition(chr(10))[0]}")


def _read(interaction: object, place: str) -> Entry | FormatError:
    if interaction is TOO_DEEP:
        return FormatError(f"{place}: {TOLD}")
    try:
        return msgspec.convert(interaction, _Interaction, strict=False).entry()
    except msgspec.ValidationError as error:
        return FormatError(describe(error, place))


def _load(content: Content) -> Any:  # noqa: ANN401 - a document of any shape
    """The document of a cassette. Raises ValueError."""
    with content.open() as stream:
        text = stream.read(MAX_CASSETTE + 1)
    if len(text) > MAX_CASSETTE:
        message = f"it has more than {MAX_CASSETTE // 2**20} MiB"
        raise ValueError(message)
    if text.lstrip().startswith(b"{"):
        return _load_json(text)
    try:
        if find_too_deep(text, MAX_DEPTH):
            raise ValueError(TOLD)
        return yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error).replace("\n", " ")) from error


def _load_json(text: bytes) -> Any:  # noqa: ANN401 - a document of any shape
    try:
        return loads(text)
    except NestedTooDeepError:  # one interaction may be, and the others not
        return {"interactions": read_items(BytesIO(text), "interactions")}


def _fields(headers: HeaderValues | None) -> Headers | None:
    if headers is None:
        return None
    return Headers((name, value) for name, values in headers.items() for value in listed(values))


def _bytes(body: object) -> bytes | None:
    """The bytes of a body; None for one that is not recorded as bytes or text."""
    if isinstance(body, str):
        return body.encode(errors="replace")
    return body if isinstance(body, bytes) else None
