"""Makes one result of the results of a run's shards.

It does not matter in which groups shards are merged, and a shard that sent nothing changes nothing. Their order decides
nothing but which example of a finding comes first.
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import structs

from contract_tests.result.course import Timeline, in_order
from contract_tests.result.merged_coverage import merge_contracts, merge_pairs
from contract_tests.result.merged_findings import merge_findings
from contract_tests.result.result import Coverage
from contract_tests.result.scope import explain_gaps, unmade
from contract_tests.result.verdict import find_verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from contract_tests.result.course import Phase, Sighting
    from contract_tests.result.merged_findings import Renumbering
    from contract_tests.result.result import Addition, CheckTally, FactTally, Result
    from contract_tests.result.scope import OperationTally

T = TypeVar("T")


def merge_all(results: Sequence[Result]) -> Result:
    """One result of one or more of the same run, which are given in the order of their shards."""
    return reduce(merge, results)


def merge(one: Result, other: Result) -> Result:
    """One result of two of the same run."""
    findings, before, after = merge_findings(one.findings, other.findings, one.requests)
    merged = structs.replace(
        one,
        url=", ".join(_union(_listed(one.url), _listed(other.url))),
        seconds=max(one.seconds, other.seconds),
        requests=one.requests + other.requests,
        calls=one.calls + other.calls,
        checks=tuple(_add_checks(*pair) for pair in zip(one.checks, other.checks, strict=True)),
        facts=tuple(_add_facts(*pair, before, after) for pair in zip(one.facts, other.facts, strict=True)),
        findings=findings,
        additions=_add_additions(one.additions, other.additions),
        untried=_union(one.untried, other.untried),
        withheld=_union(one.withheld, other.withheld),
        combinations=_add_combinations(one.combinations, other.combinations),
        obstacle="\n".join(_union(_lines(one.obstacle), _lines(other.obstacle))) or None,
        operations=_add_operations(one, other),
        shards=tuple(sorted({*one.shards, *other.shards}, key=lambda each: each.number)),
        reports={**other.reports, **one.reports},
        date=min(filter(None, (one.date, other.date)), default=""),
        versions={name: text for name, text in one.versions.items() if other.versions.get(name) == text},
        settings=tuple(each for each in one.settings if each in other.settings),
        timeline=_add_timelines(one, other, before, after),
        contract=merge_contracts(one.contract, other.contract, before, after),
        pairs=merge_pairs(one, other),
        **{name: _same(getattr(one, name), getattr(other, name)) for name in _ALIKE},
    )
    return _concluded(merged)


_ALIKE: Final = ("comparison", "baseline", "history", "recording", "power", "spec")
"""Parts that no merging can add up: they stay where they are the same."""


def _concluded(result: Result) -> Result:
    """The result with everything that follows from the rest of it."""
    made = {unmade(tally.name) for tally in result.checks if tally.passed or tally.failed}
    untried = tuple(each for each in result.untried if each not in made)
    reason = explain_gaps(result.obstacle, result.operations, result.shards)
    return conclude_again(structs.replace(result, untried=untried, reason=reason))


def conclude_again(result: Result) -> Result:
    """The result with the verdict that its parts make, some of which were changed."""
    has_gaps = bool(result.reason or result.untried)
    verdict = find_verdict(result.findings, obstacle=result.obstacle, has_gaps=has_gaps)
    return structs.replace(result, verdict=verdict)


def _union(one: Iterable[T], other: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _listed(urls: str) -> list[str]:
    return urls.split(", ") if urls else []


def _lines(text: str | None) -> list[str]:
    return text.split("\n") if text else []


def _same(one: T, other: T) -> T | None:
    return one if one == other else None


def _add_checks(one: CheckTally, other: CheckTally) -> CheckTally:
    return structs.replace(one, passed=one.passed + other.passed, failed=one.failed + other.failed)


def _add_facts(one: FactTally, other: FactTally, before: Renumbering, after: Renumbering) -> FactTally:
    return structs.replace(
        one,
        kept=one.kept + other.kept,
        not_judged=one.not_judged + other.not_judged,
        breaches=_union(one.breaches, other.breaches),
        findings=before.join(one.findings, after, other.findings),
    )


def _grouped(items: Iterable[T], key: Callable[[T], Hashable], add: Callable[[T, T], T]) -> tuple[T, ...]:
    """The items, of which those with the same key are one, at the place of the first."""
    groups: dict[Hashable, T] = {}
    for item in items:
        name = key(item)
        groups[name] = add(groups[name], item) if name in groups else item
    return tuple(groups.values())


def _add_additions(one: Sequence[Addition], other: Sequence[Addition]) -> tuple[Addition, ...]:
    def add(first: Addition, second: Addition) -> Addition:
        return structs.replace(first, count=first.count + second.count)

    return _grouped((*one, *other), lambda each: (each.field, each.pointer), add)


def _add_combinations(one: Coverage | None, other: Coverage | None) -> Coverage | None:
    if one is None or other is None:
        return one or other
    return Coverage(tried=one.tried + other.tried, total=one.total + other.total)


def _add_operations(one: Result, other: Result) -> tuple[OperationTally, ...]:
    order = {operation.label: place for place, operation in enumerate(one.contract)}
    added = _grouped((*one.operations, *other.operations), lambda each: each.label, _add_operation)
    return tuple(sorted(added, key=lambda each: order.get(each.label, len(order))))


def _add_operation(one: OperationTally, other: OperationTally) -> OperationTally:
    accepted = one.accepted + other.accepted
    answers = Counter(one.answers) + Counter(other.answers)
    remedies = () if accepted else _union(one.remedies, other.remedies)
    return structs.replace(one, accepted=accepted, answers=dict(answers), remedies=remedies)


def _add_timelines(one: Result, other: Result, before: Renumbering, after: Renumbering) -> Timeline:
    phases = _grouped((*one.timeline.phases, *other.timeline.phases), lambda each: each.name, _add_phases)
    sent = sum(phase.requests for phase in one.timeline.phases)
    first = [structs.replace(each, finding=before[each.finding]) for each in one.timeline.sightings]
    second = [_later(each, sent, one.calls, after) for each in other.timeline.sightings]
    sightings = _grouped((*first, *second), lambda each: each.finding, lambda earlier, _: earlier)
    return Timeline(phases=in_order(phases), sightings=tuple(sorted(sightings, key=lambda each: each.finding)))


def _add_phases(one: Phase, other: Phase) -> Phase:
    return structs.replace(
        one,
        start=min((each for each in (one.start, other.start) if each is not None), default=None),
        end=max((each for each in (one.end, other.end) if each is not None), default=None),
        requests=one.requests + other.requests,
        calls=one.calls + other.calls,
    )


def _later(sighting: Sighting, requests: int, calls: int, numbers: Renumbering) -> Sighting:
    """A sighting after so many requests and calls of the shards before, under its finding's new number."""
    spent = None if sighting.calls is None else calls + sighting.calls
    update = {"finding": numbers[sighting.finding], "request": requests + sighting.request, "calls": spent}
    return structs.replace(sighting, **update)
