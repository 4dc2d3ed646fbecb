"""Failures that come from one place of a server: a part of the body that it does not check, a reader that converts.

A part of the body counts as unchecked if several statements about it were broken, each time in a request that was
accepted, and no request was refused that had one thing wrong, there.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from contract_tests.judge.checks.requests import invalid_request_refused
from contract_tests.judge.checks.responses import response_schema_conformance
from contract_tests.judge.wording import ANY
from spec.reader import pointer_of, tokens, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contract_tests.judge.judge import Judged
    from contract_tests.judge.occurrence import Identity, Occurrence

Way = tuple[str, ...]
"""The names that lead to a part of a body; `*` for any item of an array."""
Reach = Literal["statement", "part", "types", "object"]
"""How far a cause reaches: one statement; all about a part of the body; scalars of other types, wherever; several
statements about one object."""
_SCALARS: Final = frozenset(("string", "integer", "number", "boolean"))
_CLIENT_ERROR: Final = 4
_BY_STATEMENT: Final = frozenset((invalid_request_refused.name, response_schema_conformance.name))


class Group(NamedTuple):
    """The failures that are one cause."""

    identity: Identity
    reach: Reach = "statement"
    part: Part | None = None
    """The part of the body that is not checked."""


Groups = dict["Occurrence", Group]
"""The group of each failure."""


def join(roots: Iterable[Occurrence], judged: Iterable[Judged]) -> Groups:
    """The group of each failure that is no consequence."""
    groups = {root: Group(root.identity) for root in roots}
    groups |= _unchecked(groups, judged)
    groups |= _converted(groups)
    return groups | _always_together(groups)


def way_of(pointer: str) -> Way:
    """The names that a JSON Pointer into a body has, with any item for one of an array.

    >>> way_of("/webhooks/1/url")
    ('webhooks', '*', 'url')
    """
    return tuple(ANY if name.isdigit() else name for name in tokens(pointer))


class Part(NamedTuple):
    """A part of the body: with what it is itself, or its contents alone."""

    way: Way
    is_inside: bool

    def holds(self, way: Way) -> bool:
        """Tells whether something at a place is of the part."""
        return way[: len(self.way)] == self.way and not (self.is_inside and way == self.way)

    def __str__(self) -> str:
        return f"{'inside' if self.is_inside else 'all of'} {pointer_of(self.way) or 'the body'}"


def find_unchecked(accepted: Mapping[Way, set[str]], refused: Iterable[Way]) -> list[Part]:
    """The largest parts of which nothing is checked, as far as they were tried.

    `accepted` has the statements that accepted requests break, by place. `refused` has the places where refused
    requests had their one thing wrong.
    """
    refusals = set(refused)
    parts: list[Part] = []
    for part in _candidates(accepted):
        left = [way for way in accepted if part.holds(way) and not any(found.holds(way) for found in parts)]
        statements = set(chain.from_iterable(accepted[way] for way in left))
        if len(statements) > 1 and not any(part.holds(way) for way in refusals):
            common = _common(left)
            parts.append(Part(common, common not in left))
    return parts


def _candidates(ways: Iterable[Way]) -> list[Part]:
    """All parts that hold a place, the largest first."""
    above = {way[:length] for way in ways for length in range(len(way) + 1)}
    return [
        Part(way, is_inside) for way in sorted(above, key=lambda way: (len(way), way)) for is_inside in (False, True)
    ]


def _common(ways: list[Way]) -> Way:
    """The beginning that some ways share."""
    shortest = min(ways, key=len)
    length = next((at for at, name in enumerate(shortest) if any(way[at] != name for way in ways)), len(shortest))
    return shortest[:length]


def _unchecked(groups: Groups, judged: Iterable[Judged]) -> Groups:
    """Joins what is accepted at each part that is not checked."""
    accepted: defaultdict[str, defaultdict[Way, set[str]]] = defaultdict(lambda: defaultdict(set))
    members = [(each, way_of(each.parts[0])) for each in groups if _is_accepted_value(each)]
    for each, way in members:
        accepted[each.identity[1]][way].add(each.failure.pointer + (each.failure.missing or ""))
    refused = _refused_places(judged)
    parts = {label: find_unchecked(ways, refused[label]) for label, ways in accepted.items()}
    return {
        each: Group((invalid_request_refused.name, each.identity[1], str(part)), "part", part)
        for each, way in members
        for part in parts[each.identity[1]]
        if part.holds(way)
    }


def _is_accepted_value(occurrence: Occurrence) -> bool:
    return occurrence.failure.check == invalid_request_refused.name and bool(occurrence.parts)


def _refused_places(judged: Iterable[Judged]) -> defaultdict[str, list[Way]]:
    """By operation, the places where a refused request had its one thing wrong."""
    refused: defaultdict[str, list[Way]] = defaultdict(list)
    for each in judged:
        if invalid_request_refused.name in each.passed and each.seen.status_class == _CLIENT_ERROR:
            breaches = each.seen.sent.breaches
            for breach in breaches if len(breaches) == 1 else ():
                missing = () if breach.missing is None else (breach.missing,)
                refused[each.seen.operation.label].append((*way_of(breach.location), *missing))
    return refused


def _converted(groups: Groups) -> Groups:
    """Joins places that take a scalar of one type for one of another: one reader of JSON does that everywhere."""
    by_label: defaultdict[str, list[Occurrence]] = defaultdict(list)
    for each, group in groups.items():
        if group.reach == "statement" and _is_conversion(each):
            by_label[each.identity[1]].append(each)
    return {
        each: Group((invalid_request_refused.name, label, "types"), "types")
        for label, members in by_label.items()
        for each in (members if len({way_of(each.parts[0]) for each in members}) > 1 else ())
    }


def _is_conversion(occurrence: Occurrence) -> bool:
    """Tells whether a text, number or truth value was accepted in place of one of another type."""
    failure, seen = occurrence.failure, occurrence.judged.seen
    if not _is_accepted_value(occurrence) or not failure.pointer.endswith("/type"):
        return False
    stated = seen.contract.value(failure.pointer)
    value = value_at(seen.sent.body, failure.locations[0])
    is_scalar = isinstance(value, str | int | float)
    return is_scalar and not _SCALARS.isdisjoint([stated] if isinstance(stated, str) else stated)


def _always_together(groups: Groups) -> Groups:
    """Joins statements about one value or object that are only ever broken together, in the same exchanges."""
    shown: defaultdict[Identity, set[tuple[int, str]]] = defaultdict(set)
    for each, group in groups.items():
        if each.failure.check in _BY_STATEMENT and group.reach == "statement" and each.failure.locations:
            shown[group.identity].add((each.place, each.failure.locations[0]))
    alike: defaultdict[tuple[str, frozenset[tuple[int, str]]], list[Identity]] = defaultdict(list)
    for identity, places in shown.items():
        alike[identity[0], frozenset(places)].append(identity)
    united = {
        one: Group(_united(several), "object") for several in alike.values() if len(several) > 1 for one in several
    }
    return {each: united[group.identity] for each, group in groups.items() if group.identity in united}


def _united(identities: list[Identity]) -> Identity:
    """The check, the operation, and then what is broken of each."""
    return (*identities[0][:2], *sorted({part for identity in identities for part in identity[2:]}))
