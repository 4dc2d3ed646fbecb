"""Types of options: each is a function from a flag's text, a variable's text or a TOML value to the value of an option.

They are argparse types. All raise `ArgumentTypeError` for a value that they cannot read; its text says what they read.
"""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contract_tests.target.shard import Shard

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_SEED: Final = 2**32
"""Seeds are whole numbers below this."""
MAX_WORKERS: Final = 64
"""Schemathesis takes no more."""
FORMATS: Final = ("terminal", "github")
"""The forms in which a run says what was found."""
_SHARD: Final = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")
_POINTER: Final = re.compile(r"(/[^/]+)+")
_CLUSTER: Final = re.compile(r"(?:tcp|tls)://[^\s/]+:\d+|local:[1-9]\d{0,3}")
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/]\S*")
_SWITCHES: Final = {
    **dict.fromkeys(("1", "true", "yes", "on", "t", "y"), True),
    **dict.fromkeys(("0", "false", "no", "off", "f", "n"), False),
}


def text(value: object) -> str:
    """Reads a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise _refusal(value, "a text, or it is empty")
    return value


def absolute_url(value: object) -> str:
    """Reads a URL with its scheme."""
    if not isinstance(value, str) or not _URL.fullmatch(value):
        raise _refusal(value, "a whole URL, such as https://hooks.example.com/calls")
    return value


def path(value: object) -> Path:
    """Reads the path of a file or folder."""
    if not isinstance(value, str) or not value.strip():
        raise _refusal(value, "a path")
    return Path(value)


def switch(value: object) -> bool:
    """Reads yes or no."""
    word = str(value).strip().lower()
    if word not in _SWITCHES:
        raise _refusal(value, "true or false")
    return _SWITCHES[word]


def off_switch(value: object) -> bool:
    """Reads yes or no to an option that turns something off; yes is False."""
    return not switch(value)


def count(value: object) -> int:
    """Reads a whole number above 0."""
    number = _whole_number(value)
    if not number:
        raise _refusal(value, "a whole number above 0")
    return number


def shard(value: object) -> Shard:
    """Reads the number of a part and how many parts there are, such as 2/5."""
    found = _SHARD.fullmatch(str(value).strip())
    read = Shard(int(found[1]), int(found[2])) if found else Shard(0, 0)
    if not 1 <= read.number <= read.of:
        raise _refusal(value, "a part of the run, like 2/5 for the second of five")
    return read


def workers(value: object) -> int:
    """Reads a whole number from 1 to `MAX_WORKERS`."""
    number = _whole_number(value)
    if not number or number > MAX_WORKERS:
        raise _refusal(value, f"a whole number from 1 to {MAX_WORKERS}")
    return number


def cluster(value: object) -> str:
    """Reads the address of a cluster of Dask, or `local:` and a number of processes."""
    if not isinstance(value, str) or not _CLUSTER.fullmatch(value):
        raise _refusal(value, "an address, such as tcp://127.0.0.1:8786, tls://host:8786 or local:4")
    return value


def seed(value: object) -> int:
    """Reads a whole number from 0 to `MAX_SEED` - 1."""
    number = _whole_number(value)
    if number is None or number >= MAX_SEED:
        raise _refusal(value, f"a whole number below {MAX_SEED}")
    return number


def seconds(value: object) -> float:
    """Reads a finite number of seconds above 0."""
    try:
        number = float(str(value))  # str: a TOML boolean is no number
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise _refusal(value, "a number of seconds above 0")
    return number


def day(value: object) -> date:
    """Reads a day of the calendar, like 2026-12-31. A TOML date is one."""
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise _refusal(value, "a day, like 2026-12-31") from None


def output_format(value: object) -> str:
    """Reads the name of a form in which a run says what was found."""
    if value not in FORMATS:
        raise _refusal(value, f"one of {', '.join(FORMATS)}")
    return str(value)


def texts(value: object) -> tuple[str, ...]:
    """Reads a list of texts, or one text with commas between them."""
    return tuple(text(item) for item in _items(value, "a list of texts"))


def pointers(value: object) -> tuple[str, ...]:
    """Reads a list of JSON Pointers, or one text with commas between them."""
    return tuple(_pointer(item) for item in _items(value, "a list of JSON Pointers"))


def pairs(value: object) -> tuple[tuple[str, str | int | float], ...]:
    """Reads a table of JSON Pointers and scalars, or `POINTER=TEXT` pairs as a list or with commas between them."""
    if not isinstance(value, dict):
        value = dict(map(_pair, _items(value, "a list of POINTER=TEXT")))
    return tuple((_pointer(pointer), _scalar(scalar)) for pointer, scalar in value.items())


def names(value: object) -> tuple[tuple[str, str], ...]:
    """Reads a table of schemes and environment variables, or `SCHEME=NAME` pairs as a list or with commas between."""
    given = value.items() if isinstance(value, dict) else map(_names, _items(value, "a list of SCHEME=NAME"))
    return tuple((str(scheme), str(name)) for scheme, name in given)


def _names(item: object) -> tuple[str, str]:
    scheme, _, name = str(item).partition("=")
    if not (scheme and name):
        raise _refusal(item, "SCHEME=NAME, like ApiKey=SHOP_KEY")
    return scheme, name


def _whole_number(value: object) -> int | None:
    digits = str(value).strip()
    return int(digits) if digits.isascii() and digits.isdecimal() else None


def _items(value: object, expected: str) -> Iterable[object]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    if isinstance(value, list | tuple):
        return value
    raise _refusal(value, expected)


def _pair(item: object) -> tuple[str, str]:
    pointer, equals, value = str(item).partition("=")
    if not equals:
        raise _refusal(item, "POINTER=TEXT, like /agent/name=Ada")
    return pointer, value


def _pointer(value: object) -> str:
    if not isinstance(value, str) or not _POINTER.fullmatch(value):
        raise _refusal(value, "a JSON Pointer, like /agent/name")
    return value


def _scalar(value: object) -> str | int | float:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _refusal(value, "a text or a number")
    return value


def _refusal(value: object, expected: str) -> ArgumentTypeError:
    return ArgumentTypeError(f"{value!r} is not {expected}")
