"""A format of recordings: how it is recognized, and how it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from contract_tests.traffic.entry import Entry


class FormatError(Exception):
    """A recording, or an entry of one, is not of its format. `str()` says what is wrong, and where.

    It quotes nothing of the recording, for that may be secret.
    """

    remedy = "If it is of another format, name that with --recording-format."


class NoReaderError(FormatError):
    """The tool that reads the format is not installed."""

    remedy = "python -m pip install mitmproxy"


def without_quotes(text: str) -> str:
    """An error of another's reader on one line, without anything that it quotes of the recording."""
    return re.sub(r"(?:\b\w+\()?b?(['\"]).*\1\)?", "…", text.replace("\n", " "))


def _has_none(_name: str) -> None:
    """Stands for a folder without files."""


def _at_begin() -> int:
    return 0


@dataclass(frozen=True)
class Content:
    """A recording's bytes, and the files that stand beside it."""

    open: Callable[[], AbstractContextManager[BinaryIO]]
    """Opens the bytes at their begin, decompressed."""
    attachment: Callable[[str], bytes | None] = _has_none
    """Gives the bytes of a file beside the recording, by its name; None if there is none."""
    size: int | None = None
    """The size of the recording in bytes, perhaps compressed; None if nobody knows it."""
    is_apart: bool = False
    """True if other processes can open it by themselves, and read any part of it."""
    position: Callable[[], int] = _at_begin
    """Gives the place in these bytes up to which the recording is read."""


class Format(Struct, frozen=True):
    """A format of recordings."""

    name: str
    """As `--format` takes it."""
    writers: str
    """The tools that write it."""
    place: str
    """The words for the place of an entry, with its index as `{index}` or its number from 1 as `{number}`."""
    recognizes: Callable[[bytes], bool]
    """Tells by the first bytes of a recording whether it is of this format."""
    read: Callable[[Content], Iterator[Entry | FormatError | None]]
    """Reads the entries in their order, one at a time, with an error in place of each that cannot be read.

    None stands in place of a blank line.
    """
    is_by_line: bool = False
    """True if each line is an entry by itself. Then `read` reads any lines of a recording."""

    def __reduce__(self) -> tuple[Callable[[str], Format], tuple[str]]:
        """Names the format to another process, which has it too."""
        return _format, (self.name,)

    def name_places(self, prefix: str) -> Callable[[int], str]:
        """A function that gives the place of an entry behind a prefix, by its index."""
        before, named, after = re.split(r"\{(index|number)\}", self.place)
        first = int(named == "number")
        return lambda index: f"{prefix}{before}{index + first}{after}"


def _format(name: str) -> Format:
    registry = import_module(".registry", __package__)  # it imports all formats, and they this
    found: Format = next(each for each in registry.FORMATS if each.name == name)
    return found
