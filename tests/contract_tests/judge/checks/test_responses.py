"""Checks of a response by itself: where each passes, fails, or is not made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from tests.support.exchanges import AUTHORIZED, JSON, answer, failures, outcome, post, write_contract

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Failure

SPEC = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      responses:
        '200':
          description: Some.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Thing'}}
            text/*: {}
        '204': {description: None., content: {application/json: {schema: {type: object}}}}
        '304': {description: The same., content: {application/json: {schema: {type: object}}}}
        4XX: {description: Refused.}
    put:
      responses:
        '200':
          description: Some.
          content:
            application/*: {schema: {type: 'null'}}
            application/problem+json: {schema: {type: object, required: [title]}}
            application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/Thing'}}
    head: {responses: {'200': {$ref: '#/components/responses/Things'}}}
  /open:
    get: {responses: {default: {description: Anything.}}}
components:
  responses:
    Things: {description: Some., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
  schemas:
    Thing: {type: object, required: [id], properties: {id: {type: integer}}}
"""


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return write_contract(tmp_path_factory.mktemp("spec"), SPEC)


def got(
    body: bytes = b'{"id": 1}',
    media_type: str | None = "application/json",
    status: int = 200,
    method: str = "GET",
    path: str = "/things",
) -> Exchange:
    """The exchange of a request without a body that got this response."""
    headers = Headers([] if media_type is None else [(CONTENT_TYPE, media_type)])
    request = Request(method, path, AUTHORIZED, base_url="https://things.example")
    return Exchange(request, Response(status, headers, body))


def schema_failures(contract: Contract, exchange: Exchange) -> list[Failure]:
    return [each for each in failures(contract, exchange) if each.check == "response_schema_conformance"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, "passes"), (302, "passes"), (404, "passes"), (500, "fails"), (503, "fails"), (600, "fails"), (101, "fails")],
)
def test_not_a_server_error(things: Contract, status: int, expected: str) -> None:
    assert outcome(things, "not_a_server_error", got(status=status)) == expected


@pytest.mark.parametrize(("method", "expected"), [("GET", "fails"), ("DELETE", "passes")])
def test_a_method_that_nobody_implements_may_get_501(things: Contract, method: str, expected: str) -> None:
    assert outcome(things, "not_a_server_error", got(status=501, method=method)) == expected


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (got(), "passes"),
        (got(status=418), "passes"),  # by 4XX
        (got(path="/open", status=599), "passes"),  # by default
        (got(status=201), "fails"),
        (got(status=500), "fails"),
        (got(status=201, method="DELETE"), "is not made"),
    ],
)
def test_status_code_conformance(things: Contract, exchange: Exchange, expected: str) -> None:
    assert outcome(things, "status_code_conformance", exchange) == expected


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (got(), "passes"),
        (got(media_type="Application/JSON; charset=utf-8"), "passes"),
        (got(media_type="text/csv"), "passes"),  # by text/*
        (got(media_type="application/xml"), "fails"),
        (got(media_type="application/jsonx"), "fails"),
        (got(media_type=None), "fails"),
        (got(media_type="application/xml", status=404), "is not made"),  # none is documented
        (got(media_type="application/xml", status=500), "is not made"),
        (got(media_type="application/xml", method="DELETE"), "is not made"),
    ],
)
def test_content_type_conformance(things: Contract, exchange: Exchange, expected: str) -> None:
    assert outcome(things, "content_type_conformance", exchange) == expected


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (got(), "passes"),
        (got(b'{"id": 1, "id": 1}'), "passes"),  # JSON, though a reader may refuse it
        (got(b"1e999"), "passes"),
        (got(b"{", status=404), "fails"),
        (got(b"NaN"), "fails"),
        (got(b'"\xff"'), "fails"),
        (got(b""), "fails"),
        (got(b"", status=500), "fails"),
        (got(b"{", media_type="application/problem+json"), "fails"),
        (got(b"{", media_type="text/plain"), "is not made"),
        (got(b"{", media_type=None), "is not made"),
        (got(b"", status=204), "is not made"),
        (got(b"", status=304), "is not made"),
        (got(b"", method="HEAD"), "is not made"),
    ],
)
def test_response_is_json(things: Contract, exchange: Exchange, expected: str) -> None:
    assert outcome(things, "response_is_json", exchange) == expected


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (got(), "passes"),
        (got(b'{"id": 1, "id": 1}'), "fails"),
        (got(b'{"id": 1, "x": [{"a": {}, "b": 1, "a": 2}]}'), "fails"),
        (got(b'[{"a": 1}, {"a": 1}]'), "passes"),
        (got(b'{"id": '), "passes"),  # which is for response_is_json alone
        (got(b'{"id": 1, "id": 1}', "application/problem+json"), "fails"),
        (got(b'{"id": 1, "id": 1}', "text/plain"), "is not made"),
    ],
)
def test_response_keys_are_unique(things: Contract, exchange: Exchange, expected: str) -> None:
    assert outcome(things, "response_keys_are_unique", exchange) == expected


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (got(), "passes"),
        (got(b'{"id": 1, "more": 2}'), "passes"),
        (got(b"{}"), "fails"),
        (got(b'{"id": "1"}'), "fails"),
        (got(b"{"), "fails"),
        (got(b""), "fails"),
        (got(media_type=None), "fails"),
        (got(b'{"id": NaN}'), "is not made"),  # which is for response_is_json alone
        (got(b"{}", media_type="text/csv"), "is not made"),
        (got(b"{}", status=404), "is not made"),
        (got(b"", method="HEAD"), "is not made"),
        (got(b"{}", method="DELETE"), "is not made"),
    ],
)
def test_response_schema_conformance(things: Contract, exchange: Exchange, expected: str) -> None:
    assert outcome(things, "response_schema_conformance", exchange) == expected


@pytest.mark.parametrize(
    ("media_type", "kept", "broken"),
    [
        ("application/json", b'{"id": 1}', b'{"title": ""}'),
        ("application/problem+json", b'{"title": ""}', b'{"id": 1}'),
        ("Application/Problem+JSON; charset=utf-8", b'{"title": ""}', b'{"id": 1}'),
        ("application/vnd.things+json", b"null", b'{"id": 1}'),  # by application/*
    ],
)
def test_a_body_is_judged_by_the_schema_of_its_media_type(
    things: Contract, media_type: str, kept: bytes, broken: bytes
) -> None:
    outcomes = [
        outcome(things, "response_schema_conformance", got(body, media_type, method="PUT")) for body in (kept, broken)
    ]
    assert outcomes == ["passes", "fails"]


def test_a_body_that_is_no_json_is_not_judged_by_a_range_of_media_types(things: Contract) -> None:
    assert outcome(things, "response_schema_conformance", got(b"x", "application/xml", method="PUT")) == "is not made"


@pytest.mark.parametrize(
    ("exchange", "headline", "pointer", "missing"),
    [
        (got(b"{}"), "A response lacks id (200)", "/components/schemas/Thing/required", "id"),
        (
            got(b'{"id": "1"}'),
            'A response is wrong at id (200): "1" is not of type "integer"',
            "/components/schemas/Thing/properties/id/type",
            None,
        ),
        (got(b"{"), "A response cannot be read as JSON (200)", "/paths/~1things/get/responses", None),
        (got(media_type=None), "A response has no Content-Type (200)", "/paths/~1things/get/responses", None),
    ],
)
def test_a_body_that_violates_its_schema_is_told_with_the_statement(
    things: Contract, exchange: Exchange, headline: str, pointer: str, missing: str | None
) -> None:
    (failure,) = schema_failures(things, exchange)
    assert (failure.headline, failure.pointer, failure.missing) == (headline, pointer, missing)


WITH_FIELDS = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      responses:
        '200':
          description: Some.
          headers:
            X-Items: {schema: {type: array, maxItems: 2, items: {type: integer}}}
            X-Left: {schema: {$ref: '#/components/schemas/Count'}}
            X-None: {schema: {type: [integer, 'null']}}
            X-Rate: {schema: {type: object, properties: {limit: {type: integer}}}, explode: true}
            X-Shape: {content: {application/json: {schema: {type: object, required: [a]}}}}
          content:
            text/plain: {schema: {enum: [pong, '1']}}
            text/csv: {schema: {type: array}}
            text/event-stream: {}
components: {schemas: {Count: {type: integer}}}
"""


@pytest.fixture(scope="module")
def with_fields(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return write_contract(tmp_path_factory.mktemp("spec"), WITH_FIELDS)


@pytest.mark.parametrize(
    ("name", "kept", "broken"),
    [
        ("X-Items", "1, 2", "a"),
        ("X-Items", "1", "1,2,3"),
        ("X-Left", "7", "many"),
        ("X-None", "7", "many"),
        ("X-None", "null", "1.5"),
        ("X-Rate", "limit=7", "limit=many"),
        ("X-Shape", '{"a": 1}', "{}"),
    ],
)
def test_a_header_field_is_read_as_its_style_and_its_schema_say(
    with_fields: Contract, name: str, kept: str, broken: str
) -> None:
    def got_with(value: str) -> Exchange:
        fields = Headers([(CONTENT_TYPE, "text/plain"), (name, value)])
        return Exchange(Request("GET", "/things", AUTHORIZED), Response(200, fields, b"pong"))

    outcomes = [outcome(with_fields, "response_headers_conformance", got_with(value)) for value in (kept, broken)]
    assert outcomes == ["passes", "fails"]


@pytest.mark.parametrize(
    ("media_type", "body", "expected"),
    [
        ("text/plain", b"pong", "passes"),
        ("text/plain; charset=latin-1", b"1", "passes"),
        ("text/plain", b"ping", "fails"),
        ("text/plain", b"\xff", "is not made"),
        ("text/csv", b"a,b", "is not made"),
        ("text/event-stream", b"data: 1", "is not made"),
    ],
)
def test_a_text_is_held_to_a_schema_that_speaks_of_texts(
    with_fields: Contract, media_type: str, body: bytes, expected: str
) -> None:
    assert outcome(with_fields, "response_schema_conformance", got(body, media_type)) == expected


@pytest.mark.parametrize(
    ("location", "status", "expected"),
    [
        ("/elsewhere", 302, "passes"),
        ("?page=2", 307, "passes"),
        ("https://things.example/other", 308, "passes"),
        ("https://things.example:443/other", 308, "passes"),
        ("HTTPS://THINGS.EXAMPLE/", 308, "passes"),
        ("http://things.example/things", 302, "fails"),
        ("https://things.example:8443/", 302, "fails"),
        ("https://things.example.evil/", 302, "fails"),
        ("//evil.example/", 302, "fails"),
        ("https://things.example@evil.example/", 302, "fails"),
        ("https://evil.example/", 200, "is not made"),
        (None, 302, "is not made"),
    ],
)
def test_no_redirect_to_another_origin(things: Contract, location: str | None, status: int, expected: str) -> None:
    fields = [] if location is None else [("Location", location)]
    request = Request("GET", "/things", AUTHORIZED, base_url="https://things.example")
    exchange = Exchange(request, Response(status, Headers([*JSON, *fields])))
    assert outcome(things, "no_redirect_to_another_origin", exchange) == expected


@pytest.mark.parametrize("location", ["http://[::1/", "http://h:port/", "http://h:99999999/"])
def test_a_redirect_to_a_crooked_url_leads_to_another_origin(things: Contract, location: str) -> None:
    request = Request("GET", "/things", AUTHORIZED, base_url="https://things.example")
    exchange = Exchange(request, Response(302, Headers([("Location", location)])))
    assert outcome(things, "no_redirect_to_another_origin", exchange) == "fails"


def test_answers_every_request(contract: Contract) -> None:
    assert outcome(contract, "answers_every_request", Exchange(post(), answer({}))) == "passes"
    assert outcome(contract, "answers_every_request", Exchange(post(), trouble="broke off its reply")) == "fails"


REDIRECTS = """\
openapi: 3.1.0
info: {title: Links, version: 1.0.0}
paths:
  /links/{code}:
    get:
      parameters: [{name: code, in: path, required: true, schema: {type: string, maxLength: 3}}]
      responses: {'302': {description: There.}, '404': {description: None.}}
  /old:
    get: {responses: {'200': {description: Fine.}, 3XX: {description: There.}}}
  /any:
    get: {responses: {default: {description: Anything.}}}
"""


@pytest.mark.parametrize(
    ("path", "status", "found"),
    [
        ("/links/a", 302, set()),
        ("/links/a", 301, {"documented_request_accepted", "no_redirect_to_another_origin", "status_code_conformance"}),
        ("/links/long", 302, {"invalid_request_refused"}),
        ("/links/long", 404, set()),
        ("/old", 307, set()),
        ("/old", 304, set()),
        ("/any", 302, {"documented_request_accepted", "no_redirect_to_another_origin"}),
    ],
)
def test_a_redirect_that_the_spec_has_is_an_answer(tmp_path: Path, path: str, status: int, found: set[str]) -> None:
    contract = write_contract(tmp_path, REDIRECTS)
    request = Request("GET", path, base_url="https://links.example")
    exchange = Exchange(request, Response(status, Headers([("Location", "https://elsewhere.example/")])))
    assert {each.check for each in failures(contract, exchange)} == found
