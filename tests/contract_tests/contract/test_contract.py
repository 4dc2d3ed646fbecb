"""The contract as the suite reads it, and breaches of its schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.contract.keywords import find_breaches, find_satisfied
from spec.paths import SPEC
from spec.reader import SpecError, parse_spec
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

RESPONSE = "/components/schemas/ConversationResponse"
MARKED = """\
openapi: 3.1.0
components:
  schemas:
    A:
      type: object
      x-provenance: {required: inferred, nullable: sdk}
      required: [a]
      properties:
        a: {type: string, x-provenance: sdk}
    B:
      x-provenance: inferred
      properties:
        b: {enum: [x], x-provenance: {enum: documented}}
"""


@pytest.fixture
def response() -> dict[str, Any]:
    sample: dict[str, Any] = json.loads((ROOT / "spec" / "samples" / "create_phone_call.response.json").read_text())
    return sample


@pytest.mark.parametrize(
    ("pointer", "standing"),
    [
        ("A/type", "documented"),
        ("A/required", "inferred"),
        ("A/properties/a/type", "sdk"),
        ("B/properties", "inferred"),
        ("B/properties/b/enum", "documented"),
    ],
)
def test_a_statement_has_the_standing_of_the_nearest_mark(pointer: str, standing: str) -> None:
    contract = Contract(parse_spec(Path("spec.yaml"), MARKED))
    assert contract.standing(f"/components/schemas/{pointer}") == standing


def test_facts_are_what_responses_require_and_every_enumeration(contract: Contract) -> None:
    labels = {(fact.kind, fact.label) for fact in contract.facts}
    assert {
        ("required", "ConversationResponse.uri"),
        ("required", "VoiceCost.characters"),
        ("enum", "ConversationStatus"),
        ("enum", "RimeSpeaker"),
        ("enum", "HookAction"),
    } <= labels
    assert ("required", "CreateCall.to_number") not in labels, "responses do not require it"


def test_facts_and_their_labels_are_unique(contract: Contract) -> None:
    labels = [(fact.kind, fact.label) for fact in contract.facts]
    assert len(set(labels)) == len(labels) == len({(fact.pointer, fact.name) for fact in contract.facts})


def change(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def apply(instance: dict[str, Any]) -> None:
        *parents, last = name.split(".")
        for parent in parents:
            instance = instance[parent]
        instance[last] = value

    return apply


@pytest.mark.parametrize(
    ("edit", "pointer", "location"),
    [
        (lambda instance: instance.pop("id"), f"{RESPONSE}/required", ""),
        (change("status", "live"), "/components/schemas/ConversationStatus/enum", "/status"),
        (change("started_at", "now"), f"{RESPONSE}/properties/started_at/format", "/started_at"),
        (
            change("agent_config.voice.speed", 5.1),
            "/components/schemas/PlayhtVoice/properties/speed/maximum",
            "/agent_config/voice/speed",
        ),
        (
            change("cost_breakdown.voice.provider", "new"),
            "/components/schemas/VoiceProvider/enum",
            "/cost_breakdown/voice/provider",
        ),
        (
            change("agent_config.voice.provider", "new"),
            "/components/schemas/Voice/oneOf",
            "/agent_config/voice",
        ),
        (change("messages", [{"role": "agent"}]), "/components/schemas/Message/required", "/messages/0"),
    ],
)
def test_a_breach_is_found_where_it_is_meant(
    contract: Contract, response: dict[str, Any], edit: Callable[[dict[str, Any]], None], pointer: str, location: str
) -> None:
    edit(response)
    (breach,) = find_breaches(contract.validator(RESPONSE), response)
    assert (breach.pointer, breach.location) == (pointer, location)


def test_a_missing_field_is_named(contract: Contract, response: dict[str, Any]) -> None:
    del response["uri"]
    (breach,) = find_breaches(contract.validator(RESPONSE), response)
    assert breach.missing == "uri"


def test_keywords_beside_a_broken_one_are_satisfied(contract: Contract, response: dict[str, Any]) -> None:
    response["status"] = "live"
    kept = {kept.pointer for kept in find_satisfied(contract.validator(RESPONSE), response)}
    assert f"{RESPONSE}/properties/uri/type" in kept
    assert "/components/schemas/ConversationStatus/enum" not in kept


def test_keywords_of_a_branch_not_taken_are_not_satisfied() -> None:
    validator = jsonschema_rs.validator_for({"anyOf": [{"enum": [1]}, {"type": "integer", "enum": [2]}]})
    assert [kept.pointer for kept in find_satisfied(validator, 2) if kept.pointer.endswith("enum")] == []


def test_no_contract_is_made_of_an_unsound_rule(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(SPEC.read_text().replace("holds: response.phone_call != null", "holds: response.call != null"))
    with pytest.raises(SpecError, match=r"`holds` names response\.call, which no schema of the response"):
        read_contract(spec)


@pytest.mark.parametrize(
    "schema",
    [
        "5",
        "{type: foo}",
        "{type: object, properties: 5}",
        "{type: object, properties: {a: 5}}",
        "{enum: 5}",
        "{type: string, pattern: '['}",
        "{$ref: '#/components/schemas/None'}",
    ],
)
def test_a_schema_that_is_none_is_an_error_of_the_spec(tmp_path: Path, schema: str) -> None:
    content = f"{{content: {{application/json: {{schema: {schema}}}}}}}"
    spec = tmp_path / "openapi.yaml"
    spec.write_text(
        f"openapi: 3.1.0\ninfo: {{title: A, version: 1.0.0}}\npaths: {{/a: {{post: {{requestBody: {content}}}}}}}\n"
    )
    with pytest.raises(SpecError, match="is not an OpenAPI document to test by"):
        read_contract(spec)
