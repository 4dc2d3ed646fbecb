"""The catalogue of broken servers is complete: every statement of the spec, and every rule, is broken by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.judge.checks import checks_of
from contract_tests.servers.faults import Fault, derive_faults, make_catalogue, written_faults

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

BOUNDS = [
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern", "minLength", "maxLength"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
]
REQUEST = "/components/schemas/CreateCall"


@pytest.fixture(scope="module")
def faults(contract: Contract) -> list[Fault]:
    return [*derive_faults(contract), *written_faults()]


@pytest.fixture(scope="module")
def responses(contract: Contract) -> list[str]:
    return [body.schema for body in contract.operations[0].response_bodies()]


def breaking(faults: list[Fault], pointer: str) -> list[Fault]:
    return [fault for fault in faults if fault.pointer == pointer]


def statements(contract: Contract, roots: list[str], keyword: str) -> dict[str, Any]:
    """The values of a keyword below some schemas, by pointer."""
    return {
        f"{pointer}/{keyword}": schema[keyword]
        for pointer, schema in contract.schemas_below(roots)
        if keyword in schema
    }


@pytest.mark.slow
def test_no_two_faults_have_one_name(contract: Contract, faults: list[Fault]) -> None:
    names = [fault.name for fault in faults]
    assert not {name for name in names if names.count(name) > 1}
    assert list(make_catalogue(contract)) == names


@pytest.mark.slow
def test_hundreds_are_derived_and_dozens_written(contract: Contract) -> None:
    assert len(list(derive_faults(contract))) >= 500
    assert len(list(written_faults())) >= 200


@pytest.mark.slow
def test_every_required_field_of_a_request_is_optional_somewhere(contract: Contract, faults: list[Fault]) -> None:
    for pointer, names in statements(contract, [REQUEST], "required").items():
        accepting = [fault for fault in breaking(faults, pointer) if fault.caught_by == "invalid_request_refused"]
        assert len(accepting) == len(names), pointer


@pytest.mark.parametrize("wrong", ["absent", "null", "of another type"])
def test_every_required_field_of_a_response_is_wrong_somewhere(
    contract: Contract, faults: list[Fault], responses: list[str], wrong: str
) -> None:
    for pointer, names in statements(contract, responses, "required").items():
        schema = pointer.removesuffix("/required")
        for name in names:
            statement = pointer if wrong == "absent" else f"{schema}/properties/{name}"
            found = [fault.name for fault in breaking(faults, statement)]
            assert any(fault.endswith(f": {name} {wrong}") for fault in found), f"{statement} {name}"


def test_every_enumeration_of_a_request_has_a_member_refused(contract: Contract, faults: list[Fault]) -> None:
    for pointer in statements(contract, [REQUEST], "enum"):
        assert "documented_request_accepted" in {fault.caught_by for fault in breaking(faults, pointer)}, pointer


def test_every_closed_enumeration_of_a_request_has_another_member_accepted(
    contract: Contract, faults: list[Fault]
) -> None:
    open_lists = {fault.pointer for fault in faults if fault.concerns_known_names}
    assert len(open_lists) == 9
    for pointer in statements(contract, [REQUEST], "enum").keys() - open_lists:
        assert "invalid_request_refused" in {fault.caught_by for fault in breaking(faults, pointer)}, pointer


def test_every_enumeration_of_a_response_has_an_undocumented_member(
    contract: Contract, faults: list[Fault], responses: list[str]
) -> None:
    open_lists = {fault.pointer for fault in faults if fault.concerns_known_names}
    for pointer in statements(contract, responses, "enum").keys() - open_lists:
        found = [fault.name for fault in breaking(faults, pointer)]
        assert any(name.endswith(": an undocumented member") for name in found), pointer


def test_every_bound_of_a_request_is_unchecked_somewhere(contract: Contract, faults: list[Fault]) -> None:
    bounds = [pointer for keyword in BOUNDS for pointer in statements(contract, [REQUEST], keyword)]
    assert len(bounds) > 20
    assert [pointer for pointer in bounds if not breaking(faults, pointer)] == []


def test_every_array_of_a_request_has_items_unchecked_and_refused(contract: Contract, faults: list[Fault]) -> None:
    arrays = [pointer for pointer in statements(contract, [REQUEST], "items") if pointer in contract.spec.places]
    assert len(arrays) >= 9
    for pointer in arrays:
        found = {fault.name.partition(": ")[2] for fault in breaking(faults, pointer)}
        unchecked = {f"{which} items not checked" for which in ("first", "later", "third")}
        assert unchecked | {"two items refused", "none refused"} <= found, pointer


def test_null_is_wrong_somewhere_for_every_field_of_a_request(contract: Contract, faults: list[Fault]) -> None:
    for pointer, properties in statements(contract, [REQUEST], "properties").items():
        for name in properties:
            found = [fault.name for fault in breaking(faults, f"{pointer}/{name}")]
            word = "refused" if contract.validator(f"{pointer}/{name}").is_valid(None) else "accepted"
            assert any(fault.startswith("null for") and fault.endswith(word) for fault in found), f"{pointer}/{name}"


def test_every_format_of_a_response_is_broken_somewhere(
    contract: Contract, faults: list[Fault], responses: list[str]
) -> None:
    assert all(breaking(faults, pointer) for pointer in statements(contract, responses, "format"))


UNTRIPPED = {"response_headers_conformance": "the spec has no header of a response for a server to get wrong"}
"""Checks that no fault can trip, each with the reason."""


def test_every_check_is_tripped_unless_it_is_excused(contract: Contract, faults: list[Fault]) -> None:
    names = {check.name for check in checks_of(contract)}
    assert {fault.caught_by for fault in faults} == names - UNTRIPPED.keys()
    assert UNTRIPPED.keys() <= names


def test_the_spec_has_no_header_of_a_response(contract: Contract) -> None:
    statuses = [(operation, int(key)) for operation in contract.operations for key in operation.responses]
    assert not any(contract.response_headers(operation, status) for operation, status in statuses)
