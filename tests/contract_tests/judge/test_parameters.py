"""Parameters are read from where they stand, and held to their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Request
from contract_tests.exchange.headers import Headers
from contract_tests.judge.seen_request import see_request
from tests.support.exchanges import AUTHORIZED, answer, failures, write_contract

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

SEARCH = """\
openapi: 3.1.0
info: {title: Search, version: 1.0.0}
paths:
  /shelves/{number}:
    parameters:
      - {name: number, in: path, required: true, schema: {type: integer, minimum: 1}}
    post:
      parameters:
        - {name: limit, in: query, required: true, schema: {type: integer, maximum: 100}}
        - {name: is open, in: query, schema: {type: boolean}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
        - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: sheet, in: query, content: {text/csv: {schema: {type: string}}}}
        - {name: X-Region, in: header, schema: {type: string, enum: [eu, us]}}
        - {name: session, in: cookie, schema: {type: string, minLength: 3}}
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        '200': {description: Found.}
"""


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return write_contract(tmp_path_factory.mktemp("spec"), SEARCH)


def request(target: str, *fields: tuple[str, str], body: bytes = b"{}") -> Request:
    return Request("POST", target, Headers([*AUTHORIZED, *fields]), body)


def validity_of(contract: Contract, sent: Request) -> str:
    """How a request stands to the contract whose path it has."""
    seen = see_request(contract, sent)
    assert seen
    return seen.validity


@pytest.mark.parametrize(
    ("target", "fields", "validity"),
    [
        ("/shelves/1?limit=100", [], "valid"),
        ("/shelves/%31?limit=1&is%20open=true", [], "valid"),
        ("/shelves/1?limit=1&other=passed-over", [], "valid"),
        ("/shelves/0?limit=1", [], "invalid"),
        ("/shelves/one?limit=1", [], "invalid"),
        ("/shelves/1", [], "invalid"),
        ("/shelves/1?limit=", [], "invalid"),
        ("/shelves/1?limit=101", [], "invalid"),
        ("/shelves/1?limit=1&is+open=yes", [], "invalid"),
        ("/shelves/1?limit=1&limit=2", [], "unknown"),
        ("/shelves/1?limit=1&tags=a,b&tags=c", [], "valid"),
        ("/shelves/1?limit=1&filter=%7B%22a%22:1%7D", [], "valid"),
        ("/shelves/1?limit=1&filter=[]", [], "invalid"),
        ("/shelves/1?limit=1&sheet=a,b", [], "unknown"),
        ("/shelves/0?limit=1&sheet=a,b", [], "invalid"),
        ("/shelves/1?limit=1", [("x-region", "eu")], "valid"),
        ("/shelves/1?limit=1", [("X-Region", "mars")], "invalid"),
        ("/shelves/1?limit=1", [("X-Region", "eu"), ("X-Region", "us")], "unknown"),
        ("/shelves/1?limit=1", [("Cookie", "other=1; session=abc")], "valid"),
        ("/shelves/1?limit=1", [("Cookie", "session=ab")], "invalid"),
        ("/shelves/1?limit=1", [("Cookie", "other=1")], "valid"),
    ],
)
def test_parameters_are_valid_invalid_or_not_understood(
    shelves: Contract, target: str, fields: list[tuple[str, str]], validity: str
) -> None:
    assert validity_of(shelves, request(target, *fields)) == validity


def test_an_accepted_invalid_parameter_is_found(shelves: Contract) -> None:
    (failure,) = failures(shelves, Exchange(request("/shelves/1?limit=101"), answer({})))
    assert (failure.check, failure.headline) == (
        "invalid_request_refused",
        "A request is accepted whose query parameter limit is wrong: 101 is greater than the maximum of 100",
    )


def test_an_accepted_request_without_a_parameter_points_at_its_line(shelves: Contract) -> None:
    (failure,) = failures(shelves, Exchange(request("/shelves/1"), answer({})))
    assert failure.headline == "A request without the query parameter limit is accepted"
    assert "name: limit" in SEARCH.splitlines()[shelves.place(failure.pointer).line - 1]


@pytest.mark.parametrize("status", [200, 400])
def test_nothing_is_held_against_a_request_whose_parameters_are_not_understood(shelves: Contract, status: int) -> None:
    checks = {
        found.check for found in failures(shelves, Exchange(request("/shelves/1?limit=1&sheet=a"), answer({}, status)))
    }
    assert not checks & {"documented_request_accepted", "invalid_request_refused"}


def test_a_refused_request_with_valid_parameters_is_found(shelves: Contract) -> None:
    found = failures(shelves, Exchange(request("/shelves/1?limit=1"), answer({}, 400)))
    assert "documented_request_accepted" in {failure.check for failure in found}


def test_a_body_that_is_no_json_is_worse_than_an_invalid_parameter(shelves: Contract) -> None:
    found = failures(shelves, Exchange(request("/shelves/0", body=b"{"), answer({})))
    assert {failure.check for failure in found} == {"malformed_json_refused"}


@pytest.mark.parametrize("text", ["[" * 50_000, "1e999", "9" * 5_000, "%22%5Cud800%22"])
def test_of_a_parameter_that_readers_differ_on_nothing_is_known(shelves: Contract, text: str) -> None:
    assert validity_of(shelves, request(f"/shelves/1?limit={text}")) == "unknown"


@pytest.mark.parametrize("text", ["NaN", "1,5", "%FF", "null", "[1]"])
def test_a_parameter_that_stands_for_no_such_value_is_invalid(shelves: Contract, text: str) -> None:
    assert validity_of(shelves, request(f"/shelves/1?limit={text}")) == "invalid"
