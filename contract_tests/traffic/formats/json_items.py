"""The items of an array in a JSON document, one at a time, in time that is linear in its length.

ijson's own `items` spells out the path to each value. So its time grows with the square of a document's depth, and of
the length of its keys. Its events have no paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ijson

from contract_tests.traffic.formats.lenient_json import WithoutHalves

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    Event = tuple[str, Any]

MAX_DEPTH: Final = 512
"""How many levels an item may be nested. What is deeper no recorder writes, and few readers take."""
_STARTS: Final = {"start_map", "start_array"}
_ENDS: Final = {"end_map", "end_array"}


TOO_DEEP: Final = object()
"""Stands for an item that is nested more than `MAX_DEPTH` levels deep."""
TOLD: Final = f"it is nested more than {MAX_DEPTH} levels deep"


def read_items(stream: BinaryIO, *path: str) -> Iterator[object]:
    """Yields the items of the array that names lead to. Raises ijson.JSONError where the text is no JSON."""
    events = ijson.basic_parse(WithoutHalves(stream), use_float=True)
    names, opened, near = (None, *path), 0, 0
    name = None
    for event, value in events:
        if event == "map_key":
            name = value if opened == near else name
        elif event in _STARTS:
            is_on_the_way = opened == near and name == names[near]
            if is_on_the_way and near == len(path) and event == "start_array":
                yield from _read_values(events)
                continue
            opened, near = opened + 1, near + int(is_on_the_way and near < len(path))
            name = ""
        elif event in _ENDS:
            opened, near = opened - 1, min(near, opened - 1)


def read_values(stream: BinaryIO) -> Iterator[object]:
    """Yields the values that stand one after the other in a text. Raises ijson.JSONError where it is no JSON."""
    yield from _read_values(ijson.basic_parse(WithoutHalves(stream), use_float=True, multiple_values=True))


def _read_values(events: Iterator[Event]) -> Iterator[object]:
    """The values up to the end of the array that they stand in."""
    for event, value in events:
        if event == "end_array":
            return
        yield _read_container(event, events) if event in _STARTS else value


def _read_container(start: str, events: Iterator[Event]) -> object:
    """The object or the array that has begun; `TOO_DEEP` in its place if it is that.

    One loop for all levels: a call for each takes twice as long, and Python bounds how many there may be.
    """
    whole: Any = _make(start)
    inner, above, name, is_map, is_too_deep = whole, list[Any](), "", start == "start_map", False
    for event, value in events:
        if event == "map_key":
            name = value
        elif event in _STARTS:
            if len(above) + 1 == MAX_DEPTH:
                is_too_deep = True
                _pass_over(events)
                continue
            found = _make(event)
            _put(inner, name, found)
            above.append(inner)
            inner, is_map = found, event == "start_map"
        elif event in _ENDS:
            if not above:
                break
            inner = above.pop()
            is_map = type(inner) is dict
        elif is_map:
            inner[name] = value
        else:
            inner.append(value)
    return TOO_DEEP if is_too_deep else whole


def _make(start: str) -> dict[str, Any] | list[Any]:
    return {} if start == "start_map" else []


def _put(container: Any, name: str, value: object) -> None:  # noqa: ANN401 - an object or an array
    if type(container) is dict:
        container[name] = value
    else:
        container.append(value)


def _pass_over(events: Iterator[Event]) -> None:
    """Passes over the rest of an object or an array that has begun."""
    opened = 1
    for event, _ in events:
        opened += (event in _STARTS) - (event in _ENDS)
        if not opened:
            return
