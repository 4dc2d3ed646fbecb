"""Fields that the spec does not have, at any depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.contract.undocumented import with_field, without_fields
from tests.support.drawn_schemas import contract_of
from tests.support.exchanges import CALL

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

REQUEST = "/components/schemas/CreateCall"
BODIES: list[tuple[dict[str, Any], list[str], dict[str, Any]]] = [
    (CALL, [], CALL),
    (CALL | {"x": 1}, ["x"], CALL),
    (CALL | {"agent_config": {"y": 1, "prompt": "a"}}, ["y"], CALL | {"agent_config": {"prompt": "a"}}),
    (CALL | {"agent_config": {"metadata": {"z": "a"}}}, [], CALL | {"agent_config": {"metadata": {"z": "a"}}}),
    (
        CALL | {"agent_config": {"webhooks": [{"events": [], "url": "", "method": "GET", "w": {}}]}},
        ["w"],
        CALL | {"agent_config": {"webhooks": [{"events": [], "url": "", "method": "GET"}]}},
    ),
]


@pytest.mark.parametrize(("body", "names", "rest"), BODIES)
def test_undocumented_fields_are_found_and_left_out(
    contract: Contract, body: dict[str, Any], names: list[str], rest: dict[str, Any]
) -> None:
    found = contract.undocumented_fields(REQUEST, body)
    assert [field.name for field in found] == names
    assert without_fields(body, found) == rest


BASE = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
PRICED = {"allOf": [{"$ref": "#/components/schemas/B"}, {"properties": {"price": {"type": "integer"}}}]}


@pytest.mark.parametrize(
    ("body", "names"), [({"name": "a", "price": 1, "x": 1}, ["x"]), ({"name": 1, "price": 1}, []), ({"x": 1}, [])]
)
def test_of_an_object_that_one_of_its_schemas_refuses_no_field_is_called_undocumented(
    body: dict[str, Any], names: list[str]
) -> None:
    found = contract_of({"A": PRICED, "B": BASE}).undocumented_fields("/components/schemas/A", body)
    assert [field.name for field in found] == names


def test_a_field_is_added_to_each_object_whose_fields_are_listed(contract: Contract) -> None:
    body = CALL | {"agent_config": {"metadata": {"z": "a"}, "voice": {"provider": "rime"}}}
    assert with_field(body, contract.satisfied.find(REQUEST, body), "x", 1) == CALL | {
        "x": 1,
        "agent_config": {"x": 1, "metadata": {"z": "a"}, "voice": {"x": 1, "provider": "rime"}},
    }
