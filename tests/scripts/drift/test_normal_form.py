"""A schema has one normal form, however it is written, and schemas are related by what they admit."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scripts.drift.normal_form import normal_form
from scripts.drift.relation import relate

if TYPE_CHECKING:
    from spec.json_value import Json

DOCUMENT = {
    "components": {
        "schemas": {
            "Name": {"type": "string", "description": "Any."},
            "Tree": {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Tree"}}},
            "Wood": {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Wood"}}},
        }
    }
}
NAME: dict[str, Any] = {"$ref": "#/components/schemas/Name"}
STRING: dict[str, Any] = {"type": "string"}
NULL: dict[str, Any] = {"type": "null"}

keywords: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "object", "null", ["string", "null"], ["integer", "number"]]),
        "enum": st.lists(st.sampled_from(["a", 1, None, True]), min_size=1, max_size=3),
        "const": st.sampled_from(["a", 0, None]),
        "minimum": st.integers(0, 3),
        "default": st.sampled_from(["a", None]),
        "description": st.just("Said."),
        "$ref": st.sampled_from([f"#/components/schemas/{name}" for name in ("Name", "Tree", "Wood", "Gone")]),
    },
)
schemas = st.recursive(
    keywords | st.booleans(),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "oneOf": st.lists(inner, min_size=1, max_size=3),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
            "items": inner,
            "required": st.lists(st.sampled_from(["a", "b"]), max_size=2),
        },
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("base", "new", "relation"),
    [
        (STRING, NAME, "same"),
        (STRING | {"const": "a"}, STRING | {"enum": ["a"]}, "same"),
        ({"type": ["string", "null"], "maxLength": 3}, {"anyOf": [NULL, STRING | {"maxLength": 3}]}, "same"),
        ({"type": ["string", "null"], "enum": ["a", None]}, {"oneOf": [STRING | {"enum": ["a"]}, NULL]}, "same"),
        ({"anyOf": [STRING | {"enum": ["a"]}, STRING]}, STRING, "same"),
        ({"$ref": "#/components/schemas/Tree"}, {"allOf": [{"$ref": "#/components/schemas/Tree"}]}, "same"),
        ({"$ref": "#/components/schemas/Tree"}, {"$ref": "#/components/schemas/Wood"}, "other"),
        (STRING | {"default": "a"}, STRING, "same"),
        (NAME, {"anyOf": [NAME, NULL]}, "wider"),
        (STRING, {}, "wider"),
        (STRING, True, "wider"),
        ({"anyOf": [NAME, NULL]}, NAME, "narrower"),
        (STRING, {"type": "integer"}, "other"),
        (STRING | {"minLength": 1}, STRING | {"minLength": 2}, "other"),
        ({"type": "object", "additionalProperties": False}, {"type": "object", "properties": {"a": STRING}}, "other"),
    ],
)
def test_a_schema_means_the_same_however_it_is_written(base: Json, new: Json, relation: str) -> None:
    assert relate(base, DOCUMENT, new, DOCUMENT) == relation


@given(schemas)
def test_a_schema_is_the_same_as_itself(schema: Json) -> None:
    assert relate(schema, DOCUMENT, schema, DOCUMENT) == "same"


@given(schemas)
@example({"type": "string", **NAME})
def test_a_normal_form_is_its_own_normal_form(schema: Json) -> None:
    once = normal_form(schema, DOCUMENT)
    assert normal_form(once, DOCUMENT) == once


@given(schemas)
def test_a_schema_is_left_as_it_is(schema: Json) -> None:
    before = deepcopy(schema)
    normal_form(schema, DOCUMENT)
    assert schema == before


@given(schemas, schemas)
def test_what_widens_one_way_narrows_the_other(base: Json, new: Json) -> None:
    opposite = {"wider": "narrower", "narrower": "wider", "same": "same", "other": "other"}
    assert relate(new, DOCUMENT, base, DOCUMENT) == opposite[relate(base, DOCUMENT, new, DOCUMENT)]
