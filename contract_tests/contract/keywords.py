"""Keywords of a schema that an instance satisfies or breaks, and where."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import jsonschema_rs
from msgspec import Struct

from spec.reader import pointer_of, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spec.json_value import Json

_BRANCHES: Final = ("anyOf", "oneOf")
_BRANCH: Final = re.compile(r"/(anyOf|oneOf)/\d+$")


class Breach(Struct, frozen=True):
    """A keyword that an instance breaks. `pointer` leads to the keyword in the spec, `location` into the instance."""

    pointer: str
    location: str
    message: str
    missing: str | None = None
    """For `required`, the name of the property that is absent."""


class SatisfiedKeyword(Struct, frozen=True):
    """A keyword that an instance satisfies, and the value that satisfies it."""

    pointer: str
    location: str
    path: str
    """The way from the root schema to the keyword, through `$ref`. Two places that share a schema differ in it."""


def find_breaches(validator: jsonschema_rs.Validator, instance: Json) -> list[Breach]:
    """Every keyword that the instance breaks. Of `anyOf` and `oneOf`, those of the branch that is meant.

    A schema that fails evaluates none of its fields. So of `unevaluatedProperties` beside it nothing can be said.
    """
    found = [breach for error in validator.iter_errors(instance) for breach in _leaves(error)]
    others = [f"{each.location}/" for each in found if not _is_unevaluated(each)]
    return [
        each
        for each in found
        if not (_is_unevaluated(each) and any(other.startswith(f"{each.location}/") for other in others))
    ]


def find_satisfied(validator: jsonschema_rs.Validator, instance: Json) -> list[SatisfiedKeyword]:
    """Every keyword that the instance satisfies, without those in branches that it does not take."""
    units = validator.evaluate(instance).list()["details"]
    paths = (unit["evaluationPath"] for unit in units if not unit["valid"])
    failed = tuple(f"{path}/" for path in paths if _BRANCH.search(path))
    return [
        SatisfiedKeyword(_pointer(unit["schemaLocation"]), unit["instanceLocation"], unit["evaluationPath"])
        for unit in units
        if unit["valid"] and not unit["evaluationPath"].startswith(failed)
    ]


@cache
def matcher(pattern: str) -> Callable[[str], bool]:
    """A test of texts by a pattern in JSON Schema's dialect, which is not quite Python's."""
    return jsonschema_rs.validator_for({"pattern": pattern}).is_valid


def with_value(instance: Json, location: str, value: Json) -> Json:
    """A copy of the instance with another value where a JSON Pointer leads. The copy shares the other parts."""
    return _changed(instance, tokens(location), lambda _: value)


def without_field(instance: Json, location: str, name: str) -> Json:
    """A copy of the instance without a field of the object that a pointer leads to. It shares the other parts."""
    return _changed(
        instance, tokens(location), lambda fields: {key: value for key, value in fields.items() if key != name}
    )


def _changed(instance: Json, way: Sequence[str], change: Callable[[Any], Any]) -> Json:
    if not way:
        return change(instance)
    key = int(way[0]) if isinstance(instance, list) else way[0]
    changed = instance.copy()
    changed[key] = _changed(instance[key], way[1:], change)
    return changed


def _is_unevaluated(breach: Breach) -> bool:
    return breach.pointer.rpartition("/")[2] in {"unevaluatedProperties", "unevaluatedItems"}


def _leaves(error: jsonschema_rs.ValidationError) -> Iterator[Breach]:
    branches = getattr(error.kind, "context", None) if error.kind.name in _BRANCHES else None
    meant = _branch_meant(branches, len(error.instance_path)) if branches else None
    if meant:
        for inner in meant:
            yield from _leaves(inner)
        return
    missing = getattr(error.kind, "property", None) if error.kind.name == "required" else None
    location = pointer_of(error.instance_path)
    yield Breach(_pointer(error.absolute_keyword_location or ""), location, error.message, missing)


def _branch_meant(
    branches: Sequence[Sequence[jsonschema_rs.ValidationError]], depth: int
) -> Sequence[jsonschema_rs.ValidationError] | None:
    """The branch that the instance was meant for, if that can be told.

    It is not meant for a branch whose `type` it does not have, nor for one whose tag (an enumeration or constant one
    level down) it does not carry. Where more than one branch is left, none is singled out.
    """
    left = [errors for errors in branches if not any(_excludes(error, depth) for error in errors)]
    return left[0] if len(left) == 1 else None


def _excludes(error: jsonschema_rs.ValidationError, depth: int) -> bool:
    below = len(error.instance_path) - depth
    return (error.kind.name == "type" and below == 0) or (error.kind.name in {"enum", "const"} and below == 1)


def _pointer(location: str) -> str:
    return unquote(location.partition("#")[2])
