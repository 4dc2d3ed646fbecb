"""Forms, multipart bodies, texts and XML as trees, which the guard searches as it searches JSON.

A body is understood if it is written in the one way in which we write it, or if the way cannot matter. So whatever
reader the target has reads the same fields. Bytes that are no printable text are never understood.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from contract_tests.contract.media_types import MULTIPART_MEDIA_TYPE, is_json
from contract_tests.contract.multipart import BOUNDARY, end_of, read_multipart, write_multipart
from contract_tests.guard.addresses import complaints_of_value
from contract_tests.guard.body_policy import complaints_of_field, complaints_of_tree
from contract_tests.guard.media_type import parse_media_type
from contract_tests.guard.trees import NO_TREE, Pairs, read_tree
from contract_tests.target.limits import Numeral

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from contract_tests.contract.media_types import Kind
    from contract_tests.contract.multipart import Part
    from contract_tests.target.limits import Limits
    from spec.json_value import Json

_KEY: Final = re.compile(r"[\w.\[\]-]+", re.ASCII)
_COMPOUND: Final = re.compile(r"[{}\[\]<>]")
"""The signs of JSON and XML in a text."""
_FORM: Final = re.compile(r"[=&;]")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_MULTIPART: Final = re.compile(rf"{MULTIPART_MEDIA_TYPE}(?:; ?boundary=([A-Za-z0-9-]{{1,70}}))?")
_PARAMETERS: Final = ((), (("charset", "utf-8"),))
"""The parameters that a Content-Type may have, if it is not of a multipart body."""
_FILE_NAME: Final = re.compile(r"[\w.-]+", re.ASCII)
_PART_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_OPEN_XML: Final = re.compile(rb"<[!?]|&(?!(?:amp|lt|gt|quot|apos);)|xmlns")
"""Parts of XML that make it mean more than it says: declarations of types and entities, instructions, namespaces."""


class _NotUnderstoodError(ValueError):
    """A body leaves open how it is read."""


def complaints_of_other(kind: Kind, content_type: str, body: bytes, limits: Limits) -> Iterator[str]:
    """Finds fault with a body that is no JSON. It may be malformed in the ways that the suite tries."""
    try:
        tree = _read(kind, content_type, body)
    except ValueError:
        yield f"a body of the kind {kind} that cannot be read to its last byte"
        return
    if isinstance(tree, str):
        yield from complaints_of_value(tree, limits)
        return
    yield from complaints_of_tree(tree, limits)
    if kind == "xml":  # a reader takes the fields of the root for those of the body
        yield from (complaint for _, root in tree for complaint in complaints_of_tree(root, limits))
    for key, value in tree if isinstance(tree, Pairs) else ():
        if isinstance(value, str):
            yield from complaints_of_field(key, value, limits)


def _read(kind: Kind, content_type: str, body: bytes) -> Json:
    if kind == "multipart":
        parts = _read_parts(content_type, body)
        headers = (field for part in parts for field in _read_headers(part))
        return Pairs([*((part.name, _read_part(part)) for part in parts), *headers])
    media_type = parse_media_type(content_type)
    if media_type is None or media_type.parameters not in _PARAMETERS:
        raise _NotUnderstoodError
    if kind in {"form", "xml"}:
        return _read_form(body) if kind == "form" else _read_xml(body)
    text = _text(body)
    if _FORM.search(text) and not _COMPOUND.search(text):
        raise _NotUnderstoodError
    return _read_value(text)


def _read_form(body: bytes) -> Pairs:
    text = body.decode("ascii")
    if ";" in text:  # some part the fields by a semicolon too
        raise _NotUnderstoodError
    pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    return Pairs((_key(name), _read_value(_printable(value))) for name, value in pairs)


def _read_parts(content_type: str, body: bytes) -> list[Part]:
    """The parts of a body that is written as we write it, but for its boundary; the last one may be missing."""
    found = _MULTIPART.fullmatch(content_type)
    if found is None:
        raise _NotUnderstoodError
    boundary = found[1] or BOUNDARY
    whole = body if body.endswith(end_of(boundary)) else body + end_of(boundary)
    parts = read_multipart(whole, f"{MULTIPART_MEDIA_TYPE}; boundary={boundary}")
    if write_multipart(parts, boundary) != whole:
        raise _NotUnderstoodError
    return parts


def _read_part(part: Part) -> Json:
    _key(part.name)
    is_named = part.file_name is None or _FILE_NAME.fullmatch(part.file_name)
    is_typed = part.media_type is None or _PART_TYPE.fullmatch(part.media_type)
    if not (is_named and is_typed):
        raise _NotUnderstoodError
    text = _text(part.content)
    if part.media_type and is_json(part.media_type) and read_tree(text) is NO_TREE:
        raise _NotUnderstoodError
    return _read_value(text)


def _read_headers(part: Part) -> Iterator[tuple[str, Json]]:
    """The further header fields of a part. Readers ignore all but `Content-…` (RFC 7578, section 4.8)."""
    for name, value in part.headers:
        if name.lower().startswith("content-"):
            raise _NotUnderstoodError
        yield _key(name), _read_value(_printable(value))


def _read_xml(body: bytes) -> Pairs:
    """The elements and attributes by their names; the last bracket may be missing."""
    if _OPEN_XML.search(body):
        raise _NotUnderstoodError
    try:
        whole = body if body.rstrip().endswith(b">") else body + b">"
        root = ET.fromstring(whole)  # noqa: S314 - it declares nothing
    except ET.ParseError as error:
        raise _NotUnderstoodError from error
    return Pairs([(root.tag, _read_element(root))])


def _read_element(element: Element) -> Json:
    texts = [text for text in (element.text, *(child.tail for child in element)) if text and text.strip()]
    inner = [*element.items(), *((child.tag, _read_element(child)) for child in element)]
    if not inner:
        return _read_value(_printable("".join(texts)))
    fields = [(name, _read_value(value) if isinstance(value, str) else value) for name, value in inner]
    return Pairs([*fields, *(("", _printable(text)) for text in texts)])


def _read_value(text: str) -> Json:
    """A text as JSON, if it has signs of it; a number as it is written; else as a text."""
    if not _COMPOUND.search(text):
        return Numeral(text) if _NUMBER.fullmatch(text) else text
    tree = read_tree(text)
    if tree is NO_TREE:
        raise _NotUnderstoodError
    return tree


def _key(name: str) -> str:
    if not _KEY.fullmatch(name):
        raise _NotUnderstoodError
    return name


def _text(content: bytes) -> str:
    return _printable(content.decode())


def _printable(text: str) -> str:
    if not text.isprintable():
        raise _NotUnderstoodError
    return text
