"""Credentials are hidden where requests are shown."""

from __future__ import annotations

import pytest

from contract_tests.contract.security import Scheme
from contract_tests.servers.hiding import Hiding

PLACES = Hiding.of(
    [
        Scheme("a", "key", "header", "X-Key"),
        Scheme("b", "key", "query", "key"),
        Scheme("c", "key", "cookie", "session"),
        Scheme("d", "key", "query", "api key"),
    ]
)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("authorization", "Bearer secret", "Bearer (not shown)"),
        ("authorization", "secret", "(not shown)"),
        ("x-key", "a secret", "(not shown)"),
        ("x-other", "text", "text"),
        ("cookie", "a=b; session=secret; c", "a=b; session=(not shown); c"),
    ],
)
def test_a_header_field_shows_no_credentials(name: str, value: str, shown: str) -> None:
    assert PLACES.of_field(name, value) == shown


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("a=1&key=secret&b", "a=1&key=(not shown)&b"),
        ("k%65y=secret", "k%65y=(not shown)"),
        ("api+key=secret&api%20key=secret", "api+key=(not shown)&api%20key=(not shown)"),
        ("key", "key=(not shown)"),
        ("", ""),
    ],
)
def test_a_query_shows_no_credentials(query: str, shown: str) -> None:
    assert PLACES.of_query(query) == shown
