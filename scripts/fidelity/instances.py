"""Instances of a schema, valid and nearly so, as Hypothesis strategies.

What is drawn here follows a schema closely but not to the letter: a validator has the last word on whether an instance
is valid. So a keyword that is not known here costs variety, never truth.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from spec.reader import target_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.fidelity.sameness import Json
    from spec.reader import Spec

_TYPES: Final = ("object", "array", "string", "integer", "number", "boolean", "null")
_NAMES: Final = st.sampled_from(
    ["id", "type", "self", "class", "model_config", "model_fields", "additional_properties", "__dict__", "_private", ""]
)
_BIG: Final = 10**40
_MAX_ITEMS: Final = 3
_MAX_LENGTH: Final = 12

_LARGE: Final = st.sampled_from([2**31, 2**53 + 1, 2**63, -(2**63) - 1, 2**64, 10**30 + 1])
_names = _NAMES | st.text(max_size=_MAX_LENGTH)
_text = st.text(max_size=_MAX_LENGTH) | st.sampled_from(["", "null", "1", "true", "é", "\u2028", "𝄞", "a\x00b"])
_integers = st.integers(-100, 100) | st.integers(-_BIG, _BIG) | _LARGE
_floats = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-100, 100).map(float)
scalars: st.SearchStrategy[Json] = st.none() | st.booleans() | _integers | _floats | _text
_nested: st.SearchStrategy[Json] = st.sampled_from(
    [[], {}, [[]], [None, 1.5, "a"], {"a": {"b": [1, {}]}}, {"": None, "type": "object"}]
)
json_values: st.SearchStrategy[Json] = scalars | _nested.map(copy.deepcopy)


@dataclass
class Instances:
    """The instances of a spec's schemas, with fields that the spec does not name or without."""

    spec: Spec
    unknown: bool = True
    _drawn: dict[str, st.SearchStrategy[Json]] = field(default_factory=dict)

    def families(self, pointer: str) -> st.SearchStrategy[list[Json]]:
        """An instance of the schema that a pointer leads to, and three copies with up to three changes each."""
        return st.tuples(self.of(pointer), _families).map(lambda drawn: [_mutated(drawn[0], some) for some in drawn[1]])

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
        unknown = st.dictionaries(_names, self._below(others), max_size=2)
        return st.tuples(unknown, known).map(_merged)


def sample(strategy: st.SearchStrategy[Json], size: int) -> list[Json]:
    """The same values of a strategy each time, for the same code: Hypothesis draws from the constants of that too."""
    drawn: list[Json] = []

    @seed(1)
    @settings(max_examples=size, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def keep(value: Json) -> None:
        drawn.append(value)

    keep()
    return drawn


def _merged(parts: tuple[Json, ...]) -> Json:
    if all(isinstance(part, dict) for part in parts):
        return {name: value for part in parts for name, value in part.items()}
    return parts[-1]


def _strings(schema: dict[str, Json]) -> st.SearchStrategy[Json]:
    if schema.get("format") == "date-time":
        return date_times
    if "pattern" in schema:
        return st.from_regex(schema["pattern"])
    return st.text(min_size=schema.get("minLength", 0), max_size=schema.get("maxLength", _MAX_LENGTH)) | _text


def _numbers(schema: dict[str, Json], *, whole: bool) -> st.SearchStrategy[Json]:
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = st.sampled_from([bound for bound in (low, high) if bound is not None] or [0])
    integers = st.integers(None if low is None else int(-(-low // 1)), None if high is None else int(high // 1))
    if low is None and high is None:
        integers |= _LARGE
    written_with_a_point = integers.filter(lambda number: abs(number) < 2**53).map(float)
    if whole:
        return integers | bounds | written_with_a_point
    return st.floats(low, high, allow_nan=False, allow_infinity=False) | integers | bounds


_digits = st.text("0123456789", min_size=1, max_size=12)
_offsets = st.sampled_from(["Z", "z", "+00:00", "-00:00", "+05:30", "-11:59", "+23:59", "-08:00"])
_dates = st.dates().map(str) | st.sampled_from(["0001-01-01", "2016-12-31", "2024-02-29", "9999-12-31"])
_times = st.times().map(lambda time: time.isoformat("seconds")) | st.sampled_from(["23:59:60", "15:59:60", "00:00:00"])
date_times: Final = st.builds(
    "{}{}{}{}{}".format, _dates, st.sampled_from("TTTt"), _times, st.just("") | _digits.map(".{}".format), _offsets
)
"""Date-times as RFC 3339 writes them, leap seconds where there can be none among them."""

_NOT_QUITE: Final[tuple[Callable[[Json], Json], ...]] = (
    lambda value: float(value) if isinstance(value, int) and abs(value) < 2**53 else value,
    lambda value: value + 1 if isinstance(value, int | float) else value,
    lambda value: -value if isinstance(value, int | float) else value,
    str,
    lambda value: str(value) if isinstance(value, int | float) else value,
    lambda value: [value],
    lambda value: value.upper() if isinstance(value, str) else value,
    lambda value: f"{value}\n" if isinstance(value, str) else value,
    lambda value: value.replace("T", " ") if isinstance(value, str) else value,
    lambda value: dict.fromkeys(value) if isinstance(value, dict) else value,
)


@dataclass(frozen=True)
class _Mutation:
    """A change of one place of a JSON value: `choice` tells the place, `make` what comes there; None removes it."""

    choice: int
    make: Callable[[Json], Json] | None


_mutations: Final = st.builds(
    _Mutation,
    st.integers(0, 1000),
    st.none() | st.sampled_from(_NOT_QUITE) | (json_values | date_times).map(lambda value: lambda _: value),
)
_families: Final = st.tuples(st.just([]), *[st.lists(_mutations, min_size=1, max_size=3)] * 3)
FAMILY: Final = 4
"""How many instances a family has."""


def _mutated(value: Json, mutations: list[_Mutation]) -> Json:
    box = [copy.deepcopy(value)]
    for mutation in mutations:
        places = list(_places(box))
        container, key = places[mutation.choice % len(places)]
        if mutation.make is not None:
            container[key] = mutation.make(container[key])
        elif container is not box:
            del container[key]
    return box[0]


def _places(container: Json) -> list[tuple[Json, Any]]:
    keys = list(container if isinstance(container, dict) else range(len(container)))
    inner = [container[key] for key in keys if isinstance(container[key], dict | list)]
    return [(container, key) for key in keys] + [place for value in inner for place in _places(value)]
