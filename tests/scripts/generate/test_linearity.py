"""Generation takes work in proportion to the operations of a spec."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from scripts.generate.client_input import client_input
from scripts.generate.held import held_document
from scripts.generate.models_input import models_input
from scripts.generate.soundness import find_mistakes
from spec.reader import Spec, parse_spec
from tests.support.work import count_calls

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS: Final[dict[str, Callable[[Spec], object]]] = {
    "references, shape and rules": find_mistakes,
    "models": lambda spec: models_input(held_document(spec)[0]),
    "client": client_input,
}
TOLERANCE: Final = 1.05


def _operation(number: int) -> dict[str, Any]:
    """An operation with a rule of its own, and one that it shares with the others."""
    own, shared = ({"$ref": f"#/components/schemas/{name}"} for name in (f"Thing{number}", "Shared"))
    rule = {"name": f"same_{number}", "says": "The name comes back.", "holds": "response.name == request.name"}
    answer = {"type": "object", "properties": {"name": {"type": "string"}, "thing": own, "shared": shared}}
    return {
        "operationId": f"make_{number}",
        "x-rules": [rule],
        "requestBody": {"required": True, "content": {"application/json": {"schema": own}}},
        "responses": {"200": {"description": "Made.", "content": {"application/json": {"schema": answer}}}},
    }


def _thing() -> dict[str, Any]:
    kinds = {"oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "integer", "minimum": 1}]}
    both = {"allOf": [{"$ref": "#/components/schemas/Shared"}, {"properties": {"size": {"type": "integer"}}}]}
    return {"type": "object", "properties": {"name": {"type": "string", "pattern": "^a"}, "kind": kinds, "both": both}}


def spec_of(operations: int) -> Spec:
    rule = {"name": "size", "says": "A size is no less than 0.", "holds": "response.shared.size >= 0"}
    shared = {"type": "object", "properties": {"size": {"type": "integer"}}, "x-rules": [rule]}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Many", "version": "1.0.0"},
        "paths": {f"/things/{number}": {"post": _operation(number)} for number in range(operations)},
        "components": {"schemas": {"Shared": shared} | {f"Thing{number}": _thing() for number in range(operations)}},
    }
    return parse_spec(Path("openapi.yaml"), json.dumps(document, indent=1))


@pytest.fixture(scope="module")
def specs() -> list[Spec]:
    return [spec_of(operations) for operations in (10, 20, 40)]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_twice_the_operations_take_twice_the_work(specs: list[Spec], step: Callable[[Spec], object]) -> None:
    step(specs[0])  # what is kept for later is made now
    few, some, many = (count_calls(partial(step, spec)) for spec in specs)
    assert many - some <= TOLERANCE * 2 * (some - few)


def test_the_spec_is_sound(specs: list[Spec]) -> None:
    assert find_mistakes(specs[0]) == []


def test_reading_a_spec_takes_work_in_proportion_to_its_operations() -> None:
    spec_of(10)
    few, some, many = (count_calls(partial(spec_of, number)) for number in (10, 20, 40))
    assert many - some <= TOLERANCE * 2 * (some - few)
