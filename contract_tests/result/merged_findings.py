"""Merges the findings of two parts of a run: those with the same key are one, and all are numbered anew."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, get_args

from msgspec import structs

from contract_tests.result.finding_file import replayed_path, with_path
from contract_tests.result.part import Standing
from contract_tests.result.terms import Gravity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from contract_tests.result.result import Failure, Finding

_GRAVITIES: Final[tuple[Gravity, ...]] = get_args(Gravity)
_STANDINGS: Final[tuple[Standing, ...]] = get_args(Standing)
_EXAMPLES: Final = 3


class Renumbering:
    """The new numbers of findings, by their old ones."""

    def __init__(self, numbers: Mapping[int, int]) -> None:
        self._numbers = numbers

    def __getitem__(self, number: int) -> int:
        """The new number of a finding."""
        return self._numbers[number]

    def join(self, own: Iterable[int], after: Renumbering, others: Iterable[int]) -> tuple[int, ...]:
        """The new numbers of some findings, and of others that another renumbering has."""
        return tuple(sorted({*(self[each] for each in own), *(after[each] for each in others)}))


def merge_findings(
    one: Sequence[Finding], other: Sequence[Finding], requests: int
) -> tuple[tuple[Finding, ...], Renumbering, Renumbering]:
    """The findings of both parts, and the new numbers of each part's.

    `requests` is how many the first part has: the places of the second part's exchanges come after them.
    """
    joined = {finding.key: finding for finding in one}
    for finding in (_moved(each, requests) for each in other):
        joined[finding.key] = _join(joined[finding.key], finding) if finding.key in joined else finding
    ordered = sorted(joined.values(), key=_weight)
    numbers = {finding.key: number for number, finding in enumerate(ordered, 1)}
    renumbered = tuple(_numbered(finding, numbers[finding.key]) for finding in ordered)
    return renumbered, _renumbering(one, numbers), _renumbering(other, numbers)


def _renumbering(findings: Iterable[Finding], numbers: Mapping[str, int]) -> Renumbering:
    return Renumbering({finding.number: numbers[finding.key] for finding in findings})


def _weight(finding: Finding) -> tuple[bool, int, int, int, int]:
    """Sorts the gravest first, as a run does."""
    gravity, standing = _GRAVITIES.index(finding.gravity), _STANDINGS.index(finding.standing)
    return finding.is_warning, gravity, standing, -finding.count, finding.exchanges[0]


def _numbered(finding: Finding, number: int) -> Finding:
    numbered, path = structs.replace(finding, number=number), replayed_path(finding.reproduce)
    return in_folder(numbered, path.parent) if path else numbered


def in_folder(finding: Finding, folder: Path) -> Finding:
    """The finding with a command that reads it from a folder of findings, by its number."""
    return structs.replace(finding, reproduce=with_path(finding.reproduce, folder / f"{finding.number}.json"))


def _moved(finding: Finding, requests: int) -> Finding:
    """The finding with its exchanges at places behind those of so many requests."""
    examples = (structs.replace(each, exchange=each.exchange + requests) for each in finding.examples)
    places = tuple(place + requests for place in finding.exchanges)
    return structs.replace(finding, exchanges=places, examples=tuple(examples))


def _join(one: Finding, other: Finding) -> Finding:
    """One finding of two with the same cause, told in the words of the first."""
    return structs.replace(
        one,
        gravity=min(one.gravity, other.gravity, key=_GRAVITIES.index),
        standing=min(one.standing, other.standing, key=_STANDINGS.index),
        is_warning=one.is_warning and other.is_warning,
        accepted=one.accepted and other.accepted,
        witness=one.witness and other.witness,
        count=one.count + other.count,
        exchanges=(*one.exchanges, *other.exchanges),
        sent_for=tuple(dict.fromkeys((*one.sent_for, *other.sent_for))),
        failures=_join_failures(one.failures, other.failures),
        consequences=_join_failures(one.consequences, other.consequences),
        examples=(*one.examples, *other.examples)[:_EXAMPLES],
    )


def _join_failures(one: Sequence[Failure], other: Sequence[Failure]) -> tuple[Failure, ...]:
    """The failures of both, those about the same statement together."""
    joined = dict(_identified(one))
    for identity, failure in _identified(other):
        joined[identity] = _add(joined[identity], failure) if identity in joined else failure
    return tuple(joined.values())


def _identified(failures: Iterable[Failure]) -> Iterable[tuple[tuple[object, ...], Failure]]:
    """The failures by their statements, and by their places among those about the same one."""
    seen: Counter[tuple[object, ...]] = Counter()
    for failure in failures:
        statement = (failure.check, failure.pointer, failure.missing)
        seen[statement] += 1
        yield (*statement, seen[statement]), failure


def _add(one: Failure, other: Failure) -> Failure:
    parts = tuple(dict.fromkeys((*one.parts, *other.parts)))
    standing = min(one.standing, other.standing, key=_STANDINGS.index)
    return structs.replace(one, count=one.count + other.count, parts=parts, standing=standing)
