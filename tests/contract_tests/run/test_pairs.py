"""The choices that met in one valid request of a run."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.result.coverage import MET, NOT_MET
from contract_tests.run import pairs
from tests.support.exchanges import answer
from tests.support.results import result_of
from tests.support.schedules import our_schedule

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.coverage import Pairs


def met(found: Pairs) -> int:
    return sum(row.count(MET) for row in found.met)


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(pairs).failed == 0


@pytest.mark.slow
def test_only_what_went_out_has_met(contract: Contract) -> None:
    schedule = our_schedule(6)
    exchanges = [Exchange(each.request, answer(b""), each.id) for each in schedule.all_valid]
    (nothing,) = result_of(contract, schedule=schedule).pairs
    (some,) = result_of(contract, exchanges[0], schedule=schedule).pairs
    (more,) = result_of(contract, *exchanges, schedule=schedule).pairs
    assert met(nothing) == 0 < met(some) < met(more)


def test_each_pair_of_values_is_told_alike_from_both_sides(contract: Contract) -> None:
    schedule = our_schedule(6)
    exchanges = [Exchange(each.request, answer(b""), each.id) for each in schedule.all_valid]
    (found,) = result_of(contract, *exchanges, schedule=schedule).pairs
    assert len(found.met) == sum(len(factor.values) for factor in found.factors)
    assert [*found.met] == ["".join(column) for column in zip(*found.met, strict=True)]
    assert {*"".join(found.met)} == {MET, NOT_MET, " "}


def test_a_part_is_told_by_its_place_and_its_values_by_their_tags(contract: Contract) -> None:
    schedule = our_schedule(1)
    (found,) = result_of(contract, schedule=schedule).pairs
    by_place = {factor.place: factor.values for factor in found.factors}
    assert by_place["agent_id"] == ("present", "null", "absent")
    assert {'"azure"', '"deepgram"', "null", "absent"} <= {*by_place["agent_config.voice"]}


def test_a_recording_tells_of_no_pairs(contract: Contract) -> None:
    assert result_of(contract).pairs == ()
