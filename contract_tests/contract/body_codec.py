"""Bodies that are no JSON: written from the values that their schemas describe, and read back.

A form is an object with its fields. Bytes are a text of as many characters (ISO 8859-1). XML is its own text, because
the way in which schemas describe XML is not read here.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote
from xml.parsers import expat

from msgspec import Struct

from contract_tests.contract.form_fields import FormFields
from contract_tests.contract.media_types import FORM_MEDIA_TYPE, MULTIPART_MEDIA_TYPE, base_of, is_json
from contract_tests.contract.multipart import (
    CONTENT_TYPE,
    Part,
    content_type_of,
    read_multipart,
    reread,
    write_multipart,
)
from contract_tests.contract.parameter_text import (
    Sent,
    can_be_written,
    decode,
    encode,
    fields_of,
    pairs_of,
    query_text,
    text_of,
)
from contract_tests.contract.parameter_values import ParameterReader, is_spread
from contract_tests.contract.part_headers import PartHeaders
from contract_tests.contract.typed_texts import UNREADABLE, TypedTexts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.form_fields import FormField
    from contract_tests.contract.keywords import Breach
    from contract_tests.contract.media_types import Kind
    from contract_tests.contract.operations import Content
    from contract_tests.contract.typed_texts import ReadScalar, Schemas
    from spec.json_value import Json

_EXTENSIONS: Final = {"octet-stream": "bin", "plain": "txt", "jpeg": "jpg", "svg+xml": "svg"}
"""The extensions of files whose media type has another name."""
_BYTES: Final = "latin-1"
"""The character set in which each byte is a character."""


class UnwritableError(ValueError):
    """A value has no form as a body of its kind: no form has a null."""


class WrittenBody(Struct, frozen=True):
    """A body, and the Content-Type that says how to read it."""

    content: bytes
    media_type: str


class BodyCodec:
    """Writes and reads the bodies of a contract."""

    def __init__(self, contract: Schemas, read_scalar: ReadScalar) -> None:
        self._contract = contract
        self._texts = TypedTexts(contract, read_scalar)
        self._parameters = ParameterReader(contract, read_scalar)
        self._headers = PartHeaders(contract, self._texts)
        self.fields = cache(FormFields(contract, self._texts).of)
        """Gives the fields of a form by its content and kind."""

    def write(self, content: Content, value: Json) -> WrittenBody:
        """The body that stands for a value. Raises UnwritableError if none does."""
        match content.kind:
            case "form":
                parts = self._parts(content, "form", value)
                pairs = ((encode(part.name), encode(part.content.decode())) for part in parts)
                return WrittenBody(query_text(pairs).encode(), FORM_MEDIA_TYPE)
            case "multipart":
                return WrittenBody(write_multipart(self._parts(content, "multipart", value)), CONTENT_TYPE)
            case kind:
                return WrittenBody(_write_text(kind, value), content.sent_as)

    def read(self, content: Content, content_type: str, body: bytes) -> Json:
        """The value that a body stands for, or `UNREADABLE`. Raises ValueError if its Content-Type does not fit it."""
        kind = content.kind_as(content_type)
        if kind == "form":
            return self._read_form(content, body)
        if kind == "multipart":
            return self._read_parts(content, kind, read_multipart(body, content_type))
        if kind == "xml":
            return _read_xml(body)
        kinds = self._texts.kinds(content.schema)
        if kind == "binary":
            return body.decode(_BYTES) if not kinds or "string" in kinds else UNREADABLE
        return self._read_as_scalar(content, content_type, body)

    def read_plain(self, content: Content, content_type: str, body: bytes) -> Json:
        """The value that a text stands for, or `UNREADABLE`: also where its schema speaks of arrays or objects."""
        has_structure = not self._texts.kinds(content.schema).isdisjoint(("array", "object"))
        return UNREADABLE if has_structure else self._read_as_scalar(content, content_type, body)

    def part_breaches(self, content: Content, content_type: str, body: bytes) -> list[Breach]:
        """The statements that the header fields of a multipart body's parts break; none where it cannot be read."""
        if content.kind_as(content_type) != "multipart":
            return []
        try:
            return self.breaches_of(content, read_multipart(body, content_type))
        except ValueError:
            return []

    def breaches_of(self, content: Content, parts: Iterable[Part]) -> list[Breach]:
        """The statements that the header fields of parts break."""
        fields = self.fields(content, "multipart")
        known = ((fields[part.name], part) for part in parts if part.name in fields)
        return [breach for field, part in known for breach in self._headers.breaches(field, part)]

    def read_parts(self, content: Content, parts: Sequence[Part]) -> Json:
        """The object that the parts of a multipart body stand for, or `UNREADABLE`."""
        return self._read_parts(content, "multipart", parts)

    def write_parts(self, content: Content, value: Json) -> WrittenBody:
        """The multipart body for an object, each part with its name. Raises UnwritableError if there is none."""
        body = write_multipart(self._parts(content, "multipart", value))
        media_type = MULTIPART_MEDIA_TYPE if "*" in content.media_type else base_of(content.media_type)
        return WrittenBody(body, content_type_of(media_type))

    def carries(self, content: Content, value: Json) -> bool:
        """Tells whether a value can be written, as more than nothing, and is read as itself."""
        try:
            found = self.read_back(content, value)
        except ValueError:
            return False
        return found is not UNREADABLE and found not in ("", {}) and _are_equal(found, value)

    def read_back(self, content: Content, value: Json) -> Json:
        """The value that the body for a value is read as, or `UNREADABLE`. Raises ValueError if there is no such body.

        Of a form only its parts are made, for they are read as they are.
        """
        if content.kind == "form":
            sent = [Part(each.name, each.content) for each in self._parts(content, "form", value)]
            return self._read_parts(content, "form", sent)
        if content.kind == "multipart":
            return self._read_parts(content, "multipart", reread(self._parts(content, "multipart", value)))
        written = self.write(content, value)
        return self.read(content, written.media_type, written.content)

    def _read_as_scalar(self, content: Content, content_type: str, body: bytes) -> Json:
        text = _decode(body, content_type)
        return text if text is UNREADABLE else self._texts.scalar(text, content.schema)

    def _parts(self, content: Content, kind: Kind, value: Json) -> list[Part]:
        if not isinstance(value, dict):
            raise UnwritableError("only an object has fields")
        fields = self.fields(content, kind)
        return [part for name, inner in value.items() for part in self._write_field(fields.get(name), name, inner)]

    def _write_field(self, field: FormField | None, name: str, value: Json) -> Iterator[Part]:
        if field is None:
            yield Part(name, text_of(value).encode())
        elif field.writing == "styled":
            if not can_be_written(field.parameter, value):
                raise UnwritableError(f"the field {name} cannot be written by its style")
            pairs = pairs_of(field.parameter, value, encode)
            yield from (Part(unquote(key), unquote(text).encode()) for key, text in pairs)
        else:
            for item in value if field.is_list and isinstance(value, list) else [value]:
                yield self._write_part(field, item)

    def _write_part(self, field: FormField, value: Json) -> Part:
        name, headers = field.parameter.name, self._make_headers(field)
        if field.writing == "json":
            return Part(name, json.dumps(value).encode(), field.media_type, headers=headers)
        if field.writing == "file":
            extension = base_of(field.media_type or "").partition("/")[2]
            file_name = f"file.{_EXTENSIONS.get(extension, extension)}"
            return Part(name, _write_text("binary", value), field.media_type, file_name, headers)
        return Part(name, text_of(value).encode(), field.media_type, headers=headers)

    def _make_headers(self, field: FormField) -> tuple[tuple[str, str], ...]:
        try:
            return tuple(self._headers.make(field))
        except LookupError as error:
            raise UnwritableError(f"no value is known for the header field {error.args[0]} of a part") from error

    def _read_form(self, content: Content, body: bytes) -> Json:
        try:
            fields = [each.partition("=") for each in body.decode("ascii").split("&") if each]
            parts = [Part(decode(name), decode(text).encode()) for name, _, text in fields]
        except ValueError:  # servers differ on what stands for no text
            return UNREADABLE
        return self._read_parts(content, "form", parts)

    def _read_parts(self, content: Content, kind: Kind, parts: Sequence[Part]) -> Json:
        fields = self.fields(content, kind)
        styled, taken = self._read_styled(fields, parts)
        named: dict[str, list[Part]] = {}
        for part in parts:
            if part.name not in taken:
                named.setdefault(part.name, []).append(part)
        if kind == "form" and self._has_spread_object(fields, named):
            return UNREADABLE
        others = {name: self._read_field(content, fields.get(name), each) for name, each in named.items()}
        values = {**(styled or {}), **others}
        return UNREADABLE if styled is None or UNREADABLE in values.values() else values

    def _has_spread_object(self, fields: Mapping[str, FormField], names: Collection[str]) -> bool:
        """Tells whether a form has fields of an object by themselves, without a word of the spec on how it is written.

        OpenAPI 3.0 writes objects so, and 3.1 as JSON (section 4.8.15.1): clients and servers differ.
        """
        absent = (field for name, field in fields.items() if name not in names)
        open_ones = [field for field in absent if field.writing == "json" and not field.is_described]
        inner = {name for field in open_ones for name in self._texts.names(field.parameter.schema)}
        return not inner.isdisjoint(name for name in names if name not in fields)

    def _read_styled(
        self, fields: Mapping[str, FormField], parts: Iterable[Part]
    ) -> tuple[Mapping[str, Json] | None, set[str]]:
        """The values of fields that are written by a style, and the names that these take in the form.

        The values are None if they cannot be read.
        """
        parameters = [field.parameter for field in fields.values() if field.writing == "styled"]
        if not parameters:
            return {}, set()
        pairs = [(part.name, part.content.decode(errors="replace")) for part in parts if part.file_name is None]
        sent = Sent("", "", (), pairs)
        found = self._parameters.read_all(parameters, sent)
        taken = {each.name for each in parameters}
        for each in parameters:
            if is_spread(each) and "object" in self._texts.kinds(each.schema):
                inner = fields_of(each, self._texts.names(each.schema), sent)
                taken |= {f"{each.name}[{name}]" if each.style == "deepObject" else name for name in inner}
        is_blank = any(name in taken and not text for name, text in pairs)
        return (None if found.unreadable or is_blank else found.values["form"]), taken

    def _read_field(self, content: Content, field: FormField | None, parts: Sequence[Part]) -> Json:
        if field is None:
            schema = self._texts.field(content.schema, parts[0].name)
            return UNREADABLE if len(parts) > 1 else self._read_text(parts[0], schema)
        values = [self._read_part(field, part) for part in parts]
        if UNREADABLE in values or (len(values) > 1 and not field.is_list):
            return UNREADABLE
        is_whole = len(values) == 1 and isinstance(values[0], list)  # some write an array as JSON, in one part
        return values if field.is_list and not is_whole else values[0]

    def _read_part(self, field: FormField, part: Part) -> Json:
        if field.writing == "json" or is_json(part.media_type or ""):
            return self._texts.read(part.content.decode(errors="replace"), "object")
        return part.content.decode(_BYTES) if field.writing == "file" else self._read_text(part, field.item)

    def _read_text(self, part: Part, schema: str | None) -> Json:
        if part.file_name is not None:
            return part.content.decode(_BYTES)
        text = _decode(part.content, part.media_type or "")
        # Servers differ on whether a field without a text is there.
        return self._texts.scalar(text, schema) if text and text is not UNREADABLE else UNREADABLE


def _write_text(kind: Kind, value: Json) -> bytes:
    """The bytes of a text. Raises UnwritableError for a value that has none."""
    if value is None or isinstance(value, dict | list) or (kind != "text" and not isinstance(value, str)):
        raise UnwritableError("only a text has a form of this kind")
    try:
        return text_of(value).encode(_BYTES if kind == "binary" else "utf-8")
    except UnicodeEncodeError as error:
        raise UnwritableError("the text has characters that no byte stands for") from error


def _decode(body: bytes, content_type: str) -> Any:  # noqa: ANN401 - a text, or `UNREADABLE`
    """The text of a body in the character set that its Content-Type names; in UTF-8 if it names none."""
    from email.message import Message  # noqa: PLC0415 - it takes 6 ms to import, and few bodies are plain text

    message = Message()
    message["Content-Type"] = content_type
    try:
        return body.decode(str(message.get_content_charset("utf-8")))
    except (LookupError, ValueError):
        return UNREADABLE


def _read_xml(body: bytes) -> str:
    """The text of an XML document. Raises ValueError if it is not well-formed."""
    try:
        expat.ParserCreate().Parse(body, True)  # noqa: FBT003 - expat takes no keyword: it is the last part
    except expat.ExpatError as error:
        raise ValueError(f"the body is no XML: {error}") from error
    return body.decode(errors="replace")


def _are_equal(one: Json, other: Json) -> bool:
    """Tells whether two values are the same JSON: true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
