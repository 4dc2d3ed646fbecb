"""Things that were not sent, in a few lines: by the reason, then by the operation. The page has all of them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.report.folding import cut_to
from contract_tests.result.words import counted, split_label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_FEW: Final = 3
"""How many things are told one after the other, reasons and all."""
_REASONS: Final = 8
"""How many reasons are told."""
_OPERATIONS: Final = 4
"""How many operations are named for one reason."""
_LONGEST: Final = 100
"""How much of one thing is told, in characters."""
_REASON: Final = re.compile(r"(.*?) ?\(((?:[^()]|\([^()]*\))+)\)")
"""A thing, and the reason in parentheses at its end."""
_POINTER: Final = re.compile(r"(?<= )/[^ =]+")


@dataclass(frozen=True)
class _Thing:
    """A thing that was not sent."""

    operation: str
    """Its label, or the name of a plan of it; empty where a contract has one operation alone."""
    words: str
    reason: str


def describe_left_out(heading: str, texts: Sequence[str], labels: Collection[str], otherwise: str) -> Iterator[str]:
    """The lines about things that were not sent: a heading, and a line for each reason.

    A thing is a text with its operation before it and its reason in parentheses behind it; `otherwise` is the reason of
    one that has none.
    """
    if len(texts) <= _FEW:
        yield from _one_after_the_other(heading, texts)
        return
    groups = _by_reason(texts, labels, otherwise)
    yield f"{heading} ({len(texts)}):"
    for reason, things in groups[:_REASONS]:
        yield f"  {_count(reason, things)}: {_describe(things)}"
    if len(groups) > _REASONS:
        yield f"  and {counted(len(groups) - _REASONS, 'more reason')}, in result.json"


def count_left_out(heading: str, texts: Sequence[str], labels: Collection[str], otherwise: str) -> Iterator[str]:
    """The same in a line, which has the reasons and how many things were not sent for each."""
    if len(texts) <= _FEW:
        yield from _one_after_the_other(heading, texts)
        return
    groups = _by_reason(texts, labels, otherwise)
    named = "; ".join(_count(reason, things) for reason, things in groups[:_REASONS])
    more = f" and {counted(len(groups) - _REASONS, 'more reason')}" if len(groups) > _REASONS else ""
    yield f"{heading} ({len(texts)}): {named}{more}"


def _one_after_the_other(heading: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        yield f"{heading}: {', '.join(texts)}"


def _by_reason(texts: Iterable[str], labels: Collection[str], otherwise: str) -> list[tuple[str, list[_Thing]]]:
    groups: defaultdict[str, list[_Thing]] = defaultdict(list)
    for text in texts:
        thing = _read(text, labels, otherwise)
        groups[_POINTER.sub("…", thing.reason)].append(thing)
    return [*groups.items()]


def _count(reason: str, things: Sequence[_Thing]) -> str:
    """A reason, and how many things have it. Things that differ in a place have it in general words."""
    return f"{reason} ({len(things)})" if len(things) > 1 else things[0].reason


def _read(text: str, labels: Collection[str], otherwise: str) -> _Thing:
    operation, words = split_label(text, labels)
    found = _REASON.fullmatch(words)
    words, reason = (found[1], found[2]) if found else (words, otherwise)
    return _Thing(words, "", reason) if words in labels else _Thing(operation, words, reason)


def _describe(things: Sequence[_Thing]) -> str:
    """Things of one reason: by their names, if they are few or of one operation; else by their operations."""
    of_each: defaultdict[str, list[_Thing]] = defaultdict(list)
    for thing in things:
        of_each[thing.operation].append(thing)
    if len(of_each) == 1 or len(things) <= _FEW:
        return "; ".join(_describe_named(operation, those) for operation, those in of_each.items())
    words = {thing.words.rpartition(": ")[2] for thing in things}
    shared = f"{words.pop()}, for " if len(words) == 1 and all(words) else ""
    return shared + _name_operations(of_each)


def _describe_named(operation: str, things: Sequence[_Thing]) -> str:
    named = "; ".join(cut_to(thing.words, _LONGEST) for thing in things[:_FEW] if thing.words)
    more = f" and {len(things) - _FEW} more" if len(things) > _FEW else ""
    return f"{': '.join(filter(None, (operation, named)))}{more}"


def _name_operations(things: Mapping[str, Sequence[_Thing]]) -> str:
    named = [_name(operation, len(those)) for operation, those in [*things.items()][:_OPERATIONS]]
    more = f" and {counted(len(things) - _OPERATIONS, 'more operation')}" if len(things) > _OPERATIONS else ""
    return ", ".join(named) + more


def _name(operation: str, number: int) -> str:
    named = operation or "others"
    return named if number == 1 else f"{named} ({number})"
