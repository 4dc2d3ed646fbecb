"""The schemas that models are generated from state what the spec does, or less, and tell what they leave out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from scripts.generate.held import held_document
from scripts.generate.unheld import Unheld
from spec.reader import parse_spec

TO_BASE: Final = {"$ref": "#/components/schemas/Base"}
AT: Final = "/components/schemas/T"
BASE: Final = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}, "required": ["a"]}


def held(schema: dict[str, Any]) -> tuple[dict[str, Any], list[Unheld]]:
    """The schema of the component T as models hold it, and what they do not hold of it."""
    components = {"schemas": {"T": schema, "Base": BASE}}
    info = {"title": "T", "version": "1.0.0"}
    spec = parse_spec(
        Path("openapi.yaml"), json.dumps({"openapi": "3.1.0", "info": info, "paths": {}, "components": components})
    )
    document, unheld = held_document(spec)
    return document["components"]["schemas"]["T"], unheld


CLOSED: Final = {"type": "object", "required": ["a"], "additionalProperties": False}
REWRITTEN: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "a required field without a definition has the type of further fields": (
        {"type": "object", "required": ["a"], "additionalProperties": {"type": "string"}},
        {
            "type": "object",
            "required": ["a"],
            "additionalProperties": {"type": "string"},
            "properties": {"a": {"type": "string"}},
        },
    ),
    "the parts of allOf are one schema": (
        {
            "allOf": [
                {"$ref": "#/components/schemas/Base"},
                {"properties": {"b": {"type": "string"}}, "required": ["b"]},
            ]
        },
        {
            "type": "object",
            "properties": {"a": {"type": "integer", "minimum": 1}, "b": {"type": "string"}},
            "required": ["a", "b"],
        },
    ),
    "the narrower bound counts": (
        {"type": "integer", "minimum": 1, "allOf": [{"minimum": 3, "maximum": 9}]},
        {"type": "integer", "minimum": 3, "maximum": 9},
    ),
    "a reference alone stays one": (
        {"description": "D", "allOf": [TO_BASE]},
        {**TO_BASE, "description": "D"},
    ),
    "members that the rest excludes go": (
        {"type": "string", "enum": ["a", "bb", 1], "maxLength": 1},
        {"type": "string", "enum": ["a"]},
    ),
    "types are branches": (
        {"type": ["string", "integer"], "minLength": 1, "minimum": 2},
        {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 2}]},
    ),
    "branches that are apart stay apart": (
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    ),
}
LEFT_OUT: Final[dict[str, tuple[dict[str, Any], Unheld]]] = {
    "a required field that is forbidden": (CLOSED, Unheld(AT, "false")),
    "a keyword": ({"type": "array", "uniqueItems": True}, Unheld(f"{AT}/uniqueItems", "uniqueItems")),
    "a type that is not stated": ({"minLength": 1}, Unheld(AT, "type")),
    "a field of two definitions": (
        {"allOf": [BASE, {"properties": {"a": {"type": "string"}}}]},
        Unheld(f"{AT}/allOf", "allOf"),
    ),
    "a part that closes another one's fields": (
        {"allOf": [BASE, {"type": "object", "additionalProperties": False}]},
        Unheld(f"{AT}/allOf", "additionalProperties"),
    ),
    "branches that overlap": (
        {"oneOf": [{"type": "integer"}, {"type": "number"}]},
        Unheld(f"{AT}/oneOf", "oneOf"),
    ),
    "a union beside other statements": (
        {**BASE, "anyOf": [{"required": ["b"]}, {"required": ["c"]}]},
        Unheld(f"{AT}/anyOf", "anyOf"),
    ),
    "no member that fits": ({"type": "integer", "enum": ["a"]}, Unheld(AT, "false")),
}


@pytest.mark.parametrize(("schema", "expected"), REWRITTEN.values(), ids=REWRITTEN)
def test_what_models_can_hold_is_held(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    assert held(schema) == (expected, [])


@pytest.mark.parametrize(("schema", "told"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_models_cannot_hold_is_told(schema: dict[str, Any], told: Unheld) -> None:
    assert told in held(schema)[1]


def test_a_keyword_that_states_nothing_is_not_told() -> None:
    idle = {"type": "array", "uniqueItems": False, "unevaluatedItems": True}
    assert held(idle) == ({"type": "array"}, [])
