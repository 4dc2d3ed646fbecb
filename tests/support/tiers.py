"""Shares the parameters of a test out over the default run, the slow run and the nightly run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from _pytest.mark import ParameterSet

T = TypeVar("T")


def share_out(values: Iterable[T], *, slow: int, default: int = 0) -> list[ParameterSet]:
    """All values as parameters: so many for the default run and the slow run, spread evenly, the others for the night.

    >>> [len(each.marks) for each in share_out("abcd", slow=1, default=1)]
    [0, 1, 1, 1]
    """
    every = list(values)
    at_once = _spread(range(len(every)), default)
    later = _spread([at for at in range(len(every)) if at not in at_once], slow)
    return [pytest.param(value, marks=_marks(at, at_once, later)) for at, value in enumerate(every)]


def _spread(places: Sequence[int], number: int) -> set[int]:
    return {places[len(places) * step // number] for step in range(number)}


def _marks(at: int, at_once: set[int], later: set[int]) -> tuple[pytest.MarkDecorator, ...]:
    if at in at_once:
        return ()
    return (pytest.mark.slow,) if at in later else (pytest.mark.nightly,)
