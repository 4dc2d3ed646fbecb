"""Header fields, whose names are alike in any case."""

from __future__ import annotations

import doctest

import pytest

from contract_tests.exchange import headers
from contract_tests.exchange.headers import Headers

FIELDS = Headers([("Content-Type", "Application/JSON; charset=utf-8"), ("Allow", "GET"), ("ALLOW", "POST")])


def test_the_examples_hold() -> None:
    assert doctest.testmod(headers).failed == 0


@pytest.mark.parametrize("name", ["Allow", "allow", "ALLOW"])
def test_a_name_is_found_in_any_case(name: str) -> None:
    assert (FIELDS.all(name), FIELDS.first(name), FIELDS.joined(name)) == (["GET", "POST"], "GET", "GET, POST")


def test_a_field_that_is_absent_differs_from_an_empty_one() -> None:
    assert (FIELDS.first("Location"), FIELDS.joined("Location")) == (None, None)
    assert Headers([("Location", "")]).joined("location") == ""


@pytest.mark.parametrize("name", ["allow", "Allow"])
def test_fields_are_left_out_in_any_case_and_the_others_keep_their_order(name: str) -> None:
    assert FIELDS.without([name]) == FIELDS[:1]


def test_a_media_type_has_no_parameters_and_no_case() -> None:
    assert FIELDS.media_type == "application/json"
    assert FIELDS.without(["content-type"]).media_type is None
