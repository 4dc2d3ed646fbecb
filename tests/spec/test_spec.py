"""The spec is valid, says what the vendor's documentation page says, and is fit for code generation."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from spec.reader import escape, target_of
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract

PAGE = json.loads((ROOT / "tests" / "data" / "docs_page.json").read_text())
SAMPLES = ROOT / "spec" / "samples"


def test_is_valid_openapi(contract: Contract) -> None:
    assert list(OpenAPIV31SpecValidator(contract.spec.document).iter_errors()) == []


def test_has_the_pages_operation(contract: Contract) -> None:
    operation, *_ = contract.operations
    assert (operation.method.lower(), operation.path) == (PAGE["operation"]["method"], PAGE["operation"]["path"])
    assert [server["url"] for server in contract.spec.document["servers"]] == [PAGE["operation"]["server"]]


def test_asks_for_the_pages_authorization(contract: Contract) -> None:
    ((name, scopes),) = contract.spec.document["security"][0].items()
    scheme = contract.value(f"/components/securitySchemes/{name}")
    assert scopes == []
    assert {key: scheme[key] for key in ("type", "scheme")} == PAGE["authorization"]


@pytest.mark.parametrize("direction", ["request", "response"])
def test_has_the_pages_fields_and_no_others(contract: Contract, direction: str) -> None:
    described = {name: _describe(contract, pointer) for name, pointer in _properties(contract, direction)}
    required = set(contract.value(_schema(contract, direction))["required"])
    for name, fact in PAGE[direction].items():
        expected = {key: value for key, value in fact.items() if key != "required"}
        assert (name, described.get(name), name in required) == (name, expected, fact["required"])
    assert set(described) == set(PAGE[direction])


@pytest.mark.parametrize("direction", ["request", "response"])
def test_the_pages_sample_is_valid(contract: Contract, direction: str) -> None:
    sample = json.loads((SAMPLES / f"create_phone_call.{direction}.json").read_text())
    contract.validator(_schema(contract, direction)).validate(sample)


def test_every_schema_and_field_is_described(contract: Contract) -> None:
    fields = [f"/components/schemas/{name}" for name in contract.value("/components/schemas")]
    fields += [
        f"{pointer}/properties/{escape(name)}"
        for pointer, schema in _schemas(contract)
        for name in schema.get("properties", {})
    ]
    assert [pointer for pointer in fields if not contract.value(pointer).get("description")] == []


def test_an_enumeration_of_several_members_has_a_name(contract: Contract) -> None:
    enumerations = [pointer for pointer, schema in _schemas(contract) if len(schema.get("enum", [])) > 1]
    assert [pointer for pointer in enumerations if not re.fullmatch(r"/components/schemas/\w+", pointer)] == []


def test_the_norwegian_language_code_is_a_string(contract: Contract) -> None:
    assert "no" in contract.value("/components/schemas/DeepgramLanguage/enum")


def _schema(contract: Contract, direction: str) -> str:
    operation = contract.operations[0]
    (response,) = operation.responses[PAGE["status"]]
    pointer = operation.body if direction == "request" else response.schema
    assert pointer
    return pointer


def _properties(contract: Contract, direction: str) -> Iterator[tuple[str, str]]:
    pointer = f"{_schema(contract, direction)}/properties"
    yield from ((name, f"{pointer}/{escape(name)}") for name in contract.value(pointer))


def _describe(contract: Contract, pointer: str) -> dict[str, Any]:
    """A field as the page lists it: its type without null, the type of its items, its enumeration."""
    schema = _without_null(contract, contract.value(pointer))
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    (kind,) = [name for name in types if name != "null"]
    items = {"items": _without_null(contract, schema["items"])["type"]} if kind == "array" else {}
    return {"type": kind, **items, **({"enum": schema["enum"]} if "enum" in schema else {})}


def _without_null(contract: Contract, schema: dict[str, Any]) -> dict[str, Any]:
    branches = [branch for branch in schema.get("anyOf", []) if branch != {"type": "null"}]
    schema = branches[0] if branches else schema
    return contract.value(target_of(schema["$ref"])) if "$ref" in schema else schema


def _schemas(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema object below the components."""
    names = {"schemas", "properties"}
    data = {"default", "enum", "examples", "x-provenance", "mapping"}
    for pointer in contract.spec.places:
        *parents, key = pointer.split("/")
        if not pointer.startswith("/components/schemas/") or data.intersection(parents[4:]):
            continue
        value = contract.value(pointer)
        is_schema = (parents[-1] in names) or key in {"items", "additionalProperties"} or key.isdecimal()
        if isinstance(value, dict) and is_schema and not (key in names and parents[-1] not in names):
            yield pointer, value
