"""Odd specs: with text that would be code, a schema that refers to itself, an operation that no client can have."""

from __future__ import annotations

import json
from typing import Final

from tests.support.minimal import MINIMAL

_TEXT: Final = json.dumps('"""\nimport os; os.system("touch injected")\n"""')
ODD: Final = (
    MINIMAL.replace("title: Small", f"title: {_TEXT}")
    .replace("    Thing:\n", f"    Thing:\n      description: {_TEXT}\n      title: {_TEXT}\n")
    .replace("    Colour:\n", f"    Colour:\n      description: {_TEXT}\n")
    .replace(
        "          $ref: '#/components/schemas/Colour'\n",
        f"          $ref: '#/components/schemas/Colour'\n          description: {_TEXT}\n          default: {_TEXT}\n"
        "        parts: {type: array, items: {$ref: '#/components/schemas/Thing'}}\n"
        "        default_factory: {type: string}\n",
    )
)
"""A spec with text that would be code, a schema that refers to itself, and a property with an extension's name."""
FORMS: Final = """\
openapi: 3.1.0
info: {title: Forms, version: 1.0.0}
servers: [{url: 'https://forms.example'}]
paths:
  /forms:
    post:
      operationId: import
      tags: [Big Forms]
      parameters: [{name: page, in: query, schema: {type: integer}}]
      requestBody:
        required: true
        content: {application/x-www-form-urlencoded: {schema: {type: array, items: {type: string}}}}
      responses: {'204': {description: Sent.}}
    get: {operationId: list_forms, tags: [Big Forms], responses: {'204': {description: None.}}}
"""
"""A spec with a form that is no object, which no client can send."""
