"""Holds the drift gate to jsonschema-rs: what it calls compatible must refuse no instance that was accepted before."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from scripts.drift.classify import classify
from scripts.fidelity.schema_pairs import COMPONENTS, PAIRS, VALUES
from spec.reader import ABSENT, Place, Spec
from spec.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Callable

    from jsonschema_rs import Validator

    from scripts.drift.differences import Change
    from scripts.fidelity.schema_pairs import Schema
    from spec.json_value import Json
    from spec.operations import Direction

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SUBJECT: Final = "/components/schemas/It"


class WrongGateError(AssertionError):
    """The gate calls a change compatible that breaks somebody. `str()` is the whole message for the user."""


def search(pairs: int, number: int, show: Callable[[int], None]) -> int:
    """Draws pairs of schemas, and judges each as the body of a request and of a response.

    Returns:
        The number of pairs that were judged. Those with an invalid schema do not count.

    Raises:
        WrongGateError: a pair that the gate calls compatible, and an instance that shows the opposite.
    """
    judged = 0

    @seed(number)
    @settings(max_examples=pairs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(PAIRS, st.lists(VALUES, min_size=8, max_size=12))
    def judge(pair: tuple[Schema, Schema], instances: list[Json]) -> None:
        nonlocal judged
        judged += judge_pair(*pair, instances)
        show(judged)

    judge()
    return judged


def judge_pair(before: Schema, now: Schema, instances: list[Json]) -> bool:
    """Judges a pair both ways. False if a schema is invalid, or jsonschema-rs cannot compile it.

    Raises:
        WrongGateError: the gate is wrong about the pair.
    """
    if not all(jsonschema_rs.meta.is_valid({"$schema": _DIALECT, "allOf": [schema]}) for schema in (before, now)):
        return False
    try:
        old, new = (Validators(spec_of(schema)).at(_SUBJECT) for schema in (before, now))
    except ValueError:  # such as an unbounded recursion of references
        return False
    ways: list[tuple[Direction, Validator, Validator]] = [("request", old, new), ("response", new, old)]
    for direction, sender, reader in ways:
        changes = classify(spec_of(before, direction), spec_of(now, direction))
        wrong = _find_wrong(changes, sender, reader, instances)
        if wrong is not ABSENT:
            told = "\n".join(f"  {change.impact} {change.pointer}: {change.message}" for change in changes)
            raise WrongGateError(
                f"The gate calls a change compatible that breaks the {direction} {wrong!r}.\n"
                f"before: {before!r}\nafter:  {now!r}\n{told or '  no change'}"
            )
    return True


def _find_wrong(changes: list[Change], sender: Validator, reader: Validator, instances: list[Json]) -> Json:
    """A value that its sender may send and its reader refuses, though no change is called breaking; else ABSENT."""
    if any(change.impact == "breaking" for change in changes):
        return ABSENT
    sent = (_without(each, _added(changes)) for each in instances)
    return next((each for each in sent if sender.is_valid(each) and not reader.is_valid(each)), ABSENT)


def spec_of(schema: Schema, *directions: Direction) -> Spec:
    """A spec with one operation, whose request, response or both are the schema."""
    body = {"content": {"application/json": {"schema": {"$ref": f"#{_SUBJECT}"}}}}
    operation: dict[str, Any] = {"requestBody": body} if "request" in directions else {}
    response = {"description": "It."} | (body if "response" in directions else {})
    document = {
        "openapi": "3.1.0",
        "info": {"title": "It", "version": "1.0.0"},
        "paths": {"/it": {"post": operation | {"responses": {"200": response}}}},
        "components": {"schemas": COMPONENTS | {"It": schema}},
    }
    return Spec(Path("openapi.yaml"), "", deepcopy(document), {"": Place(1, 1)})


def _added(changes: list[Change]) -> set[str]:
    """The names of new properties. An open object might have held other values there, on which nobody may rely."""
    return {change.pointer.rpartition("/")[2] for change in changes if change.message.endswith("was added.")}


def _without(value: Json, names: set[str]) -> Json:
    """The value without all members of these names."""
    if isinstance(value, dict):
        return {key: _without(inner, names) for key, inner in value.items() if key not in names}
    return [_without(inner, names) for inner in value] if isinstance(value, list) else value
