"""The fields of a form: how each is written, by its schema and by the Encoding Object that the spec may have for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct, structs

from contract_tests.contract.media_types import BINARY_MEDIA_TYPE, JSON_MEDIA_TYPE, example_of, is_json, kind_of
from contract_tests.contract.parameters import Parameter
from contract_tests.contract.references import resolve
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract.media_types import Kind
    from contract_tests.contract.operations import Content
    from contract_tests.contract.typed_texts import Schemas, TypedTexts

Writing = Literal["styled", "json", "file", "text"]
"""How a value is written: like a parameter by a style, as JSON, as a file, or as its text."""
_STYLE_KEYS: Final = ("style", "explode", "allowReserved")
"""The keys of an Encoding Object that make a style count (OpenAPI 3.1.1, section 4.8.15.1)."""
_COMPOUND: Final = {"object", "array"}


class PartHeader(Struct, frozen=True):
    """A header field that a part of a multipart body may have, or must have."""

    name: str
    pointer: str
    """The JSON Pointer of its definition."""
    schema: str | None
    is_required: bool


class FormField(Struct, frozen=True):
    """A field of a form."""

    parameter: Parameter
    """The field as a parameter: name, schema and style."""
    encoding: str
    """The JSON Pointer of its Encoding Object, be it there or not."""
    writing: Writing
    is_list: bool = False
    """True if each item of an array is written by itself."""
    item: str | None = None
    """The JSON Pointer of the schema of what is written at once: an item, or the whole value."""
    media_types: tuple[str, ...] = ()
    """The media types that the spec lets its parts have; none if it leaves that open."""
    encoded_as: tuple[str, ...] = ()
    """Those of them that its Encoding Object states."""
    is_described: bool = False
    """True if the spec has an Encoding Object for it."""
    headers: tuple[PartHeader, ...] = ()

    @property
    def media_type(self) -> str | None:
        """The media type that a part of it is given; None if the part need not name one."""
        stated = next(iter(self.media_types), None)
        if stated is not None:
            return example_of(stated, is_structured=self.writing == "json")
        return {"json": JSON_MEDIA_TYPE, "file": BINARY_MEDIA_TYPE}.get(self.writing)


class FormFields:
    """Reads the fields of forms of a contract."""

    def __init__(self, contract: Schemas, texts: TypedTexts) -> None:
        self._contract = contract
        self._texts = texts

    def of(self, content: Content, kind: Kind) -> dict[str, FormField]:
        """The fields of a form, by their names. `kind` is `form` or `multipart`."""
        names = dict.fromkeys(self._texts.names(content.schema))
        return {name: self._field(content, kind, name) for name in names}

    def _field(self, content: Content, kind: Kind, name: str) -> FormField:
        parameter = Parameter(
            name, "form", f"{content.pointer}/encoding/{escape(name)}", self._texts.field(content.schema, name)
        )
        encoding = self._contract.value(content.pointer).get("encoding", {}).get(name, {})
        if any(key in encoding for key in _STYLE_KEYS):
            return _styled(parameter, encoding)
        return self._unstyled(parameter, encoding, is_multipart=kind == "multipart")

    def _unstyled(self, parameter: Parameter, encoding: Mapping[str, Any], *, is_multipart: bool) -> FormField:
        """A field that is written as JSON, as a file or as its text."""
        is_list = "array" in self._texts.kinds(parameter.schema)
        item = self._texts.item(parameter.schema) if is_list else parameter.schema
        stated = tuple(filter(None, (each.strip() for each in encoding.get("contentType", "").split(","))))
        return FormField(
            parameter,
            parameter.pointer,
            self._writing(item, stated, is_multipart=is_multipart),
            is_list,
            item,
            media_types=stated or self._media_types(item),
            encoded_as=stated if is_multipart else (),
            is_described=bool(encoding),
            headers=tuple(self._headers(f"{parameter.pointer}/headers", encoding)) if is_multipart else (),
        )

    def _writing(self, item: str | None, stated: tuple[str, ...], *, is_multipart: bool) -> Writing:
        if any(map(is_json, stated)) or not _COMPOUND.isdisjoint(self._texts.kinds(item)):
            return "json"
        return "file" if is_multipart and self._is_file(item, stated) else "text"

    def _is_file(self, item: str | None, stated: tuple[str, ...]) -> bool:
        """Tells whether parts hold bytes: by their media type, or by a schema of them (section 4.8.14.3)."""
        binary = (self._contract.value(place) == "binary" for place in self._texts.all(item, "format"))
        if any(binary) or any(self._texts.all(item, "contentMediaType")):
            return True
        return kind_of(stated[0]) != "text" if stated else not self._texts.kinds(item)

    def _media_types(self, item: str | None) -> tuple[str, ...]:
        return tuple(str(self._contract.value(place)) for place in self._texts.all(item, "contentMediaType"))[:1]

    def _headers(self, pointer: str, encoding: Mapping[str, Any]) -> Iterator[PartHeader]:
        for name in encoding.get("headers", {}):
            place = resolve(self._contract, f"{pointer}/{escape(name)}")
            definition = self._contract.value(place)
            if name.lower() != "content-type":  # OpenAPI 3.1, section 4.8.15.1: that is said by `contentType`
                schema = f"{place}/schema" if "schema" in definition else None
                yield PartHeader(name, place, schema, bool(definition.get("required", False)))


def _styled(parameter: Parameter, encoding: Mapping[str, Any]) -> FormField:
    """A field that is written like a parameter, by a style."""
    style = encoding.get("style", "form")
    explode = encoding.get("explode", style == "form")
    return FormField(structs.replace(parameter, style=style, is_exploded=explode), parameter.pointer, "styled")
