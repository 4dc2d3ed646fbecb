"""The bodies that both packages get: valid instances of the spec, and of the spec of a newer server."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from scripts.fidelity.instances import Instances
from scripts.fidelity.subjects import subjects
from spec.document import keywords
from spec.reader import value_at

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from spec.json_value import Json
    from spec.operations import Direction
    from spec.reader import Spec

BODIES: Final = 400
"""The number of bodies in a row of the table."""


def valid_bodies(spec: Spec, direction: Direction) -> tuple[tuple[str, Json], ...]:
    """Up to BODIES distinct valid bodies of the spec's first request or first response, each with its class name.

    They have only fields that the spec names. Each contains an object, for scalars alone ask little of a package.

    Raises:
        SpecError: no request, or no response, has a component as its schema.
    """
    subject = next((subject for subject in subjects(spec) if subject.is_request is (direction == "request")), None)
    if subject is None:
        raise spec.error(
            [spec.problem("/paths", f"has no {direction} whose schema is a component: there is nothing to compare")]
        )
    drawn = _sample(Instances(spec, unknown=False).of(subject.pointer), 6 * BODIES)
    distinct = {json.dumps(body, sort_keys=True): body for body in drawn if _has_object(body)}
    valid = [(subject.name, body) for body in distinct.values() if subject.validator.is_valid(body)]
    return tuple(valid[:BODIES])


def newer_document(document: Json) -> Json:
    """The document of a newer server: each enumeration has a further member, each object a further field."""
    newer = deepcopy(document)
    for keyword in list(keywords(newer)):
        owner = value_at(newer, keyword.pointer.rpartition("/")[0])
        if keyword.name == "enum" and isinstance(keyword.value, list):
            owner["enum"] = [*keyword.value, "newer_member"]
        elif keyword.name == "properties" and isinstance(keyword.value, dict) and owner.get("type") == "object":
            keyword.value["newer_field"] = {"type": "string"}
    return newer


def _sample(strategy: SearchStrategy[Json], size: int) -> list[Json]:
    """Draws values, the same ones each time for the same code: Hypothesis also draws from constants in the code."""
    drawn: list[Json] = []

    @seed(1)
    @settings(
        max_examples=size,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(value: Json) -> None:
        drawn.append(value)

    keep()
    return drawn


def _has_object(body: Json) -> bool:
    return isinstance(body, dict) and any(isinstance(value, dict) and value for value in body.values())
