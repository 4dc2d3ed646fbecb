"""Things are created, read, listed, updated and deleted last; servers that forget something are caught."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from contract_tests.servers.any_spec import AnySpec
from tests.conftest import TOKEN
from tests.support.zoo_runs import contract_of, exchanges_with, remembering, run_against
from tests.support.zoo_states import STATE_FAULTS

if TYPE_CHECKING:
    from contract_tests.exchange.exchange import Exchange

THINGS = "things"


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    """Those with a server that conforms."""
    return asyncio.run(exchanges_with(THINGS, remembering(THINGS)))


@pytest.mark.parametrize("fault", STATE_FAULTS)
def test_a_server_that_forgets_something_is_caught(fault: str) -> None:
    server, check = STATE_FAULTS[fault]
    found = run_against(THINGS, server(contract_of(THINGS), TOKEN)).findings
    assert check in {failure.check for finding in found for failure in finding.failures}


@pytest.mark.slow
def test_a_server_without_memory_is_warned_at_most() -> None:
    assert run_against(THINGS, AnySpec(contract_of(THINGS), TOKEN)).findings == ()


def test_things_are_created_read_listed_updated_and_deleted_in_this_order(exchanges: list[Exchange]) -> None:
    accepted = [f"{each.request.method} {each.request.path.count('/')}" for each in exchanges if each.is_accepted]
    assert list(dict.fromkeys(accepted)) == ["POST 1", "GET 2", "GET 1", "PATCH 2", "DELETE 2"]


def test_nothing_is_deleted_that_the_run_did_not_create(exchanges: list[Exchange]) -> None:
    created = b" ".join(each.response.body for each in exchanges if each.request.method == "POST" and each.response)
    deleted = {each.request.path for each in exchanges if each.request.method == "DELETE" and each.is_accepted}
    assert all(path.rpartition("/")[2].encode() in created for path in deleted)


def test_nothing_is_left_behind(exchanges: list[Exchange]) -> None:
    created = sum(each.request.method == "POST" and each.is_accepted for each in exchanges)
    assert created == sum(each.request.method == "DELETE" and each.is_accepted for each in exchanges) > 0
