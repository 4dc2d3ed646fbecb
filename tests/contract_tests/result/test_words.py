"""Words of results: numbers of things, and texts about operations."""

from __future__ import annotations

import doctest

from contract_tests.result import words
from contract_tests.result.words import label_of, split_label


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(words).failed == 0


def test_a_text_is_split_behind_the_name_of_its_plan() -> None:
    labels = ["PUT /a", "PUT /a/{id}"]
    assert split_label("PUT /a/{id}: b: absent", labels) == ("PUT /a/{id}", "b: absent")
    assert split_label("PUT /a with text/csv: its body", labels) == ("PUT /a with text/csv", "its body")
    assert split_label("PUT /b: c", labels) == ("", "PUT /b: c")
    assert split_label("b: absent", []) == ("", "b: absent")


def test_the_plan_for_a_further_media_type_is_one_for_its_operation() -> None:
    assert label_of("PUT /a with text/csv", ["PUT /a"]) == label_of("PUT /a", ["PUT /a"]) == "PUT /a"
