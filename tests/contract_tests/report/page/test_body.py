"""Bodies on the page: laid out by their tokens, broken parts marked, the rest folded."""

from __future__ import annotations

import doctest
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.report.page import allowance
from contract_tests.report.page.body import ShownBody, show_body

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=20,
)


def texts(body: ShownBody) -> list[str]:
    return [line.text for chunk in body.chunks for line in chunk.lines]


def marked(body: ShownBody) -> list[str]:
    return [line.text.strip() for chunk in body.chunks for line in chunk.lines if line.is_marked]


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(allowance).failed == 0


def test_an_object_is_laid_out_with_a_field_a_line() -> None:
    assert texts(show_body('{"a":[1,{"b":{}}],"c":[]}')) == [
        "{",
        '  "a": [',
        "    1,",
        "    {",
        '      "b": {}',
        "    }",
        "  ],",
        '  "c": []',
        "}",
    ]


@given(st.one_of(st.lists(VALUES, max_size=5), st.dictionaries(st.text(max_size=20), VALUES, max_size=5)))
def test_a_json_text_that_is_laid_out_is_still_the_same_value(value: object) -> None:
    text = json.dumps(value)
    assert json.loads("\n".join(texts(show_body(text, room=1_000_000)))) == value


def test_a_number_keeps_its_spelling_and_a_key_may_come_twice() -> None:
    assert texts(show_body('{"a": 3e2, "a": 300.0}'))[1:3] == ['  "a": 3e2,', '  "a": 300.0']


@pytest.mark.parametrize("text", ["Internal Server Error", '{"a": 1,}', "{a: 1}", "[1 2]", ""])
def test_a_text_that_is_no_json_is_shown_as_it_is(text: str) -> None:
    assert texts(show_body(text)) == [text]


@pytest.mark.parametrize("text", ['{"a": [1, 2', '{"a": "cut he', '{"a": {"b": '])
def test_the_beginning_of_a_json_text_is_laid_out_as_far_as_it_goes(text: str) -> None:
    assert len(texts(show_body(text))) > 1


@pytest.mark.parametrize(
    ("pointer", "lines"),
    [
        ("/status", ['"status": "live",']),
        ("/items/*/id", ['"id": 1', '"id": 2']),
        ("/items/1", ["{", '"id": 2', "}"]),
        ("/call/from", ['"from" is missing']),
        ("", []),
        ("/nowhere/at/all", []),
    ],
)
def test_broken_parts_are_marked(pointer: str, lines: list[str]) -> None:
    text = '{"status": "live", "items": [{"id": 1}, {"id": 2}], "call": {"to": "x"}}'
    assert marked(show_body(text, [pointer])) == lines


def test_lines_far_from_a_mark_are_folded() -> None:
    text = json.dumps({f"f{index}": index for index in range(40)})
    chunks = show_body(text, ["/f20"]).chunks
    assert [(chunk.is_folded, len(chunk.lines)) for chunk in chunks] == [(True, 19), (False, 5), (True, 18)]


def test_of_a_body_without_marks_the_beginning_is_shown() -> None:
    text = json.dumps({f"f{index}": index for index in range(40)})
    assert [(chunk.is_folded, len(chunk.lines)) for chunk in show_body(text).chunks] == [(False, 14), (True, 28)]


def test_no_fold_hides_less_than_it_takes() -> None:
    text = json.dumps({f"f{index}": index for index in range(14)})
    assert [chunk.is_folded for chunk in show_body(text).chunks] == [False]


def test_a_body_without_room_keeps_its_marked_lines_and_tells_its_length() -> None:
    text = json.dumps({f"f{index}": index for index in range(1000)})
    body = show_body(text, ["/f900"], room=100)
    assert (body.is_cut, body.length, marked(body)) == (True, len(text), ['"f900": 900,'])
    assert sum(map(len, texts(body))) < 200


def test_a_long_value_is_cut_with_its_length() -> None:
    (_, line, _) = texts(show_body(json.dumps({"a": "x" * 5000})))
    assert line.endswith("… (5,009 characters)")


@pytest.mark.parametrize("depth", [200, 100_000])
def test_deep_bodies_are_shown(depth: int) -> None:
    assert texts(show_body("[" * depth + "]" * depth))


def test_an_integer_that_python_converts_to_no_text_is_shown() -> None:
    assert texts(show_body(f'{{"a": {"9" * 5_000}}}', ["/a"]))[0] == "{"
