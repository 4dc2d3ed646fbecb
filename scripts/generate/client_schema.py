"""Schemas as openapi-python-client understands them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scripts.generate.client_names import member_names
from scripts.generate.disjointness import Branches
from scripts.generate.keywords import types_of
from spec.reader import target_of, tokens

if TYPE_CHECKING:
    from spec.reader import Spec

_DATES: Final = {"date", "date-time"}
_DROPPED: Final = {"format", "default", "title", "x-enum-varnames"}
"""The keywords that the generator reads otherwise. Those that it can hold are added again."""


def shaped(schema: dict[str, Any], spec: Spec, classes: dict[str, str], *, files: bool) -> dict[str, Any]:
    """A held schema without what no type states; with `files`, one whose binary texts are files.

    `classes` has the name of each component's class.
    """
    kept = schema.keys() - _DROPPED
    result = {name: _inner(name, schema[name], spec, classes, files=files) for name in schema if name in kept}
    if "$ref" in schema:
        name = tokens(target_of(schema["$ref"]))[-1]
        result["$ref"] = f"#/components/schemas/{classes[name]}"
    if schema.get("format") in _DATES or (files and schema.get("format") == "binary"):
        result["format"] = schema["format"]
    if names := schema.get("x-enum-varnames") or member_names(schema.get("enum", [])):
        result["x-enum-varnames"] = names
    if "array" in types_of(schema.get("type", [])):
        result.setdefault("items", {})
    if result.get("items") is True:
        result["items"] = {}
    if "default" in schema and Branches(spec).take_default(schema):
        result["default"] = schema["default"]
    return result


def _inner(name: str, value: Any, spec: Spec, classes: dict[str, str], *, files: bool) -> Any:  # noqa: ANN401 - JSON
    if name == "properties":
        return {key: shaped(inner, spec, classes, files=files) for key, inner in value.items()}
    if name in {"anyOf", "oneOf"}:
        return [shaped(branch, spec, classes, files=files) for branch in value]
    is_schema = name in {"items", "additionalProperties"} and isinstance(value, dict)
    return shaped(value, spec, classes, files=files) if is_schema else value
