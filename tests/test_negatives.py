"""Requests that must be turned away."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from contract_tests.negatives import NegativeRequest, make_negatives
from contract_tests.plan import make_plan
from contract_tests.strict_json import parse_json

if TYPE_CHECKING:
    from contract_tests.contract import Contract

REQUEST = "/components/schemas/CreateCall"
TOKEN = "aToken"  # noqa: S105 - guards nothing


@pytest.fixture(scope="module")
def negatives(contract: Contract) -> tuple[NegativeRequest, ...]:
    return make_negatives(contract, REQUEST, make_plan(contract, REQUEST, all_known_names=False), TOKEN)


def test_none_carries_the_right_token_where_credentials_are_what_is_wrong(
    negatives: tuple[NegativeRequest, ...],
) -> None:
    credentials = {negative.headers["Authorization"] for negative in negatives if "Authorization" in negative.headers}
    assert {"", "Bearer", "Bearer aToke", "Bearer aTokenx", "Bearer AtOKEN", "Basic aToken"} <= credentials
    assert f"Bearer {TOKEN}" not in credentials


def test_every_other_one_is_malformed_invalid_or_of_another_media_type(
    contract: Contract, negatives: tuple[NegativeRequest, ...]
) -> None:
    for negative in negatives:
        try:
            is_valid = contract.validator(REQUEST).is_valid(parse_json(negative.body))
        except ValueError:
            is_valid = False
        assert is_valid is bool(negative.headers), negative.wrong


@pytest.mark.parametrize("place", ["metadata", "headers", "keywords", "languages", "events", "required"])
def test_a_wrong_value_is_put_into_every_typed_map_and_array(
    negatives: tuple[NegativeRequest, ...], place: str
) -> None:
    assert any(
        negative.wrong.startswith("a wrong value in") and negative.wrong.endswith(place) for negative in negatives
    )


def test_a_wrong_value_is_all_that_is_wrong(contract: Contract, negatives: tuple[NegativeRequest, ...]) -> None:
    for negative in negatives:
        if negative.wrong.startswith("a wrong value in"):
            errors = list(contract.validator(REQUEST).iter_errors(json.loads(negative.body)))
            assert len(errors) == 1, negative.wrong
