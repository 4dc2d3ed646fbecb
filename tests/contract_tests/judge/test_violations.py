"""The kinds of violation that a request is, told before anybody answers it."""

from __future__ import annotations

import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.judge.violations import Violations
from tests.support.exchanges import AUTHORIZED, JSON

BODY = "/paths/~1shelves~1{number}/post/requestBody/content/application~1json/schema"
SHELVES = """\
openapi: 3.1.0
info: {title: Shelves, version: 1.0.0}
security: [{Bearer: []}]
components: {securitySchemes: {Bearer: {type: http, scheme: bearer}}}
paths:
  /shelves/{number}:
    parameters:
      - {name: number, in: path, required: true, schema: {type: integer}}
    get: {responses: {'200': {description: A shelf.}}}
    post:
      parameters:
        - {name: limit, in: query, required: true, schema: {type: integer}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [kind]
              properties:
                kind: {enum: [open, closed]}
                books: {type: array, items: {type: string}}
      responses: {'200': {description: Put there.}}
"""


@pytest.fixture(scope="module")
def violations(tmp_path_factory: pytest.TempPathFactory) -> Violations:
    spec = tmp_path_factory.mktemp("spec") / "openapi.yaml"
    spec.write_text(SHELVES)
    return Violations(read_contract(spec))


def request(
    body: bytes = b'{"kind": "open"}',
    target: str = "/shelves/1?limit=1",
    headers: Headers = AUTHORIZED,
    method: str = "POST",
) -> Request:
    return Request(method, target, headers, body)


def with_media_type(value: str) -> Headers:
    return Headers([*AUTHORIZED.without(["Content-Type"]), ("Content-Type", value)])


@pytest.mark.parametrize(
    "allowed",
    [
        request(),
        request(headers=with_media_type("Application/JSON; charset=utf-8")),
        request(b"", "/shelves/1", AUTHORIZED, "GET"),
    ],
)
def test_a_valid_request_is_no_violation(violations: Violations, allowed: Request) -> None:
    assert violations.kinds(allowed) == ()


@pytest.mark.parametrize(
    ("wrong", "kinds"),
    [
        (request(method="PUT"), ("PUT /shelves/1, which is not documented",)),
        (request(target="/elsewhere"), ("POST /elsewhere, which is not documented",)),
        (request(headers=JSON), ("credentials []",)),
        (request(headers=with_media_type("text/plain")), ('media type "text/plain"',)),
        (request(b"{"), ("malformed JSON (JSONDecodeError)",)),
        (request(b"\xff"), ("malformed JSON (UnicodeDecodeError)",)),
        (request(b'{"kind": "open", "kind": "open"}'), ("malformed JSON (DuplicateKeyError)",)),
        (request(b""), ("no body",)),
        (request(b"{}"), (f"{BODY}/required at the body",)),
        (request(b'{"kind": "ajar"}'), (f"{BODY}/properties/kind/enum at /kind",)),
    ],
)
def test_each_kind_of_violation_has_its_words(violations: Violations, wrong: Request, kinds: tuple[str, ...]) -> None:
    assert violations.kinds(wrong) == kinds


def test_items_of_a_list_are_of_one_kind(violations: Violations) -> None:
    wrong = request(b'{"kind": "open", "books": [1, "a", 2]}')
    assert violations.kinds(wrong) == (f"{BODY}/properties/books/items/type at /books/*",)


def test_a_request_may_be_of_several_kinds(violations: Violations) -> None:
    wrong = request(b'{"kind": "ajar", "books": 1}', headers=JSON)
    assert set(violations.kinds(wrong)) == {
        "credentials []",
        f"{BODY}/properties/kind/enum at /kind",
        f"{BODY}/properties/books/type at /books",
    }


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/shelves/1", 'query parameter "limit"'),
        ("/shelves/1?limit=many", 'query parameter "limit"'),
        ("/shelves/one?limit=1", 'path parameter "number"'),
    ],
)
def test_each_invalid_parameter_is_a_kind_of_its_own(violations: Violations, target: str, kind: str) -> None:
    assert violations.kinds(request(target=target)) == (kind,)
