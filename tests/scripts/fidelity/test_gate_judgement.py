"""The drift gate calls nothing compatible that jsonschema-rs shows to break somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.exit_codes import FAILED, FRESH
from scripts.fidelity import __main__ as fidelity
from scripts.fidelity import gate_judgement
from scripts.fidelity.gate_judgement import WrongGateError, judge_pair, search
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from scripts.drift.differences import Change
    from scripts.fidelity.schema_pairs import Schema


@pytest.mark.slow
@pytest.mark.parametrize("pairs", share_out([100, 1000], slow=1))
def test_random_pairs_are_judged_right(pairs: int) -> None:
    assert search(pairs, 1, lambda _: None) >= 0.9 * pairs


@pytest.mark.parametrize("direction", ["request", "response"])
def test_a_gate_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch, direction: str) -> None:
    def say_nothing(*_: object) -> list[Change]:
        return []

    monkeypatch.setattr(gate_judgement, "classify", say_nothing)
    string: Schema = {"type": "string"}
    before, now = (True, string) if direction == "request" else (string, True)
    with pytest.raises(WrongGateError, match=f"breaks the {direction} 1.*\nbefore: .*\nafter: .*\n  no change"):
        judge_pair(before, now, [1, "a"])


def test_the_command_counts_the_pairs_unless_none_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fidelity, "subjects", lambda _: [])
    assert (fidelity.main(["--pairs", "0"]), capsys.readouterr().out) == (FRESH, "")
    monkeypatch.setattr(gate_judgement, "search", lambda pairs, *_: pairs - 1)
    assert fidelity.main(["--pairs", "8"]) == FRESH
    assert capsys.readouterr().out == "the drift gate: 7 pairs of schemas, no breaking change called compatible\n"


def test_the_command_shows_the_gate_s_mistake(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise WrongGateError("wrong")

    monkeypatch.setattr(fidelity, "subjects", lambda _: [])
    monkeypatch.setattr(gate_judgement, "search", fail)
    assert (fidelity.main(["--pairs", "8"]), capsys.readouterr().err) == (FAILED, "\nwrong\n")
