"""Each type of option reads flags' texts and TOML values alike, and refuses the rest in plain words."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.target import option_types as types

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("read", "given", "value"),
    [
        (types.text, "a", "a"),
        (types.absolute_url, "https://a.example/b?c=d", "https://a.example/b?c=d"),
        (types.path, "a/b", Path("a/b")),
        *((types.switch, given, True) for given in (True, "1", "true", "Yes", "on", "T", "y")),
        *((types.switch, given, False) for given in (False, "0", "false", "No", "off", "F", "n")),
        (types.off_switch, True, False),
        (types.count, "1", 1),
        (types.count, 60, 60),
        (types.seed, "0", 0),
        (types.seed, str(2**32 - 1), 2**32 - 1),
        (types.seconds, "0.5", 0.5),
        (types.seconds, 3, 3.0),
        (types.texts, ["a,b", "c"], ("a,b", "c")),
        (types.texts, "a, b", ("a", "b")),
        (types.pointers, ["/a/*/b"], ("/a/*/b",)),
        (types.pairs, ["/a=b=c", "/d="], (("/a", "b=c"), ("/d", ""))),
        (types.pairs, {"/a": "b", "/c": 30}, (("/a", "b"), ("/c", 30))),
    ],
)
def test_a_value_is_read(read: Callable[[object], object], given: object, value: object) -> None:
    assert read(given) == value


@pytest.mark.parametrize(
    ("read", "given", "expected"),
    [
        *((types.text, given, "a text, or it is empty") for given in ("", " ", 3)),
        *(
            (types.absolute_url, given, "a whole URL, such as https://hooks.example.com/calls")
            for given in ("", "nonsense", "a.example/b", "https://", "https://a b", 3)
        ),
        *((types.path, given, "a path") for given in ("", " ", 3)),
        *((types.switch, given, "true or false") for given in ("", "maybe", 2)),
        *((types.count, given, "a whole number above 0") for given in ("0", "-1", "many", "1.5", "٣", 1.5, True)),
        *((types.seed, given, "a whole number below 4294967296") for given in ("-1", str(2**32), "", "1e3")),
        *((types.seconds, given, "a number of seconds above 0") for given in ("0", "-1", "nan", "inf", "soon", True)),
        (types.texts, 3, "a list of texts"),
        (types.pointers, 3, "a list of JSON Pointers"),
        (types.pairs, 3, "a list of POINTER=TEXT"),
    ],
)
def test_a_value_is_refused(read: Callable[[object], object], given: object, expected: str) -> None:
    with pytest.raises(ArgumentTypeError) as error:
        read(given)
    assert str(error.value) == f"{given!r} is not {expected}"


@pytest.mark.parametrize(
    ("read", "given", "message"),
    [
        (types.texts, ["a", ""], "'' is not a text, or it is empty"),
        (types.pointers, ["a"], "'a' is not a JSON Pointer, like /agent/name"),
        (types.pairs, ["/a"], "'/a' is not POINTER=TEXT, like /agent/name=Ada"),
        (types.pairs, ["a=b"], "'a' is not a JSON Pointer, like /agent/name"),
        (types.pairs, {"/a": ["b"]}, "['b'] is not a text or a number"),
    ],
)
def test_an_item_is_refused(read: Callable[[object], object], given: object, message: str) -> None:
    with pytest.raises(ArgumentTypeError) as error:
        read(given)
    assert str(error.value) == message
