"""The soundness of a spec: it is safe to hand to the generators, a valid OpenAPI 3.1 document, and its rules are sound.

A safe spec makes no tool open a connection, read another file or run code: no `$ref` leads out of the document, and no
extension dictates code.
"""

from __future__ import annotations

import importlib.metadata
import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import jsonschema_rs

from scripts.generate.circles import find_circles
from scripts.generate.foreign_references import foreign_references
from scripts.generate.reference_kinds import find_wrong_kinds
from spec.costs import find_unsound_costs
from spec.document import is_for_people, keywords
from spec.operation_ids import find_repeated_ids
from spec.reader import Problem, Spec, escape, pointer_of, target_of
from spec.rules import find_unsound_rules
from spec.version import find_version_problems
from spec.waiting import find_unsound_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json

# The OpenAPI Initiative's own schema of an OpenAPI 3.1 document, and the JSON Schema dialect of the schemas in one.
_SHAPE: Final = "openapi_spec_validator/resources/schemas/v3.1/schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
# A discriminator as https://spec.openapis.org/oas/3.1/meta/base has it, which no package here brings.
_DISCRIMINATOR: Final = {
    "type": "object",
    "required": ["propertyName"],
    "properties": {
        "propertyName": {"type": "string"},
        "mapping": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_SHOWN: Final = 300
# Keywords that datamodel-code-generator reads as Python to import, to inherit from or to call.
_INJECTING: Final = {"customTypePath", "customBasePath", "default_factory", "x-is-base-class", "x-is-classvar"}
_INJECTING_PREFIX: Final = "x-python-"
# Keywords that redirect each `$ref` beside or below them, so that reading it would prove nothing.
_REBASING: Final = {"$id", "$dynamicRef", "$dynamicAnchor", "$recursiveRef"}
_REFERENCES: Final = {"$ref", "operationRef"}


def find_unsafe(spec: Spec) -> list[Problem]:
    """The problems that no tool may see. The document may have any shape."""
    problems = find_version_problems(spec)
    for pointer, keyword, value, _ in keywords(spec.document):
        if keyword in _INJECTING or keyword.startswith(_INJECTING_PREFIX):
            problems.append(spec.problem(pointer, f"{keyword} is refused: it writes code of the spec's choice"))
        elif keyword in _REBASING:
            problems.append(spec.problem(pointer, f"{keyword} is refused: it redirects every $ref around it"))
        elif keyword in _REFERENCES:
            problems.extend(spec.problem(pointer, message) for message in _judge_reference(spec, value))
        elif keyword == "discriminator" and isinstance(value, dict):
            problems.extend(_judge_mapping(spec, f"{pointer}/mapping", value.get("mapping")))
    for pointer in find_circles(spec.document):
        uri = spec.value(f"{pointer}/$ref")
        problems.append(
            spec.problem(f"{pointer}/$ref", f"$ref {uri!r} leads in a circle: what it stands for has no end")
        )
    for pointer, uri in foreign_references(spec.document):
        problems.append(spec.problem(pointer, _judge_foreign(spec, uri)))
    return problems


def find_mistakes(spec: Spec) -> list[Problem]:
    """The problems for which nothing is generated: what no tool may see or can read, or else unsound statements."""
    return find_unreadable(spec) or [
        *find_repeated_ids(spec),
        *find_unsound_rules(spec),
        *find_unsound_costs(spec),
        *find_unsound_waiting(spec),
    ]


def find_unreadable(spec: Spec) -> list[Problem]:
    """The problems for which no tool gets the spec: it is unsafe or malformed. Each place is told once."""
    if problems := find_version_problems(spec):
        return problems
    unsafe = find_unsafe(spec)
    told = {problem.place for problem in unsafe}
    found = [*unsafe, *(problem for problem in find_malformed(spec) if problem.place not in told)]
    return found or [*find_wrong_kinds(spec, _read_shape(), jsonschema_rs.validator_for({"$ref": _DIALECT}))]


def find_malformed(spec: Spec) -> list[Problem]:
    """The places where the document does not have the shape of OpenAPI 3.1, schemas included."""
    problems = _judge_shape(spec, jsonschema_rs.validator_for(_read_shape()), "", spec.document)
    dialect = jsonschema_rs.validator_for({"$ref": _DIALECT})  # once: it takes longer to make than to use
    for pointer, schema in outermost_schemas(spec):
        problems.extend(_judge_shape(spec, dialect, pointer, schema))
    for pointer, keyword, value, in_schema in keywords(spec.document):
        if keyword == "security" and not in_schema:
            problems.extend(_judge_security(spec, pointer, value))
        if keyword == "pattern" and isinstance(value, str) and (reason := _why_no_pattern(value)):
            problems.append(spec.problem(pointer, reason))
        if keyword == "discriminator" and in_schema and not is_for_people(pointer):
            problems.extend(_judge_shape(spec, jsonschema_rs.validator_for(_DISCRIMINATOR), pointer, value))
        if keyword in {"properties", "enum"}:
            problems.extend(_judge_names(spec, pointer, value))
    return problems


def _read_shape() -> dict[str, Any]:
    """The schema of OpenAPI documents. Importing the package that has it would take longer than generating."""
    distribution = importlib.metadata.distribution("openapi-spec-validator")
    shape: dict[str, Any] = json.loads(Path(str(distribution.locate_file(_SHAPE))).read_text("utf-8"))
    return shape


def _judge_names(spec: Spec, pointer: str, value: Json) -> Iterator[Problem]:
    """Yields a problem for each name that Python takes for another one beside it: it reads a ligature as letters."""
    seen: dict[str, str] = {}
    for name, token in _names(value):
        if (other := seen.setdefault(unicodedata.normalize("NFKC", name), name)) != name:
            message = f"{name!r} is refused: to Python it is the same name as {other!r}"
            yield spec.problem(f"{pointer}/{token}", message)


def _names(value: Json) -> Iterator[tuple[str, str]]:
    """Yields each name among the keys of an object or the items of an array, with its token of a pointer."""
    if isinstance(value, dict):
        yield from ((name, escape(name)) for name in value)
    elif isinstance(value, list):
        yield from ((name, str(index)) for index, name in enumerate(value) if isinstance(name, str))


def _judge_security(spec: Spec, pointer: str, alternatives: Json) -> Iterator[Problem]:
    """Yields a problem for each security scheme that is asked for and not defined."""
    for index, schemes in enumerate(alternatives if isinstance(alternatives, list) else ()):
        for name in schemes if isinstance(schemes, dict) else ():
            if f"/components/securitySchemes/{escape(name)}" not in spec.places:
                where = f"{pointer}/{index}/{escape(name)}"
                yield spec.problem(where, f"{name!r} is not defined: write it below components/securitySchemes")


def _why_no_pattern(pattern: str) -> str | None:
    try:
        jsonschema_rs.validator_for({"pattern": pattern})
    except ValueError as error:
        return f"is not a pattern that validators can read: {str(error).splitlines()[0]}"
    return None


def outermost_schemas(spec: Spec) -> Iterator[tuple[str, Any]]:
    """Yields each outermost schema of the document with its pointer."""
    components = spec.document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name, schema in schemas.items() if isinstance(schemas, dict) else ():
        yield f"/components/schemas/{escape(name)}", schema
    for pointer, keyword, schema, _ in keywords(spec.document):
        if keyword == "schema" and not pointer.startswith("/components/schemas/"):
            yield pointer, schema


def _judge_shape(spec: Spec, shape: jsonschema_rs.Validator, pointer: str, value: object) -> list[Problem]:
    errors = shape.iter_errors(value)
    return [spec.problem(f"{pointer}{pointer_of(error.instance_path)}", error.message[:_SHOWN]) for error in errors]


def _judge_mapping(spec: Spec, pointer: str, mapping: Json) -> Iterator[Problem]:
    """Judges a discriminator's mapping. It leads to schemas by reference, or by a component's bare name."""
    if not isinstance(mapping, dict):
        return
    for value, target in mapping.items():
        if not (isinstance(target, str) and f"/components/schemas/{escape(target)}" in spec.places):
            for message in _judge_reference(spec, target):
                yield spec.problem(f"{pointer}/{escape(value)}", message)


def _judge_reference(spec: Spec, uri: Json) -> Iterator[str]:
    if not isinstance(uri, str):
        yield f"{uri!r} is refused: it is no reference"
    elif not uri.startswith("#"):
        yield _judge_foreign(spec, uri)
    elif target_of(uri) not in spec.places:
        yield f"$ref {uri!r} leads nowhere"


def _judge_foreign(spec: Spec, uri: str) -> str:
    """The complaint about a reference that leads out of the document."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return f"{uri!r} is refused: it is no reference"
    if parts.scheme or parts.netloc:
        return f"$ref {uri!r} is refused: it leads to another host"
    folder = spec.path.parent
    inside = (folder / unquote(parts.path)).resolve().is_relative_to(folder.resolve())
    # openapi-python-client follows no reference into another file, wherever it is.
    reason = "into another file; move the value that it names into this one" if inside else f"out of {folder}/"
    return f"$ref {uri!r} is refused: it leads {reason}"
