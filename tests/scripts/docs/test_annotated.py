"""The reference shows each rule at its fields, and who makes each statement; it changes nothing but descriptions."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

from scripts.docs.annotated import annotate
from spec.document import is_for_people, keywords
from spec.paths import SPEC
from spec.reader import Spec, read_spec, value_at
from spec.rules import read_rules
from spec.standing import MARK

if TYPE_CHECKING:
    from pathlib import Path

ORDERS: Final = """\
openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    post:
      operationId: place_order
      x-rules:
        - {name: size_echoed, says: size comes back, when: request.size != null, holds: response.size == request.size}
        - {name: anybody_may_order, says: an order needs no name, when: request.name == null, holds: status < 300}
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Order'}
      responses:
        '200':
          description: Placed.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Order'}
        '404':
          description: Unknown.
          x-provenance: sdk
components:
  schemas:
    Order:
      description: An order.
      type: object
      x-provenance: {required: inferred}
      required: [size]
      properties:
        size: {description: How many., type: integer, minimum: 1, x-provenance: {minimum: sdk}}
        name: {description: For whom., type: [string, 'null'], x-provenance: {nullable: inferred}}
        drink:
          description: What to pour.
          anyOf:
            - $ref: '#/components/schemas/Tea'
            - {description: Cold., type: string, x-provenance: sdk}
            - type: 'null'
        notes: {type: array, items: {type: string}}
        more: {description: Orders within., type: array, items: {$ref: '#/components/schemas/Drinks'}}
    Drinks: {description: Several., oneOf: [{$ref: '#/components/schemas/Tea'}, {$ref: '#/components/schemas/Drinks'}]}
    Tea: {description: A hot drink., type: object, x-provenance: sdk}
"""
SIZE: Final = "/components/schemas/Order/properties/size"
ECHOED: Final = "- size comes back (`size_echoed`, documented): when `request.size != null`, "


@pytest.fixture
def orders(tmp_path: Path) -> Spec:
    """A small spec with rules and marks of every kind."""
    (tmp_path / "openapi.yaml").write_text(ORDERS, encoding="utf-8")
    return read_spec(tmp_path / "openapi.yaml")


def described(spec: Spec, pointer: str) -> str:
    """The description that the reference shows at a pointer."""
    return str(value_at(annotate(spec), f"{pointer}/description"))


def standing(spec: Spec, pointer: str) -> str:
    """The last line of the description at a pointer."""
    return described(spec, pointer).rpartition("\n")[2]


def without_descriptions(document: dict[str, Any]) -> dict[str, Any]:
    """A document without the descriptions of its parts."""
    bare = copy.deepcopy(document)
    for keyword in list(keywords(bare)):
        if keyword.name == "description":
            del value_at(bare, keyword.pointer.rpartition("/")[0])["description"]
    return bare


def rules_shown(document: dict[str, Any]) -> dict[str, set[str]]:
    """The pointers at which a document's descriptions show each of the spec's rules, by its name."""
    texts = {each.pointer: each.value for each in keywords(document) if each.name == "description"}
    return {
        rule.name: {pointer.rpartition("/")[0] for pointer, text in texts.items() if f"(`{rule.name}`, " in text}
        for rule in read_rules(read_spec(SPEC))
    }


def test_a_rule_stands_at_the_field_that_it_names(orders: Spec) -> None:
    assert f"{ECHOED}`response.size == request.size` holds" in described(orders, SIZE)


def test_a_rule_stands_at_its_operation(orders: Spec) -> None:
    assert ECHOED in described(orders, "/paths/~1orders/post")


def test_a_rule_that_demands_no_field_stands_at_those_of_its_condition(orders: Spec) -> None:
    assert "`anybody_may_order`" in described(orders, "/components/schemas/Order/properties/name")


def test_a_field_that_no_rule_names_shows_none(orders: Spec) -> None:
    assert "Rules" not in described(orders, "/components/schemas/Order/properties/drink")


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        (SIZE, "*Standing: documented, `minimum` sdk.*"),
        ("/components/schemas/Order/properties/name", "*Standing: documented, `null` inferred.*"),
        ("/components/schemas/Order/properties/drink", "*Standing: documented; `Tea`: sdk; `string`: sdk.*"),
        ("/components/schemas/Order", "*Standing: documented, `required` inferred.*"),
        ("/components/schemas/Order/properties/more", "*Standing: documented; `Tea`: sdk.*"),
        ("/components/schemas/Tea", "*Standing: sdk.*"),
        ("/paths/~1orders/post/responses/404", "*Standing: sdk.*"),
    ],
)
def test_the_standing_of_each_statement_is_shown(orders: Spec, pointer: str, expected: str) -> None:
    assert standing(orders, pointer) == expected


def test_members_of_a_fields_union_have_its_description_before_their_own(orders: Spec) -> None:
    drink = "/components/schemas/Order/properties/drink"
    tea, cold, null = value_at(annotate(orders), f"{drink}/anyOf")
    assert tea["description"] == f"{described(orders, drink)}\n\nA hot drink."
    assert cold["description"] == f"{described(orders, drink)}\n\nCold."
    assert null == {"type": "null"}


def test_the_first_page_explains_the_notes(orders: Spec) -> None:
    assert "The **standing** of a statement" in described(orders, "/info")


def test_nothing_but_descriptions_changes() -> None:
    spec = read_spec(SPEC)
    before = copy.deepcopy(spec.document)
    assert without_descriptions(annotate(spec)) == without_descriptions(spec.document)
    assert spec.document == before


def test_every_rule_of_the_contract_is_shown_at_its_fields_or_at_its_operation() -> None:
    shown = rules_shown(annotate(read_spec(SPEC)))
    about_no_field = [name for name, places in shown.items() if not any("/properties/" in place for place in places)]
    assert {name: shown[name] for name in about_no_field} == {
        "conversation_found": {"/paths/~1conversations~1{id}/get"}
    }


def test_every_component_and_field_of_the_contract_shows_its_standing() -> None:
    spec = read_spec(SPEC)
    document = annotate(spec)
    schemas = [each.pointer for each in keywords(spec.document) if each.in_schema and each.name == "description"]
    own = [pointer for pointer in schemas if not is_for_people(pointer.rpartition("/")[0])]
    assert len(own) > 100
    assert [pointer for pointer in own if "*Standing: " not in value_at(document, pointer)] == []


def test_every_mark_of_the_contract_is_shown_where_it_stands() -> None:
    spec = read_spec(SPEC)
    document = annotate(spec)
    marks = [each for each in keywords(spec.document) if each.name == MARK]
    for owner, mark in ((each.pointer.rpartition("/")[0], each.value) for each in marks):
        for word in {mark} if isinstance(mark, str) else {*mark.values()}:
            assert is_for_people(owner) or word in value_at(document, f"{owner}/description"), owner
