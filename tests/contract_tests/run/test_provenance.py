"""Where a result comes from, without what is nobody's business."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract_tests.run.provenance import tell_date, tell_settings, tell_spec, tell_versions
from contract_tests.target.options import declared_options
from tests.support.results import OPTIONS

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.target.options import Options


def told(options: Options) -> dict[str, str]:
    return {setting.name: setting.value for setting in tell_settings(options)}


def test_every_option_is_told() -> None:
    assert told(OPTIONS).keys() == {option.flag for option in declared_options()}


def test_numbers_are_masked_and_data_is_not_shown() -> None:
    given = replace(
        OPTIONS, to_number=("+12025550142", "+12025550143"), from_number="+12025550199", data=(("/a", "secret"),)
    )
    assert told(given)["--to-number"] == "********0142, ********0143"
    assert told(given)["--from-number"] == "********0199"
    assert told(given)["--data"] == "/a=given, and not shown"


def test_a_switch_that_turns_something_off_says_whether_it_does() -> None:
    assert told(OPTIONS)["--no-fuzzing"] == "no"
    assert told(replace(OPTIONS, fuzzing=False))["--no-fuzzing"] == "yes"


def test_numbers_texts_and_nothing_are_told_in_words() -> None:
    shown = told(replace(OPTIONS, max_calls=60, max_wait=2.5))
    assert (shown["--max-calls"], shown["--max-wait"], shown["--agent-id"], shown["--data"]) == (
        "60",
        "2.5",
        "none",
        "none",
    )


def test_the_options_that_were_given_come_first() -> None:
    settings = tell_settings(replace(OPTIONS, strict=True))
    given = [setting.name for setting in settings if not setting.is_default]
    assert "--strict" in given
    assert given == [setting.name for setting in settings][: len(given)]


def test_the_date_is_that_of_the_beginning() -> None:
    assert tell_date(0) >= tell_date(3600)
    assert len(tell_date(0)) == len("2026-01-31 09:30")


def test_python_and_the_tools_that_are_there_are_told() -> None:
    assert {"Python", "schemathesis"} <= tell_versions().keys()


def test_the_spec_is_told_under_the_path_of_its_locations(contract: Contract) -> None:
    told_spec = tell_spec(contract)
    assert told_spec.path == "spec/openapi.yaml"
    assert told_spec.text == contract.spec.text
