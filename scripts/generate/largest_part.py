"""The part of a spec that makes most work.

Generators follow some references anew each time, so that a small spec can keep them busy for years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scripts.generate.soundness import outermost_schemas
from spec.document import reference
from spec.reader import escape, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json
    from spec.reader import Spec

_MOST: Final = 0.6
"""A part is the cause, and not the part around it, if it has this share of the values there."""


def explain_slowness(spec: Spec, program: str, time: str) -> str:
    """The message about a program that was stopped after some time, at the part of the spec that makes most work."""
    pointer, count = largest_part(spec)
    message = (
        f"{program} was still at work after {time}, and was stopped.\n"
        f"    The largest part of the spec is {pointer}: {count:,} values, with all references followed.\n"
        "    Make it smaller, or refer to it less often."
    )
    return str(spec.error([spec.problem(pointer, message)]))


def largest_part(spec: Spec) -> tuple[str, int]:
    """The pointer of the smallest part that has most of the values of the largest schema, and the number of its values.

    References count as the values that they lead to; a reference to a value around it counts as nothing.
    """
    totals = _count_targets(spec)
    schemas = {pointer: _count(schema, totals) for pointer, schema in outermost_schemas(spec)}
    pointer = max(schemas, key=lambda each: schemas[each], default="")
    count, seen = schemas.get(pointer, 0), {pointer}
    while inner := _most_of(pointer, spec, totals, count):
        if inner[0] in seen:
            break
        pointer, count = inner
        seen.add(pointer)
    return pointer, count


def _most_of(pointer: str, spec: Spec, totals: dict[str, int], count: int) -> tuple[str, int] | None:
    """The part of a value, or the target of its reference, that has most of its values; None if none has most."""
    value = value_or_absent(spec.document, pointer)
    inner = {f"{pointer}/{escape(str(key))}": _count(item, totals) for key, item in _items(value)}
    if target := reference(value):
        inner[target] = totals.get(target, 0)
    largest = max(inner, key=lambda each: inner[each], default=None)
    return (largest, inner[largest]) if largest is not None and inner[largest] > _MOST * count else None


def _count_targets(spec: Spec) -> dict[str, int]:
    """The number of values of each part that a reference leads to."""
    totals = dict[str, int]()
    for target in _innermost_first(spec):
        totals[target] = _count(value_or_absent(spec.document, target), totals)
    return totals


def _innermost_first(spec: Spec) -> Iterator[str]:
    """Yields each part that a reference leads to, after those that it refers to itself, as far as there is no circle.

    There is no recursion, for a chain of references may be longer than Python's stack is deep. Each part is read once.
    """
    begun = set[str]()
    for first in dict.fromkeys(target for _, schema in outermost_schemas(spec) for target in _targets(schema)):
        waiting = [] if first in begun else [(first, _targets(value_or_absent(spec.document, first)))]
        begun.add(first)
        while waiting:
            target, inner = waiting[-1]
            new = next((each for each in inner if each not in begun), None)
            if new is None:
                waiting.pop()
                yield target
            else:
                begun.add(new)
                waiting.append((new, _targets(value_or_absent(spec.document, new))))


def _count(value: Json, totals: dict[str, int]) -> int:
    """The number of values in a value. A reference counts as the part that it leads to, if that is in `totals`."""
    target = reference(value)
    return 1 + (totals.get(target, 0) if target else 0) + sum(_count(item, totals) for _, item in _items(value))


def _targets(value: Json) -> Iterator[str]:
    if target := reference(value):
        yield target
    for _, item in _items(value):
        yield from _targets(item)


def _items(value: Json) -> list[tuple[str | int, Json]]:
    return list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
