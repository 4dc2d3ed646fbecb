"""Rules in a spec: which operations they are about, and that an unsound one is refused with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from spec.paths import SPEC
from spec.reader import SpecError, parse_spec, read_spec
from spec.rules import compile_rules, find_unsound_rules, read_rules

PATH: Final = Path("openapi.yaml")
ORDERS: Final = """\
openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    post:
      x-rules:
        - {name: first, says: an order is open at first, holds: response.state == 'open'}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}}
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '422': {description: No., content: {application/json: {schema: {type: object, properties: {why: {}}}}}}
  /orders/{id}:
    get:
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
components:
  schemas:
    NewOrder: {type: object, properties: {pieces: {type: integer}, notes: {type: object}}}
    Order:
      type: object
      properties:
        state: {type: string, enum: [open, closed]}
        pieces: {type: integer}
        is_paid: {type: boolean}
        closed_at:
          type: [string, 'null']
          x-rules:
            - name: rule
              says: a rule of each test's own
              holds: HOLDS
        notes: {type: object}
        parts: {type: array, items: {$ref: '#/components/schemas/Part'}}
        size: {enum: [1, 2.0]}
        label: {anyOf: [{type: string, enum: [small]}, {type: 'null'}]}
        price: {allOf: [{type: number}, {minimum: 0}]}
    Part: {type: object, properties: {kind: {enum: [bolt, nut]}, part: {$ref: '#/components/schemas/Part'}}}
    Unused: {type: object}
"""
SOUND: Final = "response.state == 'closed'"
BOTH: Final = "POST /orders", "GET /orders/{id}"
LINE: Final = 30
"""The line of `holds` in `ORDERS`."""


def unsound(text: str) -> list[str]:
    """What is wrong with the rules of a spec, each with line and column."""
    problems = find_unsound_rules(parse_spec(PATH, text))
    return [f"{problem.place.line}:{problem.place.column}: {problem.message}" for problem in problems]


def with_rule(holds: str) -> str:
    return ORDERS.replace("HOLDS", f'"{holds}"')


def test_a_rule_is_about_the_operations_that_it_stands_below() -> None:
    first, rule = read_rules(parse_spec(PATH, with_rule(SOUND)))
    assert [operation.label for operation in first.operations] == ["POST /orders"]
    assert {operation.label for operation in rule.operations} == {*BOTH}
    assert (rule.name, rule.when, rule.holds) == ("rule", None, SOUND)


@pytest.mark.parametrize("holds", ["path.id == 'a'", "is_known(path.id)"])
def test_a_variable_of_the_path_has_the_schema_of_its_parameter(holds: str) -> None:
    parameters = "      parameters: [{name: id, in: path, required: true, schema: {type: TYPE}}]\n"
    rule = f'      x-rules: [{{name: of_the_path, says: one, holds: "{holds}"}}]\n'
    text = with_rule(SOUND).replace("    get:\n", f"    get:\n{rule}{parameters}")
    assert unsound(text.replace("TYPE", "string")) == []
    assert len(unsound(text.replace("TYPE", "integer"))) == ("==" in holds)


def test_a_variable_that_the_path_of_an_operation_lacks_is_refused() -> None:
    said = "`holds` names path.id, which the path of"
    assert unsound(with_rule("path.id == 'a'")) == [f"{LINE}:15: {said} {label} does not have" for label in BOTH]


def test_a_property_named_like_the_keyword_is_none() -> None:
    assert len(read_rules(parse_spec(PATH, with_rule(SOUND).replace("notes:", "x-rules:")))) == 2


@pytest.mark.parametrize(
    "holds",
    [
        SOUND,
        "response.closed_at == null || timestamp(response.closed_at) < timestamp('2026-01-31T09:30:00Z')",
        "response.state in ['open', 'closed'] && status == 200",
        "response.pieces == 1 && response.pieces < 2.5 && response.price > 1",
        "response.notes.anything == 'x' && response.notes.at.any.depth == 5",
        "response.parts.all(part, part.kind == 'bolt' && part.part.part.kind == null)",
        "response.parts[0].kind == 'nut' && response['state'] == 'open'",
        "size(response.parts) > 0 && response.state.startsWith('o')",
        "response.is_paid",
        "response.size == 2 || response.size == 1.0",
        "response.label == null || response.label == 'small'",
        "response.is_paid ? response.state == 'closed' : response.state == 'open'",
        "is_new(response.pieces) && response.state != null",
        "echoes(response.notes, response.parts)",
        "previous(response.pieces, response.state) == 'open' || previous(response.pieces, response.price) > 1",
        "previous(response.pieces, response.is_paid)",
    ],
)
def test_a_sound_rule_has_no_problem(holds: str) -> None:
    assert unsound(with_rule(holds)) == []


@pytest.mark.parametrize(
    ("holds", "message"),
    [
        ("response.state ==", "does not compile: column 18: Syntax error: mismatched input '<EOF>'"),
        ("lower(response.state) == 'a'", "does not compile: column 6: undeclared reference to 'lower'"),
        ("order.state == 'open'", "does not compile: column 6: undeclared reference to 'order.state'"),
        ("has(response.state)", "does not compile: column 4: has() is not needed: an absent field reads as null"),
        ("is_new('a')", "does not compile: column 7: is_new() takes a field, such as `response.id`"),
        ("echoes(response.state)", "does not compile: column 7: echoes() takes 2 fields, such as `response.id`"),
        (
            "is_new(response.pieces) || response.pieces == 1",
            "does not compile: column 1: `response.pieces` stands in is_new() and outside of it; move one to `when`",
        ),
        (
            "is_known(response.pieces)",
            "asks is_known() for response.pieces, and links hand over variables of the path, such as `path.id`",
        ),
        (
            "previous(response.pieces, response.state) == 'lost'",
            'says `previous() == "lost"`, but the two can never be equal',
        ),
        (
            "previous(response.pieces, response.parts) == null",
            "asks previous() for response.parts, and no object or array is remembered",
        ),
        ("response.state == 'lost'", 'says `response.state == "lost"`, but the two can never be equal'),
        ("response.state != 'lost'", 'says `response.state != "lost"`, but the two can never be equal'),
        ("response.state in ['open', 'lost']", 'says `response.state in ["lost"]`, but the two can never be equal'),
        ("response.pieces == '1'", 'says `response.pieces == "1"`, but the two can never be equal'),
        (
            "response.pieces == response.state",
            "says `response.pieces == response.state`, but the two can never be equal",
        ),
        ("response.size == 3", "says `response.size == 3`, but the two can never be equal"),
        ("response.label == 'large'", 'says `response.label == "large"`, but the two can never be equal'),
        ("response.price == true", "says `response.price == true`, but the two can never be equal"),
        ("status == '200'", 'says `status == "200"`, but the two can never be equal'),
        (
            "timestamp(response.closed_at) == response.closed_at",
            "says `timestamp() == response.closed_at`, but the two can never be equal",
        ),
        ("response.pieces < '5'", 'says `response.pieces < "5"`, but the two have no order'),
        ("response.state", "gives response.state, which is neither true nor false"),
        ("response.pieces && response.is_paid", "takes response.pieces for true or false, which it never is"),
        ("!response.state", "takes response.state for true or false, which it never is"),
        ("status.code == 1", "names status.code, and status is a number"),
        (
            "response.parts.all(p, p.kind == 'screw')",
            'says `response.parts[].kind == "screw"`, but the two can never be equal',
        ),
    ],
)
def test_an_unsound_condition_is_refused_with_its_line(holds: str, message: str) -> None:
    assert unsound(with_rule(holds)) == [f"{LINE}:15: `holds` {message}"]


@pytest.mark.parametrize("field", ["response.stat", "response.parts[0].sort", "response.why", "response.state.name"])
def test_a_field_that_no_schema_has_is_named_for_each_operation(field: str) -> None:
    holds = f"{field} == null"
    named = field.replace("[0]", "[]")
    message = f"{LINE}:15: `holds` names {named}, which no schema of the response of"
    assert unsound(with_rule(holds)) == [f"{message} {label} has" for label in BOTH]


def test_a_rule_must_be_sound_for_every_operation_that_it_is_about() -> None:
    (problem,) = unsound(with_rule("request.pieces == response.pieces"))
    assert problem.endswith("`holds` names request.pieces, which no schema of the request of GET /orders/{id} has")


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            "name: rule",
            "name: first",
            ["28:15: a second rule is named first"],
        ),
        (
            "              says: a rule of each test's own\n",
            "",
            ["28:15: the rule has no `says`"],
        ),
        ("says: a rule of each test's own", "says: ''", ["29:15: `says` must be a text"]),
        ("name: rule", "name: [rule]", ["28:15: `name` must be a text"]),
        (
            "name: rule",
            "name: rule\n              then: true",
            ["29:15: `then` is not a key of a rule, which has name, says, when and holds"],
        ),
        (
            "name: rule",
            "name: rule\n              when: response.is_open",
            [f"29:15: `when` names response.is_open, which no schema of the response of {label} has" for label in BOTH],
        ),
        (
            "    Unused: {type: object}",
            "    Unused: {x-rules: [{name: idle, says: nothing, holds: status == 200}]}",
            ["37:24: the rule idle stands below no operation, and is never judged"],
        ),
        (
            "    Unused: {type: object}",
            "    Unused: {x-rules: none}",
            ["37:14: is no rule: write a list of rules, each with `name`, `says` and `holds`"],
        ),
        (
            "    Unused: {type: object}",
            "    Unused: {x-rules: [none]}",
            ["37:24: is no rule: write a list of rules, each with `name`, `says` and `holds`"],
        ),
    ],
)
def test_an_unsound_rule_is_refused_with_its_line(old: str, new: str, messages: list[str]) -> None:
    assert sorted(unsound(with_rule(SOUND).replace(old, new))) == sorted(messages)


def test_an_unsound_rule_is_not_compiled() -> None:
    with pytest.raises(SpecError, match=f"openapi.yaml:{LINE}:15: `holds` does not compile"):
        compile_rules(parse_spec(PATH, with_rule("response.")))


def test_the_guide_shows_what_is_said_of_an_unsound_rule() -> None:
    text = SPEC.read_text().replace("response.status != 'ended'", "response.status != 'finished'", 1)
    spec = parse_spec(Path("spec", "openapi.yaml"), text)
    said = str(spec.error(find_unsound_rules(spec)))
    assert f"```text\n{said}\n```" in (SPEC.parents[1] / "docs" / "change-the-spec.md").read_text()


def test_the_specs_own_rules_are_sound() -> None:
    assert find_unsound_rules(read_spec(SPEC)) == []
