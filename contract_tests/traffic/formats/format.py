"""A format of recordings: how it is recognized, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from contract_tests.traffic.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager


class FormatError(Exception):
    """A recording, or an entry of one, is not of its format. `str()` says what is wrong, and where."""


@dataclass(frozen=True)
class Content:
    """A recording's bytes, and the files that stand beside it."""

    open: Callable[[], AbstractContextManager[BinaryIO]]
    """Opens the bytes at their begin, decompressed."""
    attachment: Callable[[str], bytes | None] = lambda _: None
    """Gives the bytes of a file beside the recording, by its name; None if there is none."""


@dataclass(frozen=True)
class Format:
    """A format of recordings."""

    name: str
    """As `--format` takes it."""
    writers: str
    """The tools that write it."""
    place: str
    """The words for the place of an entry, with its index as `{index}` or its number from 1 as `{number}`."""
    recognizes: Callable[[bytes], bool]
    """Tells by the first bytes of a recording whether it is of this format."""
    read: Callable[[Content], Iterator[Entry | FormatError]]
    """Reads the entries in their order, one at a time, with an error in place of each that cannot be read."""

    def entries(self, content: Content) -> Iterator[Entry | None]:
        """The entries of a recording, with None for each that cannot be read.

        Raises:
            FormatError: the recording has entries, and none of them can be read.
        """
        return _unless_all_fail(self.read(content))

    def place_of(self, index: int) -> str:
        """The place of an entry, by its index."""
        return self.place.format(index=index, number=index + 1)


def _unless_all_fail(results: Iterable[Entry | FormatError]) -> Iterator[Entry | None]:
    waiting: list[FormatError] = []
    is_read = False
    for result in results:
        if isinstance(result, Entry):
            yield from (None for _ in waiting)
            waiting, is_read = [], True
            yield result
        elif is_read:
            yield None
        else:
            waiting.append(result)
    if waiting:
        raise waiting[0]
