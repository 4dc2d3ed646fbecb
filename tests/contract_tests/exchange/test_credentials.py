"""Credentials are kept as templates, which tell no secret."""

from __future__ import annotations

import pytest

from contract_tests.exchange.credentials import RIGHT, WRONG, fill_in, hide_token, is_right, wrong_credentials
from tests.conftest import TOKEN


@pytest.mark.parametrize("wrong", WRONG)
def test_credentials_are_kept_by_what_they_are_made_of(wrong: str) -> None:
    sent = wrong_credentials(TOKEN)[wrong]
    kept = tuple(hide_token(value, TOKEN) for value in sent)
    assert kept == WRONG[wrong]
    assert not is_right(", ".join(kept))


def test_credentials_without_a_name_hide_the_token_too() -> None:
    assert hide_token(f"Bearer realm={TOKEN}", TOKEN) == "Bearer realm={token}"
    assert hide_token(fill_in(RIGHT, TOKEN), TOKEN) == RIGHT
