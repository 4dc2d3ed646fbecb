"""The mock of any spec: preferences, orders, CORS, and what it tells of requests. The zoo judges its answers."""

from __future__ import annotations

import asyncio
import json
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.runtime.serving import running
from contract_tests.servers import any_mock
from contract_tests.servers.any_mock import AnyMock
from contract_tests.servers.orders import Order
from spec.reader import parse_spec
from tests.conftest import ROOT, TOKEN
from tests.support.commands import SHORT, finish

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENT: Final = ROOT / "tests" / "data" / "shop.yaml"
KEY: Final = "a-key"
BEARER: Final = {"Authorization": f"Bearer {KEY}"}
PLACE: Final = "/orders/a?copies=1"


@pytest.fixture(scope="module")
def shop() -> Contract:
    return read_contract(DOCUMENT)


@pytest.fixture
def mock(shop: Contract) -> AnyMock:
    return AnyMock(shop, KEY)


def send(mock: AnyMock, method: str, place: str, headers: Mapping[str, str], body: object = None) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(mock.app()), base_url="http://here") as client:
            return await client.request(method, place, headers=headers, json=body)

    return asyncio.run(ask())


def order(mock: AnyMock, prefer: str = "", place: str = PLACE, size: object = 1) -> httpx.Response:
    headers = {"X-Key": KEY} | ({"Prefer": prefer} if prefer else {})
    return send(mock, "PUT", place, headers, {"size": size})


def test_the_same_request_gets_the_same_valid_answer(mock: AnyMock, shop: Contract) -> None:
    first, second = order(mock), order(mock)
    assert (first.status_code, first.headers["x-count"], first.json()) == (201, "3", second.json())
    shop.validator("/components/schemas/Order").validate(first.json())


@pytest.mark.parametrize(
    ("prefer", "status", "body"),
    [
        ("code=400", 400, {"why": "wrong"}),
        ("code=409", 409, {"why": "twice"}),
        ("code=503", 503, {"detail": "Service Unavailable"}),
        ("code=599", 599, {"detail": "Status 599"}),
        ("example=large", 201, {"id": "order_7", "state": "sent"}),
        ("code=400, dynamic=true", 400, {"why": "wrong"}),
    ],
)
def test_a_client_prefers_an_answer(mock: AnyMock, prefer: str, status: int, body: object) -> None:
    answer = order(mock, prefer)
    assert (answer.status_code, answer.json()) == (status, body)
    assert answer.headers["preference-applied"] == prefer


def test_a_client_prefers_an_example_that_the_document_refers_to() -> None:
    content = {"schema": {}, "examples": {"one": {"$ref": "#/components/examples/One"}}}
    operation = {"responses": {"200": {"description": "Done.", "content": {"application/json": content}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/": {"get": operation}},
        "components": {"examples": {"One": {"value": [1]}}},
    }
    mock = AnyMock(Contract(parse_spec(Path("things.yaml"), json.dumps(document))), KEY)
    assert send(mock, "GET", "/", {"Prefer": "example=one"}).json() == [1]


def test_a_preferred_answer_has_the_header_fields_of_its_status(mock: AnyMock) -> None:
    assert order(mock, "example=large").headers["x-count"] == "3"


@pytest.mark.parametrize("prefer", ["example=nobody", "status=ended"])
def test_a_preference_that_cannot_be_honoured_is_not_applied(mock: AnyMock, prefer: str) -> None:
    answer = order(mock, prefer)
    assert answer.status_code == 201
    assert "preference-applied" not in answer.headers


@pytest.mark.parametrize(
    ("ordered", "status", "part"),
    [
        ({"fail": 503}, 503, {"detail": "Failed on demand"}),
        ({"answer": {"status": 418, "body": {"a": 1}}}, 418, {"a": 1}),
        ({"change": {"state": "lost"}}, 201, {"state": "lost"}),
        ({"refuse": ["size"]}, 400, {"why": "wrong"}),
        ({"delay": 0.01}, 201, {}),
    ],
)
def test_the_next_answer_is_as_ordered_and_no_other(
    mock: AnyMock, ordered: object, status: int, part: dict[str, Any]
) -> None:
    assert send(mock, "POST", "/_mock/next", {}, ordered).status_code == 204
    answer = order(mock)
    assert answer.status_code == status
    assert answer.json() | part == answer.json()
    assert order(mock).status_code == 201


def test_every_answer_is_as_the_settings_say(shop: Contract) -> None:
    mock = AnyMock(shop, KEY, Order(fail=503))
    assert [order(mock).status_code for _ in range(2)] == [503, 503]


def test_a_wrong_request_is_refused_whatever_is_preferred_and_ordered(mock: AnyMock) -> None:
    mock.order(Order(fail=503))
    assert order(mock, "code=409", size=0).status_code == 400
    assert send(mock, "PUT", PLACE, {"X-Key": "another"}, {"size": 1}).status_code == 401
    assert order(mock).status_code == 503


def test_reset_forgets_orders_and_requests(mock: AnyMock) -> None:
    order(mock)
    mock.order(Order(fail=503))
    assert send(mock, "POST", "/_mock/reset", {}, {}).status_code == 204
    assert send(mock, "GET", "/_mock/requests", {}).json() == []
    assert order(mock).status_code == 201


@pytest.mark.parametrize(
    ("place", "size", "problem"),
    [
        (PLACE, 0, ("/size", "minimum")),
        ("/orders/a?copies=10", 1, ("/query/copies", "maximum")),
        ("/orders/a?copies=x", 1, ("/query/copies", "type")),
        ("/orders/a", 1, ("/query/copies", "required")),
    ],
)
def test_a_refused_request_is_told_with_its_reasons(
    mock: AnyMock, place: str, size: int, problem: tuple[str, str]
) -> None:
    assert order(mock, place=place, size=size).status_code == 400
    (received,) = send(mock, "GET", "/_mock/requests", {}).json()
    (reason,) = received["reasons"]
    assert (reason["at"], reason["keyword"]) == problem
    place_in_file, pointer = reason["spec"].split(" ")
    assert place_in_file.endswith(f"tests/data/shop.yaml:{mock.contract.place(pointer).line}")


def test_requests_are_logged_without_their_keys(shop: Contract) -> None:
    log = StringIO()
    order(AnyMock(shop, KEY, log=log))
    told = json.loads(log.getvalue())
    assert (told["method"], told["path"], told["query"], told["status"]) == ("PUT", "/orders/a", "copies=1", 201)
    assert told["headers"]["x-key"] == "(not shown)"
    assert KEY not in log.getvalue()


@pytest.mark.parametrize(("origin", "may"), [("http://localhost:5173", True), ("https://evil.example", False)])
def test_a_page_of_this_machine_may_use_it_and_no_other(mock: AnyMock, origin: str, *, may: bool) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-key, x-trace, content-type, prefer",
    }
    answer = send(mock, "OPTIONS", PLACE, asked)
    assert (answer.status_code == 200, "access-control-allow-origin" in answer.headers) == (may, may)


@pytest.mark.parametrize(("method", "place", "status"), [("GET", PLACE, 405), ("PUT", "/elsewhere", 404)])
def test_other_requests_are_refused(mock: AnyMock, method: str, place: str, status: int) -> None:
    assert send(mock, method, place, {"X-Key": KEY}).status_code == status


def test_who_asks_for_another_path_is_told_those_that_there_are(mock: AnyMock) -> None:
    answer = send(mock, "GET", "/", {"X-Key": KEY})
    assert answer.json()["detail"] == "no such path; the API has PUT /orders/{order}"


@pytest.fixture
def things() -> AnyMock:
    return AnyMock(read_contract(ROOT / "tests" / "zoo" / "things.yaml"), KEY)


def create(mock: AnyMock, name: str) -> str:
    """Creates a thing, and gives its path."""
    return f"/things/{send(mock, 'POST', '/things', BEARER, {'name': name}).json()['id']}"


def test_a_thing_is_remembered_until_a_reset(things: AnyMock) -> None:
    place = create(things, "a")
    assert send(things, "GET", place, BEARER).json()["name"] == "a"
    things.reset()
    assert send(things, "GET", place, BEARER).status_code == 404
    assert create(things, "b") != place


def test_the_newest_things_are_kept(things: AnyMock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(any_mock, "KEPT", 2)
    places = [create(things, name) for name in "abc"]
    assert [send(things, "GET", place, BEARER).status_code for place in places] == [404, 200, 200]


@pytest.mark.slow
def test_it_conforms_in_a_whole_run_of_the_suite(tmp_path: Path) -> None:
    """The other documents of the zoo are judged in process."""
    document = ROOT / "tests" / "zoo" / "two_together.yaml"
    with running(AnyMock(read_contract(document), TOKEN).app()) as url:
        finished = finish(tmp_path, "--spec", str(document), "--url", url, *SHORT)
    assert (finished.code, finished.last_line.partition(":")[0]) == (0, "conforms")
