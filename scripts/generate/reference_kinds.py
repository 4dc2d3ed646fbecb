"""References that lead to another kind of object than the one that may stand in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from spec.document import is_for_people, keywords, resolve
from spec.reader import target_of, tokens, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.document import Keyword
    from spec.reader import Problem, Spec

# The kind of the objects below each key, as the OpenAPI Initiative's own schema names it.
_BELOW: Final = {
    "parameters": "parameter",
    "headers": "header",
    "requestBodies": "request-body",
    "responses": "response",
    "callbacks": "callbacks",
    "links": "link",
    "examples": "example",
    "securitySchemes": "security-scheme",
    **dict.fromkeys(("paths", "pathItems", "webhooks"), "path-item"),
}
_SCHEMA: Final = "schema"


def find_wrong_kinds(spec: Spec, shape: dict[str, Any], dialect: jsonschema_rs.Validator) -> Iterator[Problem]:
    """Yields a problem for each reference within the document that leads to another kind of object.

    Args:
        spec: a spec whose references all lead somewhere.
        shape: the schema of OpenAPI documents.
        dialect: the validator of schemas.
    """
    validators = {_SCHEMA: dialect}
    known: dict[tuple[str, str], bool] = {}
    for keyword in keywords(spec.document):
        kind = _kind(keyword)
        if kind is None:
            continue
        target = resolve(spec.document, target_of(keyword.value))
        if kind not in validators:
            definitions = {key: shape[key] for key in ("$schema", "$defs")}
            validators[kind] = jsonschema_rs.validator_for(definitions | {"$ref": f"#/$defs/{kind}"})
        if (kind, target) not in known:
            known[kind, target] = validators[kind].is_valid(value_or_absent(spec.document, target))
        if not known[kind, target]:
            message = f"$ref {keyword.value!r} leads to no {kind.replace('-', ' ')}"
            yield spec.problem(keyword.pointer, message)


def _kind(keyword: Keyword) -> str | None:
    """The kind of object that a reference stands for; None for what is no reference, or for people."""
    pointer, name, value, in_schema = keyword
    if name != "$ref" or not isinstance(value, str) or not value.startswith("#") or is_for_people(pointer):
        return None
    if in_schema:
        return _SCHEMA
    *_, above, last = ["", *tokens(pointer)[:-1]]
    return "request-body" if last == "requestBody" else _BELOW.get(above)
