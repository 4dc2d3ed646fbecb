"""The table of a load: what Locust counted, and what the mock needed for it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

FLAT: Final = 0.1
"""The share by which memory may grow and still counts as flat: allocators keep some of what they freed."""
_MEBIBYTE: Final = 1024 * 1024


class Counted(NamedTuple):
    """The requests of one kind, as Locust counted them."""

    name: str
    requests: int
    failures: int
    median: float
    """Milliseconds, as all times of an answer."""
    slowest_hundredth: float
    """The time that 99 of 100 answers keep."""


class Reason(NamedTuple):
    """A reason why requests of one kind failed, in Locust's words."""

    name: str
    says: str
    requests: int


class Usage(NamedTuple):
    """The resources that the mock has used so far."""

    seconds: float
    """The processor time, user and system."""
    memory: int
    """The resident memory now, in bytes."""


class Load(NamedTuple):
    """A load, measured."""

    counted: tuple[Counted, ...]
    connections: int
    seconds: float
    before: Usage
    """After the load that fills the mock's memory, which is not counted."""
    after: Usage
    reasons: tuple[Reason, ...] = ()

    @property
    def requests(self) -> int:
        """The number of all requests."""
        return sum(each.requests for each in self.counted)

    @property
    def failures(self) -> int:
        """The number of requests that were not answered with a 200."""
        return sum(each.failures for each in self.counted)

    @property
    def per_core_second(self) -> float:
        """The requests that the mock answers in a second of one core's time."""
        return self.requests / max(self.after.seconds - self.before.seconds, 1e-9)

    @property
    def is_flat(self) -> bool:
        """True if the mock's memory grew by no more than the share `FLAT`."""
        return self.after.memory <= self.before.memory * (1 + FLAT)


def read_counted(text: str) -> tuple[Counted, ...]:
    """The requests by kind, from all that Locust's processes print with `--json`.

    Each worker prints an empty list, and the master the one with all requests.
    """
    decoder, position, rows = json.JSONDecoder(), 0, list[Mapping[str, object]]()
    while position < len(text):
        printed, position = decoder.raw_decode(text, position)
        position += len(text[position:]) - len(text[position:].lstrip())
        rows += printed
    return tuple(_read_row(row) for row in rows)


def read_reasons(text: str) -> tuple[Reason, ...]:
    """The reasons for failures, from the table in CSV that Locust writes."""
    rows = csv.DictReader(io.StringIO(text))
    return tuple(Reason(f"{row['Method']} {row['Name']}", row["Error"], int(row["Occurrences"])) for row in rows)


def describe(load: Load) -> str:
    """The table, with the figures of the mock below it."""
    head = f"{'requests':>10} {'failures':>9} {'median':>9} {'99 %':>9}  kind"
    rows = [
        f"{each.requests:>10} {each.failures:>9} {each.median:>6.0f} ms {each.slowest_hundredth:>6.0f} ms  {each.name}"
        for each in load.counted
    ]
    reasons = [f"{each.requests} failed: {each.name}: {each.says}" for each in load.reasons]
    return "\n".join([head, *rows, "", *_figures(load), *reasons])


def _figures(load: Load) -> list[str]:
    before, after = (usage.memory / _MEBIBYTE for usage in (load.before, load.after))
    used = load.after.seconds - load.before.seconds
    return [
        f"{load.requests} requests on {load.connections} connections in {load.seconds:.0f} s, {load.failures} failed",
        f"{load.requests / load.seconds:.0f} requests/s here, where the mock got {used / load.seconds:.2f} of one core",
        f"{load.per_core_second:.0f} requests for each second of one core",
        f"memory {before:.0f} MiB before, {after:.0f} MiB after: {'flat' if load.is_flat else 'it grows'}",
    ]


def _read_row(row: Mapping[str, object]) -> Counted:
    times = _times(row["response_times"])
    return Counted(
        f"{row['method']} {row['name']}",
        _whole(row["num_requests"]),
        _whole(row["num_failures"]),
        _percentile(times, 0.5),
        _percentile(times, 0.99),
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _times(value: object) -> list[tuple[float, int]]:
    """The times in milliseconds, in order, each with how many answers took it."""
    counts = value if isinstance(value, dict) else {}
    return sorted((float(time), count) for time, count in counts.items())


def _percentile(times: Sequence[tuple[float, int]], share: float) -> float:
    wanted, seen = share * sum(count for _, count in times), 0
    for time, count in times:
        seen += count
        if seen >= wanted:
            return time
    return 0.0
