"""A told statement explains the errors that a validator meets below it, by whatever `$ref` it got there."""

from __future__ import annotations

from typing import Any, Final

import jsonschema_rs
import pytest

from scripts.fidelity.explanation import is_explained

DOCUMENT: Final[dict[str, Any]] = {
    "properties": {
        "near": {"uniqueItems": True},
        "far": {"$ref": "#/$defs/Far"},
        "some": {"type": "array", "contains": {"type": "string"}, "minContains": 1},
        "when": {"if": {"type": "string"}, "then": {"minLength": 3}, "else": False},
        "any": {"anyOf": [{"$ref": "#/$defs/Far"}, {"type": "string"}]},
        "$ref": {"maxLength": 1},
    },
    "$defs": {"Far": {"minProperties": 2, "type": "object"}},
}


def errors(instance: object) -> list[jsonschema_rs.ValidationError]:
    schema = {"$ref": "urn:spec"}
    registry = jsonschema_rs.Registry([("urn:spec", DOCUMENT)], draft=jsonschema_rs.Draft202012)
    return list(jsonschema_rs.validator_for(schema, registry=registry).iter_errors(instance))


TOLD: Final = {
    "itself": ({"near": [1, 1]}, "/properties/near/uniqueItems"),
    "the schema around it": ({"near": [1, 1]}, "/properties/near"),
    "behind a reference": ({"far": {}}, "/$defs/Far/minProperties"),
    "the reference": ({"far": {}}, "/properties/far"),
    "a number of items that it asks for": ({"some": []}, "/properties/some/contains"),
    "a consequence": ({"when": "ab"}, "/properties/when/if"),
    "an alternative": ({"when": 1}, "/properties/when/if"),
    "in a branch": ({"any": {}}, "/$defs/Far/minProperties"),
    "a property called $ref": ({"$ref": "ab"}, "/properties/$ref/maxLength"),
}


@pytest.mark.parametrize(("instance", "pointer"), TOLD.values(), ids=TOLD)
def test_what_is_told_explains_the_error(instance: object, pointer: str) -> None:
    assert is_explained(errors(instance), "", DOCUMENT, {pointer})


@pytest.mark.parametrize("instance", [instance for instance, _ in TOLD.values()], ids=TOLD)
def test_what_is_told_elsewhere_does_not(instance: object) -> None:
    assert not is_explained(errors(instance), "", DOCUMENT, {"/properties/other", "/$defs/Farther", "/properties/ne"})


def test_each_error_needs_a_reason() -> None:
    assert not is_explained(errors({"near": [1, 1], "far": {}}), "", DOCUMENT, {"/properties/near"})
