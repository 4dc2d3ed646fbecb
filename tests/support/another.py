"""Another contract than this repository's, and a server that conforms to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contract_tests.exchange.strict_json import parse_json
from tests.support.applications import has_the_token, is_json
from tests.support.exchanges import write_contract

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from contract_tests.contract.contract import Contract

_ANOTHER: Final = """\
openapi: 3.1.0
info: {title: Another, version: 1.0.0}
security: [{Key: []}]
paths:
  /things:
    post:
      operationId: make_thing
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        '200':
          description: Made.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '401': {description: No token.}
        '422': {description: No thing.}
  /owners/{owner}/things:
    parameters:
      - {name: owner, in: path, required: true, schema: {type: string, enum: [me, you]}}
    post:
      parameters:
        - {name: mode, in: query, required: true, schema: {type: string, enum: [fast]}}
      requestBody: {$ref: '#/components/requestBodies/Thing'}
      responses:
        '200':
          description: Made.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '401': {description: No token.}
        '404': {description: No such owner.}
        '422': {description: No thing.}
components:
  requestBodies:
    Thing:
      required: true
      content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
  securitySchemes:
    Key: {type: http, scheme: bearer}
  schemas:
    Thing:
      type: object
      required: [size]
      properties:
        size: {type: integer, minimum: 1, maximum: 9}
        colour: {type: string, enum: [red, green]}
"""


def another_server(contract: Contract) -> Starlette:
    """A server of it that takes the token of the tests."""

    async def make_thing(request: Request) -> Response:
        if not has_the_token(request):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        if request.path_params.get("owner", "me") not in {"me", "you"}:
            return Response(status_code=404)
        if request.path_params and request.query_params.multi_items() != [("mode", "fast")]:
            return Response(status_code=422)
        try:
            thing = parse_json(await request.body())
        except ValueError:
            return Response(status_code=422)
        is_thing = is_json(request) and contract.validator("/components/schemas/Thing").is_valid(thing)
        return JSONResponse(thing) if is_thing else Response(status_code=422)

    paths = ("/things", "/owners/{owner}/things")
    return Starlette(routes=[Route(path, make_thing, methods=["POST"]) for path in paths])


def read_another(folder: Path) -> Contract:
    """The other contract. Its spec is written to the folder."""
    return write_contract(folder, _ANOTHER)
