"""The workers that judge chunks of recordings: this process, or others beside it on this machine, or a cluster."""

from __future__ import annotations

import os
from collections import deque
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.traffic.chunks import cut, cut_apart
from contract_tests.traffic.texts import EarlierTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contract_tests.judge.memory import Known
    from contract_tests.run.cluster import Cluster
    from contract_tests.traffic.chunks import Chunk
    from contract_tests.traffic.judging import ChunkJudge, JudgedChunk, JudgedTraffic
    from contract_tests.traffic.sources import Source
    from spec.json_value import Json

    MakeJudge = Callable[[], ChunkJudge]
    Outcome = Callable[[], JudgedChunk]
    """Waits for the judgement of a chunk, and gives it."""


_AHEAD: Final = 2
"""How many chunks each process has ahead."""
_AHEAD_IF_LIGHT: Final = 8
"""As many, if processes read the lines for themselves: enough for as long as this one imports what concludes."""


class Workers(Protocol):
    """Whatever judges chunks."""

    @property
    def ahead(self) -> int:
        """How many chunks are handed over before the first of them is waited for."""

    def submit(self, chunk: Chunk, known: Known) -> Outcome:
        """Hands a chunk over."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def begin_judging(
    make_judge: MakeJudge, sources: Sequence[Source], processes: int, cluster: Cluster | None = None
) -> Iterator[Iterator[tuple[Chunk, JudgedTraffic]]]:
    """Begins to judge recordings in a cluster of Dask, or in so many processes; a single chunk, in this.

    Gives the judgements of the chunks, in their order. The first chunks are handed over before that.

    Raises:
        RecordingError: a recording cannot be read to its end, or the cluster cannot be used.
    """
    with ExitStack() as stack:
        workers, chunks = _begin(stack, make_judge, sources, processes, cluster)
        yield judge_in_order(chunks, workers, stack.enter_context(EarlierTexts()))


def _begin(
    stack: ExitStack, make_judge: MakeJudge, sources: Sequence[Source], processes: int, cluster: Cluster | None
) -> tuple[Workers, Iterator[Chunk]]:
    """The workers, and the chunks to hand over."""
    if cluster:
        from contract_tests.run.cluster import ClusterWorkers  # noqa: PLC0415 - few need it

        workers = ClusterWorkers(cluster, make_judge)
        return workers, workers.cut(sources)
    if processes == 1:
        return Here(make_judge()), cut(sources)
    chunks = cut_apart(sources)
    begin = list(islice(chunks, 2))
    if len(begin) == 1:
        return Here(make_judge()), iter(begin)
    from contract_tests.run.processes import begun  # noqa: PLC0415 - short recordings do without

    is_light = all(source.format.is_by_line and source.content.is_apart for source in sources)
    ahead = _AHEAD_IF_LIGHT if is_light else _AHEAD
    return stack.enter_context(begun(make_judge, processes, ahead)), chain(begin, chunks)


def judge_in_order(
    chunks: Iterator[Chunk], workers: Workers, earlier: EarlierTexts
) -> Iterator[tuple[Chunk, JudgedTraffic]]:
    """Has chunks judged, some ahead of the others, and gives their judgements in the order of the chunks."""
    handed = ((chunk.light, workers.submit(chunk, {})) for chunk in chunks)
    waiting = deque(islice(handed, 1 + workers.ahead))
    return _settle_all(waiting, handed, workers, earlier)


def _settle_all(
    waiting: deque[tuple[Chunk, Outcome]],
    handed: Iterator[tuple[Chunk, Outcome]],
    workers: Workers,
    earlier: EarlierTexts,
) -> Iterator[tuple[Chunk, JudgedTraffic]]:
    while waiting:
        yield _settle(*waiting.popleft(), workers, earlier)
        waiting.extend(islice(handed, max(0, 1 + workers.ahead - len(waiting))))


def _settle(chunk: Chunk, outcome: Outcome, workers: Workers, earlier: EarlierTexts) -> tuple[Chunk, JudgedTraffic]:
    """The judgement of a chunk. If it asks for texts that were there before, it is judged once more, with them.

    What it learns of them may have it ask for further ones.
    """
    found = outcome()
    known: dict[str, Mapping[bytes, Json]] = {}
    while repeated := earlier.find(found.missed):
        for topic, texts in repeated.items():
            known[topic] = {**known.get(topic, {}), **texts}
        found = workers.submit(chunk, known)()
    earlier.add(found.noted)
    return chunk, found.judged


class Here:
    """Judges in this process."""

    ahead: Final = 0

    def __init__(self, judge: ChunkJudge) -> None:
        self._judge = judge

    def submit(self, chunk: Chunk, known: Known) -> Outcome:
        """Puts a chunk off until it is waited for."""
        return partial(self._judge.judge, chunk, known)
