"""The requests that created what others name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.creations import Creations
from tests.support.exchanges import write_contract

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from spec.json_value import Json

JSON = Headers([("Content-Type", "application/json")])
THING = {"content": {"application/json": {"schema": {"type": "object", "properties": {"id": {"type": "string"}}}}}}
CREATED = {"responses": {"201": {"description": "Created.", **THING}}}
PLAIN = {"responses": {"200": {"description": "Fine.", **THING}}}


def of(*names: str) -> list[Json]:
    """The parameters of a path with these variables."""
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """A contract of shelves with books on them."""
    paths = {
        "/shelves": {"post": CREATED},
        "/shelves/{shelf}": {"parameters": of("shelf"), "get": PLAIN},
        "/shelves/{shelf}/books": {"parameters": of("shelf"), "post": CREATED},
        "/shelves/{shelf}/books/{book}": {"parameters": of("shelf", "book"), "get": PLAIN, "delete": PLAIN},
    }
    document = {"openapi": "3.1.0", "info": {"title": "Shelves", "version": "1"}, "paths": paths}
    return write_contract(tmp_path_factory.mktemp("shelves"), json.dumps(document))


def sent(number: int, method: str, path: str, identifier: str | None = None, status: int = 200) -> Exchange:
    """An exchange, whose response has an id."""
    status = 201 if method == "POST" else status
    body = json.dumps({"id": identifier}).encode()
    return Exchange(Request(method, path), Response(status, JSON, body), id=str(number))


RECORD = [
    sent(0, "POST", "/shelves", "one"),
    sent(1, "POST", "/shelves", "two"),
    sent(2, "POST", "/shelves/two/books", "a"),
    sent(3, "GET", "/shelves/two/books/a"),
    sent(4, "DELETE", "/shelves/two/books/a"),
    sent(5, "GET", "/shelves/two/books/a", status=404),
    sent(6, "GET", "/shelves/one?x=/shelves/two"),
    sent(7, "GET", "/shelves/zero"),
]


def behind(contract: Contract, *numbers: int) -> list[str]:
    found = Creations(contract, RECORD).behind([RECORD[number] for number in numbers])
    return [each.id for each in found]


def test_what_created_a_thing_and_what_it_is_within_is_behind_it(shelves: Contract) -> None:
    assert behind(shelves, 3) == ["1", "2"]
    assert behind(shelves, 2) == ["1"]
    assert behind(shelves, 6) == ["0"]


def test_nothing_is_behind_what_nobody_created(shelves: Contract) -> None:
    assert behind(shelves, 7) == behind(shelves, 0) == []


def test_a_deletion_is_behind_what_came_after_it(shelves: Contract) -> None:
    assert behind(shelves, 5) == ["1", "2", "4"]
    assert behind(shelves, 4, 5) == ["1", "2"]


def test_a_creation_that_was_refused_created_nothing(shelves: Contract) -> None:
    refused = replace(RECORD[0], response=Response(422, JSON, b'{"id": "one"}'))
    assert Creations(shelves, [refused, RECORD[6]]).behind([RECORD[6]]) == ()
