"""Which requests are calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.target.costs import Costs

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

CALL, READ = "/conversations/create_phone_call", "/conversations/1"


@pytest.mark.parametrize(
    ("method", "path", "is_call"),
    [
        ("POST", CALL, True),
        ("GET", CALL, True),  # a server may take it for a POST
        ("GET", READ, False),
        ("HEAD", READ, False),
        ("PUT", READ, True),
        ("GET", "/elsewhere", False),
        ("DELETE", "/elsewhere", True),
    ],
)
def test_what_may_be_a_call(contract: Contract, method: str, path: str, *, is_call: bool) -> None:
    assert Costs(contract.operations).may_be_call(method, path) is is_call


def test_targets_toml_has_the_last_word(contract: Contract) -> None:
    costed = replace(contract, costs={"GET /conversations/{id}": True, f"POST {CALL}": False})
    costs = Costs(costed.operations)
    assert (costs.may_be_call("GET", READ), costs.may_be_call("POST", CALL)) == (True, False)
