"""The order of a run's exchanges: that of one worker, who takes one lane after the other.

A lane is a group of operations about the same things. So what one of them does, the others see in the order of time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.plan.schedule import PlannedRequest, Schedule

Place = tuple[int, int]
"""A stage of the run, and a lane there. Within a lane, requests go by time."""
_PREFLIGHT: Final = (0, 0)
_VALID: Final = 1
_INVALID: Final = 2
_PUT_OFF: Final = (3, 0)
_ENGINE: Final = 4
"""The first of the engine's stages: each of its phases is one."""
_PHASES: Final = ("coverage", "fuzzing", "stateful")
_LAST: Final = (9, 0)


class Order:
    """Places the requests of a run. The order of the engine's own requests is known only when it ends."""

    def __init__(self, contract: Contract, schedule: Schedule) -> None:
        self._contract = contract
        self._lanes = contract.groups
        self._places = {planned.id: self._lane(_VALID, planned) for planned in schedule.valid}
        self._places |= {planned.id: self._lane(_INVALID, planned) for planned in schedule.invalid}
        self._places |= {planned.id: _LAST for planned in schedule.spare}
        self._engines: dict[int, Place] = {}

    def _lane(self, stage: int, planned: PlannedRequest) -> Place:
        return stage, self._lanes[planned.operation.label]

    def put_off(self, requests: Iterable[PlannedRequest]) -> None:
        """Places requests behind the lanes, because others had to be sent first."""
        self._places |= {planned.id: _PUT_OFF for planned in requests}

    def lane(self, operation: Operation) -> int:
        """The lane of an operation."""
        return self._lanes[operation.label]

    def follow(self, exchange_id: str, source: str | None) -> None:
        """Places a request where the one is that leads to it, by their ids; or last, without one."""
        self._places[exchange_id] = self._places[source] if source else _LAST

    def is_ours(self, exchange: Exchange) -> bool:
        """Tells whether a request is none of the engine's."""
        return exchange.is_preflight or exchange.id in self._places

    def hear(self, phases: Mapping[str, str], exchanges: Iterable[Exchange]) -> None:
        """Places the engine's requests by its phases, of which it names some by their ids, and by operation.

        Probes have no phase: they belong to that of the requests before them. Walks along links stay as they were.
        """
        stages: defaultdict[int, int] = defaultdict(int)
        for exchange in exchanges:
            if not self.is_ours(exchange):
                lane = self._lane_of(exchange)
                stages[lane] = max(stages[lane], self._stage(phases.get(exchange.id)))
                is_walk = _PHASES[stages[lane]] == "stateful"
                self._engines[id(exchange)] = (_ENGINE + stages[lane], 0 if is_walk else lane)

    def _stage(self, phase: str | None) -> int:
        return _PHASES.index(phase) if phase in _PHASES else 0

    def _lane_of(self, exchange: Exchange) -> int:
        """The lane of the operation, or of another one of its path."""
        found = self._contract.paths.at(exchange.request.path)
        own = [each for each in found if each.method == exchange.request.method] or found
        return self.lane(own[0]) if own else len(self._lanes)

    def place(self, exchange: Exchange) -> Place:
        """The place of an exchange. What no stage has comes last, as at the end of a run."""
        if exchange.is_preflight:
            return _PREFLIGHT
        return self._places.get(exchange.id) or self._engines.get(id(exchange), _LAST)
