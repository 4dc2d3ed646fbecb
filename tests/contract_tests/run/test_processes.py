"""The processes that judge recordings end at once where nobody waits for them any more, such as after Ctrl-C."""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING

from contract_tests.run.processes import begun
from contract_tests.traffic.chunks import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.traffic.judging import ChunkJudge


class Slow:
    """A judge that takes a minute for a chunk."""

    def judge(self, *_: object) -> None:
        time.sleep(60)


def test_processes_end_with_the_block_whatever_they_are_at() -> None:
    make: Callable[[], ChunkJudge] = Slow  # type: ignore[assignment] # it has what is used of one
    others = {*multiprocessing.active_children()}
    with begun(make, 2, 1) as processes:
        for _ in range(4):
            processes.submit(Chunk(0, 0, b""), {})
        workers = {*multiprocessing.active_children()} - others
        assert workers
    for process in workers:
        process.join(10)
        assert process.exitcode is not None
