"""Spellings of JSON numbers."""

from __future__ import annotations

import json

import pytest

from contract_tests.plan.spelling import Exponential, without_spelling, write_json, write_otherwise
from contract_tests.plan.values import numbers


@pytest.mark.parametrize(("number", "text"), [(300, "3e2"), (2, "2e0"), (-12, "-1.2e1"), (1 / 1024, "9.765625e-4")])
def test_an_exponential_is_written_with_an_exponent(number: float, text: str) -> None:
    assert write_json(Exponential(number)) == text
    assert json.loads(text) == number


def test_a_value_is_written_as_json_writes_it() -> None:
    value = {"é": ["\0", None, True, 300.0, 3], "": {}}
    assert write_json(value) == json.dumps(value)


def test_integers_of_32_bits_get_no_greater_number() -> None:
    tried = [number for number, _ in numbers({"type": "integer", "format": "int32"}, is_integer=True).values()]
    assert max(tried) == 2**31 - 1
    assert max(number for number, _ in numbers({"type": "integer"}, is_integer=True).values()) > 2**31


def test_validators_get_plain_numbers() -> None:
    (inner,) = without_spelling({"a": [Exponential(300)]})["a"]
    assert type(inner) is float


def test_the_other_spelling_is_the_same_value() -> None:
    value = {"é": ["\0\n", None, {"a b": {"c": 'ü: "d": '}}], "": {}, "x": 1.0}
    text = write_otherwise(value)
    assert json.loads(text) == value
    assert '"\\u0078": 1.0' in text
