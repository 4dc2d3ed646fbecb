"""The gate counts what costs, by the spec and by the file of targets."""

from __future__ import annotations

import asyncio

import h11

from contract_tests.target.limits import FREE
from contract_tests.traffic.proxy.gate import Gate
from contract_tests.traffic.proxy.orders import Orders
from spec.paths import SPEC


def read_twice(costs: dict[str, bool]) -> list[str | None]:
    """Why a conversation may not be read, the first time and the second, where one call is allowed."""
    gate = Gate(Orders("http://a.example", SPEC, FREE, 1, 0, costs))
    head = h11.Request(method="GET", target="/conversations/1", headers=[("Host", "a.example")])

    async def read() -> str | None:
        if refusal := await gate.admit(head, b""):
            return refusal
        await gate.settle(head, 200, reached=True)
        return None

    async def read_again() -> list[str | None]:
        return [await read(), await read()]

    return asyncio.run(read_again())


def test_what_costs_nothing_is_no_call() -> None:
    assert read_twice({}) == [None, None]


def test_what_costs_by_the_file_of_targets_is_a_call() -> None:
    assert read_twice({"GET /conversations/{id}": True}) == [None, "the limit of calls is reached"]
