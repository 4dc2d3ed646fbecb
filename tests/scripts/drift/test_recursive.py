"""Schemas that demand themselves are compared, however the circle is closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from scripts.drift.classify import classify
from spec.reader import Place, Spec
from tests.support.drift_edits import an_object

A, B, C, LEAF = ({"$ref": f"#/components/schemas/{name}"} for name in ("A", "B", "C", "Leaf"))

CIRCLES: Final[dict[str, dict[str, Any]]] = {
    "a required property is the schema itself": {"A": an_object("next", next=A, leaf=LEAF)},
    "a required property is another name of the schema": {"A": an_object("next", next=B, leaf=LEAF), "B": A},
    "three schemas require one another": {
        "A": an_object("next", next=B),
        "B": an_object("next", next=C),
        "C": an_object("next", next=A, leaf=LEAF),
    },
    "three schemas require one another twice": {
        "A": an_object("one", "two", one=B, two=C),
        "B": an_object("one", "two", one=C, two=A),
        "C": an_object("one", "two", one=A, two=B, leaf=LEAF),
    },
    "a part of allOf requires the whole": {"A": {"allOf": [B, an_object(leaf=LEAF)]}, "B": an_object("next", next=A)},
    "a required property is an allOf with the schema": {
        "A": an_object("next", next={"allOf": [A, an_object(leaf=LEAF)]}),
    },
    "other required properties are the schema": {
        "A": {"type": "object", "required": ["leaf", "next"], "properties": {"leaf": LEAF}, "additionalProperties": A},
    },
    "required properties of a pattern are the schema": {
        "A": an_object("leaf", "next", leaf=LEAF) | {"patternProperties": {"^next": A}},
    },
    "a required property is not the schema": {"A": an_object("next", next={"not": A}, leaf=LEAF)},
    "a required property is a list of the schema": {
        "A": an_object("next", next={"type": "array", "minItems": 1, "items": A}, leaf=LEAF),
    },
    "a required property is a tuple that begins with the schema": {
        "A": an_object("next", next={"type": "array", "minItems": 1, "prefixItems": [A]}, leaf=LEAF),
    },
    "branches require the schema": {
        "A": {"oneOf": [an_object("next", "leaf", next=A, leaf=LEAF), an_object("last", last={"type": "null"})]},
    },
    "branches that are told apart by themselves": {
        "A": {"oneOf": [B, C]},
        "B": an_object("next", next=A, leaf=LEAF),
        "C": an_object("next", next={"type": "array", "items": A}),
    },
    "a condition requires the schema": {
        "A": an_object("next", next=A) | {"if": an_object("next", next=A), "then": an_object("leaf", leaf=LEAF)},
    },
}


def read(circle: dict[str, Any], leaf: dict[str, Any]) -> Spec:
    response = {"description": "It.", "content": {"application/json": {"schema": A}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Circles", "version": "0.8.0"},
        "paths": {"/a": {"get": {"responses": {"200": response}}}},
        "components": {"schemas": circle | {"Leaf": leaf}},
    }
    return Spec(Path("openapi.yaml"), "", document, {"": Place(1, 1)})


@pytest.mark.parametrize("name", CIRCLES)
def test_a_change_within_a_circle_is_found(name: str) -> None:
    changes = classify(read(CIRCLES[name], {"type": "string"}), read(CIRCLES[name], {"type": ["string", "null"]}))
    told = {(change.impact, change.pointer) for change in changes}
    assert told == {("breaking", "/components/schemas/Leaf/type")}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_circle_is_the_same_as_itself(name: str) -> None:
    wrapped = {key: {"allOf": [schema]} for key, schema in CIRCLES[name].items()}
    changes = classify(read(CIRCLES[name], {"type": "string"}), read(wrapped, {"type": "string"}))
    assert {change.impact for change in changes} <= {"editorial"}
