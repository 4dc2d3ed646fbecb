"""The effects of differences that Redocly CLI has no rule for, or judges without looking far enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spec.reader import ABSENT, tokens

if TYPE_CHECKING:
    from scripts.drift.case import Case, Effect


def effect_of(case: Case) -> Effect | None:
    """The effect of a difference on the data that may travel, if it is one of those known here."""
    return next((effect for rule in _RULES if (effect := rule(case))), None)


def _property(case: Case) -> Effect | None:
    """A removed property is missed by those who send it too. A new one is news where no other was allowed."""
    difference = case.difference
    if difference.type_name == "SchemaProperties" and difference.kind == "removed":
        return "different"
    if difference.map != "properties" or difference.type_name != "Schema":
        return None
    if difference.kind == "removed" or difference.keyword == "key":
        return "different"
    closed = difference.kind == "added" and case.slot and case.comparison.was_closed(case.slot)
    return "wider" if closed else None


def _default(case: Case) -> Effect | None:
    """A changed default changes the meaning of an absent value. A default stated for the first time breaks nobody."""
    return "different" if case.is_of("Schema", "default") and case.difference.before is not ABSENT else None


def _discriminator(case: Case) -> Effect | None:
    """A discriminator decides which schema a value chooses."""
    if case.is_of("Discriminator", "propertyName"):
        return "different"
    if case.difference.map != "mapping" or case.difference.kind == "modified":
        return None
    return "wider" if case.difference.kind == "added" else "narrower"


def _one_way(case: Case) -> Effect | None:
    """A read-only property is no longer accepted. A write-only one is no longer returned."""
    if case.difference.after is not True:
        return None
    return "narrower" if case.is_of("Schema", "readOnly") else "wider" if case.is_of("Schema", "writeOnly") else None


def _multiple(case: Case) -> Effect | None:
    """Every multiple of 4 is a multiple of 2."""
    before, after = case.difference.before, case.difference.after
    if not case.is_of("Schema", "multipleOf") or not all(isinstance(value, int) and value for value in (before, after)):
        return None
    return "wider" if before % after == 0 else "narrower" if after % before == 0 else "different"


def _whole_schema(case: Case) -> Effect | None:
    """A new schema for a body, or for properties by pattern, limits data that nothing limited before."""
    difference = case.difference
    by_pattern = difference.type_name == "PatternProperties" or difference.map == "patternProperties"
    of_a_body = difference.type_name == "Schema" and tokens(difference.path)[-1] == "schema"
    if difference.kind == "modified" or not (by_pattern or of_a_body):
        return None
    return "narrower" if difference.kind == "added" else "wider"


def _required_body(case: Case) -> Effect | None:
    """A request must now have a body, and had none before."""
    body = case.difference.after
    is_new = case.difference.type_name == "RequestBody" and case.difference.kind == "added"
    return "narrower" if is_new and isinstance(body, dict) and body.get("required") is True else None


_RULES: Final = (_property, _default, _discriminator, _one_way, _multiple, _whole_schema, _required_body)
