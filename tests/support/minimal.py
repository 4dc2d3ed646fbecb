"""A minimal spec to change and to break."""

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
