"""The fields of OpenAPI 3.1's objects: how each is compared, and the effect of a change.

The objects are named as in the OpenAPI Initiative's own schema. A test compares the table with that schema, so that no
field is forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from spec.reader import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.drift.effects import Effect
    from spec.json_value import Json

How = Literal["text", "value", "object", "map", "schema", "own"]
"""The way to compare a field:

- text: is for people, so each change is editorial;
- value: by `effect`, where an absent value counts as its default;
- object: field by field;
- map: entry by entry, by name;
- schema: by normal forms;
- own: by rules of its own.
"""


DIALECT: Final = "https://spec.openapis.org/oas/3.1/dialect/base"
"""The dialect of schemas where the document names none."""


class Field(NamedTuple):
    """A row of the table."""

    how: How
    effect: Callable[[Json, Json], Effect] = lambda *_: "different"
    default: Callable[[dict[str, Any]], Json] = lambda _: ABSENT
    type: str = ""
    """The object, or the objects in the map."""
    added: Callable[[Json], Effect] = lambda _: "harmless"
    """The effect of a new object."""
    removed: Effect = "different"


def _demanded(_: Json, now: Json) -> Effect:
    return "narrower" if now is True else "wider"


def _offered(_: Json, now: Json) -> Effect:
    return "wider" if now is True else "narrower"


def _if_required(value: Json) -> Effect:
    """A new part must be sent if it is required."""
    return "narrower" if isinstance(value, dict) and value.get("required") is True else "harmless"


def _style(owner: dict[str, Any]) -> str:
    return "form" if owner.get("in", "header") in {"query", "cookie"} else "simple"


def _explode(owner: dict[str, Any]) -> bool:
    return owner.get("style", _style(owner)) in {"form", "deepObject"}  # deepObject has no other form


def _new_flow(before: Json, _: Json) -> Effect:
    return "harmless" if before is ABSENT else "different"


_TEXT: Final = Field("text")
_OWN: Final = Field("own")
_VALUE: Final = Field("value")
_DEPRECATED: Final = Field("value", lambda *_: "harmless", lambda _: False)
_REQUIRED: Final = Field("value", _demanded, lambda _: False)
_FALSE: Final = Field("value", default=lambda _: False)
_CONTENT: Final = Field("map", type="media-type")
# A parameter or header has either `schema` or `content`, and each writes values in another way.
_ONE_CONTENT: Final = Field("map", type="media-type", added=lambda _: "different")
_HEADERS: Final = Field("map", type="header", added=_if_required)
_TEXTS: Final = dict.fromkeys(("summary", "description", "externalDocs", "example", "examples"), _TEXT)
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

FIELDS: Final[dict[str, dict[str, Field]]] = {
    "openapi": {
        **dict.fromkeys(("openapi", "info", "tags", "externalDocs"), _TEXT),
        **dict.fromkeys(("servers", "security", "paths", "webhooks", "components"), _OWN),
        "jsonSchemaDialect": Field("value", default=lambda _: DIALECT),
    },
    **{
        name: dict.fromkeys(fields.split(), _TEXT)
        for name, fields in {
            "info": "title summary description termsOfService contact license version",
            "contact": "name url email",
            "license": "name identifier url",
            "external-documentation": "description url",
            "example": "summary description value externalValue",
            "tag": "name description externalDocs",
        }.items()
    },
    "server": {"url": _OWN, "variables": _OWN, "description": _TEXT},
    "server-variable": {"enum": _OWN, "default": _OWN, "description": _TEXT},
    "components": {
        "schemas": _OWN,
        # Their contents count where a `$ref` leads to them.
        **dict.fromkeys(("responses", "parameters", "examples", "requestBodies", "headers"), _TEXT),
        **dict.fromkeys(("links", "callbacks", "pathItems"), _TEXT),
        "securitySchemes": _OWN,
    },
    "path-item": {
        "$ref": _OWN,
        **{key: _TEXTS[key] for key in ("summary", "description")},
        **dict.fromkeys(("servers", "parameters", *METHODS), _OWN),
    },
    "operation": {
        **{key: _TEXTS[key] for key in ("summary", "description", "externalDocs")},
        **dict.fromkeys(("tags", "operationId", "parameters", "callbacks", "security", "servers"), _OWN),
        "responses": _OWN,
        "requestBody": Field("object", type="request-body", added=_if_required),
        "deprecated": _DEPRECATED,
    },
    "parameter": {
        **{key: _TEXTS[key] for key in ("description", "example", "examples")},
        # They are what a parameter is found by.
        **dict.fromkeys(("name", "in"), _OWN),
        "required": _REQUIRED,
        "deprecated": _DEPRECATED,
        "allowEmptyValue": Field("value", _offered, lambda _: False),
        "schema": Field("schema"),
        "content": _ONE_CONTENT,
        "style": Field("value", default=_style),
        "explode": Field("own", default=_explode),
        "allowReserved": _FALSE,
    },
    "request-body": {"description": _TEXT, "content": _CONTENT, "required": _REQUIRED},
    "media-type": {
        **{key: _TEXTS[key] for key in ("example", "examples")},
        "schema": Field("schema"),
        "encoding": _OWN,
    },
    "encoding": {
        "contentType": _OWN,
        "headers": _HEADERS,
        "style": Field("value", default=lambda _: "form"),
        "explode": Field("value", default=lambda owner: owner.get("style", "form") == "form"),
        "allowReserved": _FALSE,
    },
    "responses": {"default": Field("map", type="response")},
    "response": {
        "description": _TEXT,
        "headers": _HEADERS,
        "content": _CONTENT,
        "links": Field("map", type="link"),
    },
    "link": {
        "description": _TEXT,
        **dict.fromkeys(("operationRef", "operationId", "parameters", "requestBody", "body"), _VALUE),
        "server": _VALUE,
    },
    "header": {
        **{key: _TEXTS[key] for key in ("description", "example", "examples")},
        "required": _REQUIRED,
        "deprecated": _DEPRECATED,
        "schema": Field("schema"),
        "content": _ONE_CONTENT,
        "style": Field("value", default=lambda _: "simple"),
        "explode": Field("own", default=lambda _: False),
    },
    "reference": {"$ref": _OWN, "summary": _TEXT, "description": _TEXT},
    "security-scheme": {
        **dict.fromkeys(("type", "name", "in", "scheme", "openIdConnectUrl"), _VALUE),
        **dict.fromkeys(("description", "bearerFormat"), _TEXT),
        "flows": Field("object", type="oauth-flows"),
    },
    "oauth-flows": dict.fromkeys(
        ("implicit", "password", "clientCredentials", "authorizationCode"), Field("object", type="oauth-flow")
    ),
    "oauth-flow": {
        **dict.fromkeys(("authorizationUrl", "tokenUrl"), _VALUE),
        "refreshUrl": Field("value", _new_flow),
        "scopes": _OWN,
    },
}
