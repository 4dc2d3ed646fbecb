"""The choices that met in one valid request of a run."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from contract_tests.result.coverage import IMPOSSIBLE, MET, NOT_MET, Factor, Pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.plan.shapes import Shapes
    from contract_tests.run.evidence import Evidence

_TAG: Final = re.compile(r': ("[^"]*"|\S+)')
_BRANCH: Final = re.compile(r"\([^()]*\)$")
"""The branch at the end of a place: the others are values of the same factor."""


def find_pairs(evidence: Evidence) -> tuple[Pairs, ...]:
    """The pairs of choices that met in valid requests of a run, by operation."""
    schedule = evidence.schedule
    if schedule is None:
        return ()
    sent = {each.exchange.id for each in evidence.judged if each.seen.sent.validity == "valid"}
    had: defaultdict[str, list[int]] = defaultdict(list)
    for planned in schedule.all_valid:
        if planned.draft and planned.id in sent:
            had[planned.plan].append(planned.draft.shape)
    plans = ((label, plan.shapes) for label, plan in schedule.plans.items() if plan.shapes.values)
    return tuple(make_pairs(label, shapes, had[label]) for label, shapes in plans)


def make_pairs(operation: str, shapes: Shapes, had: Iterable[int]) -> Pairs:
    """The pairs of values that bodies had, which are given as the bits of their values."""
    together = [0] * len(shapes.values)
    for shape in had:
        for value in range(len(together)):
            together[value] |= shape if shape >> value & 1 else 0
    met = tuple(_row(possible, row, len(together)) for possible, row in zip(shapes.compatible, together, strict=True))
    return Pairs(operation=operation, factors=tuple(_factors(shapes)), met=met)


def _row(possible: int, together: int, width: int) -> str:
    return "".join(_mark(possible >> value & 1, together >> value & 1) for value in range(width))


def _mark(is_possible: int, is_met: int) -> str:
    if not is_possible:
        return IMPOSSIBLE
    return MET if is_met else NOT_MET


def _factors(shapes: Shapes) -> Iterator[Factor]:
    """The factors in their order."""
    numbered = ((value.factor, place, name) for value, (place, name) in zip(shapes.values, shapes.names, strict=True))
    for _, group in groupby(numbered, key=itemgetter(0)):
        values = list(group)
        place = _BRANCH.sub("", values[0][1]) or "the body"
        yield Factor(place=place, values=tuple(_short(name) for _, _, name in values))


def _short(name: str) -> str:
    """The name of a value without the places of the tags that it consists of.

    >>> _short('voice(Azure).provider: "azure"')
    '"azure"'
    """
    return " ".join(_TAG.findall(name)) or name
