"""Strategies for the instances of a spec's schemas, most of them valid.

They follow a schema closely but not to the letter: a validator decides which instances are valid. A keyword that is
not known here costs variety, never correctness.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from scripts.fidelity.mutations import family
from scripts.fidelity.values import FORMATTED, MAX_LENGTH, date_times, json_values, large_integers, names, texts
from scripts.generate.patterns import in_python
from spec.reader import target_of

if TYPE_CHECKING:
    from spec.json_value import Json
    from spec.reader import Spec

_TYPES: Final = ("object", "array", "string", "integer", "number", "boolean", "null")
_MAX_ITEMS: Final = 3


@dataclass
class Instances:
    """The instances of a spec's schemas. `unknown` adds fields that the spec does not name."""

    spec: Spec
    unknown: bool = True
    _drawn: dict[str, st.SearchStrategy[Json]] = field(default_factory=dict)

    def families(self, pointer: str) -> st.SearchStrategy[list[Json]]:
        """Families of the schema that a pointer leads to: an instance, and three copies with changes."""
        return family(self.of(pointer))

    def of(self, pointer: str) -> st.SearchStrategy[Json]:
        """Instances of the schema that a pointer leads to, most of them valid."""
        if pointer not in self._drawn:
            self._drawn[pointer] = st.deferred(lambda: self._below(self.spec.value(pointer)))
        return self._drawn[pointer]

    def _below(self, schema: Json) -> st.SearchStrategy[Json]:
        if not isinstance(schema, dict):
            return json_values
        if "$ref" in schema:
            return self.of(target_of(schema["$ref"]))
        if "const" in schema or "enum" in schema:
            return st.sampled_from(schema.get("enum") or [schema["const"]])
        if branches := [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
            return st.one_of(*map(self._below, branches))
        if parts := schema.get("allOf"):
            return st.tuples(*map(self._below, parts)).map(_merged)
        types = schema.get("type", "object" if "properties" in schema else list(_TYPES))
        return st.one_of(*(self._typed(name, schema) for name in ([types] if isinstance(types, str) else types)))

    def _typed(self, name: str, schema: dict[str, Json]) -> st.SearchStrategy[Json]:
        if name == "object":
            return self._objects(schema)
        if name == "array":
            limits = {"min_size": schema.get("minItems", 0), "max_size": schema.get("maxItems", _MAX_ITEMS)}
            return st.lists(self._below(schema.get("items", True)), **limits)
        if name == "string":
            return _strings(schema)
        if name in {"integer", "number"}:
            return _numbers(schema, whole=name == "integer")
        return st.booleans() if name == "boolean" else st.none()

    def _objects(self, schema: dict[str, Json]) -> st.SearchStrategy[Json]:
        fields = {name: self._below(inner) for name, inner in schema.get("properties", {}).items()}
        required = {name: fields.get(name, json_values) for name in schema.get("required", [])}
        optional = {name: inner for name, inner in fields.items() if name not in required}
        known = st.fixed_dictionaries(required, optional=optional)
        others = schema.get("additionalProperties", self.unknown)
        if others is False:
            return known
        unknown = st.dictionaries(names, self._below(others), max_size=2)
        return st.tuples(unknown, known).map(_merged)


def _merged(parts: tuple[Json, ...]) -> Json:
    if all(isinstance(part, dict) for part in parts):
        return {name: value for part in parts for name, value in part.items()}
    return parts[-1]


def _strings(schema: dict[str, Json]) -> st.SearchStrategy[Json]:
    if schema.get("format") == "date-time":
        return date_times
    if schema.get("format") in FORMATTED:
        return st.sampled_from(FORMATTED[schema["format"]])
    if "pattern" in schema and (pattern := _compiled(schema["pattern"])):
        return st.from_regex(pattern) | texts
    return st.text(min_size=schema.get("minLength", 0), max_size=schema.get("maxLength", MAX_LENGTH)) | texts


def _compiled(pattern: str) -> re.Pattern[str] | None:
    r"""The pattern as Python reads it, with the classes of ECMA-262; None if Python cannot read it.

    Where it may, the pattern stays as it is. Classes that are written out take seconds: `\W` has a million characters.
    """
    try:
        with warnings.catch_warnings(action="error", category=FutureWarning):
            return re.compile(pattern, re.ASCII)
    except re.error:
        return None
    except FutureWarning:  # of a `[` within a set, which Python may come to read as Rust does
        written_out = in_python(pattern)
        return re.compile(written_out) if written_out else None


def _numbers(schema: dict[str, Json], *, whole: bool) -> st.SearchStrategy[Json]:
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = st.sampled_from([bound for bound in (low, high) if bound is not None] or [0])
    integers = st.integers(None if low is None else int(-(-low // 1)), None if high is None else int(high // 1))
    if low is None and high is None:
        integers |= large_integers
    written_with_a_point = integers.filter(lambda number: abs(number) < 2**53).map(float)
    if whole:
        return integers | bounds | written_with_a_point
    return st.floats(low, high, allow_nan=False, allow_infinity=False) | integers | bounds
