"""Expressions: what they name, what is true of which values, and where they have no truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from unittest.mock import Mock

import pytest

from spec.expressions import Expression, compile_expressions, same_meaning

if TYPE_CHECKING:
    from spec.json_value import Json

RESPONSE: Final = {
    "state": "open",
    "pieces": 5,
    "price": 5.0,
    "is_paid": True,
    "owner": None,
    "parts": [{"kind": "bolt"}, {}],
    "big": 2**64,
    "half": "\ud800",
    "at": "2026-01-31T09:30:00Z",
}


def compiled(text: str) -> Expression:
    (expression,) = compile_expressions([text])
    assert isinstance(expression, Expression)
    return expression


def value(names: tuple[str, ...]) -> Json:
    found: Any = {"response": RESPONSE, "status": 200}
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def is_not_open(given: Json) -> bool:
    return bool(given != "open")


def are_equal(asked: Json, used: Json) -> bool:
    return bool(asked == used)


def spell_question(key: Json, call: str) -> Json:
    return f"{call} of {key}"


def truth(text: str) -> bool | None:
    return compiled(text).evaluate(value, {"is_new": is_not_open, "echoes": are_equal, "previous": spell_question})


@pytest.mark.parametrize(
    "text",
    [
        "response.state == 'open' && status == 200",
        "response.missing == null && response.missing.at.any.depth == null && response.owner.name == null",
        "null == response.missing",
        "response.owner == null && response.parts != null",
        "response.missing != 'open'",
        "previous(response.state, response.pieces) == 'previous(response.state, response.pieces) of open'",
        "request == null && request.field == null",
        "response.pieces == response.price && response.pieces > 4.5",
        "response.is_paid != 1",
        "response.parts.all(part, part.kind == null || part.kind == 'bolt')",
        "response.parts[1].kind == null && response.parts[1].maker.name == null",
        "response.parts.all(part, part.maker.town.name == null)",
        "response.parts.all(part, part.maker == null || part.maker.name == 'x')",
        "response['state'] == 'open' && response['missing'] == null && response.missing['at'] == null",
        "response.parts == [{'kind': 'bolt'}, {}]",
        "timestamp(response.at) == timestamp('2026-01-31T10:30:00+01:00')",
        "is_new(response.pieces)",
        "echoes(response.pieces, response.price) && response.state == 'open'",
        "!is_new(response.state) && echoes(response.owner, response.missing)",
        "response.missing == 'x' || response.state == 'open'",
        "response.pieces == -5 || response.pieces == 5u || response.price == 5.0",
    ],
)
def test_is_true(text: str) -> None:
    assert truth(text) is True


@pytest.mark.parametrize(
    "text",
    ["response.state == 'shut'", "response.missing != null", "is_new(response.state)", "response.is_paid == 1"],
)
def test_is_false(text: str) -> None:
    assert truth(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "response.state < 5",
        "response.missing > 5",
        "timestamp(response.state) < timestamp(response.at)",
        "timestamp(response.missing) < timestamp(response.at)",
        "response.parts[9].kind == null",
        "response.missing.startsWith('a')",
        "response.big > 5",
        "response.half == 'a'",
        "response.state",
    ],
)
def test_has_no_truth(text: str) -> None:
    assert truth(text) is None


def test_one_and_true_are_remembered_apart() -> None:
    expression, given = compiled("response.a == 1"), iter((1, True, 1.0))
    assert [expression.evaluate(lambda _: next(given), {}) for _ in range(3)] == [True, False, True]


def test_a_function_that_is_not_reached_is_not_called() -> None:
    is_new = Mock()
    assert compiled("response.state == 'open' || is_new(response.pieces)").evaluate(value, {"is_new": is_new})
    is_new.assert_not_called()


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("response.a.b == request.a && status == 200", ["response.a.b", "request.a", "status"]),
        ("response.a == null || response.a.b == 1", ["response.a", "response.a.b"]),
        ("response.items.all(item, item.a == 1)", ["response.items", "response.items[].a"]),
        ("response.items.all(response, response.a == 1)", ["response.items", "response.items[].a"]),
        ("is_new(response.a)", ["response.a"]),
        ("'response.a' == \"request.b\"", []),
        ("[response.a, {'b': response.c}].size() > 1", ["response.a", "response.c"]),
    ],
)
def test_the_fields_that_are_named(text: str, fields: list[str]) -> None:
    assert [str(field) for field in compiled(text).fields] == fields


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("response.a == 1", "response.a  ==\n1", True),
        ("response.a == 'x'", 'response.a == "x"', True),
        ("response.a == 'x  y'", "response.a == 'x y'", False),
        ("response.a == 1", "response.a == 2", False),
        ("response.a == 1.5e3 && b'a' == b''", "response.a == 1500.0 && b'a' == b''", True),
        ("response.a ==", "response.a ==", True),
        ("response.a ==", "response.a == 1", False),
        (None, "true", False),
        (None, None, True),
    ],
)
def test_expressions_that_differ_in_spelling_alone_mean_the_same(
    first: str | None,
    second: str | None,
    expected: bool,  # noqa: FBT001 - a test's row
) -> None:
    assert same_meaning(first, second) is expected
