"""Runs against many broken servers, in processes that live on."""

from __future__ import annotations

import logging
import multiprocessing
import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TYPE_CHECKING, TypeVar

from contract_tests.runtime.child import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


T = TypeVar("T")


def run_all(runs: Sequence[Callable[[], T]], workers: int) -> Iterator[T]:
    """The outcome of each run, as it comes. Leaving the iterator ends the processes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["contract_tests.kills.kill"])  # imported once for all of them
    with clean_environment(), ProcessPoolExecutor(workers, context, _be_quiet) as pool:
        waiting = [pool.submit(run) for run in runs]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _be_quiet() -> None:
    """Leaves Ctrl-C to the process that waits, and what a broken server logs unsaid."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
