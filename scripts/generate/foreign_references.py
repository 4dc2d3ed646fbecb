"""The places of a spec from which a tool would open another file or a URL, in a document of any shape.

Redocly CLI follows each key `$ref` whose value is a text: also where `$ref` is the name of a property or a response, in
an extension, below a keyword that it does not know, and in an `example`. It follows `externalValue` too. It follows
nothing in the data of a schema (`default`, `enum`, `const`, `examples`), nor in the `value` of an Example Object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from spec.document import kind_below
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json

_Part = Literal["object", "schema", "example", "names of objects", "names of schemas", "names of examples", "anything"]

_SCHEMA_DATA: Final = {"default", "enum", "const", "examples"}
_SUBSCHEMAS: Final = {
    *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "items", "prefixItems", "contains", "propertyNames"),
    *("additionalProperties", "unevaluatedProperties", "unevaluatedItems", "contentSchema"),
    *("properties", "patternProperties", "dependentSchemas", "$defs"),
}
_INSIDE: Final[dict[_Part, _Part]] = {
    "names of objects": "object",
    "names of schemas": "schema",
    "names of examples": "example",
    "anything": "anything",
}


def foreign_references(node: Json, pointer: str = "", part: _Part = "object") -> Iterator[tuple[str, str]]:
    """Yields the pointer and the text of each reference that does not lead into the document itself."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from foreign_references(item, f"{pointer}/{index}", part)
    for key, value in node.items() if isinstance(node, dict) else ():
        child = f"{pointer}/{escape(key)}"
        if isinstance(value, str) and _is_followed(key, value, part):
            yield child, value
        if below := _part_below(key, part):
            yield from foreign_references(value, child, below)


def _is_followed(key: str, value: str, part: _Part) -> bool:
    return (key == "$ref" and not value.startswith("#")) or (key == "externalValue" and part == "example")


def _part_below(key: str, part: _Part) -> _Part | None:
    """The kind of the value below a key; None for data that no tool looks into."""
    if part in _INSIDE:
        return _INSIDE[part]
    if key.startswith("x-") or key == "example":
        return "anything"
    if part == "example":
        return None if key == "value" else "anything"
    if part == "schema":
        return None if key in _SCHEMA_DATA else kind_below(key, part) if key in _SUBSCHEMAS else "anything"
    return "names of examples" if key == "examples" else kind_below(key, "object") or "anything"
