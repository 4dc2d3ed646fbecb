"""Requests that must be turned away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.strict_json import parse_json
from contract_tests.plan.invalid import NegativeRequest, make_negatives
from contract_tests.plan.plan import make_plan

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

REQUEST = "/components/schemas/CreateCall"
TOKEN = "aToken"  # noqa: S105 - guards nothing


@pytest.fixture(scope="module")
def negatives(contract: Contract) -> tuple[NegativeRequest, ...]:
    return make_negatives(contract, REQUEST, make_plan(contract, REQUEST, all_known_names=False), TOKEN)


def test_none_carries_the_right_token_where_credentials_are_what_is_wrong(
    negatives: tuple[NegativeRequest, ...],
) -> None:
    credentials = {negative.authorization for negative in negatives if negative.authorization is not None}
    one = {"", "Bearer", "Bearer aToke", "Bearer aTokenx", "Bearer AtOKEN", "Basic aToken", "aToken"}
    right, wrong = f"Bearer {TOKEN}", "Bearer wrong"
    assert {(value,) for value in one} | {(), (right, wrong), (wrong, right)} <= credentials
    assert (right,) not in credentials


def test_every_other_one_is_malformed_invalid_or_of_another_media_type(
    contract: Contract, negatives: tuple[NegativeRequest, ...]
) -> None:
    for negative in negatives:
        try:
            is_valid = contract.validator(REQUEST).is_valid(parse_json(negative.body))
        except ValueError:
            is_valid = False
        is_about_headers = negative.authorization is not None or negative.media_type is not None
        assert is_valid is is_about_headers, negative.wrong
