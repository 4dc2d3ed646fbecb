"""The processes beside this one that judge chunks of recordings."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from contract_tests.judge.memory import Known
    from contract_tests.traffic.chunks import Chunk
    from contract_tests.traffic.judging import ChunkJudge, JudgedChunk

_COLLECTED: Final = 20_000
"""How many more objects there are before garbage is collected. A chunk makes hardly any, and needs many at a time."""
_METHOD: Final = "fork" if sys.platform == "linux" else "spawn"
"""How processes begin. A fork has the contract at once; elsewhere, libraries of the system do not survive it."""


class Processes:
    """Judges in processes of this machine. If one is lost, this process judges what it had."""

    def __init__(self, make_judge: Callable[[], ChunkJudge], pool: ProcessPoolExecutor, ahead: int) -> None:
        self.ahead: Final = ahead
        self._make_judge = make_judge
        self._pool = pool

    def submit(self, chunk: Chunk, known: Known) -> Callable[[], JudgedChunk]:
        """Hands a chunk to the next process that has nothing to do."""
        light = chunk.light
        try:
            return partial(self._wait, self._pool.submit(_judge, light, known), light, known)
        except BrokenProcessPool:
            return partial(self._make_judge().judge, light, known)

    def _wait(self, future: Future[JudgedChunk], chunk: Chunk, known: Known) -> JudgedChunk:
        try:
            return future.result()
        except BrokenProcessPool:
            return self._make_judge().judge(chunk, known)


@contextmanager
def begun(make_judge: Callable[[], ChunkJudge], processes: int, ahead: int) -> Iterator[Processes]:
    """So many processes, each of which has so many chunks ahead. They end with the block, whatever they are at."""
    context, others = multiprocessing.get_context(_METHOD), {*multiprocessing.active_children()}
    pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(make_judge,))
    try:
        yield Processes(make_judge, pool, ahead * processes)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in {*multiprocessing.active_children()} - others:
            process.kill()  # after Ctrl-C, nobody waits for what it judges, and the end of this process would


_JUDGE: list[ChunkJudge] = []
"""The judge of a process that does nothing else."""


def _begin(make_judge: Callable[[], ChunkJudge]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    _JUDGE[:] = [make_judge()]
    gc.enable()
    gc.set_threshold(_COLLECTED)
    gc.freeze()  # else what was there before is looked through again and again, and its pages are copied for that


def _judge(chunk: Chunk, known: Known) -> JudgedChunk:
    return _JUDGE[0].judge(chunk, known)
