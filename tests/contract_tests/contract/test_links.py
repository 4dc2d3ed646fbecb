"""Links: those of a spec, and those found by names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.exchanges import write_contract

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  COLLECTION:
    post:
      operationId: create
      responses:
        '201':
          description: A
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
          LINKS
  ITEM:
    get:
      operationId: read
      parameters: [PARAMETERS]
      responses: {'200': {description: A}}
components:
  schemas:
    Base: {properties: {id: {type: string}}}
    Thing: {allOf: [{$ref: '#/components/schemas/Base'}], properties: {thing_id: {type: string}}}
"""


def links(
    folder: Path, item: str, *names: str, stated: str = "description: A", collection: str = "/things"
) -> list[str]:
    """The links of a spec in words."""
    parameters = ", ".join(f"{{name: {name}, in: path, required: true, schema: {{type: string}}}}" for name in names)
    text = SPEC.replace("LINKS", stated).replace("ITEM", item).replace("COLLECTION", collection)
    text = text.replace("          description: A\n          content", "          content", 1)
    if "description: A" not in stated:
        text = text.replace("          content", "          description: A\n          content", 1)
    return [str(link) for link in write_contract(folder, text.replace("PARAMETERS", parameters)).links]


@pytest.mark.parametrize(
    "target", ["operationId: read", "operationRef: '#/paths/~1things~1{id}/get'"], ids=["operationId", "operationRef"]
)
def test_a_link_of_the_spec_leads_to_an_operation(tmp_path: Path, target: str) -> None:
    stated = f"links: {{it: {{{target}, parameters: {{path.id: '$response.body#/thing_id'}}}}}}"
    assert links(tmp_path, "/things/{id}", "id", stated=stated) == [
        "POST /things → GET /things/{id}: id = $response.body#/thing_id (a link of the spec)"
    ]


@pytest.mark.parametrize(
    ("item", "name", "field"),
    [
        ("/things/{id}", "id", "id"),
        ("/things/{thingId}", "thingId", "thing_id"),
        ("/x/{thing_id}", "thing_id", "thing_id"),
    ],
)
def test_where_no_link_leads_to_an_operation_one_is_found_by_names(
    tmp_path: Path, item: str, name: str, field: str
) -> None:
    found = f"POST /things → GET {item}: {name} = $response.body#/{field} (found by names, no link says so)"
    assert links(tmp_path, item, name) == [found]


def test_no_link_is_made_up(tmp_path: Path) -> None:
    assert links(tmp_path, "/others/{id}", "id") == []
    assert links(tmp_path, "/others/{id}/things/{thing_id}", "id", "thing_id") == []


NESTED = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      responses:
        '201':
          description: A
          headers: HEADERS
          content: {application/json: {schema: {type: object, properties: FIELDS}}}
  /things/{NAME}/parts:
    post: {parameters: [{$ref: '#/components/parameters/P'}], responses: {'204': {description: A}}}
components:
  parameters: {P: {name: NAME, in: path, required: true, schema: {$ref: '#/components/schemas/Slug'}}}
  schemas: {Slug: {type: string}}
"""


@pytest.mark.parametrize(
    ("name", "fields", "headers", "expression"),
    [
        ("thing", "{slug: {type: string}}", "{}", "$response.body#/slug"),
        ("thing", "{slug: {type: string}, id: {type: string}}", "{}", "$response.body#/id"),
        ("thing_slug", "{id: {type: string}, slug: {type: string}}", "{}", "$response.body#/slug"),
        ("thing", "{title: {type: string}, short: {$ref: '#/components/schemas/Slug'}}", "{}", "$response.body#/short"),
        ("thing", "{code: {type: string}, uuid: {type: string}}", "{}", "$response.body#/uuid"),
        ("thing", "{title: {type: string}}", "{Location: {schema: {type: string}}}", "$response.header.Location#last"),
        ("thing", "{id: {type: string}}", "{Location: {schema: {type: string}}}", "$response.body#/id"),
        ("thing", "{title: {type: string}}", "{}", None),
    ],
)
def test_a_created_thing_is_named_by_its_id_in_whichever_form(
    tmp_path: Path, name: str, fields: str, headers: str, expression: str | None
) -> None:
    text = NESTED.replace("NAME", name).replace("FIELDS", fields).replace("HEADERS", headers)
    found = [value.expression for link in write_contract(tmp_path, text).links for value in link.values]
    assert found == ([] if expression is None else [expression])
