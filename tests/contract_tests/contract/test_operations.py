"""Operations as the spec has them: their parameters and the header fields of their responses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.contract.media_types import JSON_MEDIA_TYPE
from contract_tests.contract.parameters import Parameter
from spec.reader import SpecError, parse_spec
from tests.support.exchanges import write_contract

ANOTHER = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {$ref: '#/components/parameters/Q'}
      - {name: left, in: query, schema: {type: string}}
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
      responses:
        '200':
          headers:
            X-Left: {$ref: '#/components/headers/Left'}
            X-Shape: {content: {application/json: {schema: {type: object}}}}
            Content-Type: {schema: {type: string}}
        5XX: {$ref: '#/components/responses/Down'}
components:
  parameters:
    Q: {name: q, in: query, required: true, schema: {type: string}}
  headers:
    Left: {required: true, schema: {type: integer}}
  responses:
    Down: {description: Down, headers: {Retry-After: {schema: {type: integer}}}}
"""


@pytest.fixture(scope="module")
def another() -> Contract:
    return Contract(parse_spec(Path("spec.yaml"), ANOTHER))


def test_parameters_of_the_operation_override_those_of_its_path(another: Contract) -> None:
    (operation,) = another.operations
    content = "/paths/~1a~1{id}/get/parameters/1/content/application~1json"
    own, of_path = "/paths/~1a~1{id}/get/parameters", "/paths/~1a~1{id}/parameters"
    assert operation.parameters == (
        Parameter("id", "path", f"{own}/0", f"{own}/0/schema", is_required=True, style="simple", is_exploded=False),
        Parameter("q", "query", "/components/parameters/Q", "/components/parameters/Q/schema", is_required=True),
        Parameter("left", "query", f"{of_path}/2", f"{of_path}/2/schema"),
        Parameter("filter", "query", f"{own}/1", f"{content}/schema", media_type=JSON_MEDIA_TYPE),
    )


def header(name: str, pointer: str, media_type: str | None = None, *, is_required: bool = False) -> Parameter:
    schema = f"{pointer}/content/application~1json/schema" if media_type else f"{pointer}/schema"
    return Parameter(name, "header", pointer, schema, is_required, "simple", is_exploded=False, media_type=media_type)


def test_header_fields_of_responses_are_found_by_the_status(another: Contract) -> None:
    (operation,) = another.operations
    responses = f"{operation.pointer}/responses"
    assert another.response_headers(operation, 200) == (
        header("X-Left", "/components/headers/Left", is_required=True),
        header("X-Shape", f"{responses}/200/headers/X-Shape", JSON_MEDIA_TYPE),
    )
    retry_after = "/components/responses/Down/headers/Retry-After"
    assert another.response_headers(operation, 503) == (header("Retry-After", retry_after),)
    assert another.response_headers(operation, 404) == ()


def test_a_schema_of_a_header_field_that_is_none_is_an_error_of_the_spec(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(ANOTHER.replace("{required: true, schema: {type: integer}}", "{schema: {type: foo}}"))
    with pytest.raises(SpecError, match="is not an OpenAPI document to test by"):
        read_contract(spec)


def test_a_reference_to_itself_is_an_error_of_the_spec(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    down = "{description: Down, headers: {Retry-After: {schema: {type: integer}}}}"
    spec.write_text(ANOTHER.replace(down, "{$ref: '#/components/responses/Down'}"))
    with pytest.raises(SpecError, match="is not an OpenAPI document to test by"):
        read_contract(spec)


CONTENTS = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /a:
    put:
      requestBody:
        content:
          image/*: {schema: {}}
          image/png: {}
          application/vnd.a+json: {schema: {$ref: '#/components/schemas/A', description: A}}
          application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/A', minProperties: 1}}
      responses: {}
components:
  schemas:
    A: {type: object}
"""


def test_every_kind_of_body_is_read_and_the_first_that_is_json_is_the_body() -> None:
    (operation,) = Contract(parse_spec(Path("spec.yaml"), CONTENTS)).operations
    media_types = [content.media_type for content in operation.contents]
    assert media_types == ["image/*", "image/png", "application/vnd.a+json", "application/json; charset=utf-8"]
    assert operation.body == "/components/schemas/A"


def test_a_reference_with_a_limit_beside_it_is_not_followed() -> None:
    (operation,) = Contract(parse_spec(Path("spec.yaml"), CONTENTS)).operations
    assert (operation.contents[3].schema or "").endswith("/schema")


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("image/png", "image/png"),
        ("image/jpeg", "image/*"),
        ("application/json", "application/json; charset=utf-8"),
        ("text/plain", None),
    ],
)
def test_a_body_is_of_the_most_specific_kind_that_its_media_type_fits(media_type: str, expected: str | None) -> None:
    (operation,) = Contract(parse_spec(Path("spec.yaml"), CONTENTS)).operations
    content = operation.content_of(media_type)
    assert (content.media_type if content else None) == expected


def test_a_response_has_a_json_body_for_each_media_type() -> None:
    contents = (
        "application/*: {schema: {}}, text/csv: {schema: {}}, a/b+json: {schema: {}}, application/json: {schema: {}}"
    )
    text = ANOTHER.replace("Down, ", f"Down, content: {{{contents}}}, ")
    (operation,) = Contract(parse_spec(Path("spec.yaml"), text)).operations
    assert [body.name for body in operation.response_bodies()] == [
        "5XX application/json",
        "5XX a/b+json",
        "5XX application/*",
    ]
    assert operation.response_body(500, None) == operation.responses["5XX"][0]
    assert operation.response_body(500, "text/csv") is None


SECURED = """\
openapi: 3.1.0
info: {title: Me, version: 1.0.0}
paths:
  /me:
    get:
      security: [{User: []}, {Token: []}]
      responses: {'200': {description: Found.}}
components:
  securitySchemes:
    User: {type: http, scheme: basic}
    Token: {type: http, scheme: bearer}
"""


def test_a_token_alone_is_for_the_first_alternative_without_a_user(tmp_path: Path) -> None:
    (me,) = write_contract(tmp_path, SECURED).operations
    assert [scheme.name for scheme in me.credentials] == ["Token"]


def test_a_user_that_is_named_is_tried_too(tmp_path: Path) -> None:
    (me,) = replace(write_contract(tmp_path, SECURED), given=frozenset(["User", ""])).operations
    assert [[scheme.name for scheme in each] for each in me.alternatives] == [["User"], ["Token"]]
