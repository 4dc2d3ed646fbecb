"""A recording held against the contract: nothing is sent, and the result is one as of a run."""

from __future__ import annotations

import gc
import time
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from contract_tests.contract.contract import read_contract
from contract_tests.run.interrupted import RunInterrupted
from contract_tests.run.workers import begin_judging, cores
from contract_tests.runtime.interrupts import hearing_ctrl_c_later, noticing_dropped_ctrl_c
from contract_tests.target.limits import Limits
from contract_tests.traffic.judging import ChunkJudge, JudgedTraffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contract_tests.result.result import Result
    from contract_tests.run.cluster import Cluster
    from contract_tests.target.options import Options
    from contract_tests.traffic.chunks import Chunk
    from contract_tests.traffic.sources import Source


class Progress(NamedTuple):
    """How much of the recordings is judged."""

    entries: int
    share: float | None
    """The read part of all bytes, from 0 to 1; None if nobody knows how many there are."""


def judge_recording(
    sources: Sequence[Source],
    options: Options,
    references: Mapping[str, str] | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    cluster: Cluster | None = None,
) -> Result:
    """Judges the exchanges of recordings that are about the contract, and writes the reports.

    `references` are the places in a request of values that its account may not have, each with the option that names
    one. `on_progress` hears how much is judged. `cluster` is who judges, if it is not this machine.

    Raises:
        SpecError: the spec cannot be read.
        RecordingError: a recording cannot be read to its end.
        FileError: what is left of an earlier run cannot be read.
        OSError: the reports cannot be written.
        RunInterrupted: Ctrl-C. It has the result of what was judged until then.
    """
    started = time.monotonic()
    contract, limits = read_contract(options.spec), Limits(references=references or {})
    make_judge = partial(ChunkJudge, contract, sources, options.url, tuple(limits.references))
    with begin_judging(make_judge, sources, options.processes or cores(), cluster) as judgements:
        # Others judge already, and need nothing of this. Jinja2 takes as long to import as all of the judge.
        from contract_tests.run import recording_result  # noqa: PLC0415 - see above

        past = recording_result.prepare(options, contract)
        _collect_again()
        total, is_interrupted = _add_up(judgements, on_progress)
    total.require_readable(sources)
    recording = recording_result.Recording(contract, options, limits, _name_all(sources), is_interrupted=is_interrupted)
    result = recording_result.finish(recording, total, time.monotonic() - started, past)
    if is_interrupted:
        raise RunInterrupted(result)
    return result


def _collect_again() -> None:
    """Collects garbage again where a command began without that. Nothing of what is there by then ever goes."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _add_up(
    judgements: Iterator[tuple[Chunk, JudgedTraffic]], on_progress: Callable[[Progress], None]
) -> tuple[JudgedTraffic, bool]:
    """The judgement of all chunks, or of the first ones; True if Ctrl-C came after these."""
    total = JudgedTraffic()
    try:
        with noticing_dropped_ctrl_c() as is_dropped:
            for chunk, judged in judgements:
                with hearing_ctrl_c_later():
                    total.add(judged)
                on_progress(Progress(total.traffic.entries, chunk.share))
                if is_dropped.is_set():
                    return total, True
    except KeyboardInterrupt:
        return total, True
    return total, False


def _name_all(sources: Sequence[Source]) -> str:
    first, *others = (PurePath(source.name).name for source in sources)
    return f"the recording {first}" if not others else f"the recording {first} and {len(others)} more"
