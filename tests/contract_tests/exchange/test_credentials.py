"""Credentials as templates, which tell no secret and can be sent by whoever has a token."""

from __future__ import annotations

import pytest

from contract_tests.contract.security import Scheme, SchemeKind
from contract_tests.exchange.credentials import RIGHT, WRONG, fill_in, hide_token, is_right, with_value
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers

TOKEN = "aTok/en+of"  # noqa: S105 - guards nothing


@pytest.mark.parametrize("template", [RIGHT, *(value for values in WRONG.values() for value in values)])
def test_a_value_that_was_filled_in_is_told_by_its_template(template: str) -> None:
    assert hide_token(fill_in(template, TOKEN), TOKEN) == template


def test_a_token_in_a_value_of_no_template_is_hidden() -> None:
    assert hide_token(f"Bearer {TOKEN}; {TOKEN}", TOKEN) == "Bearer {token}; {token}"


@pytest.mark.parametrize("template", ["Bearer {token}", "bearer {token}"])
def test_the_whole_token_as_a_bearer_is_right(template: str) -> None:
    assert is_right(template, Scheme("bearer", "bearer"))


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_credentials_are_not_right(wrong: str) -> None:
    assert not is_right(", ".join(WRONG[wrong]), Scheme("bearer", "bearer"))


@pytest.mark.parametrize(("kind", "template"), [("basic", "Basic {token}"), ("key", "{token}")])
def test_each_kind_of_scheme_has_a_right_value_of_its_own(kind: SchemeKind, template: str) -> None:
    assert is_right(template, Scheme(kind, kind))
    assert not is_right(RIGHT, Scheme(kind, kind))


@pytest.mark.parametrize("values", [(), ("Bearer a",), ("Bearer a", "Bearer b")])
def test_credentials_are_replaced(values: tuple[str, ...]) -> None:
    request = Request("GET", "/", Headers([("authorization", "Bearer {token}"), ("X-A", "a")]))
    made = with_value(request, Scheme("bearer", "bearer"), *values)
    assert tuple(made.headers.all("Authorization")) == values
    assert made.headers.first("X-A") == "a"
