"""The measurement of runs with many operations: the specs that it makes, and what it says of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.contract.contract import Contract
from scripts.benchmark.operations import Row, describe, make_spec
from spec.reader import Place, Spec


def contract(operations: int) -> Contract:
    return Contract(Spec(Path("openapi.json"), "", make_spec(operations), {"": Place(1, 1)}))


@pytest.mark.parametrize("operations", [1, 4])
def test_a_spec_has_as_many_operations_as_are_asked_for(operations: int) -> None:
    assert len(contract(operations).operations) == operations


def test_what_is_made_is_read() -> None:
    assert [(link.source.label, link.target.label) for link in contract(2).links] == [
        ("POST /things-1", "GET /things-1/{id}")
    ]


def test_a_run_is_a_row() -> None:
    row = Row(10, 4.04, 3.5, 900, 91, 118.2, None)
    assert describe(row) == "        10 |     4.0 |       3.5 |      900 |    91 |              118 MiB"
    assert describe(row._replace(gap="incomplete: no time")).endswith("MiB  (incomplete: no time)")
