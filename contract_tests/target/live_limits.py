"""The limits of live traffic: those that were given. Nothing else changes what passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.target.limits import DurationRule, Limits, NumberRule, UrlRule
from contract_tests.target.target import TargetError, is_on_this_machine, refuse_crooked_numbers

if TYPE_CHECKING:
    from collections.abc import Collection

    from contract_tests.target.limits import Rule
    from contract_tests.target.options import Options
    from contract_tests.target.settings import Fields


def make_live_limits(options: Options, given: Collection[str], fields: Fields, url: str) -> Limits:
    """Makes the limits for traffic to a base URL. `given` are the fields of the options that were given.

    Raises:
        TargetError: a number is malformed, one of two options that need each other is missing, or no place is known
            where a request holds the number to ring.
    """
    refuse_crooked_numbers(options)
    numbers = {"to_number", "from_number"} & {*given}
    if len(numbers) == 1:
        raise TargetError(
            "--to-number and --from-number belong together: once one is given, no other number passes.\n"
            "Give the numbers that may ring with --to-number, and the caller's with --from-number."
        )
    _require_places(given, fields)
    rules: dict[str, Rule] = {}
    if numbers:
        is_local = is_on_this_machine(url)
        ring, caller = frozenset(options.to_number), frozenset([*options.to_number, options.from_number or ""])
        rules |= dict.fromkeys(fields.to_number, NumberRule(ring, fictional=is_local))
        rules |= dict.fromkeys(fields.from_number, NumberRule(caller, fictional=is_local))
    if numbers or "webhook_url" in given:
        rules |= dict.fromkeys(fields.webhook_url, UrlRule(frozenset({options.webhook_url})))
    if "max_duration" in given:
        rules |= dict.fromkeys(fields.duration, DurationRule(options.max_duration))
    return Limits(rules)


def _require_places(given: Collection[str], fields: Fields) -> None:
    """Refuses a limit that would hold back nothing: no request of the spec has the place that it is about."""
    places = (
        ("to_number", "to_number", fields.to_number),
        ("webhook_url", "webhook_url", fields.webhook_url),
        ("max_duration", "duration", fields.duration),
    )
    for option, name, found in places:
        if option in given and not found:
            raise TargetError(
                f"No request of the spec has a place that --{option.replace('_', '-')} could limit.\n"
                f'Name the places in contract_tests/targets.toml: [fields] {name} = ["/…"]'
            )
