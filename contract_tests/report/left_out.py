"""Things that were not sent, in a few lines: by the reason, then by the operation. The page has all of them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.report.folding import cut_to
from contract_tests.result.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contract_tests.result.result import Result
    from contract_tests.result.scope import LeftOut

_FEW: Final = 3
"""How many things are told one after the other, reasons and all."""
_REASONS: Final = 8
"""How many reasons are told."""
_OPERATIONS: Final = 4
"""How many operations are named for one reason."""
_LONGEST: Final = 100
"""How much of one thing is told, in characters."""
_POINTER: Final = re.compile(r"(?<= )/[^ =]+")


def name_operations(result: Result, things: Iterable[LeftOut]) -> list[LeftOut]:
    """Things as they are told: with their operations, unless the contract has one alone."""
    if len(result.contract) != 1:
        return [*things]
    return [structs.replace(each, operation=None) if each.thing else each for each in things]


def describe_left_out(heading: str, things: Sequence[LeftOut], otherwise: str) -> Iterator[str]:
    """The lines about things that were not sent: a heading, and a line for each reason.

    `otherwise` is the reason of a thing that has none.
    """
    if len(things) <= _FEW:
        yield from _one_after_the_other(heading, things)
        return
    groups = _by_reason(things, otherwise)
    yield f"{heading} ({len(things)}):"
    for reason, those in groups[:_REASONS]:
        yield f"  {_count(reason, those)}: {_describe(those)}"
    if len(groups) > _REASONS:
        yield f"  and {counted(len(groups) - _REASONS, 'more reason')}, in result.json"


def count_left_out(heading: str, things: Sequence[LeftOut], otherwise: str) -> Iterator[str]:
    """The same in a line, which has the reasons and how many things were not sent for each."""
    if len(things) <= _FEW:
        yield from _one_after_the_other(heading, things)
        return
    groups = _by_reason(things, otherwise)
    named = "; ".join(_count(reason, those) for reason, those in groups[:_REASONS])
    more = f" and {counted(len(groups) - _REASONS, 'more reason')}" if len(groups) > _REASONS else ""
    yield f"{heading} ({len(things)}): {named}{more}"


def _one_after_the_other(heading: str, things: Sequence[LeftOut]) -> Iterator[str]:
    if things:
        yield f"{heading}: {', '.join(map(str, things))}"


def _by_reason(things: Iterable[LeftOut], otherwise: str) -> list[tuple[str, list[LeftOut]]]:
    """Things by their reasons, in general words: reasons that differ in a place alone are one."""
    groups: defaultdict[str, list[LeftOut]] = defaultdict(list)
    for thing in things:
        known = structs.replace(thing, reason=thing.reason or otherwise)
        groups[_POINTER.sub("…", known.reason or "")].append(known)
    return [*groups.items()]


def _count(reason: str, things: Sequence[LeftOut]) -> str:
    """A reason, and how many things have it; of one thing, its own."""
    return f"{reason} ({len(things)})" if len(things) > 1 else things[0].reason or reason


def _describe(things: Sequence[LeftOut]) -> str:
    """Things of one reason: by their names, if they are few or of one operation; else by their operations."""
    of_each: defaultdict[str | None, list[LeftOut]] = defaultdict(list)
    for thing in things:
        of_each[thing.operation].append(thing)
    if len(of_each) == 1 or len(things) <= _FEW:
        return "; ".join(_describe_named(operation, those) for operation, those in of_each.items())
    words = {(thing.thing or "").rpartition(": ")[2] for thing in things}
    shared = f"{words.pop()}, for " if len(words) == 1 and all(words) else ""
    return shared + _name_operations(of_each)


def _describe_named(operation: str | None, things: Sequence[LeftOut]) -> str:
    named = "; ".join(cut_to(each.thing, _LONGEST) for each in things[:_FEW] if each.thing)
    more = f" and {len(things) - _FEW} more" if len(things) > _FEW else ""
    return f"{': '.join(filter(None, (operation, named)))}{more}"


def _name_operations(things: Mapping[str | None, Sequence[LeftOut]]) -> str:
    named = [_name(operation, len(those)) for operation, those in [*things.items()][:_OPERATIONS]]
    more = f" and {counted(len(things) - _OPERATIONS, 'more operation')}" if len(things) > _OPERATIONS else ""
    return ", ".join(named) + more


def _name(operation: str | None, number: int) -> str:
    named = operation or "others"
    return named if number == 1 else f"{named} ({number})"
