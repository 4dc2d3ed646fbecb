"""Requests that act on things name those that the run created."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.plan.schedule import make_schedule
from contract_tests.target.created import FOREIGN, Created, changes_things, is_foreign
from spec.reader import parse_spec
from tests.support.zoo_runs import ZOO

if TYPE_CHECKING:
    from spec.json_value import Json

SHELVES = """\
openapi: 3.1.0
info: {title: Shelves, version: 1.0.0}
paths:
  /shelves:
    post: {responses: {'201': {$ref: '#/components/responses/Made'}}}
  /shelves/search:
    post: {responses: {'200': {$ref: '#/components/responses/Made'}}}
  /shelves/{shelf_id}:
    parameters: [{$ref: '#/components/parameters/Shelf'}]
    get: {responses: {'200': {description: Fine.}}}
  /shelves/{shelf_id}/dust:
    parameters: [{$ref: '#/components/parameters/Shelf'}]
    get: {responses: {'200': {description: Fine.}}}
    post: {responses: {'204': {description: Fine.}}}
    put: {responses: {'204': {description: Fine.}}}
  /finds/{find}:
    parameters: [{name: find, in: path, required: true, schema: {type: string}}]
    delete: {responses: {'204': {description: Fine.}}}
components:
  parameters: {Shelf: {name: shelf_id, in: path, required: true, schema: {type: string, minLength: 3}}}
  responses:
    Made:
      description: Made.
      content: {application/json: {schema: {properties: {shelf_id: {type: string}, find: {type: string}}}}}
"""
CONTRACT = Contract(parse_spec(Path("shelves.yaml"), SHELVES))


def answered(path: str, body: dict[str, Json]) -> Exchange:
    response = Response(201, Headers([("Content-Type", "application/json")]), json.dumps(body).encode())
    return Exchange(Request("POST", path), response)


@pytest.fixture
def created() -> Created:
    """Two shelves that were created, and something that a search found."""
    made = Created(CONTRACT)
    for name in ("one", "two"):
        made.note(answered("/shelves", {"shelf_id": name}))
    made.note(answered("/shelves/search", {"find": "old"}))
    return made


def test_a_request_that_acts_on_a_thing_names_another_created_one_each_time(created: Created) -> None:
    prepared = [created.prepare(Request("POST", "/shelves/none/dust?x=/1")) for _ in range(3)]
    assert [each and each.target for each in prepared] == [
        f"/shelves/{name}/dust?x=/1" for name in ("two", "one", "two")
    ]


@pytest.mark.parametrize(("method", "path"), [("GET", "/shelves/none/dust"), ("POST", "/shelves/no/dust")])
def test_other_requests_and_wrong_paths_stay_as_they_are(created: Created, method: str, path: str) -> None:
    prepared = created.prepare(Request(method, path))
    assert prepared
    assert prepared.target == path


def test_the_links_to_what_acts_on_created_things_are_told(created: Created) -> None:
    told = [link.target.label for link in created.contract.links if changes_things(link)]
    assert told == ["PUT /shelves/{shelf_id}/dust", "POST /shelves/{shelf_id}/dust"]


def test_what_a_search_found_is_not_created(created: Created) -> None:
    assert created.find_complaint(Request("DELETE", "/finds/old")) == FOREIGN
    assert created.find_complaint(Request("PUT", "/shelves/two/dust")) is None
    foreign = [each.label for each in CONTRACT.operations if is_foreign(CONTRACT, each)]
    assert foreign == ["DELETE /finds/{find}"]


def test_operations_that_act_on_things_are_of_their_group_and_come_after_what_creates_them() -> None:
    acting = {CONTRACT.groups[label] for label in ("POST /shelves", "POST /shelves/{shelf_id}/dust")}
    assert len(acting) == 1
    valid = make_schedule(CONTRACT, all_known_names=False, seed=1, max_calls=None).valid
    labels = list(dict.fromkeys(each.operation.label for each in valid))
    assert labels[-3:-1] == [f"{method} /shelves/{{shelf_id}}/dust" for method in ("PUT", "POST")]


WITHIN = Contract(parse_spec(Path("within.yaml"), (ZOO / "things_within_things.yaml").read_text()))


def located(path: str) -> Exchange:
    return Exchange(Request("POST", path.rpartition("/")[0]), Response(201, Headers([("Location", path)])))


@pytest.fixture
def within() -> Created:
    """Two shelves that were created, and a book on each."""
    made = Created(WITHIN)
    for name, book in (("a", 1000), ("b", 1001)):
        made.note(answered("/shelves", {"slug": name}))
        made.note(located(f"/shelves/{name}/books/{book}"))
    return made


def test_what_stands_within_another_thing_is_left_to_be_deleted_before_it(within: Created) -> None:
    left = [path for _, path in within.left()]
    assert left == ["/shelves/b/books/1001", "/shelves/a/books/1000", "/shelves/b", "/shelves/a"]


def test_what_stood_within_a_deleted_thing_is_no_longer_left(within: Created) -> None:
    within.note(Exchange(Request("DELETE", "/shelves/a"), Response(204)))
    assert [path for _, path in within.left()] == ["/shelves/b/books/1001", "/shelves/b"]


def test_the_plan_deletes_what_stands_within_another_thing_before_it() -> None:
    valid = make_schedule(WITHIN, all_known_names=False, seed=1, max_calls=None).valid
    labels = list(dict.fromkeys(each.operation.label for each in valid))
    assert labels[-2:] == ["DELETE /shelves/{shelf}/books/{number}", "DELETE /shelves/{shelf}"]


NOTES = Contract(
    parse_spec(
        Path("notes.yaml"),
        """\
openapi: 3.1.0
info: {title: Notes, version: 1.0.0}
paths:
  /notes/{key}:
    parameters: [{name: key, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: It.}}}
    patch:
      parameters: [{name: If-Match, in: header, required: true, schema: {type: string, minLength: 1, maxLength: 5}}]
      responses: {'200': {description: It.}}
""",
    )
)


def noted(method: str, etag: str | None, path: str = "/notes/a") -> Exchange:
    return Exchange(Request(method, path), Response(200, Headers([("ETag", etag)] if etag else [])))


@pytest.mark.parametrize(
    ("before", "sent", "expected"),
    [
        ([], "x", "*"),
        ([noted("GET", '"1"')], "x", '"1"'),
        ([noted("GET", '"1"'), noted("PATCH", '"2"')], "x", '"2"'),
        ([noted("GET", '"1"'), noted("PATCH", None)], "x", "*"),
        ([noted("GET", '"1"', "/notes/b")], "x", "*"),
        ([noted("GET", '"too long"')], "x", "*"),
        ([noted("GET", '"1"')], "wrong as it is", "wrong as it is"),
        ([noted("GET", '"1"')], None, None),
    ],
)
def test_a_right_condition_is_made_to_hold(before: list[Exchange], sent: str | None, expected: str | None) -> None:
    made = Created(NOTES)
    for each in before:
        made.note(each)
    fields = Headers([] if sent is None else [("If-Match", sent)])
    prepared = made.prepare(Request("PATCH", "/notes/a", fields))
    assert prepared
    assert prepared.headers.first("If-Match") == expected
