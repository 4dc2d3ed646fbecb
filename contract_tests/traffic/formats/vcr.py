"""Cassettes of vcrpy, in YAML and JSON, as pytest-recording and pytest-vcr keep them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import ijson
import msgspec
import yaml

from contract_tests.traffic.codings import bytes_of_text, decode_base64
from contract_tests.traffic.entry import Entry, response_of
from contract_tests.traffic.formats.format import FormatError, without_quotes
from contract_tests.traffic.formats.har import body_or_none, describe
from contract_tests.traffic.formats.json_items import MAX_DEPTH, TOLD, TOO_DEEP, read_items
from contract_tests.traffic.formats.lenient_json import NestedTooDeepError, loads
from contract_tests.traffic.formats.ndjson import Fields, fields_of
from spec.reader import find_too_deep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.traffic.formats.format import Content

MAX_CASSETTE: Final = 256 * 2**20
"""The longest cassette that is read, in bytes. They are read whole, for YAML has no streaming reader that is fast."""


_OF_VALUES: Final = (RecursionError, ValueError, AttributeError, TypeError, LookupError, OverflowError)
"""The errors of PyYAML about values, whose texts may quote them."""


class _Status(msgspec.Struct, frozen=True):
    code: int


class _Body(msgspec.Struct, frozen=True):
    string: Any = None
    base64_string: str | None = None

    @property
    def content(self) -> bytes | None:
        return decode_base64(self.base64_string) if self.base64_string is not None else _bytes(self.string)


class _Request(msgspec.Struct, frozen=True):
    method: str
    uri: str
    headers: Fields = None
    body: Any = None


class _Response(msgspec.Struct, frozen=True):
    status: _Status | None = None
    status_code: int = 0
    """Stands in place of `status` where an older vcrpy recorded httpx, with `content` in place of the body."""
    headers: Fields = None
    body: _Body | None = None
    content: Any = None


class _Interaction(msgspec.Struct, frozen=True):
    request: _Request
    response: _Response | None = None

    def entry(self) -> Entry:
        sent, received = self.request, self.response
        headers = fields_of(sent.headers)
        response = None
        if received:
            status = received.status.code if received.status else received.status_code
            content = received.body.content if received.body else _bytes(received.content)
            response = response_of(status, fields_of(received.headers), content)
        return Entry(sent.method, sent.uri, headers, body_or_none(_sent(sent.body), headers, sent.method), response)


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
    return _load_yaml(text)


def _load_yaml(text: bytes) -> Any:  # noqa: ANN401 - a document of any shape
    try:
        is_too_deep = find_too_deep(text, MAX_DEPTH)
        document = None if is_too_deep else yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(without_quotes(str(error).replace('in "<byte string>", ', "at "))) from error
    except _OF_VALUES as error:
        message = "a value is not of the type that its tag says"
        raise ValueError(message) from error
    if is_too_deep:
        raise ValueError(TOLD)
    return document


def _load_json(text: bytes) -> Any:  # noqa: ANN401 - a document of any shape
    try:
        return loads(text)
    except NestedTooDeepError:  # one interaction may be, and the others not
        return {"interactions": read_items(BytesIO(text), "interactions")}


def _bytes(body: object) -> bytes | None:
    """The bytes of a body; None for one that is not recorded as bytes or text."""
    if isinstance(body, str):
        return bytes_of_text(body)
    return body if isinstance(body, bytes) else None


def _sent(body: object) -> bytes | None:
    """The bytes of a request's body, which VCR of Ruby keeps in an object as it does that of a response."""
    if isinstance(body, dict) and ("string" in body or "base64_string" in body):
        return msgspec.convert(body, _Body, strict=False).content
    return _bytes(body)
