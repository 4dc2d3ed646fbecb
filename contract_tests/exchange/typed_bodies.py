"""Bodies of every kind as the values that schemas describe, and back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, Literal, Protocol

from contract_tests.exchange.forms import BOUNDARY, Part, read_form, read_multipart, write_form, write_multipart
from spec.media_types import base_of, is_json_media_type
from spec.reader import target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spec.json_value import Json

Kind = Literal["json", "form", "multipart", "text", "xml", "binary"]
"""How a body is read: `binary` for whatever has no structure that we know."""
FORM: Final = "application/x-www-form-urlencoded"
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_SCALARS: Final = {"true": True, "false": False, "null": None}


class Schemas(Protocol):
    """The schemas of a contract, by JSON Pointers."""

    def value(self, pointer: str, /) -> Json:
        """The value where a pointer leads."""


class Described(Protocol):
    """A kind of body that a spec describes."""

    @property
    def media_type(self) -> str:
        """The media type, or the range of them, as the spec writes it."""

    @property
    def schema(self) -> str | None:
        """The JSON Pointer of the schema, if there is one."""


class UnwritableError(ValueError):
    """A value has no form as a body of its kind: a form has no null, for example."""


def kind_of(media_type: str) -> Kind:
    """The kind of a body by its media type.

    >>> [kind_of(each) for each in ("application/hal+json", "text/csv", "image/*", "application/atom+xml")]
    ['json', 'text', 'binary', 'xml']
    """
    base = base_of(media_type)
    if is_json_media_type(media_type):
        return "json"
    if base == FORM:
        return "form"
    if base.startswith("multipart/"):
        return "multipart"
    if base.endswith(("/xml", "+xml")):
        return "xml"
    return "text" if base.startswith("text/") else "binary"


def write_body(contract: Schemas, content: Described, value: Json) -> tuple[bytes, str]:
    """The bytes of a value as a body, and its Content-Type.

    Raises:
        UnwritableError: the value has no such form.
    """
    kind = kind_of(content.media_type)
    if kind == "form":
        return write_form(_parts(contract, content, value)), FORM
    if kind == "multipart":
        base = content.media_type.replace("*", "form-data").partition(";")[0]
        return write_multipart(_parts(contract, content, value)), f"{base}; boundary={BOUNDARY}"
    if kind in {"text", "binary"}:
        if not isinstance(value, str):
            raise UnwritableError("only a text has a form of this kind")
        return value.encode("utf-8" if kind == "text" else "latin-1", errors="replace"), concrete(content.media_type)
    return json.dumps(value).encode(), concrete(content.media_type)


def read_body(contract: Schemas, content: Described, body: bytes, content_type: str) -> Json:
    """The value that a form, a text or a binary body holds, as its schema describes it.

    Raises:
        ValueError: the body is not what its media type says.
    """
    kind = kind_of(content.media_type)
    if kind in {"text", "binary"}:
        return body.decode("utf-8" if kind == "text" else "latin-1")
    parts = read_form(body) if kind == "form" else read_multipart(body, content_type)
    fields = _fields(contract, content.schema)
    values: dict[str, Json] = {}
    for part in parts:
        stated = fields.get(part.name, {})
        inner = _resolved(contract, stated)
        if _types(inner) == ["array"] and part.media_type is None:
            items = _resolved(contract, inner.get("items", {}))
            values.setdefault(part.name, []).append(_read_scalar(part, items))
        elif part.name in values:
            raise ValueError(f"the field {part.name} stands twice")
        else:
            values[part.name] = _read_scalar(part, inner)
    return values


def concrete(media_type: str) -> str:
    """A media type of a range: `image/png` of `image/*`."""
    ranges = {"*/*": "application/octet-stream", "image/*": "image/png", "text/*": "text/plain", "audio/*": "audio/mpeg"}
    if "*" not in media_type:
        return media_type
    return ranges.get(media_type, media_type.replace("*", "octet-stream"))


def _parts(contract: Schemas, content: Described, value: Json) -> Iterator[Part]:
    if not isinstance(value, dict):
        raise UnwritableError("only an object has the form of fields")
    fields = _fields(contract, content.schema)
    is_multipart = kind_of(content.media_type) == "multipart"
    for name, inner in value.items():
        schema = _resolved(contract, fields.get(name, {}))
        is_list = isinstance(inner, list) and _types(schema) == ["array"]
        items = _resolved(contract, schema.get("items", {})) if is_list else schema
        if is_list and not inner:
            raise UnwritableError("a form has no empty list")
        for item in inner if is_list else [inner]:
            yield _part(name, item, items, is_multipart=is_multipart)


def _part(name: str, value: Json, schema: Mapping[str, Json], *, is_multipart: bool) -> Part:
    if is_file(schema) and isinstance(value, str) and is_multipart:
        media_type = schema.get("contentMediaType", "application/octet-stream")
        return Part(name, value.encode("latin-1", errors="replace"), str(media_type), "file.bin")
    if isinstance(value, dict | list):
        return Part(name, json.dumps(value).encode(), "application/json" if is_multipart else None)
    return Part(name, (value if isinstance(value, str) else json.dumps(value)).encode(errors="replace"))


def is_file(schema: Mapping[str, Json]) -> bool:
    """Tells whether a field of a multipart body is a file."""
    is_text = _types(schema) in ([], ["string"])
    return is_text and (schema.get("format") == "binary" or "contentMediaType" in schema or schema == {})


def _read_scalar(part: Part, schema: Mapping[str, Json]) -> Json:
    if part.file_name is not None or is_file(schema):
        return part.content.decode("latin-1")
    text = part.content.decode()
    types = _types(schema)
    if part.media_type == "application/json" or types in (["object"], ["array"]):
        return json.loads(text)
    if {"integer", "number"} & {*types} and _NUMBER.fullmatch(text):
        return json.loads(text)
    has_constant = ("boolean" in types and text in {"true", "false"}) or ("null" in types and text == "null")
    return _SCALARS[text] if has_constant else text


def _fields(contract: Schemas, pointer: str | None) -> dict[str, Json]:
    """The schemas of the fields of an object, through references and `allOf`."""
    waiting: list[Json] = [contract.value(pointer)] if pointer else []
    fields: dict[str, Json] = {}
    seen: set[str] = set()
    while waiting:
        schema = waiting.pop()
        if isinstance(schema, dict):
            fields = {**schema.get("properties", {}), **fields}
            waiting += [*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())]
            if "$ref" in schema and schema["$ref"] not in seen:
                seen.add(schema["$ref"])
                waiting.append(contract.value(target_of(schema["$ref"])))
    return fields


def _resolved(contract: Schemas, schema: Json) -> Mapping[str, Json]:
    followed: set[str] = set()
    while isinstance(schema, dict) and "$ref" in schema and schema["$ref"] not in followed:
        followed.add(schema["$ref"])
        schema = contract.value(target_of(schema["$ref"]))
    return schema if isinstance(schema, dict) else {}


def _types(schema: Mapping[str, Json]) -> list[str]:
    stated = schema.get("type", [{str: "string", bool: "boolean", int: "integer"}.get(type(schema.get("const")), "")])
    return [each for each in ([stated] if isinstance(stated, str) else stated) if each]
