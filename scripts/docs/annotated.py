"""The spec as the reference shows it: with its rules and standings in the descriptions."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from scripts.docs.notes import LEGEND, rules_note, standing_note
from spec.document import component, is_for_people, keywords, reference
from spec.domains import find_field
from spec.operations import json_bodies
from spec.reader import tokens, value_at
from spec.rules import KEYWORD as RULES
from spec.rules import compile_rules
from spec.standing import MARK, NULL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.document import Keyword
    from spec.expressions import Expression
    from spec.reader import Spec
    from spec.rules import Rule

_UNIONS: Final = ("anyOf", "oneOf")


def annotate(spec: Spec) -> dict[str, Any]:
    """The document for viewers: a copy of the spec's, whose descriptions have its rules and standings.

    Raises:
        SpecError: a rule is unsound.
    """
    places = _places(spec)
    document = copy.deepcopy(spec.document)
    for pointer, rules in places.items():
        _describe(value_at(document, pointer), rules_note(spec, rules), standing_note(spec, pointer))
    for pointer in places:
        _describe_members(spec, document, pointer)
    _describe(document["info"], LEGEND)
    return document


def _places(spec: Spec) -> dict[str, list[Rule]]:
    """The parts of the spec that get notes, each with the rules that are about it."""
    noted = (each.pointer.rpartition("/")[0] for each in keywords(spec.document) if _asks_for_notes(each))
    places: dict[str, list[Rule]] = {pointer: [] for pointer in noted if not is_for_people(pointer)}
    for rule, pointers in _rules(spec):
        for pointer in pointers:
            places.setdefault(pointer, []).append(rule)
    return places


def _asks_for_notes(keyword: Keyword) -> bool:
    return keyword.name == MARK or (keyword.name == "description" and keyword.in_schema)


def _rules(spec: Spec) -> Iterator[tuple[Rule, set[str]]]:
    """Yields each rule with the pointers of what it is about: where it stands, and each field that it names."""
    for rule, when, holds in compile_rules(spec):
        owner = rule.pointer.removesuffix(f"/{RULES}/{tokens(rule.pointer)[-1]}")
        fields = _fields(holds) or (_fields(when) if when else set())
        yield rule, {owner, *(pointer for field in fields for pointer in _pointers(spec, rule, *field))}


def _fields(condition: Expression) -> set[tuple[str, str]]:
    """The fields of a body's first level that a condition names: `request` or `response`, and the field's name."""
    return {(field.path[0], field.path[1]) for field in condition.fields if len(field.path) > 1}


def _pointers(spec: Spec, rule: Rule, direction: str, name: str) -> list[str]:
    """The schemas of a field in the bodies that a rule is about."""
    bodies = [
        body.pointer
        for body in json_bodies(spec.document)
        if body.operation in rule.operations and body.direction == direction and body.is_of_accepted
    ]
    return find_field(spec.document, bodies, [name]) or []


def _describe(value: dict[str, Any], *texts: str) -> None:
    """Adds paragraphs to a description."""
    value["description"] = "\n\n".join(filter(None, [value.get("description", "").rstrip(), *texts]))


def _describe_members(spec: Spec, document: dict[str, Any], pointer: str) -> None:
    """Gives the members of a field's union the field's description: viewers show theirs in its place."""
    schema = value_at(document, pointer)
    for union in _UNIONS if component(pointer) != pointer else ():
        for index, member in enumerate(schema.get(union, [])):
            if member != NULL:
                own = spec.value(f"{pointer}/{union}/{index}")
                text = own.get("description") or _description_of_target(spec, own)
                member["description"] = "\n\n".join(filter(None, [schema.get("description"), text]))


def _description_of_target(spec: Spec, schema: dict[str, Any]) -> str | None:
    """The description of the component that a schema refers to, if it refers to one that has any."""
    target = reference(schema)
    return spec.value(target).get("description") if target else None
