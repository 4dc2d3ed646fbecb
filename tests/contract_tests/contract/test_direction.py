"""Fields that go in one direction alone."""

from __future__ import annotations

from contract_tests.contract.direction import without_required
from tests.support.drawn_schemas import contract_of

ROOT = "/components/schemas/A"
ACCOUNT = {
    "type": "object",
    "required": ["id", "secret"],
    "properties": {"id": {"$ref": "#/components/schemas/B"}, "secret": {"type": "string", "writeOnly": True}},
}
IDENTIFIER = {"type": "string", "readOnly": True}


def test_a_request_may_lack_a_required_field_that_is_read_only() -> None:
    contract = contract_of({"A": ACCOUNT, "B": IDENTIFIER})
    assert contract.request_validator(ROOT).is_valid({"secret": "a"})
    assert not contract.request_validator(ROOT).is_valid({"id": "a"})


def test_a_read_only_field_of_a_request_may_have_any_value() -> None:
    contract = contract_of({"A": ACCOUNT, "B": IDENTIFIER})
    assert contract.request_validator(ROOT).is_valid({"id": 0, "secret": "a"})
    assert not contract.response_validator(ROOT).is_valid({"id": 0})


def test_a_request_with_a_read_only_field_is_found() -> None:
    contract = contract_of({"A": ACCOUNT, "B": IDENTIFIER})
    assert contract.sets_read_only(ROOT, {"id": 0, "secret": "a"})
    assert not contract.sets_read_only(ROOT, {"secret": "a"})


def test_a_response_may_lack_a_required_field_that_is_write_only() -> None:
    contract = contract_of({"A": ACCOUNT, "B": IDENTIFIER})
    assert contract.response_validator(ROOT).is_valid({"id": "a"})
    assert not contract.response_validator(ROOT).is_valid({"secret": "a"})


def test_a_field_is_found_through_the_schemas_that_are_taken_in() -> None:
    base = {"properties": {"id": IDENTIFIER}}
    components = {"A": {"required": ["id"], "allOf": [{"$ref": "#/components/schemas/B"}]}, "B": base}
    document = contract_of(components).spec.document
    assert without_required(document, "readOnly")["components"]["schemas"]["A"]["required"] == []


def test_a_document_without_such_fields_stays_as_it_is() -> None:
    document = contract_of({"A": {"required": ["id"], "properties": {"id": {}}}}).spec.document
    assert without_required(document, "readOnly") is document
