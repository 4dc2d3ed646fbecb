"""Numbers of things in words."""

from __future__ import annotations

import doctest

from contract_tests.result import words


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(words).failed == 0
