"""Whether a spec is sound: safe to hand to the generators, and a valid OpenAPI 3.1 document.

Safe means offline and inert: no `$ref` leads to another host or out of the spec's folder, and no extension makes a
generator write code that the spec dictates.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import unquote, urlsplit

import jsonschema_rs

from spec.reader import Problem, Spec, escape, pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# The OpenAPI Initiative's own schema of an OpenAPI 3.1 document, and the JSON Schema dialect of the schemas in one.
_SHAPE: Final = "openapi_spec_validator/resources/schemas/v3.1/schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SHOWN: Final = 300
# What datamodel-code-generator reads as Python to import, to inherit from or to call.
_INJECTING: Final = {"customTypePath", "customBasePath", "default_factory", "x-is-base-class", "x-is-classvar"}
_INJECTING_PREFIX: Final = "x-python-"
# Keywords that change what a `$ref` beside or below them means, so that reading it would prove nothing.
_REBASING: Final = {"$id", "$dynamicRef", "$dynamicAnchor", "$recursiveRef"}
_REFERENCES: Final = {"$ref", "operationRef"}
_Kind = Literal["object", "schema", "names of objects", "names of schemas"]
_INSIDE_NAMES: Final[dict[_Kind, _Kind]] = {"names of objects": "object", "names of schemas": "schema"}
_OBJECT_KINDS: Final[dict[str, _Kind]] = {"schema": "schema", "schemas": "names of schemas"}
# Under these keys of OpenAPI's own objects stand names that the author chose, not keywords.
_OBJECT_NAMES: Final = {
    *("callbacks", "content", "encoding", "examples", "headers", "links", "mapping", "parameters", "pathItems"),
    *("paths", "requestBodies", "responses", "scopes", "securitySchemes", "variables", "webhooks"),
}
_OBJECT_DATA: Final = {"example", "value"}
# The same for schemas.
_SCHEMA_NAMES: Final = {"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "mapping"}
_SCHEMA_DATA: Final = {"default", "example", "examples", "enum", "const"}


def find_unsafe(spec: Spec) -> list[Problem]:
    """What must be mended before any generator may see the spec."""
    version = str(spec.document.get("openapi", ""))
    problems = [] if version.startswith("3.1.") else [spec.problem("/openapi", "is not an OpenAPI 3.1 document")]
    for pointer, keyword, value in keywords(spec.document, ""):
        if keyword in _INJECTING or keyword.startswith(_INJECTING_PREFIX):
            problems.append(spec.problem(pointer, f"{keyword} is refused: it writes code of the spec's choice"))
        elif keyword in _REBASING:
            problems.append(spec.problem(pointer, f"{keyword} is refused: it changes what $ref means"))
        elif keyword in _REFERENCES:
            problems.extend(spec.problem(pointer, message) for message in _judge_reference(spec, value))
        elif keyword == "discriminator" and isinstance(value, dict):
            problems.extend(_judge_mapping(spec, f"{pointer}/mapping", value.get("mapping")))
    return problems


def find_invalid(spec: Spec) -> list[Problem]:
    """What breaks the shape of an OpenAPI 3.1 document, its schemas included. It must be safe already."""
    # Read without importing its package, for that takes longer than generating does.
    distribution = importlib.metadata.distribution("openapi-spec-validator")
    shape = json.loads(Path(str(distribution.locate_file(_SHAPE))).read_text())
    problems = _judge_shape(spec, shape, "", spec.document)
    for pointer, schema in _schemas(spec):
        problems.extend(_judge_shape(spec, {"$ref": _DIALECT}, pointer, schema))
    for pointer, keyword, value in keywords(spec.document, ""):
        if keyword == "pattern" and isinstance(value, str) and (reason := _why_no_pattern(value)):
            problems.append(spec.problem(pointer, reason))
    return problems


def _why_no_pattern(pattern: str) -> str | None:
    try:
        jsonschema_rs.validator_for({"pattern": pattern})
        re.compile(pattern)
    except (ValueError, re.error) as error:
        return f"is not a pattern that validators can read: {str(error).splitlines()[0]}"
    return None


def _schemas(spec: Spec) -> Iterator[tuple[str, Any]]:
    """Each outermost schema of the document, with its pointer."""
    components = spec.document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name, schema in schemas.items() if isinstance(schemas, dict) else ():
        yield f"/components/schemas/{escape(name)}", schema
    for pointer, keyword, schema in keywords(spec.document, ""):
        if keyword == "schema" and not pointer.startswith("/components/schemas/"):
            yield pointer, schema


def _judge_shape(spec: Spec, shape: dict[str, Any], pointer: str, value: object) -> list[Problem]:
    errors = jsonschema_rs.validator_for(shape).iter_errors(value)
    return [spec.problem(f"{pointer}{pointer_of(error.instance_path)}", error.message[:_SHOWN]) for error in errors]


def keywords(node: Any, pointer: str, kind: _Kind = "object") -> Iterator[tuple[str, str, Any]]:  # noqa: ANN401
    """Each keyword of the document with its pointer and value; chosen names and data are passed over."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from keywords(item, f"{pointer}/{index}", kind)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        child = f"{pointer}/{escape(key)}"
        if kind not in _INSIDE_NAMES:
            yield child, key, value
        if (inner := _kind_below(key, kind)) is not None:
            yield from keywords(value, child, inner)


def _kind_below(key: str, kind: _Kind) -> _Kind | None:
    """What a key leads to; None for data, which no tool reads as a part of the document."""
    if kind in _INSIDE_NAMES:
        return _INSIDE_NAMES[kind]
    if kind == "schema":
        return None if key in _SCHEMA_DATA else "names of schemas" if key in _SCHEMA_NAMES else "schema"
    if key in _OBJECT_DATA:
        return None
    return _OBJECT_KINDS.get(key, "names of objects" if key in _OBJECT_NAMES else "object")


def _judge_mapping(spec: Spec, pointer: str, mapping: Any) -> Iterator[Problem]:  # noqa: ANN401
    """A discriminator's mapping leads to schemas by reference, or by a component's bare name."""
    if not isinstance(mapping, dict):
        return
    for value, reference in mapping.items():
        if not (isinstance(reference, str) and f"/components/schemas/{escape(reference)}" in spec.places):
            for message in _judge_reference(spec, reference):
                yield spec.problem(f"{pointer}/{escape(value)}", message)


def _judge_reference(spec: Spec, reference: Any) -> Iterator[str]:  # noqa: ANN401 - whatever stands there
    try:
        parts = urlsplit(reference)
    except (AttributeError, TypeError, ValueError):
        yield f"{reference!r} is refused: it is no reference"
        return
    if parts.scheme or parts.netloc:
        yield f"$ref {reference!r} is refused: it leads to another host"
    elif parts.path:
        folder = spec.path.parent
        inside = (folder / unquote(parts.path)).resolve().is_relative_to(folder.resolve())
        # openapi-python-client follows no reference into another file, wherever it is.
        reason = "into another file; move what it means into this one" if inside else f"out of {folder}/"
        yield f"$ref {reference!r} is refused: it leads {reason}"
    elif unquote(parts.fragment) not in spec.places:
        yield f"$ref {reference!r} leads nowhere"
