"""Judges the recordings that a task names, and says what was found."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from contract_tests.crash import describe_crash
from contract_tests.exit_codes import INTERNAL_ERROR, INTERRUPTED
from contract_tests.live_line import LiveLine
from contract_tests.report.progress import describe_reading
from contract_tests.report.terminal import describe_start
from contract_tests.result.file_error import FileError
from contract_tests.run.interrupted import RunInterrupted
from contract_tests.target.settings import SettingsError, read_fields
from contract_tests.target.target import fields_in, missing_references
from contract_tests.task import TaskError, read_task
from contract_tests.telling import refuse, tell, terminal_width
from contract_tests.traffic.names import shown_name
from contract_tests.traffic.sources import RecordingError, find_sources
from spec.output import say, say_over
from spec.reader import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contract_tests.result.result import Result
    from contract_tests.run.cluster import Cluster
    from contract_tests.run.recording import Progress
    from contract_tests.task import Task
    from contract_tests.traffic.sources import Source


def judge_as_asked(flags: Mapping[str, object]) -> int:
    """Judges the recordings that options name, of which `flags` holds those that were given; returns the exit code."""
    try:
        return judge_files(read_task(flags))
    except (TaskError, OSError) as error:
        return refuse(error)
    except Exception as error:  # noqa: BLE001 - a traceback could quote the recording
        say(describe_crash(error, "the judging"), file=sys.stderr)
        return INTERNAL_ERROR


def judge_files(task: Task) -> int:
    """Judges the recordings that a task names, says what was found, and returns the exit code."""
    options = task.options
    try:
        sources = find_sources(options.recording, options.recording_format)
        with _reached(options.cluster) as cluster:
            result = _judge(task, sources, cluster)
        return tell(result, options)
    except RunInterrupted as interrupted:
        tell(interrupted.result, options)
        return INTERRUPTED
    except KeyboardInterrupt:
        say("interrupted: nothing is claimed", file=sys.stderr)
        return INTERRUPTED
    except (SpecError, RecordingError, FileError, SettingsError) as error:
        return refuse(error)
    except OSError as error:
        return refuse(f"the reports cannot be written: {error}")


@contextmanager
def _reached(address: str | None) -> Iterator[Cluster | None]:
    """The cluster at an address, if there is one. Raises RecordingError if it cannot be reached."""
    if address is None:
        yield None
        return
    from contract_tests.run.cluster import connected  # noqa: PLC0415 - few need it

    with connected(address) as cluster:
        yield cluster


def _judge(task: Task, sources: Sequence[Source], cluster: Cluster | None) -> Result:
    """Judges recordings. The workers of a cluster import what it takes at the same time as this process."""
    from contract_tests.run.recording import judge_recording  # noqa: PLC0415 - see above

    options = task.options
    say(describe_start(task.contract, _name(options.recording), options.seed))
    references = missing_references(options, fields_in(read_fields(), task.contract))
    with _telling_progress() as show:
        return judge_recording(sources, options, references, show, cluster)


def _name(recordings: Sequence[str]) -> str:
    return f"the recording {', '.join(PurePath(shown_name(name)).name for name in recordings)}"


@contextmanager
def _telling_progress() -> Iterator[Callable[[Progress], None]]:
    """A function that tells how much is judged, how fast, and how long the rest will take."""
    started = time.monotonic()
    line = LiveLine(terminal_width(is_terminal=sys.stderr.isatty()), say_over, partial(say, file=sys.stderr))

    def show(progress: Progress) -> None:
        line.show(lambda _: describe_reading(progress.entries, progress.share, time.monotonic() - started))

    try:
        yield show
    finally:
        line.clear()
