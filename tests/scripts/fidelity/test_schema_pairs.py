"""The random pairs of schemas that the drift gate is held to."""

from __future__ import annotations

import jsonschema_rs
from hypothesis import HealthCheck, given, settings

from scripts.fidelity.schema_pairs import PAIRS, Schema


@given(PAIRS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_both_of_a_pair_are_schemas(pair: tuple[Schema, Schema]) -> None:
    assert all(map(jsonschema_rs.meta.is_valid, pair))
