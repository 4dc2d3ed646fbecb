"""Checks of things over time, in runs and in recordings alike."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.checks import checks_of
from contract_tests.judge.checks.things import thing_checks
from contract_tests.judge.judge import judge
from contract_tests.judge.stream import Stream
from tests.support.exchanges import write_contract
from tests.support.zoo_runs import ZOO, contract_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Failure
    from spec.json_value import Json

THINGS = contract_of("things")
NAMES = {"created_is_found", "created_is_listed", "updated_is_kept", "deleted_is_gone"}
JSON = ("Content-Type", "application/json")
THING = {"id": "one", "name": "a", "pieces": 1}
OTHER = {"id": "two", "name": "b"}


def exchange(method: str, path: str, status: int, body: Json = None, sent: Json = None) -> Exchange:
    content = b"" if body is None else json.dumps(body).encode()
    request = Request(method, path, Headers([JSON] if sent else []), json.dumps(sent).encode() if sent else b"")
    response = Response(status, Headers([JSON] if content else []), content)
    return Exchange(request, response, omitted=frozenset(["credentials"]))


def create(thing: Json = THING) -> Exchange:
    return exchange("POST", "/things", 201, thing, {"name": "a"})


def read(status: int = 200, **changes: Json) -> Exchange:
    return exchange("GET", "/things/one", status, THING | changes if status == 200 else None)


def update(status: int = 200, **sent: Json) -> Exchange:
    return exchange("PATCH", "/things/one", status, THING | sent, sent)


def delete(status: int = 204) -> Exchange:
    return exchange("DELETE", "/things/one", status)


def listed(*things: Json, path: str = "/things") -> Exchange:
    return exchange("GET", path, 200, [*things])


def failures(contract: Contract, *exchanges: Exchange) -> list[Failure]:
    """The failures of the last exchange, the same by a run's judge and by a recording's."""
    numbered = [replace(each, id=str(place)) for place, each in enumerate(exchanges)]
    found = [failure for failure in judge(contract, numbered)[-1].failures if failure.check in NAMES]
    stream = Stream(contract)
    for each in numbered:
        stream.judge(each)
    told = [failure for each in stream.judged() if each.exchange == numbered[-1] for failure in each.failures]
    assert found == [failure for failure in told if failure.check in NAMES]
    return found


@pytest.mark.parametrize(
    ("check", "exchanges"),
    [
        ("created_is_found", [create(), read(404)]),
        ("created_is_found", [create(), read(), read(404)]),
        ("created_is_listed", [create(), listed()]),
        ("created_is_listed", [create(OTHER), create(), listed(OTHER)]),
        ("updated_is_kept", [create(), read(), update(name="b"), read()]),
        ("updated_is_kept", [create(), read(), update(name="b"), read(name="b"), read()]),
        ("deleted_is_gone", [create(), delete(), read()]),
        ("deleted_is_gone", [delete(), read()]),
    ],
)
def test_what_a_server_forgets_is_found(check: str, exchanges: list[Exchange]) -> None:
    assert [failure.check for failure in failures(THINGS, *exchanges)] == [check]


@pytest.mark.parametrize(
    "exchanges",
    [
        [read(404)],
        [read(404), create(), read()],
        [create(), delete(), read(404)],
        [create(), delete(404), read()],
        [create(), delete(202), read()],  # it may still be under way
        [create(), delete(), create(), read()],
        [create(), exchange("GET", "/things/two", 404)],
        [create(), read(), update(name="b"), read(name="b", pieces=2)],
        [create(), read(), update(name=" b"), read(name="b")],  # a server may trim
        [create(), read(), update(name="a"), read()],
        [create(), update(name="b"), read()],  # nobody knows what it was before
        [create(), read(), update(422, name="b"), read()],
        [create(), listed(OTHER, THING)],
        [create(), listed([THING])],  # nobody knows how the lists within it are to be read
        [create(), listed({"name": "a"})],  # its items do not tell their ids
        [create(), delete(), listed(OTHER)],
        [listed()],
        [create(), listed(*(OTHER,) * 10)],  # there may be a further page
        [create(), listed(path="/things?page=2")],
        [create(), replace(listed(), response=Response(200, Headers([JSON, ("Link", "<x>; rel=next")]), b"[]"))],
    ],
)
def test_a_server_that_may_remember_everything_breaks_nothing(exchanges: list[Exchange]) -> None:
    assert failures(THINGS, *exchanges) == []


UNKNOWN = exchange("GET", "/things/unknown", 404)
ANY = exchange("GET", "/things/any", 200, OTHER)


@pytest.mark.parametrize(
    ("before", "standing"), [([UNKNOWN], "inferred"), ([], "advice"), ([ANY], "advice"), ([ANY, UNKNOWN], "advice")]
)
def test_to_a_server_that_finds_what_nobody_created_it_is_advice(before: list[Exchange], standing: str) -> None:
    for exchanges in ([create(), delete(), read()], [create(), read(), update(name="b"), read()], [create(), listed()]):
        assert [failure.standing for failure in failures(THINGS, *before, *exchanges)] == [standing]


def test_where_names_alone_lead_to_what_is_not_found_it_is_advice(tmp_path: Path) -> None:
    text = (ZOO / "things.yaml").read_text()
    start, end = text.index("          links:"), text.index("        '401'")
    by_names = write_contract(tmp_path, text[:start] + text[end:])
    standings = [failures(contract, create(), read(404))[0].standing for contract in (THINGS, by_names)]
    assert standings == ["inferred", "advice"]


def test_the_exchange_that_told_of_it_comes_before() -> None:
    (failure,) = failures(THINGS, create(), delete(), read())
    assert [each.request.method for each in failure.earlier] == ["DELETE"]


def test_a_contract_has_the_checks_that_it_has_operations_for(contract: Contract) -> None:
    assert {check.name for check in thing_checks(THINGS)} == NAMES
    assert NAMES.isdisjoint(check.name for check in checks_of(contract))
    assert thing_checks(contract_of("basic")) == ()


def test_work_that_may_still_be_under_way_promises_nothing() -> None:
    deleted, updated = delete(202), update(202, pieces=1)
    assert failures(THINGS, read(404), create(), deleted, read(404)) == []
    assert failures(THINGS, read(404), create(), deleted, read()) == []
    assert failures(THINGS, create(), read(), update(pieces=2), read(pieces=2), updated, read(pieces=1)) == []


def test_a_creation_that_may_still_be_under_way_makes_nothing_known_to_rules(tmp_path: Path) -> None:
    rule = "x-rules: [{name: found, says: it is found, when: is_known(path.thing_id), holds: status != 404}]"
    read_thing = "operationId: read_thing\n"
    text = (ZOO / "things.yaml").read_text().replace(read_thing, f"{read_thing}      {rule}\n")
    for status, expected in ((201, ["found"]), (202, [])):
        contract = write_contract(tmp_path, text.replace("'201':", f"'{status}':"))
        created = exchange("POST", "/things", status, THING, {"name": "a"})
        (*_, judged) = judge(contract, [replace(created, id="1"), replace(read(404), id="2")])
        assert [each.check for each in judged.failures if each.check == "found"] == expected


BY_LOCATION = "headers: {Location: {required: true, schema: {type: string}}}"
BY_NUMBER = "content: {application/json: {schema: {type: object, properties: {number: {type: integer}}}}}"


@pytest.mark.parametrize(("deleted", "found"), [("/shelves/a", []), ("/shelves/b", ["created_is_found"])])
def test_what_stood_within_a_deleted_thing_is_gone_with_it(tmp_path: Path, deleted: str, found: list[str]) -> None:
    text = (ZOO / "things_within_things.yaml").read_text()
    failed = failures(
        write_contract(tmp_path, text.replace(BY_LOCATION, BY_NUMBER)),
        exchange("POST", "/shelves/a/books", 201, {"number": 1000}, {"title": "A"}),
        exchange("DELETE", deleted, 204),
        exchange("GET", "/shelves/a/books/1000", 404),
    )
    assert [each.check for each in failed] == found


def test_an_accepted_deletion_deletes_whatever_its_credentials() -> None:
    deleted = replace(delete(), omitted=frozenset(), request=Request("DELETE", "/things/one"))
    assert failures(THINGS, create(), deleted, read(404)) == []
