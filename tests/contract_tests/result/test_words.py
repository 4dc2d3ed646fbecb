"""Words of results: numbers of things, and texts about operations."""

from __future__ import annotations

import doctest

from contract_tests.result import words
from contract_tests.result.words import label_of


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(words).failed == 0


def test_the_plan_for_a_further_media_type_is_one_for_its_operation() -> None:
    assert label_of("PUT /a with text/csv", ["PUT /a"]) == label_of("PUT /a", ["PUT /a"]) == "PUT /a"
