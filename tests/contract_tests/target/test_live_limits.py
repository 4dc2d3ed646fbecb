"""The limits of live traffic are those that were given, and no other."""

from __future__ import annotations

import pytest

from contract_tests.target.limits import DurationRule, NumberRule, UrlRule
from contract_tests.target.live_limits import make_live_limits
from contract_tests.target.options import Options
from contract_tests.target.settings import Fields
from contract_tests.target.target import TargetError

FIELDS = Fields(to_number=("/to",), from_number=("/from",), webhook_url=("/hook",), duration=("/seconds",))
URL = "https://staging.example"


def test_nothing_given_limits_nothing() -> None:
    assert make_live_limits(Options(), {}, FIELDS, URL).is_free


def test_numbers_limit_webhooks_too() -> None:
    options = Options(to_number=("+12025550143",), from_number="+12025550142")
    limits = make_live_limits(options, {"to_number", "from_number"}, FIELDS, URL)
    assert limits.rules == {
        "/to": NumberRule(frozenset({"+12025550143"})),
        "/from": NumberRule(frozenset({"+12025550143", "+12025550142"})),
        "/hook": UrlRule(frozenset({"https://webhook.invalid/"})),
    }


@pytest.mark.parametrize(
    ("options", "name", "rule"),
    [
        (
            Options(webhook_url="https://a.example/"),
            "webhook_url",
            ("/hook", UrlRule(frozenset({"https://a.example/"}))),
        ),
        (Options(max_duration=9), "max_duration", ("/seconds", DurationRule(9))),
    ],
)
def test_one_option_makes_one_rule(options: Options, name: str, rule: tuple[str, object]) -> None:
    assert make_live_limits(options, {name}, FIELDS, URL).rules == dict([rule])


def test_one_number_without_the_other_is_refused_with_both_options() -> None:
    with pytest.raises(TargetError, match="--to-number and --from-number belong together"):
        make_live_limits(Options(to_number=("+12025550143",)), {"to_number"}, FIELDS, URL)


def test_a_malformed_number_is_refused() -> None:
    with pytest.raises(TargetError, match="is not a phone number"):
        make_live_limits(Options(from_number="1", to_number=("1",)), {"to_number", "from_number"}, FIELDS, URL)


@pytest.mark.parametrize("option", ["to_number", "webhook_url", "max_duration"])
def test_a_limit_that_would_hold_back_nothing_is_refused(option: str) -> None:
    given = {option, "from_number"} if option == "to_number" else {option}
    with pytest.raises(TargetError, match=f"No request of the spec has a place that --{option.replace('_', '-')}"):
        make_live_limits(Options(), given, Fields(), URL)
