"""Runtime expressions, with the examples of OpenAPI 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.runtime_expressions import evaluate
from spec.reader import ABSENT

if TYPE_CHECKING:
    from spec.json_value import Json

EXCHANGE = Exchange(
    Request(
        "POST", "/users/a%2Fb?page=2", Headers([("Accept", "application/json")]), b'{"user": {"uuid": 5}}', "http://h"
    ),
    Response(201, Headers([("Location", "/users/1")]), b'{"status": "new", "items": [{"id": "x"}], "none": null}'),
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$url", "http://h/users/a%2Fb?page=2"),
        ("$method", "POST"),
        ("$statusCode", 201),
        ("$request.header.accept", "application/json"),
        ("$request.path.id", "a/b"),
        ("$request.query.page", "2"),
        ("$request.body#/user/uuid", 5),
        ("$response.body#/items/0/id", "x"),
        ("$response.body#/none", None),
        ("$response.header.location", "/users/1"),
        ("/users/{$request.body#/user/uuid}/x", "/users/5/x"),
        ("constant", "constant"),
        (7, 7),
    ],
)
def test_an_expression_names_a_value(expression: Json, value: Json) -> None:
    assert evaluate(expression, EXCHANGE, {"id": "a%2Fb"}) == value


@pytest.mark.parametrize(
    "expression",
    [
        "$request.path.other",
        "$request.query.x",
        "$request.header.x",
        "$response.body#/x",
        "$other",
        "{$response.body#/x}",
    ],
)
def test_a_value_that_is_not_there_is_absent(expression: str) -> None:
    assert evaluate(expression, EXCHANGE, {}) is ABSENT


def test_a_body_that_is_no_json_has_no_values() -> None:
    assert evaluate("$response.body#/id", Exchange(EXCHANGE.request, Response(200, body=b"{")), {}) is ABSENT
    assert evaluate("$response.body#/id", Exchange(EXCHANGE.request), {}) is ABSENT
