"""Words for what is wrong: the examples in their docstrings hold."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest

from contract_tests.judge import one_place, wording
from contract_tests.result import words

if TYPE_CHECKING:
    from types import ModuleType


@pytest.mark.parametrize("module", [one_place, wording, words], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    outcome = doctest.testmod(module)
    assert (outcome.failed, outcome.attempted > 0) == (0, True)
