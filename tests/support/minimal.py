"""Minimal specs: one to change and to break, and one with a key in each place that may have one."""

from __future__ import annotations

from typing import Final

MINIMAL: Final = """\
openapi: 3.1.0
info: {title: Small, version: 1.2.3}
paths:
  /things:
    post:
      operationId: make_thing
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Thing'
      responses:
        '204': {description: Made.}
components:
  schemas:
    Thing:
      type: object
      properties:
        colour:
          $ref: '#/components/schemas/Colour'
    Colour:
      type: string
      enum: [red, green]
"""

KEYS: Final = """\
openapi: 3.1.0
info: {title: Keys, version: 1.0.0}
security: [{in_query: []}, {in_header: []}, {in_cookie: []}]
paths:
  /y: {get: {responses: {'200': {description: Fine.}}}}
components:
  securitySchemes:
    in_query: {type: apiKey, in: query, name: key}
    in_header: {type: apiKey, in: header, name: X-Key}
    in_cookie: {type: apiKey, in: cookie, name: crumb}
"""
