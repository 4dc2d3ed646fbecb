"""The statements of a body's schema, one by one, in the shape of the body."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from contract_tests.contract.statements import Section, walk_body
from spec.paths import SPEC
from spec.reader import parse_spec

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract


def walk(**schemas: Any) -> list[Section]:  # noqa: ANN401 - schemas
    """The parts of the component `Root`."""
    text = json.dumps({"components": {"schemas": schemas}})
    return list(walk_body(parse_spec(SPEC, text), "/components/schemas/Root", "root"))


def told(section: Section) -> list[str]:
    return [f"{each.kind} {each.words}" for each in section.statements]


def test_a_field_is_required_or_may_be_absent() -> None:
    root, a, b = walk(Root={"type": "object", "required": ["a"], "properties": {"a": {}, "b": {"type": "string"}}})
    assert (told(root), root.depth) == (["type object"], 0)
    assert (told(a), a.name, a.depth) == (["required a"], "a", 1)
    assert told(b) == ["optional b", "type string"]


def test_bounds_members_and_null_are_statements_of_their_own() -> None:
    (root,) = walk(Root={"type": ["integer", "null"], "minimum": 1, "enum": [1, 2, None]})
    assert told(root) == [
        "type integer or null",
        "null null",
        "bound minimum 1",
        "member 1",
        "member 2",
        "member null",
        "bound no other value",
    ]


def test_bounds_stand_in_the_order_of_the_spec() -> None:
    bounds = {"maxLength": 9, "minLength": 1, "pattern": "a", "maximum": 9, "minimum": 1, "maxItems": 9, "minItems": 1}
    (root,) = walk(Root=bounds)
    assert [words.split()[1] for words in told(root)] == [*bounds]


def test_a_part_that_may_be_null_is_told_with_the_schema_that_it_else_has() -> None:
    thing = {"type": "object", "properties": {"a": {}}}
    root, a = walk(Root={"anyOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]}, Thing=thing)
    assert told(root) == ["bound none but its branches", "branch Thing", "null null", "type object"]
    assert (a.name, a.depth) == ("a", 1)


def test_the_branches_of_a_union_are_told_one_by_one() -> None:
    cat = {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["cat"]}}}
    dog = {"type": "object", "properties": {"bark": {"type": "boolean"}}}
    union = {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}
    sections = walk(Root=union, Cat=cat, Dog=dog)
    assert [(each.name, each.depth) for each in sections] == [
        ("root", 0),
        ("(Cat)", 1),
        ("kind", 2),
        ("(Dog)", 1),
        ("bark", 2),
    ]
    assert told(sections[0]) == ["bound none but its branches", "branch Cat", "branch Dog"]
    # With another value, no branch is meant: that breaks the union.
    assert told(sections[2]) == ["required kind", 'member "cat"']


def test_beside_any_text_an_enumeration_forbids_nothing() -> None:
    (root,) = walk(Root={"anyOf": [{"enum": ["a", "b"]}, {"type": "string"}]})
    assert "bound no other value" not in told(root)
    assert {'member "a"', 'member "b"', "branch any string"} <= {*told(root)}


def test_a_component_is_told_once() -> None:
    thing = {"type": "object", "properties": {"a": {}}}
    reference = {"$ref": "#/components/schemas/Thing"}
    root = {"type": "object", "properties": {"one": reference, "two": reference}}
    sections = walk(Root=root, Thing=thing)
    assert [(each.name, each.seen_above) for each in sections] == [
        ("root", None),
        ("one", None),
        ("a", None),
        ("two", "Thing"),
    ]
    assert told(sections[3]) == ["optional two"]


def test_a_schema_that_holds_itself_comes_to_an_end() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Root"}}}
    assert [each.seen_above for each in walk(Root=node)] == [None, "Root"]


def test_a_union_that_is_its_own_branch_comes_to_an_end() -> None:
    (root,) = walk(Root={"anyOf": [{"$ref": "#/components/schemas/Root"}, {"type": "null"}]})
    assert root.seen_above is None


def test_items_and_other_fields_are_parts() -> None:
    sections = walk(Root={"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}})
    assert [each.name for each in sections] == ["root", "[]", "any other field"]


def test_no_statement_of_a_body_has_the_key_of_another(contract: Contract) -> None:
    for operation in contract.operations:
        for pointer in filter(None, (operation.body, *(body.schema for body in operation.response_bodies()))):
            keys = [each.key for section in walk_body(contract.spec, pointer) for each in section.statements]
            assert len(keys) == len({*keys})
