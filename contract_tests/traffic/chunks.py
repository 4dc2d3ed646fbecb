"""Recordings in chunks. Any process can judge one, and the cuts follow from the recordings alone."""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from contract_tests.traffic.formats.format import Content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contract_tests.traffic.entry import Entry
    from contract_tests.traffic.formats.format import FormatError
    from contract_tests.traffic.sources import Source

    Measure = Callable[[Content, int], Iterator["Span"]]
    Result = Entry | FormatError | None
    """An entry, or why it cannot be read; None of a blank line."""

BYTES: Final = 4 * 2**20
"""The length of a cell, in bytes. A chunk of lines has those that begin in one cell."""
_PIECE: Final = 2**18
"""How many bytes are measured at once: as many as a core has at hand."""
ENTRIES: Final = 1000
"""The entries of a chunk of another format."""


class Span(NamedTuple):
    """Whole lines of a recording, by where they stand."""

    start: int
    length: int
    """In bytes."""
    lines: int
    """How many lines there are."""


class Chunk(Struct, frozen=True):
    """A part of a recording: lines, or entries of a format that only the whole file tells."""

    source: int
    """The number of the recording."""
    first: int
    """The place of the first line or entry in it, from 0."""
    lines: bytes = b""
    span: Span | None = None
    """The place of the lines, where any process can read them for itself."""
    results: tuple[Result, ...] = ()
    share: float | None = None
    """The read part of all recordings after it, from 0 to 1; None if nobody knows how long they are."""

    @property
    def light(self) -> Chunk:
        """The chunk for another process, without the lines that it can read for itself."""
        return replace(self, lines=b"") if self.span else self


def cut(sources: Sequence[Source]) -> Iterator[Chunk]:
    """Cuts recordings into chunks, in their order. Raises RecordingError if one cannot be read to its end."""
    for number in range(len(sources)):
        yield from _cut_one(sources, number)


def cut_apart(sources: Sequence[Source], measure: Measure | None = None) -> Iterator[Chunk]:
    """Cuts recordings into chunks, without the lines that others can read for themselves.

    `measure` takes a recording's content and length, and gives the span of each of its cells, as `measure_cells` does.
    Raises RecordingError if a recording cannot be read to its end.
    """
    for number, source in enumerate(sources):
        content, size = source.content, source.content.size
        if not source.format.is_by_line or not content.is_apart or size is None:
            yield from _cut_one(sources, number)
            continue
        first = 0
        for span in measure(content, size) if measure else _measure_here(source, size):
            if span.length:
                share = _share(sources, number, span.start + span.length)
                yield Chunk(number, first, span=span, share=share)
            first += span.lines


def _measure_here(source: Source, size: int) -> Iterator[Span]:
    with source.reading():
        yield from (_measure_cell(source.content, cell, BYTES) for cell in cells_of(size, BYTES))


def cells_of(size: int, cell: int) -> range:
    """The numbers of the cells of a recording, by its length and theirs."""
    return range(-(-size // cell))


def measure_cells(content: Content, cells: range, size: int) -> list[Span]:
    """The lines that begin in each of some cells, by their numbers and the length of cells."""
    return [_measure_cell(content, cell, size) for cell in cells]


def _measure_cell(content: Content, cell: int, size: int) -> Span:
    with content.open() as stream:
        start = cell * size
        if start:
            stream.seek(start - 1)
            stream.readline()  # the rest of the line before: its line feed alone, if a line begins with the cell
            start = stream.tell()
        return _measure(stream, start, (cell + 1) * size)


def _measure(stream: BinaryIO, start: int, end: int) -> Span:
    """The lines that begin before an end, of a stream that is at their start. None of them is kept."""
    at, lines, piece = start, 0, b"\n"
    while at < end and (read := stream.read(min(_PIECE, end - at))):
        at, lines, piece = at + len(read), lines + _count_lines(read), read
    rest = b"" if piece.endswith(b"\n") else stream.readline()
    return Span(start, at + len(rest) - start, lines + rest.endswith(b"\n"))


def _cut_one(sources: Sequence[Source], number: int) -> Iterator[Chunk]:
    source = sources[number]
    with source.reading():
        yield from _cut_lines(sources, number) if source.format.is_by_line else _cut_entries(sources, number)


def _cut_lines(sources: Sequence[Source], number: int) -> Iterator[Chunk]:
    content, first, start = sources[number].content, 0, 0
    with content.open() as stream:
        while block := _read_cell(stream, start, BYTES):
            span = Span(start, len(block), _count_lines(block))
            end = start + span.length
            share = _share(sources, number, end if content.is_apart else content.position())
            yield Chunk(number, first, block, span if content.is_apart else None, share=share)
            first, start = first + span.lines, end


def _read_cell(stream: BinaryIO, start: int, size: int) -> bytes:
    """The lines that begin in the cell where the stream is."""
    block = stream.read(size - start % size)
    return block if block.endswith(b"\n") else block + stream.readline()


def _count_lines(block: bytes) -> int:
    """How many line feeds there are. In lines of a kilobyte, `find` passes over ten times as many bytes as `count`."""
    count, end = 0, block.find(b"\n")
    while end >= 0:
        count, end = count + 1, block.find(b"\n", end + 1)
    return count


def _cut_entries(sources: Sequence[Source], number: int) -> Iterator[Chunk]:
    content, first = sources[number].content, 0
    results = sources[number].format.read(content)
    while part := tuple(islice(results, ENTRIES)):
        yield Chunk(number, first, results=part, share=_share(sources, number, content.position()))
        first += len(part)


def results_of(source: Source, chunk: Chunk) -> Iterator[tuple[int, Result]]:
    """The entries of a chunk, each with its place in the recording. Raises RecordingError if it cannot be read."""
    if not source.format.is_by_line:
        yield from enumerate(chunk.results, chunk.first)
        return
    lines = chunk.lines or _read_span(source, chunk.span)
    content = Content(lambda: BytesIO(lines), source.content.attachment)
    yield from enumerate(source.format.read(content), chunk.first)


def _read_span(source: Source, span: Span | None) -> bytes:
    if span is None:
        return b""
    with source.reading(), source.content.open() as stream:
        stream.seek(span.start)
        return stream.read(span.length)


def _share(sources: Sequence[Source], number: int, position: int) -> float | None:
    sizes = [source.content.size for source in sources]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes) or not sum(known):
        return None
    return min(1.0, (sum(known[:number]) + position) / sum(known))
