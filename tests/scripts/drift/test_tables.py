"""The table of keywords is whole, and each change of each keyword has its class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jsonschema_specifications  # type: ignore[import-untyped]
import pytest

from scripts.drift.classify import classify
from scripts.drift.differences import IMPACTS
from scripts.drift.schemas.keywords import ROLES, SIMPLE, STRUCTURED
from scripts.fidelity.gate_judgement import spec_of
from scripts.generate.soundness import find_unsafe
from spec.reader import ABSENT

if TYPE_CHECKING:
    from scripts.drift.differences import Impact
    from scripts.drift.effects import Effect
    from scripts.drift.schemas.keywords import Role
    from spec.json_value import Json
    from spec.operations import Direction

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/"
# The keywords of https://spec.openapis.org/oas/3.1/meta/base, which no package here has.
OWN: Final = {"discriminator", "xml", "externalDocs", "example"}


def schema_keywords() -> set[str]:
    """The keywords of JSON Schema 2020-12, the deprecated ones too, as its meta-schemas have them."""
    found = {
        keyword
        for uri in jsonschema_specifications.REGISTRY
        if uri.startswith(DIALECT) and "format-assertion" not in uri
        for keyword in jsonschema_specifications.REGISTRY[uri].contents.get("properties", {})
    }
    return found | OWN


def test_every_keyword_has_a_role() -> None:
    assert schema_keywords() == set(ROLES)


class Row(NamedTuple):
    """Values of a keyword: `loose` admits more than `strict`, and `other` admits other values than `strict`.

    `beside` stands in both schemas. `absent` is looser than either.
    """

    loose: Json
    strict: Json
    other: Json = ABSENT
    beside: Schema = {}  # noqa: RUF012 - a tuple's default
    turned: bool = False
    """True where the absence of the keyword admits less."""


S: Final[Schema] = {"type": "string"}
I: Final[Schema] = {"type": "integer"}  # noqa: E741 - as short as its neighbour
LONG: Final[Schema] = {"type": "string", "maxLength": 5}
SHORT: Final[Schema] = {"type": "string", "maxLength": 2}

ROWS: Final[dict[str, Row]] = {
    "type": Row(["string", "null"], "string", "integer"),
    "const": Row(ABSENT, "a", "b"),
    "enum": Row(["a", "b"], ["a"], ["b"]),
    "format": Row("int64", "int32", "float"),
    "multipleOf": Row(2, 4, 3),
    "minimum": Row(1, 2),
    "exclusiveMinimum": Row(1, 2),
    "maximum": Row(2, 1),
    "exclusiveMaximum": Row(2, 1),
    "minLength": Row(1, 2),
    "maxLength": Row(2, 1),
    "pattern": Row(ABSENT, "^a", "^b"),
    "contentEncoding": Row(ABSENT, "base64", "base32"),
    "contentMediaType": Row(ABSENT, "text/css", "text/html"),
    "contentSchema": Row(LONG, SHORT, I),
    "items": Row(LONG, SHORT, I),
    "prefixItems": Row([LONG], [SHORT], [I]),
    "unevaluatedItems": Row(LONG, SHORT, I),
    "contains": Row(LONG, SHORT, I),
    "minContains": Row(2, 3, beside={"contains": S}),
    "maxContains": Row(3, 2, beside={"contains": S}),
    "minItems": Row(1, 2),
    "maxItems": Row(2, 1),
    "uniqueItems": Row(ABSENT, strict=True),
    "properties": Row({"a": LONG}, {"a": SHORT}, {"a": I}, beside={"patternProperties": {"a": {"maxLength": 9}}}),
    "patternProperties": Row({"^a": LONG}, {"^a": SHORT}, {"^a": I}),
    "additionalProperties": Row(LONG, SHORT, I),
    "unevaluatedProperties": Row(LONG, SHORT, I),
    "propertyNames": Row({"maxLength": 5}, {"maxLength": 2}, {"minLength": 1}),
    "required": Row(["a"], ["a", "b"], ["c"]),
    "dependentRequired": Row({"x-a": ["b"]}, {"x-a": ["b", "c"]}, {"x-a": ["d"]}),
    "dependentSchemas": Row(
        {"x-a": LONG | {"type": "object", "maxProperties": 3}}, {"x-a": {"maxProperties": 1, "type": "object"}}
    ),
    "minProperties": Row(1, 2),
    "maxProperties": Row(2, 1),
    "allOf": Row([LONG], [SHORT], [I]),
    "anyOf": Row([S, I], [S], [{"type": "null"}]),
    "oneOf": Row([S, I], [S], [{"type": "null"}]),
    "not": Row({"enum": ["a"]}, {"enum": ["a", "b"]}, {"enum": ["c"]}),
    "if": Row(ABSENT, {"minLength": 2}, {"minLength": 3}, beside={"then": {"pattern": "^a"}}),
    "then": Row({"maxLength": 5}, {"maxLength": 2}, {"pattern": "x"}, beside={"if": {"pattern": "^a"}}),
    "else": Row({"maxLength": 5}, {"maxLength": 2}, {"pattern": "x"}, beside={"if": {"pattern": "^a"}}),
    "$ref": Row(ABSENT, "#/components/schemas/Nest", "#/components/schemas/Chain"),
}
WAYS: Final[dict[str, tuple[Direction, ...]]] = {
    "request": ("request",),
    "response": ("response",),
    "both": ("request", "response"),
}
IMPACT: Final[dict[Effect, dict[str, Impact]]] = {
    "narrower": {"request": "breaking", "response": "compatible", "both": "breaking"},
    "wider": {"request": "compatible", "response": "breaking", "both": "breaking"},
    "different": dict.fromkeys(WAYS, "breaking"),
    "harmless": dict.fromkeys(WAYS, "compatible"),
}


class Beside(NamedTuple):
    """Values of a keyword that admits every value, and the effects of its changes."""

    first: Json
    other: Json
    added: Effect
    removed: Effect
    changed: Effect


BY_KIND: Final = {"propertyName": "kind"}
BESIDE: Final[dict[str, Beside]] = {
    "default": Beside("a", "b", "harmless", "different", "different"),
    "deprecated": Beside(True, False, "harmless", "harmless", "harmless"),  # noqa: FBT003 - values
    "readOnly": Beside(True, False, "narrower", "harmless", "harmless"),  # noqa: FBT003
    "writeOnly": Beside(True, False, "wider", "harmless", "harmless"),  # noqa: FBT003
    "discriminator": Beside(BY_KIND, {"propertyName": "type"}, "harmless", "harmless", "different"),
    "xml": Beside({"name": "a"}, {"name": "b"}, "different", "different", "different"),
}


def told(before: Schema, after: Schema, way: str) -> Impact:
    changes = classify(*(spec_of(schema, *WAYS[way]) for schema in (before, after)))
    return min((change.impact for change in changes), key=IMPACTS.index, default="editorial")


def of_role(*roles: Role) -> list[str]:
    return sorted(keyword for keyword, role in ROLES.items() if role in roles)


def stated(keyword: str, value: Json) -> Schema:
    own = {} if value is ABSENT else {keyword: value}
    return ROWS[keyword].beside | own


def test_every_keyword_that_means_something_has_a_row() -> None:
    assert sorted(ROWS) == of_role("demand", "in place")
    assert sorted(BESIDE) == of_role("beside")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("keyword", sorted(ROWS))
def test_each_change_of_a_keyword_has_its_class(keyword: str, way: str) -> None:
    row, none = ROWS[keyword], stated(keyword, ABSENT)
    loose, strict = stated(keyword, row.loose), stated(keyword, row.strict)
    found = {
        "added": told(none, strict, way),
        "removed": told(strict, none, way),
        "narrowed": told(loose, strict, way),
        "widened": told(strict, loose, way),
    }
    more, less = IMPACT["wider"][way], IMPACT["narrower"][way]
    assert found == {"added": less, "removed": more, "narrowed": less, "widened": more}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("keyword", sorted(keyword for keyword, row in ROWS.items() if row.other is not ABSENT))
def test_another_value_of_a_keyword_breaks_both_ways(keyword: str, way: str) -> None:
    row = ROWS[keyword]
    assert told(stated(keyword, row.strict), stated(keyword, row.other), way) == "breaking"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("keyword", sorted(BESIDE))
def test_each_change_of_a_keyword_that_admits_all_has_its_class(keyword: str, way: str) -> None:
    row = BESIDE[keyword]
    first, other = {keyword: row.first}, {keyword: row.other}
    found = told({}, first, way), told(first, {}, way), told(first, other, way)
    assert found == tuple(IMPACT[effect][way] for effect in (row.added, row.removed, row.changed))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("keyword", sorted({*ROWS, *BESIDE}))
def test_a_keyword_that_moves_into_allof_or_behind_a_reference_changes_nothing(keyword: str, way: str) -> None:
    schema = stated(keyword, ROWS[keyword].strict) if keyword in ROWS else {keyword: BESIDE[keyword].first}
    assert told(schema, {"allOf": [schema]}, way) == told({"allOf": [schema]}, schema, way) == "editorial"
    moved = spec_of({"$ref": "#/components/schemas/Moved"}, *WAYS[way])
    moved.document["components"]["schemas"]["Moved"] = schema
    changes = classify(spec_of(schema, *WAYS[way]), moved)
    assert {change.impact for change in changes} == {"editorial"}


@pytest.mark.parametrize("keyword", of_role("text"))
def test_texts_are_editorial(keyword: str) -> None:
    assert told({keyword: "a"}, {keyword: "b"}, "both") == "editorial"


@pytest.mark.parametrize("keyword", of_role("place"))
def test_schemas_that_nothing_refers_to_are_editorial(keyword: str) -> None:
    place = {keyword: "a" if keyword == "$anchor" else {"A": {"const": "a"}}}
    assert told({}, place, "both") == told(place, {}, "both") == "editorial"


@pytest.mark.parametrize("keyword", [*of_role("unjudged"), "nonesuch", "none/such"])
def test_what_cannot_be_judged_counts_as_breaking(keyword: str) -> None:
    for way in WAYS:
        assert told({}, {keyword: "a"}, way) == told({keyword: "a"}, {}, way) == "breaking"


@pytest.mark.parametrize("keyword", of_role("refused"))
def test_what_is_refused_is_refused(keyword: str) -> None:
    assert find_unsafe(spec_of({keyword: "a"}, "request"))


@pytest.mark.parametrize("keyword", ["nullable", "deprecated", "readOnly", "writeOnly", "uniqueItems"])
def test_a_default_that_is_stated_changes_nothing(keyword: str) -> None:
    assert told({"type": "string"}, {"type": "string", keyword: False}, "both") == "editorial"


def test_every_demand_of_the_normal_form_has_a_rule() -> None:
    assert not SIMPLE.keys() & STRUCTURED.keys()
    named = {*SIMPLE, *STRUCTURED} - {"unjudged"}
    assert named <= set(ROLES)
