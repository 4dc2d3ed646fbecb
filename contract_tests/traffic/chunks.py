"""Recordings in chunks. Any process can judge one, and the cuts follow from the recordings alone."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Final

from contract_tests.traffic.formats.format import Content

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_tests.traffic.entry import Entry
    from contract_tests.traffic.formats.format import FormatError
    from contract_tests.traffic.sources import Source

    Result = Entry | FormatError | None

BYTES: Final = 4 * 2**20
"""The length of a chunk of lines, in bytes; its last line is whole."""
ENTRIES: Final = 1000
"""The entries of a chunk of another format."""


@dataclass(frozen=True)
class Chunk:
    """A part of a recording: lines, or entries of a format that only the whole file tells."""

    source: int
    """The number of the recording."""
    first: int
    """The place of the first line or entry in it, from 0."""
    lines: bytes = b""
    results: tuple[Result, ...] = ()
    share: float | None = None
    """The read part of all recordings after it, from 0 to 1; None if nobody knows how long they are."""


def cut(sources: Sequence[Source]) -> Iterator[Chunk]:
    """Cuts recordings into chunks, in their order. Raises RecordingError if one cannot be read to its end."""
    for number, source in enumerate(sources):
        with source.reading():
            yield from _cut_lines(sources, number) if source.format.is_by_line else _cut_entries(sources, number)


def _cut_lines(sources: Sequence[Source], number: int) -> Iterator[Chunk]:
    first = 0
    with sources[number].content.open() as stream:
        while block := stream.read(BYTES):
            block += stream.readline()
            yield Chunk(number, first, lines=block, share=_share(sources, number))
            first += block.count(b"\n")


def _cut_entries(sources: Sequence[Source], number: int) -> Iterator[Chunk]:
    first, results = 0, sources[number].format.read(sources[number].content)
    while part := tuple(islice(results, ENTRIES)):
        yield Chunk(number, first, results=part, share=_share(sources, number))
        first += len(part)


def results_of(source: Source, chunk: Chunk) -> Iterator[tuple[int, Result]]:
    """The entries of a chunk, each with its place in the recording."""
    if chunk.lines:
        content = Content(lambda: BytesIO(chunk.lines), source.content.attachment)
        yield from enumerate(source.format.read(content), chunk.first)
    else:
        yield from enumerate(chunk.results, chunk.first)


def _share(sources: Sequence[Source], number: int) -> float | None:
    sizes = [source.content.size for source in sources]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes) or not sum(known):
        return None
    return min(1.0, (sum(known[:number]) + sources[number].content.position()) / sum(known))
