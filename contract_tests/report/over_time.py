"""A run beside earlier ones, in words: new and gone causes, accepted ones, and how long each has been there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_tests.result.baseline import AcceptedCause, BaselineUse
    from contract_tests.result.comparison import Comparison, EarlierCause
    from contract_tests.result.result import Finding, Result

_NAMED: Final = 12


def has_past(result: Result) -> bool:
    """Tells whether anything is known of earlier runs."""
    return bool(result.comparison or result.history)


def is_new(result: Result, finding: Finding) -> bool:
    """Tells whether a finding is known to be new."""
    return result.comparison is not None and finding.number in result.comparison.new


def describe_since(result: Result, finding: Finding) -> str:
    """How long a finding has been there, as far as that is known: `new`, or the day since when."""
    if is_new(result, finding):
        return "new"
    since = result.history.since if result.history else ()
    return next((each.date.partition(" ")[0] for each in since if each.finding == finding.number), "")


def describe_over_time(result: Result) -> Iterator[str]:
    """The lines about earlier runs and accepted causes."""
    if result.comparison:
        yield describe_comparison(result.comparison)
        yield from _describe_causes("gone", result.comparison.gone)
        yield from _describe_causes("not looked for", result.comparison.unseen)
    if result.baseline:
        yield from describe_baseline(result.baseline)


def describe_comparison(comparison: Comparison) -> str:
    """How many causes are new, unchanged and gone, in a line."""
    earlier = comparison.earlier
    date = f" of {earlier.date}" if earlier.date else ""
    if earlier.verdict == "untestable":
        return f"nothing is compared: the run{date} could not test {earlier.target}"
    spec = "" if comparison.is_same_spec else f", by another spec (version {earlier.spec_version})"
    numbers = {
        "new": len(comparison.new),
        "unchanged": len(comparison.unchanged),
        "gone": len(comparison.gone),
        "not looked for": len(comparison.unseen),
    }
    said = ", ".join(f"{number} {what}" for what, number in numbers.items() if number or what == "new")
    return f"beside the run{date} on {earlier.target}{spec}: {said}"


def describe_baseline(use: BaselineUse) -> Iterator[str]:
    """The entries of a baseline that must be changed, each with the remedy."""
    yield from _some(
        f"{use.path}: accepted until {entry.until} ({entry.reason}), and still there: {entry.headline}; mend it, or "
        "accept it anew with --accept"
        for entry in use.expired
    )
    yield from _some(
        f"{use.path}: accepted, and not there any more: {entry.headline}; remove the entry with --prune"
        for entry in use.unused
    )


def _describe_causes(what: str, causes: Sequence[EarlierCause | AcceptedCause]) -> Iterator[str]:
    yield from _some(f"{what}: {cause.headline}" for cause in causes)


def _some(lines: Iterator[str]) -> Iterator[str]:
    """The first lines, and how many there are beside them."""
    told = list(lines)
    yield from told[:_NAMED]
    if len(told) > _NAMED:
        yield f"and {len(told) - _NAMED} more, in result.json"
