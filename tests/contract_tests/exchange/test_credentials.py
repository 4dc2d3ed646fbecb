"""Credentials as templates, which tell no secret and can be sent by whoever has a token."""

from __future__ import annotations

import pytest

from contract_tests.exchange.credentials import RIGHT, WRONG, fill_in, hide_token, is_right

TOKEN = "aTok/en+of"  # noqa: S105 - guards nothing


@pytest.mark.parametrize("template", [RIGHT, *(value for values in WRONG.values() for value in values)])
def test_a_value_that_was_filled_in_is_told_by_its_template(template: str) -> None:
    assert hide_token(fill_in(template, TOKEN), TOKEN) == template


def test_a_token_in_a_value_of_no_template_is_hidden() -> None:
    assert hide_token(f"Bearer {TOKEN}; {TOKEN}", TOKEN) == "Bearer {token}; {token}"


@pytest.mark.parametrize("template", ["Bearer {token}", "bearer {token}"])
def test_the_whole_token_as_a_bearer_is_right(template: str) -> None:
    assert is_right(template)


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_credentials_are_not_right(wrong: str) -> None:
    assert not is_right(", ".join(WRONG[wrong]))
