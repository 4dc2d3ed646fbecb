"""Things that were not sent, by their reasons and operations."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from contract_tests.report.left_out import count_left_out, describe_left_out, name_operations
from contract_tests.result.scope import LeftOut
from tests.support.pages import lax_result
from tests.support.results import in_words

LABELS = ("GET /a", "POST /a", "PUT /a/{id}", "POST /b", "POST /c", "POST /d")


def left_out(operation: str | None, thing: str | None, reason: str | None = None) -> LeftOut:
    return LeftOut(operation=operation, thing=thing, reason=reason)


def of_each(thing: str | None, reason: str, *labels: str) -> list[LeftOut]:
    return [left_out(label, thing, reason) for label in labels or LABELS]


def told(*things: LeftOut) -> list[str]:
    return list(describe_left_out("withheld", things, "the limits of this target"))


def test_nothing_is_told_of_nothing() -> None:
    assert told() == []


def test_a_few_things_are_told_as_they_are() -> None:
    few = (
        left_out("POST /a", "size: 3", "no"),
        left_out("POST /b", "size: 4"),
        left_out("PUT /a/{id}", None, "it may change things"),
    )
    assert told(*few) == ["withheld: POST /a: size: 3 (no), POST /b: size: 4, PUT /a/{id} (it may change things)"]


def test_things_are_told_by_their_reasons() -> None:
    assert told(
        left_out("POST /a", "size: 5, beyond 32 bits"),
        left_out("POST /a", "kind: 4 further members", "--thorough tries them"),
        left_out("POST /b", "kind: 2 further members", "--thorough tries them"),
        left_out("POST /a", "size: 6", "it is not on the list"),
    ) == [
        "withheld (4):",
        "  the limits of this target: POST /a: size: 5, beyond 32 bits",
        "  --thorough tries them (2): POST /a: kind: 4 further members; POST /b: kind: 2 further members",
        "  it is not on the list: POST /a: size: 6",
    ]


def test_many_things_of_one_operation_are_told_by_the_first_of_them() -> None:
    assert told(*(left_out("POST /a", f"size: {number}", "no") for number in range(5))) == [
        "withheld (5):",
        "  no (5): POST /a: size: 0; size: 1; size: 2 and 2 more",
    ]


def test_many_things_of_several_operations_are_told_by_operation() -> None:
    assert told(*of_each("size: 1", "no"), left_out("POST /a", "size: 2", "no")) == [
        "withheld (7):",
        "  no (7): GET /a, POST /a (2), PUT /a/{id}, POST /b and 2 more operations",
    ]


def test_the_same_thing_of_several_operations_is_told_once() -> None:
    assert told(*of_each("the body: combinations", "--thorough makes them")) == [
        "withheld (6):",
        "  --thorough makes them (6): combinations, for GET /a, POST /a, PUT /a/{id}, POST /b and 2 more operations",
    ]


def test_operations_that_are_left_out_as_a_whole_are_told_by_name() -> None:
    assert told(*of_each(None, "it may change {things} (of others)")) == [
        "withheld (6):",
        "  it may change {things} (of others) (6): GET /a, POST /a, PUT /a/{id}, POST /b and 2 more operations",
    ]


def test_a_thing_that_ends_in_parentheses_has_no_reason_in_them() -> None:
    own = [left_out("POST /a", f"size: the target's own ({number})", "no") for number in range(4)]
    assert told(*own)[1].startswith("  no (4): POST /a: size: the target's own (0); size: the target's own (1); ")


def test_reasons_that_differ_in_a_place_alone_are_one() -> None:
    places = [left_out("POST /a", f"{name}: a text", f"--data /in/{name}=TEXT gives it") for name in "abc"]
    assert told(*places, left_out("POST /a", "d: 1", "none was made: /paths/~1a/post")) == [
        "withheld (4):",
        "  --data …=TEXT gives it (3): POST /a: a: a text; b: a text; c: a text",
        "  none was made: /paths/~1a/post: POST /a: d: 1",
    ]


def test_a_contract_with_one_operation_names_it_only_where_it_is_left_out_as_a_whole() -> None:
    result = lax_result()
    things = [left_out("POST /a", "size: 1", "no"), left_out("POST /a", None, "no")]
    assert in_words(name_operations(result, things)) == ("POST /a: size: 1 (no)", "POST /a (no)")
    of_one: dict[str, Any] = {"contract": result.contract[:1]}
    assert in_words(name_operations(structs.replace(result, **of_one), things)) == ("size: 1 (no)", "POST /a (no)")


def test_long_things_and_many_reasons_are_cut() -> None:
    lines = told(*(left_out("POST /a", "x" * 200, f"{number} reasons") for number in range(10)))
    assert len(lines) == 10
    assert max(map(len, lines)) < 150
    assert lines[-1] == "  and 2 more reasons, in result.json"


def test_a_thing_without_an_operation_stands_beside_those_that_have_one() -> None:
    assert told(*of_each("x: 1", "no", *LABELS[:3]), left_out(None, "a probe", "no")) == [
        "withheld (4):",
        "  no (4): GET /a, POST /a, PUT /a/{id}, others",
    ]


def test_the_reasons_fit_into_a_line() -> None:
    things = [
        *of_each("size: 1", "no"),
        left_out("POST /a", "size: 2"),
        left_out("POST /a", "to", "/in/to is unknown"),
    ]
    assert list(count_left_out("cut off", things, "the limits")) == [
        "cut off (8): no (6); the limits; /in/to is unknown",
    ]


def test_a_few_things_are_their_own_line() -> None:
    few = [left_out(None, "a", "no"), left_out(None, "b")]
    assert list(count_left_out("cut off", few, "")) == ["cut off: a (no), b"]
    assert list(count_left_out("cut off", [], "")) == []
