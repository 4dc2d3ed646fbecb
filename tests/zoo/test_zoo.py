"""Runs by each document of the zoo."""

from __future__ import annotations

import pytest

from tests.conftest import TOKEN
from tests.support.tiers import share_out
from tests.support.zoo_faults import FAULTS, applicable
from tests.support.zoo_runs import NAMES, conforming, contract_of, run_against

CASES = [(name, fault) for name in NAMES for fault in applicable(contract_of(name))]


@pytest.mark.parametrize("name", NAMES)
def test_a_conforming_server_conforms_with_every_operation_accepted(name: str) -> None:
    found = run_against(name, conforming(name))
    assert [f"{each.headline}: {each.detail}" for each in found.findings] == []
    assert found.gaps == ()


@pytest.mark.parametrize("case", share_out(CASES, default=24, slow=len(CASES) - 24), ids=": ".join)
def test_a_broken_server_is_caught(case: tuple[str, str]) -> None:
    name, fault = case
    assert run_against(name, FAULTS[fault](contract_of(name), TOKEN)).findings


@pytest.mark.parametrize("name", NAMES)
def test_a_document_has_room_for_four_faults_at_least(name: str) -> None:
    assert len(applicable(contract_of(name))) >= 4
