"""Shapes of JSON texts tell all that decides which schemas a valid instance satisfies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.contract.contract import read_contract
from contract_tests.contract.shapes import Shapes
from spec.paths import SPEC

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from spec.json_value import Json

CALL = "/components/schemas/CreateCall"
KEYS = st.sampled_from(["provider", "a", 'a"', "a\\", "type:", ", ", "[", "é"])
TEXTS = st.sampled_from(["", "x", '"', '\\"', ": ", ",", "]", "{", "\\", "\u2028"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes(read_contract(SPEC).spec, CALL)


def shape_by_value(value: Json, name: str = "") -> object:
    """The shape as the decoded value has it: names, types, and texts and arrays at names that decide."""
    if isinstance(value, dict):
        return [(key, shape_by_value(inner, key)) for key, inner in value.items()]
    if isinstance(value, list) and name != "provider":
        return [shape_by_value(inner) for inner in value]
    return json.dumps(value) if name == "provider" else type(value).__name__


@given(VALUES, VALUES, st.sampled_from([None, 2]))
def test_two_texts_of_one_shape_have_the_same_names_and_types(
    shapes: Shapes, one: Json, other: Json, indent: int | None
) -> None:
    first, second = (shapes.of(json.dumps(each, indent=indent, ensure_ascii=False).encode()) for each in (one, other))
    if first is not None and first == second:
        assert shape_by_value(one) == shape_by_value(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a": 1}', b'{"a": 22}'),
        (b'{"a": true}', b'{"a": false}'),
        (b'{"a": "x"}', b'{"a": "a \\" \\\\ longer, {one: [}"}'),
    ],
)
def test_values_that_decide_nothing_make_no_other_shape(shapes: Shapes, one: bytes, other: bytes) -> None:
    assert shapes.of(one) == shapes.of(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a": 1}', b'{"a": 1.5}'),
        (b'{"a": 1}', b'{"a": "1"}'),
        (b'{"a": null}', b'{"a": true}'),
        (b'{"a": 1}', b'{"b": 1}'),
        (b'{"a": [1]}', b'{"a": [1, 1]}'),
        (b'{"provider": "playht"}', b'{"provider": "openai"}'),
        (b'{"provider": ["a", "b"]}', b'{"provider": ["a", "c"]}'),
        (b'{"provider": 1}', b'{"provider": 2}'),
    ],
)
def test_names_types_and_values_that_decide_make_another_shape(shapes: Shapes, one: bytes, other: bytes) -> None:
    assert None is not shapes.of(one) != shapes.of(other)


@pytest.mark.parametrize("text", [b'{"a": 9007199254740993}', b'{"\\u0061": 1}', b'{"a\\"": 1}'])
def test_integers_and_names_that_may_be_read_in_several_ways_have_no_shape(shapes: Shapes, text: bytes) -> None:
    assert shapes.of(text) is None


def test_bodies_of_the_contract_have_known_shapes(contract: Contract) -> None:
    operation, *_ = contract.operations
    assert operation.body
    assert Shapes(contract.spec, operation.body).are_known
