"""Requests of several operations, sent side by side: each group of operations has a lane, which keeps its order.

One worker takes one lane after the other. All exchanges are judged and told in the order that they would then have
(`order.py`), so that a run finds the same, however many workers it has.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from contract_tests.contract.operations import Operation
    from contract_tests.plan.schedule import PlannedRequest
    from contract_tests.run.sending import Sender

    SendLane = Callable[[Sender, Sequence[PlannedRequest]], "T"]

T = TypeVar("T")


class Lanes:
    """Sends lanes, so many at the same time as there are workers."""

    def __init__(self, make_sender: Callable[[], Sender], lane_of: Callable[[Operation], int], workers: int) -> None:
        self._make_sender = make_sender
        self._lane_of = lane_of
        self._workers = workers

    def send(self, requests: Iterable[PlannedRequest], send_lane: SendLane[T]) -> list[T]:
        """Has each lane sent, with a sender of its own. Gives what comes of each, in the order of the lanes."""

        def send_one(lane: Sequence[PlannedRequest]) -> T:
            with self._make_sender() as sender:
                return send_lane(sender, lane)

        lanes = self._split(requests)
        if self._workers == 1 or len(lanes) == 1:
            return [send_one(lane) for lane in lanes]
        pool = ThreadPoolExecutor(self._workers, "lane")
        try:
            return list(pool.map(send_one, lanes))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl-C, nobody waits for what is under way

    def _split(self, requests: Iterable[PlannedRequest]) -> list[list[PlannedRequest]]:
        lanes: defaultdict[int, list[PlannedRequest]] = defaultdict(list)
        for planned in requests:
            lanes[self._lane_of(planned.operation)].append(planned)
        return [requests for _, requests in sorted(lanes.items())]
