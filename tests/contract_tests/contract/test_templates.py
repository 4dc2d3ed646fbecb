"""Texts that fit a template satisfy the same schemas at the same places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.contract.contract import Contract
from contract_tests.contract.satisfied import SatisfiedSchemas
from contract_tests.contract.templates import Template, TemplateMaker
from spec.reader import parse_spec

if TYPE_CHECKING:
    from spec.json_value import Json

DOCUMENT = """\
openapi: 3.1.0
info: {title: Another, version: 1.0.0}
paths: {}
components:
  schemas:
    Thing:
      type: object
      additionalProperties: {anyOf: [{type: string, enum: [a, b]}, {type: string}]}
      patternProperties: {^short: {maxLength: 1}}
      properties:
        free: {type: string}
        named: {type: string}
        at: {type: [string, 'null'], format: date-time}
        code: {anyOf: [{pattern: ^a}, {pattern: b$}]}
        size: {anyOf: [{type: integer, minimum: 1}, {type: number}]}
        total: {type: number, multipleOf: 0.5}
        items: {items: {if: {type: string}, then: {minLength: 2}}}
        set: {type: array, uniqueItems: true}
        kind: {const: a}
        inner: {$ref: '#/components/schemas/Thing'}
"""
CONTRACT = Contract(parse_spec(Path("another.yaml"), DOCUMENT))
THING = "/components/schemas/Thing"
SCHEMAS = SatisfiedSchemas(CONTRACT, is_whole=True)
MAKER = TemplateMaker(CONTRACT, THING, {("named",)})
TEXTS = st.sampled_from(["", "a", "b", "ab", "abc", "2026-01-31T09:30:00Z", "soon", 'a"b', "a\nb", "é", "\u2028", "\\"])
NUMBERS = st.sampled_from([0, 1, -1, 12, 1.0, 1.5, 0.25, -0.5, 2**53, 1e30])
ARRAYS = st.lists(TEXTS | NUMBERS, max_size=2)
FIELDS = {
    "free": TEXTS,
    "named": TEXTS | NUMBERS,
    "at": TEXTS | st.none(),
    "code": TEXTS,
    "size": NUMBERS,
    "total": NUMBERS,
    "items": ARRAYS,
    "set": ARRAYS,
    "kind": TEXTS,
    "other": TEXTS | NUMBERS,
    "short": TEXTS,
}
SHAPES = st.sets(st.sampled_from([*FIELDS]), min_size=1, max_size=4)
THINGS = SHAPES.flatmap(lambda names: st.tuples(*[things_of(names)] * 2))


def things_of(names: set[str]) -> st.SearchStrategy[Json]:
    fields = st.fixed_dictionaries({name: FIELDS[name] for name in sorted(names)})
    return fields | fields.map(lambda inner: {"inner": inner})


def applied(instance: Json) -> list[tuple[str, bool]]:
    return [(schema.pointer, is_kept) for schema, is_kept in SCHEMAS.find_applied(THING, instance)]


def written(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def made_of(value: Json) -> Template:
    return MAKER.make(written(value))


@given(THINGS)
def test_texts_that_fit_satisfy_the_same_schemas(things: tuple[Json, Json]) -> None:
    one, other = things
    template = made_of(one)
    assert template.fit(written(one)) is not None
    if template.fit(written(other)) is not None:
        assert applied(one) == applied(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"free": "a"}, {"free": 'b\n"\\'}),
        ({"named": "a"}, {"named": "é"}),
        ({"at": "2026-01-31T09:30:00Z"}, {"at": "2027-01-31T09:30:00Z"}),
        ({"size": 1}, {"size": 2}),
        ({"total": 1.5}, {"total": 2.5}),
        ({"items": ["ab", 1]}, {"items": ["abc", 2]}),
        ({"inner": {"free": "a"}}, {"inner": {"free": "b"}}),
    ],
)
def test_what_decides_nothing_may_be_another_value(one: Json, other: Json) -> None:
    assert made_of(one).fit(written(other)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"free": "a"}, {"free": 1}),
        ({"free": "a"}, {"other": "a"}),
        ({"other": "a"}, {"other": "c"}),
        ({"at": "2026-01-31T09:30:00Z"}, {"at": "soon"}),
        ({"code": "ac"}, {"code": "cb"}),
        ({"size": 1}, {"size": 0}),
        ({"size": 1}, {"size": 9007199254740993}),
        ({"total": 1.5}, {"total": 1.25}),
        ({"items": ["ab"]}, {"items": ["a"]}),
        ({"set": ["a", "b"]}, {"set": ["a", "a"]}),
        ({"kind": "a"}, {"kind": "b"}),
        ({"short": "a"}, {"short": "ab"}),
        ({"named": "a"}, {"named": 'a"'}),
        ({"named": 1}, {"named": 2}),
    ],
)
def test_a_value_that_may_decide_does_not_fit(one: Json, other: Json) -> None:
    assert made_of(one).fit(written(other)) is None


@pytest.mark.parametrize(
    "content",
    [b'{"free": "\n"}', b'{"free": "\\x"}', b'{"free": "\\ud800"}', b'{"free": "a', b'{"free": "a"} ', b'{"free":"a"}'],
)
def test_no_text_fits_that_is_not_written_alike_or_no_json(content: bytes) -> None:
    assert made_of({"free": "a"}).fit(content) is None


def test_texts_are_told_as_they_are_where_they_are_compared() -> None:
    template = made_of({"free": "a", "named": "b"})
    assert template.fit(written({"free": "c", "named": "d"})) == (b"c", b"d")
    assert template.plain == {("named",): 1}
