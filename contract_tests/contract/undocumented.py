"""Fields that the spec does not have: those of an object that none of its schemas lists or leaves open."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from contract_tests.contract.satisfied import SatisfiedSchema
    from spec.json_value import Json

_OPENING: Final = ("additionalProperties", "patternProperties")
"""The keywords by which a schema takes fields that it does not list."""
_IN_ALL_OF: Final = re.compile(r"(.*)/allOf/\d+")
"""The pointer of a schema in `allOf`, with that of the schema that has it."""


class UndocumentedField(NamedTuple):
    """A field of an object that no schema of the object has."""

    owner: int
    """The `id()` of the object."""
    name: str
    pointer: str
    """The first of the object's schemas that list fields."""


def find_undocumented(satisfied: Iterable[SatisfiedSchema]) -> Iterator[UndocumentedField]:
    """Yields the undocumented fields of an instance, at any depth, by the schemas that it and its parts satisfy."""
    for schemas in _objects_with_listed_fields(satisfied):
        documented = {name for schema in schemas for name in schema.statement["properties"]}
        first = schemas[0]
        yield from (
            UndocumentedField(id(first.value), name, first.pointer) for name in first.value if name not in documented
        )


def without_fields(instance: Json, fields: Iterable[UndocumentedField]) -> Json:
    """A copy of the instance without these fields of its objects."""
    left_out = {(field.owner, field.name) for field in fields}
    return _copy(instance, lambda owner, inner: {key: inner[key] for key in inner if (owner, key) not in left_out})


def with_field(instance: Json, satisfied: Iterable[SatisfiedSchema], name: str, value: Json) -> Json:
    """A copy of the instance with a field more in each object whose fields are listed."""
    owners = {id(schemas[0].value) for schemas in _objects_with_listed_fields(satisfied)}
    return _copy(instance, lambda owner, inner: {**inner, name: value} if owner in owners else inner)


def _objects_with_listed_fields(satisfied: Iterable[SatisfiedSchema]) -> Iterator[list[SatisfiedSchema]]:
    """The schemas of each object that list its fields, unless another is open to any field."""
    by_object: defaultdict[int, list[SatisfiedSchema]] = defaultdict(list)
    for schema in satisfied:
        if isinstance(schema.value, dict):
            by_object[id(schema.value)].append(schema)
    for schemas in filter(_are_whole, by_object.values()):
        listing = [schema for schema in schemas if "properties" in schema.statement]
        if listing and not any(schema.statement.get(keyword) for schema in schemas for keyword in _OPENING):
            yield listing


def _are_whole(schemas: Iterable[SatisfiedSchema]) -> bool:
    """Tells whether an object satisfies all of its `allOf`: one that it does not satisfy may have any of its fields."""
    pointers = {schema.pointer for schema in schemas}
    return all(found[1] in pointers for found in map(_IN_ALL_OF.fullmatch, pointers) if found)


def _copy(node: Json, change: Callable[[int, Mapping[str, Json]], Json]) -> Json:
    """A copy of a value with its objects changed, by their `id()`."""
    if isinstance(node, dict):
        return change(id(node), {name: _copy(value, change) for name, value in node.items()})
    return [_copy(item, change) for item in node] if isinstance(node, list) else node
