"""The items of an array are those that a reader of the whole document finds, in time that is linear in its length."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import ijson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.traffic.formats.json_items import MAX_DEPTH, TOO_DEEP, read_items, read_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spec.json_value import Json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["log", "entries", "a"]), inner),
    max_leaves=12,
)


def items(document: Json) -> list[object]:
    return [*read_items(BytesIO(json.dumps(document).encode()), "log", "entries")]


@given(items_=st.lists(VALUES, max_size=3), before=VALUES, inside=VALUES, after=VALUES)
def test_the_items_are_those_at_the_path_and_no_others(
    items_: list[Json], before: Json, inside: Json, after: Json
) -> None:
    document = {"a": before, "log": {"a": inside, "entries": items_, "b": inside}, "b": after}
    assert items(document) == items_


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"entries": [1]},
        {"log": [{"entries": [1]}]},
        {"log": {"entries": {"entries": [1]}}},
        {"a": {"log": {"entries": [1]}}},
        {"log": {"a": {"entries": [1]}}},
        [{"log": {"entries": [1]}}],
    ],
)
def test_other_arrays_of_the_name_are_passed_over(document: Json) -> None:
    assert items(document) == []


def test_an_array_in_an_array_is_not_taken_for_a_field_of_it() -> None:
    assert [*read_items(BytesIO(b'{"a": [[1]]}'), "a", "a")] == []


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_values_that_stand_one_after_the_other_are_read(values: list[Json]) -> None:
    assert [*read_values(BytesIO("\n".join(map(json.dumps, values)).encode()))] == values


def test_items_before_a_mistake_are_given() -> None:
    found = read_items(BytesIO(b'{"log": {"entries": [1, 2' + b" " * 100_000 + b"?"), "log", "entries")
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(ijson.JSONError):
        next(found)


@pytest.mark.parametrize(("levels", "is_too_deep"), [(MAX_DEPTH, False), (MAX_DEPTH + 1, True)])
def test_an_item_has_its_bound_of_levels(levels: int, is_too_deep: bool) -> None:  # noqa: FBT001 - a parameter of the test
    text = f'{{"log": {{"entries": [{"[" * levels}{"]" * levels}, 1]}}}}'
    first, second = read_items(BytesIO(text.encode()), "log", "entries")
    assert (first is TOO_DEEP, second) == (is_too_deep, 1)


def work(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many events the reader asks for. It uses nothing of ijson that spells out paths."""
    events, basic_parse = 0, ijson.basic_parse

    def counted(*arguments: object, **settings: object) -> Iterator[object]:
        nonlocal events
        for event in basic_parse(*arguments, **settings):
            events += 1
            yield event

    with monkeypatch.context() as patched:
        patched.setattr(ijson, "basic_parse", counted)
        for name in ("items", "parse", "kvitems"):
            patched.delattr(ijson, name)
        list(read_items(BytesIO(text.encode()), "log", "entries"))
    return events


def _names(size: int) -> str:
    return ", ".join(f'"{number}": 1' for number in range(size))


HOSTILE: dict[str, Callable[[int], str]] = {
    "arrays": lambda size: "[" * size + "]" * size,
    "objects": lambda size: '{"a": ' * size + "1" + "}" * size,
    "names in a long name": lambda size: f'{{"{"k" * size}": {{{_names(size)}}}}}',
    "one name many times": lambda size: "{" + ", ".join(['"a": 1'] * size) + "}",
}
"""Items whose reading takes more than linear time in some readers, by their size."""


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_the_work_is_linear_in_the_length(hostile: Callable[[int], str], monkeypatch: pytest.MonkeyPatch) -> None:
    once, twice = (work(f'{{"log": {{"entries": [{hostile(size)}]}}}}', monkeypatch) for size in (2_000, 4_000))
    assert twice <= 2 * once
