"""The worth of choices: what servers often get wrong is tried early."""

from __future__ import annotations

import pytest

from contract_tests.plan.choices import Choice
from contract_tests.plan.worth import worth_of


def worth(value: str, pointer: str = "/type") -> int:
    return worth_of(Choice("place", value, pointer, "documented"))


@pytest.mark.parametrize(
    "value", ["null", "absent", "empty object", "empty array", "array of two that differ", "long string"]
)
def test_a_choice_that_servers_often_get_wrong_comes_before_an_ordinary_one(value: str) -> None:
    assert worth(value) > worth("maximum 5") == worth('"susan"')


def test_a_member_of_a_closed_enumeration_shapes_a_request() -> None:
    assert worth('"azure"', "/enum") > worth('"azure"')


def test_a_number_that_a_server_may_refuse_is_an_ordinary_choice() -> None:
    number = Choice("place", "3e1", "/type", "documented", may_be_refused=True)
    assert worth_of(number) == worth("maximum 5")


def test_the_text_of_many_kinds_of_character_reveals_most() -> None:
    assert worth("many kinds of character") > worth("null")
