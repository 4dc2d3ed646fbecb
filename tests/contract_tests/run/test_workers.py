"""Chunks of recordings are judged by any processes, in any order, and come to the same."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from contract_tests.contract.contract import read_contract
from contract_tests.judge.quick_bodies import BY_VALUE
from contract_tests.result.part import encode_part
from contract_tests.run.processes import Processes
from contract_tests.run.recording import judge_recording
from contract_tests.run.workers import Here, judge_in_order
from contract_tests.target.options import Options
from contract_tests.traffic import chunks
from contract_tests.traffic.chunks import Chunk, cut
from contract_tests.traffic.judging import ChunkJudge, JudgedChunk, JudgedTraffic
from contract_tests.traffic.texts import EarlierTexts
from spec.paths import SPEC
from tests.contract_tests.traffic.test_judging import told
from tests.support.repeating import REPEATED, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contract_tests.contract.statements import Key
    from contract_tests.judge.counts import Place
    from contract_tests.judge.memory import Known
    from contract_tests.result.result import Result
    from contract_tests.run.workers import Outcome, Workers
    from contract_tests.traffic.sources import Source

pytestmark = pytest.mark.usefixtures("_short_chunks")


def judge_with(folder: Path, source: Source, processes: int) -> Result:
    options = replace(Options(folder / "report", seed=1), processes=processes)
    result = judge_recording([source], options)
    told = [setting for setting in result.settings if setting.name != "--processes"]
    return structs.replace(result, seconds=0, date="", settings=tuple(told))


@pytest.mark.slow
def test_two_processes_come_to_the_same_result_as_one(tmp_path: Path, source: Source) -> None:
    one, two = (encode_part(judge_with(tmp_path, source, count)) for count in (1, 2))
    assert one == two


@pytest.mark.slow
def test_whole_chunks_come_to_what_one_chunk_comes_to(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_chunks = judge_with(tmp_path, source, 1)
    monkeypatch.setattr(chunks, "BYTES", 2**30)
    whole = judge_with(tmp_path, source, 1)
    assert in_chunks.checks == whole.checks
    assert [(each.key, each.count) for each in in_chunks.findings] == [
        (each.key, each.count) for each in whole.findings
    ]
    assert in_chunks.facts == whole.facts


class LastFirst:
    """Judges the chunk that was handed over last first."""

    ahead: Final = 3

    def __init__(self, judge: ChunkJudge) -> None:
        self._judge = judge
        self._waiting: list[tuple[Chunk, Known, Future[JudgedChunk]]] = []

    def submit(self, chunk: Chunk, known: Known) -> Outcome:
        """Hands a chunk over."""
        future = Future[JudgedChunk]()
        self._waiting.append((chunk, known, future))
        return partial(self._wait, future)

    def _wait(self, future: Future[JudgedChunk]) -> JudgedChunk:
        while self._waiting:
            chunk, known, waited = self._waiting.pop()
            waited.set_result(self._judge.judge(chunk, known))
        return future.result()


def make_judge(source: Source) -> ChunkJudge:
    return ChunkJudge(read_contract(SPEC), [source], None)


def total_of(source: Source, workers: Workers) -> JudgedTraffic:
    total = JudgedTraffic()
    with EarlierTexts() as earlier:
        for _, judged in judge_in_order(cut([source]), workers, earlier):
            total.add(judged)
    return total


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines")


@cache
def _read_repeated(folder: Path) -> tuple[ChunkJudge, list[bytes]]:
    """A judge, and the lines of a recording of `REPEATED`."""
    source = write(folder, *REPEATED)
    with source.content.open() as stream:
        return make_judge(source), stream.readlines()


@pytest.mark.slow
@given(
    st.lists(st.sampled_from(range(len(REPEATED))), max_size=10), st.sets(st.integers(1, 9)), st.sampled_from([0, 9])
)
def test_chunks_never_change_the_judgement(folder: Path, picked: list[int], cuts: set[int], in_memory: int) -> None:
    judge, lines = _read_repeated(folder)
    recording = [lines[number] for number in picked]
    places = [0, *sorted(cut for cut in cuts if cut < len(recording)), len(recording)]
    parts = [Chunk(0, first, b"".join(recording[first:last])) for first, last in pairwise(places)]
    whole = Chunk(0, 0, b"".join(recording))
    assert judged_in([*filter(lambda part: part.lines, parts)], judge, in_memory) == judged_in([whole], judge, 9)


def judged_in(parts: list[Chunk], judge: ChunkJudge, in_memory: int) -> tuple[object, ...]:
    """All that counts of a judgement: the counts, and what fails where."""
    total = JudgedTraffic()
    with EarlierTexts(in_memory) as earlier:
        for _, judged in judge_in_order(iter(parts), Here(judge), earlier):
            total.add(judged)
    counts, kept = total.partial.counts, [each for each in total.partial.kinds.judged() if each.failures]
    failed = [(each.place, each.exchange.id, [failure.check for failure in each.failures]) for each in kept]
    exact = structs.replace(
        counts, tried_statements=_exact(counts.tried_statements), kept_statements=_exact(counts.kept_statements)
    )
    return total.traffic, exact, total.partial.references, failed


def _exact(counts: Counter[tuple[Place, Key]]) -> Counter[tuple[Place, Key]]:
    """The counts of statements, but for those that the quick way of the judge does not tell apart."""
    return Counter({found: count for found, count in counts.items() if not found[1].pointer.endswith(BY_VALUE)})


class Lost(ProcessPoolExecutor):
    """A pool whose processes are lost: at once, or while they judge."""

    def __init__(self, *, at_once: bool) -> None:
        super().__init__(1)
        self._at_once = at_once

    def submit(self, *_: Any, **__: Any) -> Future[Any]:  # noqa: ANN401 - as its parent has it
        """Loses its process."""
        if self._at_once:
            raise BrokenProcessPool
        future = Future[Any]()
        future.set_exception(BrokenProcessPool())
        return future


@pytest.mark.slow
@pytest.mark.parametrize(
    "make_workers",
    [
        lambda make: LastFirst(make()),
        lambda make: Processes(make, Lost(at_once=True), 1),
        lambda make: Processes(make, Lost(at_once=False), 1),
    ],
    ids=["in another order", "lost at once", "lost while they judge"],
)
def test_neither_order_nor_lost_processes_change_the_judgement(
    source: Source, make_workers: Callable[[Callable[[], ChunkJudge]], Workers]
) -> None:
    make = partial(make_judge, source)
    assert told(total_of(source, make_workers(make))) == told(total_of(source, Here(make())))
