"""Runs by each document of the zoo."""

from __future__ import annotations

import pytest

from tests.support.zoo_runs import NAMES, conforming, run_against


@pytest.mark.parametrize("name", NAMES)
def test_a_conforming_server_conforms_with_every_operation_accepted(name: str) -> None:
    found = run_against(name, conforming(name))
    assert [f"{each.headline}: {each.detail}" for each in found.findings] == []
    assert found.gaps == ()
