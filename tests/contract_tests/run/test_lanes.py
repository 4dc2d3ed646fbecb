"""Lanes of requests, and the order in which a run's exchanges are judged and told."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.exchange.exchange import Exchange, Request
from contract_tests.plan.schedule import PlannedRequest, Schedule
from contract_tests.run.lanes import Lanes
from contract_tests.run.order import Order
from scripts.benchmark.operations import make_spec
from spec.reader import Place, Spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.operations import Operation


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(Spec(Path("openapi.json"), "", make_spec(3), {"": Place(1, 1)}))


@pytest.fixture
def operations(contract: Contract) -> tuple[Operation, ...]:
    """Two operations of two groups."""
    return contract.operations[0], contract.operations[2]


def planned(operation: Operation, identifier: str) -> PlannedRequest:
    return PlannedRequest(identifier, "", operation, Request(operation.method, operation.path))


def exchange(operation: Operation, identifier: str) -> Exchange:
    return Exchange(Request(operation.method, operation.path), id=identifier)


def lanes(workers: int) -> Lanes:
    make_sender: Any = lambda: nullcontext("a sender")  # noqa: E731 - it is one line
    return Lanes(make_sender, lambda operation: int(operation.path == "/things-2"), workers)


def test_a_lane_keeps_its_order(operations: Sequence[Operation]) -> None:
    one, other = operations
    requests = [planned(other, "1"), planned(one, "2"), planned(other, "3")]
    assert lanes(1).send(requests, lambda _, lane: [each.id for each in lane]) == [["2"], ["1", "3"]]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_comes_of_lanes_is_in_their_order(operations: Sequence[Operation], workers: int) -> None:
    requests = [planned(operation, operation.path) for operation in operations]
    assert lanes(workers).send(requests, lambda _, lane: lane[0].id) == ["/things-1", "/things-2"]


def test_lanes_are_sent_at_the_same_time(operations: Sequence[Operation]) -> None:
    both = threading.Barrier(2, timeout=20)
    requests = [planned(operation, "") for operation in operations]
    assert sorted(lanes(2).send(requests, lambda *_: both.wait())) == [0, 1]


def test_an_error_in_a_lane_reaches_the_run(operations: Sequence[Operation]) -> None:
    def fail(*_: object) -> None:
        raise OSError("lost")

    with pytest.raises(OSError, match="lost"):
        lanes(2).send([planned(operation, "") for operation in operations], fail)


def test_exchanges_go_by_stage_then_by_lane_then_by_time(contract: Contract, operations: Sequence[Operation]) -> None:
    one, other = operations
    schedule = Schedule(
        {}, (planned(one, "a"), planned(other, "b")), (planned(one, "c"), planned(other, "d")), (planned(one, "z"),)
    )
    order = Order(contract, schedule)
    order.follow("a2", "a")
    came = [(other, "z"), (other, "d"), (other, "b"), (one, "c"), (one, "a"), (other, "a2")]
    exchanges = [exchange(operation, identifier) for operation, identifier in came]
    assert [each.id for each in sorted(exchanges, key=order.place)] == ["a", "a2", "b", "c", "d", "z"]
    order.put_off([planned(one, "c")])
    assert [each.id for each in sorted(exchanges, key=order.place)] == ["a", "a2", "b", "d", "c", "z"]


def test_requests_of_schemathesis_go_by_its_phases_and_operations(
    contract: Contract, operations: Sequence[Operation]
) -> None:
    one, other = operations
    order = Order(contract, Schedule({}, (), (planned(one, "ours"),)))
    phases = {"1": "coverage", "2": "coverage", "3": "fuzzing", "5": "fuzzing", "6": "stateful", "7": "stateful"}
    came = [
        (other, "1"),
        (one, "2"),
        (one, "3"),
        (one, "a probe"),
        (other, "5"),
        (other, "6"),
        (one, "7"),
        (one, "ours"),
    ]
    exchanges = [exchange(operation, identifier) for operation, identifier in came]
    order.hear(phases, exchanges)
    told = [each.id for each in sorted(exchanges, key=order.place)]
    assert told == ["ours", "2", "1", "3", "a probe", "5", "6", "7"]
