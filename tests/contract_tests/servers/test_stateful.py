"""The server that remembers things, by documents that vary in how they describe them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.exchange.headers import Headers
from contract_tests.servers.answer import NOTHING
from contract_tests.servers.answer_maker import plainest_values, plan_values
from contract_tests.servers.any_mock import AnyMock
from contract_tests.servers.any_spec import Asked
from contract_tests.servers.plain_request import make_plain_request
from contract_tests.servers.reasons import find_reasons, read_as_json
from spec.reader import parse_spec

if TYPE_CHECKING:
    from contract_tests.servers.answer import Answer

JSON: Final = "application/json"
ID: Final = {"type": "integer", "readOnly": True}
NAME: Final = {"type": "string"}
THING: Final = {"type": "object", "properties": {"id": ID, "name": NAME}, "required": ["id", "name"]}
PLACE: Final = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def body_of(schema: object, media_type: str = JSON) -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": schema}}}


def answers(status: str, schema: object = None) -> dict[str, Any]:
    return {status: {"description": "Done."} | ({"content": {JSON: {"schema": schema}}} if schema else {})}


def mock_of(created: object = THING, **changed: Any) -> AnyMock:  # noqa: ANN401 - operations of a document
    """A mock of a document about things.

    Its operations can be changed, or left out by None: `create`, `read`, `list`, `update`.
    """
    create = {"requestBody": body_of(THING), "responses": answers("201", created)}
    operations = {
        "create": create,
        "read": {"responses": answers("200", THING) | answers("404")},
        "list": {"responses": answers("200", {"type": "array", "items": THING})},
        "update": {"requestBody": body_of(THING), "responses": answers("200", THING)},
    } | changed
    paths = {
        "/things": {"post": operations["create"], "get": operations["list"]},
        "/things/{id}": {"parameters": [PLACE], "get": operations["read"], "put": operations["update"]},
    }
    paths = {path: {key: each for key, each in at.items() if each} for path, at in paths.items()}
    document = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": paths}
    return AnyMock(Contract(parse_spec(Path("things.yaml"), json.dumps(document))), "a-key")


def ask(mock: AnyMock, method: str, path: str, body: bytes = b"", media_type: str = JSON) -> Answer:
    operation = mock.contract.paths.find(method, path)
    assert operation
    headers = Headers([("Content-Type", media_type)] if body else [])
    return asyncio.run(mock.reply(Asked(operation, path, "", headers, body)))


def create(mock: AnyMock, body: bytes = b'{"name": "a"}', media_type: str = JSON) -> Answer:
    return ask(mock, "POST", "/things", body, media_type)


def place_of(mock: AnyMock) -> str:
    """The path of the only thing that is kept."""
    (things,) = mock.contract.things
    (identifier,) = mock.kept(things)
    return f"/things/{identifier}"


def test_a_request_lacks_a_required_read_only_id_and_its_answer_has_it() -> None:
    answer = create(mock_of())
    assert (answer.status, answer.body["name"], type(answer.body["id"])) == (201, "a", int)


def test_the_plain_request_of_a_document_is_taken() -> None:
    mock = mock_of(list=None)
    request = make_plain_request(mock.contract)
    assert request
    assert create(mock, request.body).status == 201


@pytest.mark.parametrize(
    "created",
    [
        {"type": "object", "properties": {"id": {"const": 1}, "name": NAME}, "not": {"required": ["id"]}},
        {"type": "object", "properties": {"id": False, "name": NAME}},
        {"type": "object", "properties": {"data": THING}, "required": ["data"]},
    ],
    ids=["the id is never there", "the id has no value", "the id is nested"],
)
def test_a_thing_without_an_id_of_its_own_is_created_and_not_kept(created: object) -> None:
    links = {"read": {"operationId": "read", "parameters": {"id": "$response.body#/data/id"}}}
    answer = answers("201", created)
    if "data" in str(created):
        answer["201"]["links"] = links
    mock = mock_of(
        create={"requestBody": body_of(THING), "responses": answer},
        read={"operationId": "read", "responses": answers("200", THING)},
    )
    assert mock.contract.things
    answered = create(mock)
    assert (answered.status, "data/id" in answered.body) == (201, False)


def test_an_update_without_an_answer_is_kept_under_the_id_that_the_thing_has() -> None:
    mock = mock_of(update={"requestBody": body_of(THING), "responses": answers("204")})
    created = create(mock).body
    updated = ask(mock, "PUT", place_of(mock), b'{"id": 7, "name": "b"}')
    assert (updated.status, updated.body) == (204, NOTHING)
    assert ask(mock, "GET", place_of(mock)).body == {**created, "name": "b"}


ONLY_ID: Final = {"type": "object", "properties": {"id": ID}, "required": ["id"], "additionalProperties": False}
NEW: Final = {"type": "object", "properties": {"id": ID, "name": NAME, "state": {"const": "new"}}}
MORE: Final = {**NEW, "required": ["id", "name", "state"]}
SHORT: Final = {"type": "object", "properties": {"name": NAME, "size": {"const": 1}}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("shown_as", "shown"),
    [
        (THING, {"id": 10**6, "name": "a"}),
        (MORE, {"id": 10**6, "name": "a", "state": "new"}),
        ({**SHORT, "required": ["name", "size"]}, {"name": "a", "size": 1}),
    ],
    ids=["it is valid as it is kept", "it lacks a field", "it has a field too many"],
)
def test_a_thing_is_shown_as_each_operation_describes_it(shown_as: object, shown: object) -> None:
    shows = answers("200", shown_as)
    listing = {"responses": answers("200", {"type": "array", "items": shown_as})}
    updating = {"requestBody": body_of(THING), "responses": shows}
    mock = mock_of(ONLY_ID, read={"responses": shows}, list=listing, update=updating)
    assert create(mock).body == {"id": 10**6}
    place = place_of(mock)
    assert ask(mock, "GET", place).body == shown
    assert ask(mock, "GET", "/things").body == [shown]
    assert ask(mock, "PUT", place, b'{"name": "a"}').body == shown
    assert ask(mock, "GET", place).body == shown


def test_a_list_that_has_no_room_for_all_things_is_made_up() -> None:
    listing = {"type": "array", "items": THING, "maxItems": 1}
    mock = mock_of(list={"responses": answers("200", listing)})
    create(mock)
    create(mock)
    pointer = "/paths/~1things/get/responses/200/content/application~1json/schema"
    assert mock.contract.response_validator(pointer).is_valid(ask(mock, "GET", "/things").body)


@pytest.mark.parametrize("total", [{}, {"total": {"type": "integer"}}])
def test_a_list_within_an_object_has_all_things(total: dict[str, Any]) -> None:
    fields = {"things": {"type": "array", "items": THING}} | total
    listing = {"type": "object", "required": [*fields], "properties": fields}
    mock = mock_of(list={"responses": answers("200", listing)})
    made = [create(mock).body, create(mock).body]
    assert ask(mock, "GET", "/things").body["things"] == made


def test_a_list_beside_another_is_made_up() -> None:
    fields = {name: {"type": "array", "items": THING, "minItems": 1} for name in ("things", "others")}
    listing = {"type": "object", "required": [*fields], "properties": fields}
    mock = mock_of(list={"responses": answers("200", listing)})
    before = ask(mock, "GET", "/things").body
    create(mock)
    assert ask(mock, "GET", "/things").body == before


@pytest.mark.parametrize("shows", [answers("200", THING), {"200": {"description": "Done.", "content": {JSON: {}}}}])
def test_an_update_is_told_and_kept_under_the_id_that_the_thing_has(shows: object) -> None:
    mock = mock_of(update={"requestBody": body_of(THING), "responses": shows})
    updated = {**create(mock).body, "name": "b"}
    assert ask(mock, "PUT", place_of(mock), b'{"id": 7, "name": "b"}').body == updated
    assert ask(mock, "GET", place_of(mock)).body == updated


def test_an_unknown_thing_is_made_up_where_the_spec_has_no_status_for_it() -> None:
    assert ask(mock_of(), "GET", "/things/unknown").status == 404
    made_up = ask(mock_of(read={"responses": answers("200", THING)}), "GET", "/things/unknown")
    assert (made_up.status, sorted(made_up.body)) == (200, ["id", "name"])


def test_the_fields_of_a_form_are_remembered() -> None:
    form = "application/x-www-form-urlencoded"
    mock = mock_of(create={"requestBody": body_of(THING, form), "responses": answers("201", THING)})
    assert create(mock, b"name=a+b", form).body["name"] == "a b"
    assert ask(mock, "GET", place_of(mock)).body["name"] == "a b"


SECRET: Final = {"allOf": [THING], "properties": {"key": {"type": "string", "writeOnly": True}}}


def test_no_answer_shows_a_write_only_field() -> None:
    mock = mock_of(SECRET, create={"requestBody": body_of(SECRET), "responses": answers("201", THING)})
    created = create(mock, b'{"name": "a", "key": "b"}')
    shown = [created, ask(mock, "GET", place_of(mock)), ask(mock, "GET", "/things")]
    assert [answer.status for answer in shown] == [201, 200, 200]
    assert not [answer for answer in shown if "key" in str(answer.body)]


def test_an_id_is_found_however_its_path_is_encoded() -> None:
    named = {**THING, "properties": {"id": {"const": "a b/ü"}, "name": NAME}}
    mock = mock_of(named, read={"responses": answers("200", named) | answers("404")})
    create(mock, b'{"id": "a b/\xc3\xbc", "name": "a"}')
    assert ask(mock, "GET", "/things/a%20b%2F%C3%BC").status == 200


def test_the_values_of_a_server_without_memory_have_required_read_only_fields() -> None:
    mock = mock_of()
    (things,) = mock.contract.things
    assert things.read
    described = things.read.response_body(200, None)
    assert described
    for make in (plan_values, plainest_values):
        assert all("id" in each for each in make(mock.contract, described.schema))


def test_no_reason_blames_a_request_for_a_read_only_field_that_it_lacks() -> None:
    mock = mock_of()
    operation = mock.contract.operation("POST /things")
    (reason,) = find_reasons(mock.contract, operation, Headers([("Content-Type", JSON)]), b"{}", read_as_json)
    assert "name" in reason["says"]
