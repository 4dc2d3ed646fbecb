"""Why statements about requests were never tried."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.statements import Key
from contract_tests.plan.choices import Choice
from contract_tests.plan.schedule import make_schedule
from contract_tests.run.evidence import Evidence
from contract_tests.run.gaps import find_gaps, key_of
from contract_tests.target.settings import read_fields
from contract_tests.target.target import make_target
from tests.support.results import OPTIONS, result_of
from tests.support.schedules import our_schedule

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract


def choice(value: str, pointer: str) -> Choice:
    return Choice("agent.voice", value, pointer, "documented")


def test_a_choice_makes_use_of_a_statement() -> None:
    assert key_of(choice("null", "/a/type")) == Key("/a/type", "null")
    assert key_of(choice("absent", "/properties/a")) == Key("/properties/a", "absent")
    assert key_of(choice('"red"', "/a/enum")) == Key("/a/enum", '"red"')
    assert key_of(choice("maximum 2", "/a/maximum")) == Key("/a/maximum")


def test_what_a_plan_leaves_out_is_cut_off() -> None:
    schedule = our_schedule(1)
    plan, *_ = schedule.plans.values()
    gaps = find_gaps(Evidence(schedule=schedule))
    assert plan.untried
    assert all(gaps[key_of(each)].startswith("cut off") for each in plan.untried if each.is_member)


def test_known_names_are_withheld_with_the_option_that_tries_them() -> None:
    schedule = our_schedule()
    gaps = find_gaps(Evidence(schedule=schedule))
    assert gaps[Key("/components/schemas/AzureLanguage/enum")] == "withheld: --all-known-names tries them"


def test_each_known_name_that_was_not_tried_tells_that_reason(contract: Contract) -> None:
    schedule = our_schedule()
    request, *_ = result_of(contract, schedule=schedule).contract[0].bodies
    (french,) = (each for part in request.parts for each in part.statements if each.words == '"fr-FR"')
    assert french.gap == "withheld: --all-known-names tries them"


@pytest.mark.slow
def test_a_limit_of_the_target_is_the_reason(contract: Contract) -> None:
    limits = make_target(replace(OPTIONS, url="http://127.0.0.1:8000"), read_fields(), []).limits
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None, limits=limits)
    plan, *_ = schedule.plans.values()
    withheld = [each for each in plan.withheld if not each.reason]
    assert withheld
    gaps = find_gaps(Evidence(schedule=schedule))
    assert {gaps[key_of(each)] for each in withheld} == {"withheld: this target's limits do not allow it"}


def test_a_recording_has_no_plan_to_leave_anything_out() -> None:
    assert find_gaps(Evidence()) == {}
