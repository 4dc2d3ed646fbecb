"""Things that were not sent, by their reasons and operations."""

from __future__ import annotations

from contract_tests.report.left_out import count_left_out, describe_left_out

LABELS = ("GET /a", "POST /a", "PUT /a/{id}", "POST /b", "POST /c", "POST /d")


def told(*texts: str) -> list[str]:
    return list(describe_left_out("withheld", texts, LABELS, "the limits of this target"))


def of_each(words: str, *labels: str) -> list[str]:
    return [f"{label}: {words}" for label in labels or LABELS]


def test_nothing_is_told_of_nothing() -> None:
    assert told() == []


def test_a_few_things_are_told_as_they_are() -> None:
    few = ("POST /a: size: 3 (no)", "POST /b: size: 4", "PUT /a/{id} (it may change things)")
    assert told(*few) == [f"withheld: {', '.join(few)}"]


def test_things_are_told_by_their_reasons() -> None:
    assert told(
        "POST /a: size: 5, beyond 32 bits",
        "POST /a: kind: 4 further members (--thorough tries them)",
        "POST /b: kind: 2 further members (--thorough tries them)",
        "POST /a: size: 6 (it is not on the list)",
    ) == [
        "withheld (4):",
        "  the limits of this target: POST /a: size: 5, beyond 32 bits",
        "  --thorough tries them (2): POST /a: kind: 4 further members; POST /b: kind: 2 further members",
        "  it is not on the list: POST /a: size: 6",
    ]


def test_many_things_of_one_operation_are_told_by_the_first_of_them() -> None:
    assert told(*(f"POST /a: size: {number} (no)" for number in range(5))) == [
        "withheld (5):",
        "  no (5): POST /a: size: 0; size: 1; size: 2 and 2 more",
    ]


def test_many_things_of_several_operations_are_told_by_operation() -> None:
    assert told(*of_each("size: 1 (no)"), "POST /a: size: 2 (no)") == [
        "withheld (7):",
        "  no (7): GET /a, POST /a (2), PUT /a/{id}, POST /b and 2 more operations",
    ]


def test_the_same_thing_of_several_operations_is_told_once() -> None:
    assert told(*of_each("the body: combinations (--thorough makes them)")) == [
        "withheld (6):",
        "  --thorough makes them (6): combinations, for GET /a, POST /a, PUT /a/{id}, POST /b and 2 more operations",
    ]


def test_operations_that_are_left_out_as_a_whole_are_told_by_name() -> None:
    assert told(*(f"{label} (it may change {{things}} (of others))" for label in LABELS)) == [
        "withheld (6):",
        "  it may change {things} (of others) (6): GET /a, POST /a, PUT /a/{id}, POST /b and 2 more operations",
    ]


def test_reasons_that_differ_in_a_place_alone_are_one() -> None:
    places = [f"POST /a: {name}: a text (--data /in/{name}=TEXT gives it)" for name in "abc"]
    assert told(*places, "POST /a: d: 1 (none was made: /paths/~1a/post)") == [
        "withheld (4):",
        "  --data …=TEXT gives it (3): POST /a: a: a text; b: a text; c: a text",
        "  none was made: /paths/~1a/post: POST /a: d: 1",
    ]


def test_a_contract_with_one_operation_names_none() -> None:
    texts = [f"size: {number} (no)" for number in range(4)]
    assert list(describe_left_out("withheld", texts, ("POST /a",), "")) == [
        "withheld (4):",
        "  no (4): size: 0; size: 1; size: 2 and 1 more",
    ]


def test_long_things_and_many_reasons_are_cut() -> None:
    lines = told(*(f"POST /a: {'x' * 200} ({number} reasons)" for number in range(10)))
    assert len(lines) == 10
    assert max(map(len, lines)) < 150
    assert lines[-1] == "  and 2 more reasons, in result.json"


def test_a_thing_without_an_operation_stands_beside_those_that_have_one() -> None:
    assert told(*of_each("x: 1 (no)", *LABELS[:3]), "a probe (no)") == [
        "withheld (4):",
        "  no (4): GET /a, POST /a, PUT /a/{id}, others",
    ]


def test_the_reasons_fit_into_a_line() -> None:
    texts = [*of_each("size: 1 (no)"), "POST /a: size: 2", "POST /a: to (/in/to is unknown)"]
    assert list(count_left_out("cut off", texts, LABELS, "the limits")) == [
        "cut off (8): no (6); the limits; /in/to is unknown",
    ]


def test_a_few_things_are_their_own_line() -> None:
    assert list(count_left_out("cut off", ["a (no)", "b"], LABELS, "")) == ["cut off: a (no), b"]
    assert list(count_left_out("cut off", [], LABELS, "")) == []
