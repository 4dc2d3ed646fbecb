"""The differences between two documents as they are written, and the changes that are reported for them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from scripts.drift.schemas.demands import text_of
from spec.document import reference
from spec.reader import ABSENT, escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json
    from spec.operations import Operation, Use
    from spec.reader import Place

Impact = Literal["breaking", "compatible", "editorial"]
IMPACTS: Final[tuple[Impact, ...]] = ("breaking", "compatible", "editorial")
"""The gravest first."""


class Difference(NamedTuple):
    """A value that differs. Either side may be ABSENT."""

    pointer: str
    before: Json
    after: Json


@dataclass(frozen=True)
class Change:
    """A change to the spec. `pointer` leads to it in the spec, or in the base if the spec no longer has it."""

    impact: Impact
    pointer: str
    place: Place
    message: str
    uses: tuple[Use, ...] = ()
    """The uses of the data that it is about."""
    operations: tuple[Operation, ...] = ()
    """The operations that it concerns: more than those in `uses` if it is not about data."""
    touched: tuple[str, ...] = ()
    """The pointers, in the base or the spec, whose generated code it touches."""


def differences(before: Json, after: Json, pointer: str = "", *, in_order: bool = False) -> Iterator[Difference]:
    """Yields the smallest values that differ. The order of keys does not count.

    Args:
        before: the value in the base, or ABSENT.
        after: the value in the spec, or ABSENT.
        pointer: the JSON Pointer of both.
        in_order: compares items of lists by their positions. Else equal objects belong together, wherever they stand.
    """
    if isinstance(before, dict) and isinstance(after, dict) and (in_order or reference(before) == reference(after)):
        for key in {**after, **before}:
            child = f"{pointer}/{escape(key)}"
            yield from differences(before.get(key, ABSENT), after.get(key, ABSENT), child, in_order=in_order)
    elif isinstance(before, list) and isinstance(after, list) and (in_order or _holds_objects([*before, *after])):
        is_ordered = in_order or pointer.endswith("/prefixItems")
        yield from (_by_position if is_ordered else _by_value)(before, after, pointer, in_order)
    elif before is ABSENT or after is ABSENT or text_of(before) != text_of(after):
        yield Difference(pointer, before, after)


def _by_position(before: list[Json], after: list[Json], pointer: str, in_order: bool) -> Iterator[Difference]:  # noqa: FBT001 - passed on
    for index, (old, new) in enumerate(zip_longest(before, after, fillvalue=ABSENT)):
        yield from differences(old, new, f"{pointer}/{index}", in_order=in_order)


def _by_value(before: list[Json], after: list[Json], pointer: str, _: bool) -> Iterator[Difference]:  # noqa: FBT001
    lost, gained = ({str(index): item for index, item in enumerate(side)} for side in (before, after))
    for index, item in [*lost.items()]:
        same = next((other for other, value in gained.items() if text_of(value) == text_of(item)), None)
        if same is not None:
            del lost[index], gained[same]
    for old, new in zip([*lost], [*gained], strict=False):
        yield from differences(lost.pop(old), gained.pop(new), f"{pointer}/{new}")
    for index, item in gained.items():
        yield Difference(f"{pointer}/{index}", ABSENT, item)
    for index, item in lost.items():
        yield Difference(f"{pointer}/{index}", item, ABSENT)


def _holds_objects(items: list[Json]) -> bool:
    return any(isinstance(item, dict | list) for item in items)
