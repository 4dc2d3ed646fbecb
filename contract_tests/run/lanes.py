"""Requests of several operations, sent side by side: each operation has a lane, which keeps its order.

One worker takes one lane after the other. All exchanges are judged and told in the order that they would then have
(`order.py`), so that a run finds the same, however many workers it has.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from contract_tests.plan.schedule import PlannedRequest
    from contract_tests.run.sending import Sender

    SendLane = Callable[[Sender, Sequence[PlannedRequest]], "T"]

T = TypeVar("T")


class Lanes:
    """Sends lanes, so many at the same time as there are workers."""

    def __init__(self, make_sender: Callable[[], Sender], workers: int) -> None:
        self._make_sender = make_sender
        self._workers = workers

    def send(self, requests: Iterable[PlannedRequest], send_lane: SendLane[T]) -> list[T]:
        """Has each lane sent, with a sender of its own. Gives what comes of each, in the order of the lanes."""

        def send_one(lane: Sequence[PlannedRequest]) -> T:
            with self._make_sender() as sender:
                return send_lane(sender, lane)

        lanes = split(requests)
        if self._workers == 1 or len(lanes) == 1:
            return [send_one(lane) for lane in lanes]
        pool = ThreadPoolExecutor(self._workers, "lane")
        try:
            return list(pool.map(send_one, lanes))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl-C, nobody waits for what is under way


def split(requests: Iterable[PlannedRequest]) -> list[list[PlannedRequest]]:
    """The lanes of requests, one for each operation, in the order in which the operations come."""
    lanes: defaultdict[str, list[PlannedRequest]] = defaultdict(list)
    for planned in requests:
        lanes[planned.operation.label].append(planned)
    return list(lanes.values())
