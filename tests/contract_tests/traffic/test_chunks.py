"""Recordings are cut at the same lines, whoever finds out where these begin."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.traffic import chunks
from contract_tests.traffic.chunks import Chunk, cells_of, cut, cut_apart, measure_cells, results_of
from contract_tests.traffic.sources import find_sources
from tests.support.recordings import make_entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from contract_tests.traffic.chunks import Span
    from contract_tests.traffic.formats.format import Content
    from contract_tests.traffic.sources import Source

ENTRY = json.dumps(make_entry()).encode()
CELL = len(ENTRY) // 2
LINES = st.lists(st.integers(0, 2 * CELL).map(lambda length: b" " * length), max_size=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chunks")


def apart(sources: Sequence[Source]) -> list[Chunk]:
    """The chunks as a cluster cuts them."""

    def measure(content: Content, size: int) -> Iterator[Span]:
        return iter(measure_cells(content, cells_of(size, CELL), CELL))

    return list(cut_apart(sources, measure))


@given(LINES, st.sampled_from([b"", b"\n"]))
def test_lines_are_cut_alike_by_one_reader_and_by_many(folder: Path, lines: list[bytes], end: bytes) -> None:
    (folder / "traffic.ndjson").write_bytes(b"\n".join([ENTRY, *lines]) + end)
    sources = find_sources([str(folder / "traffic.ndjson")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "BYTES", CELL)
        assert apart(sources) == [chunk.light for chunk in cut(sources)]


def test_a_chunk_that_has_no_lines_with_it_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "traffic.ndjson").write_bytes(b"\n".join([ENTRY] * 3))
    (source,) = find_sources([str(tmp_path / "traffic.ndjson")])
    (chunk,) = cut([source])
    assert not chunk.light.lines
    assert list(results_of(source, chunk.light)) == list(results_of(source, chunk))


def test_a_compressed_file_is_cut_by_whoever_reads_it(tmp_path: Path) -> None:
    (tmp_path / "traffic.ndjson.gz").write_bytes(gzip.compress(ENTRY))
    sources = find_sources([str(tmp_path / "traffic.ndjson.gz")])
    assert [chunk.lines for chunk in apart(sources)] == [ENTRY]
