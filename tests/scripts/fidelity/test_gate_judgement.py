"""The drift gate calls nothing compatible that jsonschema-rs shows to break somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.fidelity import gate_judgement
from scripts.fidelity.gate_judgement import WrongGateError, judge_pair, search

if TYPE_CHECKING:
    from scripts.drift.differences import Change
    from scripts.fidelity.schema_pairs import Schema


def test_a_thousand_random_pairs_are_judged_right() -> None:
    assert search(1000, 1, lambda _: None) >= 900


@pytest.mark.parametrize("direction", ["request", "response"])
def test_a_gate_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch, direction: str) -> None:
    def say_nothing(*_: object) -> list[Change]:
        return []

    monkeypatch.setattr(gate_judgement, "classify", say_nothing)
    string: Schema = {"type": "string"}
    before, now = (True, string) if direction == "request" else (string, True)
    with pytest.raises(WrongGateError, match=f"breaks the {direction} 1.*\nbefore: .*\nafter: .*\n  no change"):
        judge_pair(before, now, [1, "a"])
