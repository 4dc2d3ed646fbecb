"""The contract on the page: its statements as a tree, and those that were never tried."""

from __future__ import annotations

from msgspec import structs

from contract_tests.report.page.tree import show_contract, state_of
from contract_tests.result.coverage import AnnotatedOperation, Body, BodyPart, Statement

KEPT = Statement(
    kind="member",
    words='"red"',
    pointer="/enum",
    location="s.yaml:2",
    standing="documented",
    tried=4,
    kept=3,
    violated=0,
    findings=(),
    gap=None,
)
VIOLATED = structs.replace(KEPT, violated=1, findings=(7,))
NEVER = structs.replace(KEPT, tried=0, kept=0, gap="no request had it")
UNJUDGED = structs.replace(KEPT, kept=0)


def part(name: str, depth: int, *statements: Statement) -> BodyPart:
    return BodyPart(
        name=name,
        depth=depth,
        pointer="",
        location="s.yaml:1",
        description="",
        seen_above=None,
        statements=statements,
    )


def operation(*parts: BodyPart, rules: tuple[Statement, ...] = ()) -> AnnotatedOperation:
    return AnnotatedOperation(label="POST /x", bodies=(Body(name="request", parts=parts),), rules=rules)


def test_a_statement_is_in_one_of_four_states() -> None:
    states = [state_of(each) for each in (VIOLATED, KEPT, UNJUDGED, NEVER)]
    assert states == ["violated", "kept", "not judged", "never tried"]


def test_parts_stand_within_those_that_they_are_parts_of() -> None:
    parts = (part("request", 0), part("a", 1, KEPT), part("b", 2, NEVER), part("c", 1, VIOLATED))
    ((shown,),) = (each.bodies for each in show_contract([operation(*parts)], [], ()))
    assert [(node.name, [inner.name for inner in node.parts]) for node in shown.parts] == [("a", ["b"]), ("c", [])]
    assert shown.totals == {"kept": 1, "never tried": 1, "violated": 1}


def test_parameters_and_each_body_stand_under_their_own_name() -> None:
    names = ("parameters", "request", "request text/csv", "200", "200 text/csv")
    bodies = tuple(Body(name=name, parts=(part(name, 0, NEVER),)) for name in names)
    (shown,) = show_contract([AnnotatedOperation(label="POST /x", bodies=bodies, rules=())], [], ())
    assert [node.name for node in shown.bodies] == [*names[:3], "response 200", "response 200 text/csv"]
    assert [gap.reason for gap in shown.gaps][:2] == ["parameters: no request had it", "request: no request had it"]


def test_a_statement_tells_how_often_it_was_tried_and_what_breaks_it() -> None:
    (shown,) = show_contract([operation(part("request", 0, VIOLATED, NEVER))], ["one", "two"], ())
    violated, never = shown.bodies[0].claims
    assert violated.counts == "tried 4, kept 3, violated 1"
    assert (violated.findings, violated.line) == ((7,), 2)
    assert never.counts == "never tried: no request had it"


def test_what_was_never_tried_stands_by_its_reason_and_its_place() -> None:
    blue = structs.replace(NEVER, words='"blue"')
    parts = (part("request", 0), part("a", 1), part("[]", 2, NEVER, blue, KEPT), part("(Card)", 2, NEVER))
    rule = structs.replace(NEVER, kind="rule", words="a_rule: it holds", gap="no occasion")
    (shown,) = show_contract([operation(*parts, rules=(rule,))], [], ["a_rule"])
    assert [(gap.reason, gap.count, gap.names) for gap in shown.gaps] == [
        ("request: no request had it", 3, ('a[]: "red", "blue"', 'a(Card): "red"')),
        ("rules: no occasion", 1, ("a_rule",)),
    ]


def test_a_rule_that_is_no_check_is_no_gap() -> None:
    rule = structs.replace(NEVER, kind="rule", words="a_rule: it holds", gap="another check judges it")
    (shown,) = show_contract([operation(part("request", 0), rules=(rule,))], [], ["another"])
    assert shown.gaps == ()
