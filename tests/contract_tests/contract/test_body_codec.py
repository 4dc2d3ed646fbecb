"""Bodies that are no JSON, written from values and read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.contract.body_codec import BodyCodec, UnwritableError
from contract_tests.contract.contract import Contract
from contract_tests.contract.multipart import (
    BOUNDARY,
    CONTENT_TYPE,
    Part,
    cut_off,
    read_multipart,
    reread,
    write_multipart,
)
from contract_tests.contract.typed_texts import UNREADABLE
from contract_tests.exchange.scalars import read_scalar
from spec.reader import parse_spec

if TYPE_CHECKING:
    from contract_tests.contract.operations import Content
    from spec.json_value import Json

FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
OBJECT: Final = {"type": "object", "properties": {"kind": {"type": "string"}, "n": {"type": "integer"}}}
FIELDS: Final = {
    "text": {"type": "string"},
    "number": {"type": ["integer", "null"]},
    "flag": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "integer"}},
    "object": OBJECT,
    "objects": {"type": "array", "items": OBJECT},
    "file": {"type": "string", "format": "binary"},
}


def content_of(
    media_type: str, schema: dict[str, Any] | None = None, encoding: dict[str, Any] | None = None
) -> tuple[BodyCodec, Content]:
    described = {"schema": schema or {"type": "object", "properties": FIELDS}, "encoding": encoding or {}}
    operation = {"requestBody": {"content": {media_type: described}}}
    document = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {"/a": {"post": operation}}}
    contract = Contract(parse_spec(Path("spec.yaml"), json.dumps(document)))
    return contract.codec(read_scalar), contract.operations[0].contents[0]


def form_of(value: Json, encoding: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    codec, content = content_of(FORM, encoding=encoding)
    return parse_qsl(codec.write(content, value).content.decode(), keep_blank_values=True)


def parts_of(value: Json, encoding: dict[str, Any] | None = None) -> list[Part]:
    codec, content = content_of(MULTIPART, encoding=encoding)
    written = codec.write(content, value)
    return read_multipart(written.content, written.media_type)


def read(media_type: str, body: bytes, content_type: str | None = None, **how: Any) -> Json:  # noqa: ANN401 - of a spec
    codec, content = content_of(media_type, **how)
    return codec.read(content, content_type or media_type, body)


# ---------------------------------------------------------------------------------------------------------------- forms


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        ({"text": "a b&é"}, [("text", "a b&é")]),
        ({"number": 7, "flag": True}, [("number", "7"), ("flag", "true")]),
        ({"list": [1, 2]}, [("list", "1"), ("list", "2")]),
        ({"object": {"n": 1}}, [("object", '{"n": 1}')]),
        ({"objects": [{"n": 1}, {}]}, [("objects", '{"n": 1}'), ("objects", "{}")]),
        ({"more": "x"}, [("more", "x")]),
    ],
)
def test_a_form_has_texts_lists_item_by_item_and_objects_as_json(value: Json, pairs: list[tuple[str, str]]) -> None:
    assert form_of(value) == pairs


@pytest.mark.parametrize(
    ("field", "encoding", "value", "pairs"),
    [
        ("object", {"style": "deepObject"}, {"kind": "a", "n": 1}, [("object[kind]", "a"), ("object[n]", "1")]),
        ("object", {"explode": True}, {"kind": "a", "n": 1}, [("kind", "a"), ("n", "1")]),
        ("list", {"style": "form", "explode": False}, [1, 2], [("list", "1,2")]),
        ("list", {"style": "pipeDelimited"}, [1, 2], [("list", "1|2")]),
        ("list", {"style": "spaceDelimited"}, [1, 2], [("list", "1 2")]),
    ],
)
def test_a_style_of_the_encoding_writes_a_field_like_a_parameter(
    field: str, encoding: dict[str, Any], value: Json, pairs: list[tuple[str, str]]
) -> None:
    codec, content = content_of(FORM, encoding={field: encoding})
    assert form_of({field: value}, {field: encoding}) == pairs
    assert codec.carries(content, {field: value})


def test_the_fields_of_a_form_are_read_by_their_types() -> None:
    body = b"text=7&number=7&flag=true&list=1&list=2&object=%7B%22n%22%3A1%7D&more=7"
    expected = {"text": "7", "number": 7, "flag": True, "list": [1, 2], "object": {"n": 1}, "more": "7"}
    assert read(FORM, body) == expected


def test_a_text_that_is_no_number_is_read_as_it_is() -> None:
    assert read(FORM, b"number=seven&object=%7B") == {"number": "seven", "object": "{"}


@pytest.mark.parametrize(
    "body", [b"text=1&text=2", b"text=%ff", "text=é".encode(), b"more=1&more=2", b"text=", b"kind=a&n=1"]
)
def test_a_form_that_servers_read_differently_is_unreadable(body: bytes) -> None:
    assert read(FORM, body) is UNREADABLE


@pytest.mark.parametrize("value", [{"list": []}, {}, {"text": "\ud800"}, "text", {"number": None, "text": None}])
@pytest.mark.parametrize("media_type", [FORM, MULTIPART])
def test_a_value_that_no_form_stands_for_is_not_carried(media_type: str, value: Json) -> None:
    codec, content = content_of(media_type)
    assert not codec.carries(content, value)


# ------------------------------------------------------------------------------------------------------------ multipart


def test_the_parts_are_texts_json_and_files() -> None:
    parts = parts_of({"text": "é", "number": 7, "object": {"n": 1}, "file": "\xff\r\n"})
    assert parts == [
        Part("text", "é".encode()),
        Part("number", b"7"),
        Part("object", b'{"n": 1}', "application/json"),
        Part("file", b"\xff\r\n", "application/octet-stream", "file.bin"),
    ]


def test_the_items_of_a_list_are_parts_of_one_name() -> None:
    parts = parts_of({"list": [1, 2], "objects": [{"n": 1}]})
    assert [(part.name, part.content) for part in parts] == [("list", b"1"), ("list", b"2"), ("objects", b'{"n": 1}')]


def test_the_encoding_gives_parts_their_media_type_and_their_required_header_fields() -> None:
    header = {"required": True, "schema": {"type": "integer", "minimum": 1}}
    headers = {
        "X-A": header,
        "X-B": {"schema": {"type": "string"}},
        "X-C": {"required": True, "example": "é"[:0] or "c"},
    }
    (part,) = parts_of({"text": "a"}, {"text": {"contentType": "image/*, text/csv", "headers": headers}})
    assert part == Part("text", b"a", "image/png", "file.png", (("X-A", "1"), ("X-C", "c")))


def test_a_part_whose_header_field_has_no_known_value_cannot_be_written() -> None:
    header = {"required": True, "schema": {"type": "string", "pattern": "^[0-9]{9}$"}}
    with pytest.raises(UnwritableError, match="the header field X-A"):
        parts_of({"text": "a"}, {"text": {"headers": {"X-A": header}}})


def test_a_list_that_is_one_part_of_json_is_read_too() -> None:
    body = write_multipart([Part("objects", b'[{"n": 1}]', "application/json")])
    assert read(MULTIPART, body, CONTENT_TYPE) == {"objects": [{"n": 1}]}


@pytest.mark.parametrize(
    ("body", "content_type", "wrong"),
    [
        (write_multipart([Part("a", b"1")]), MULTIPART, "no parts between boundaries"),
        (cut_off(write_multipart([Part("a", b"1")])), CONTENT_TYPE, "cut off"),
        (b"", CONTENT_TYPE, "no parts between boundaries"),
        (b"--b\r\n\r\n1\r\n--b--\r\n", f"{MULTIPART}; boundary=b", "no name"),
    ],
)
def test_a_multipart_body_that_is_not_whole_is_malformed(body: bytes, content_type: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        read(MULTIPART, body, content_type)


TEXTS: Final = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r\n"), min_size=1)
PART: Final = st.builds(
    Part, TEXTS, st.binary(), st.sampled_from([None, "text/plain", "image/png"]), st.one_of(st.none(), st.just('a"b'))
)


@given(st.lists(PART, min_size=1, max_size=4))
def test_parts_are_read_as_they_were_written(parts: list[Part]) -> None:
    assert read_multipart(write_multipart(parts), CONTENT_TYPE) == parts
    assert reread(parts) == parts


@pytest.mark.parametrize("parts", [[], [Part("a", f"\r\n--{BOUNDARY}\r\n".encode())]])
def test_parts_that_no_body_of_ours_can_hold_are_not_read(parts: list[Part]) -> None:
    with pytest.raises(ValueError, match=r"part|cut off"):
        reread(parts)


VALUES: Final = st.fixed_dictionaries(
    {"text": TEXTS},
    optional={
        "number": st.integers(-(2**53), 2**53),
        "flag": st.booleans(),
        "list": st.lists(st.integers(0, 9), min_size=1, max_size=3),
        "object": st.fixed_dictionaries({"n": st.integers(0, 9), "kind": TEXTS}),
        "file": st.text(st.characters(max_codepoint=255), min_size=1),
    },
)
CODECS: Final = {media_type: content_of(media_type) for media_type in (FORM, MULTIPART)}


@given(st.sampled_from([FORM, MULTIPART]), VALUES)
def test_a_form_is_read_as_the_value_that_it_was_written_from(media_type: str, value: Json) -> None:
    codec, content = CODECS[media_type]
    assert codec.carries(content, value)


# ------------------------------------------------------------------------------------------------- texts, bytes and XML


def test_a_text_is_read_in_its_character_set_and_by_its_type() -> None:
    assert read("text/plain", b"\xe9", "text/plain; charset=latin-1", schema={"type": "string"}) == "é"
    assert read("text/plain", b"7", schema={"type": "integer"}) == 7
    assert read("text/plain", b"\xff", schema={"type": "string"}) is UNREADABLE


def test_each_byte_is_a_character() -> None:
    assert read("image/png", b"\x89\xff", schema={"type": "string"}) == "\x89\xff"
    assert read("image/png", b"\x89", schema={"type": "object"}) is UNREADABLE


def test_xml_is_its_own_text_if_it_is_well_formed() -> None:
    assert read("application/atom+xml", b"<a>\n</a>") == "<a>\n</a>"
    with pytest.raises(ValueError, match="no XML"):
        read("application/xml", b"<a>")
