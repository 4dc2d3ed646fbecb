"""Families of instances: one as it was drawn, and copies of it with a few changes."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from scripts.fidelity.values import date_times, json_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from spec.json_value import Json

FAMILY: Final = 4
"""The number of instances in a family."""

_NOT_QUITE: Final[tuple[Callable[[Json], Json], ...]] = (
    lambda value: float(value) if isinstance(value, int) and abs(value) < 2**53 else value,
    lambda value: value + 1 if isinstance(value, int | float) else value,
    lambda value: -value if isinstance(value, int | float) else value,
    str,
    lambda value: str(value) if isinstance(value, int | float) else value,
    lambda value: [value],
    lambda value: value.upper() if isinstance(value, str) else value,
    lambda value: f"{value}\n" if isinstance(value, str) else value,
    lambda value: value.replace("T", " ") if isinstance(value, str) else value,
    lambda value: dict.fromkeys(value) if isinstance(value, dict) else value,
)


@dataclass(frozen=True)
class _Mutation:
    """A change of one place of a JSON value. `choice` picks the place, `make` gives its new value; None removes it."""

    choice: int
    make: Callable[[Json], Json] | None


_mutations: Final = st.builds(
    _Mutation,
    st.integers(0, 1000),
    st.none() | st.sampled_from(_NOT_QUITE) | (json_values | date_times).map(lambda value: lambda _: value),
)
_FAMILIES: Final = st.tuples(st.just([]), *[st.lists(_mutations, min_size=1, max_size=3)] * 3)


def family(instances: st.SearchStrategy[Json]) -> st.SearchStrategy[list[Json]]:
    """Draws an instance, and three copies of it with up to three changes each."""
    return st.tuples(instances, _FAMILIES).map(lambda drawn: [_mutated(drawn[0], some) for some in drawn[1]])


def _mutated(value: Json, mutations: list[_Mutation]) -> Json:
    box = [copy.deepcopy(value)]
    for mutation in mutations:
        places = list(_places(box))
        container, key = places[mutation.choice % len(places)]
        if mutation.make is not None:
            container[key] = mutation.make(container[key])
        elif container is not box:
            del container[key]
    return box[0]


def _places(container: Json) -> list[tuple[Json, Any]]:
    keys = list(container if isinstance(container, dict) else range(len(container)))
    inner = [container[key] for key in keys if isinstance(container[key], dict | list)]
    return [(container, key) for key in keys] + [place for value in inner for place in _places(value)]
