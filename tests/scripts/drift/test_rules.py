"""Changes to rules: each is told with its impact, and to whom it matters."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from scripts.drift.rules import compare_rules, is_about_rules
from spec.reader import Spec, parse_spec

ORDERS: Final = """\
openapi: 3.1.0
info: {title: Orders, version: 0.8.0}
paths:
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
  /orders/{id}:
    get:
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
components:
  schemas:
    Order:
      type: object
      properties:
        id:
          type: string
          x-rules:
            - name: id_is_text
              says: an id is no empty text
              when: response.id != null
              holds: response.id != ''
        state: {type: string}
"""
BOTH: Final = ("GET /orders/{id}", "POST /orders")
NEW: Final = """\
            - name: state_is_known
              says: a state is known
              holds: response.state != null
"""
SERVED: Final = "Servers must keep it, and readers of responses may rely on it."
LOST: Final = "Readers of responses can no longer rely on it."


def read(text: str) -> Spec:
    return parse_spec(Path("openapi.yaml"), text)


def changes(before: str, now: str) -> list[tuple[str, int, str, tuple[str, ...]]]:
    """The impact, line and message of each change to rules, and the operations whose responses it is about."""
    found = compare_rules(read(before), read(now))
    return [
        (change.impact, change.place.line, change.message, tuple(sorted(use.operation.label for use in change.uses)))
        for change in found
    ]


def test_an_added_rule_asks_more_of_servers_and_gives_more_to_readers() -> None:
    said = f"Rule `state_is_known` was added: a state is known. {SERVED}"
    now = ORDERS.replace("        state:", f"{NEW}        state:")
    assert changes(ORDERS, now) == [("compatible", 25, said, BOTH)]


def test_a_removed_rule_breaks_readers() -> None:
    before = ORDERS.replace("        state:", f"{NEW}        state:")
    said = f"Rule `state_is_known` was removed: a state is known. {LOST}"
    assert changes(before, ORDERS) == [("breaking", 20, said, BOTH)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("response.id != ''", "response.id != 'x'"),
        ("              when: response.id != null\n", ""),
        ("              when: response.id != null\n", "              when: response.state != null\n"),
    ],
)
def test_a_changed_rule_breaks_readers_and_asks_something_else_of_servers(old: str, new: str) -> None:
    said = (
        "Rule `id_is_text` was changed: an id is no empty text. "
        "Servers must keep it as it is now, and readers of responses can no longer rely on it as it was."
    )
    assert changes(ORDERS, ORDERS.replace(old, new)) == [("breaking", 21, said, BOTH)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("says: an id is no empty text", "says: an id is a text, and not empty"),
        ("              when:", "              x-provenance: inferred\n              when:"),
    ],
)
def test_other_words_for_a_rule_are_editorial(old: str, new: str) -> None:
    found = changes(ORDERS, ORDERS.replace(old, new))
    assert found == [("editorial", 21, "Rule `id_is_text` was reworded.", BOTH)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("response.id != ''", 'response.id  !=  ""'),
        ("        state: {type: string}", "        state: {type: string}\n        more: {type: string}"),
    ],
)
def test_another_spelling_is_no_change(old: str, new: str) -> None:
    assert changes(ORDERS, ORDERS.replace(old, new)) == []


def test_a_rule_that_moves_is_told_where_it_covers_other_operations() -> None:
    rule = "x-rules: [{name: it, says: it is so, holds: response.id != ''}]"
    of_all = ORDERS.replace("state: {type: string}", f"state: {{type: string, {rule}}}")
    of_one = ORDERS.replace("    post:\n", f"    post:\n      {rule}\n")
    gone = ("breaking", 6, f"Rule `it` no longer covers this operation. {LOST}", BOTH[:1])
    gained = ("compatible", 25, f"Rule `it` covers this operation now. {SERVED}", BOTH[:1])
    assert (changes(of_all, of_one), changes(of_one, of_all)) == ([gone], [gained])


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/components/schemas/A/x-rules", True),
        ("/components/schemas/A/x-rules/0/holds", True),
        ("/components/schemas/A/properties/x-rules/type", False),
        ("/components/schemas/A/type", False),
    ],
)
def test_a_place_in_rules_is_known_as_such(pointer: str, expected: bool) -> None:  # noqa: FBT001 - a row
    assert is_about_rules(pointer) is expected
