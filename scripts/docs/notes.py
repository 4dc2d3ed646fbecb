"""The notes that the reference adds to the spec's descriptions, in Markdown: rules, and who makes each statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spec.document import is_annotation, reference
from spec.output import markdown
from spec.reader import pointer_of, tokens
from spec.standing import NULL, NULLABLE, admits_null, find_standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spec.reader import Spec
    from spec.rules import Rule

LEGEND: Final = """\
A **rule** is a statement about a request and its response that no schema can make. It stands at the fields it names.

The **standing** of a statement tells you who makes it:

- `documented`: the vendor's documentation pages say or show it.
- `sdk`: only the vendor's SDKs have it.
- `inferred`: our reading of both.

Operations and responses without a standing are `documented`."""
"""Explains the notes."""
_FIELDS: Final = frozenset({"properties", "patternProperties", "$defs"})
"""Keywords that make no statement of their own: each schema below them has its own note."""
_OF_EACH: Final = ("items", "additionalProperties")
"""Keywords whose schema is about each item or value."""
_UNIONS: Final = ("anyOf", "oneOf", "allOf")


def rules_note(spec: Spec, rules: Iterable[Rule]) -> str:
    """A list of rules; empty if there are none."""
    lines = [_rule_line(spec, rule) for rule in rules]
    return "\n".join(["**Rules**", "", *lines]) if lines else ""


def standing_note(spec: Spec, pointer: str) -> str:
    """The standing of the statements that a schema, or another part of the spec, makes.

    Of its members, its items and the components that it refers to, those are told whose standing differs: a viewer
    shows no note of theirs.
    """
    base, own = find_standing(spec, pointer), _standings(spec, pointer)
    inner = {markdown(label): _standings(spec, part) for label, part in _parts(spec, pointer)}
    told = [own, *(f"{label}: {found}" for label, found in inner.items() if found != base and label not in own)]
    return f"*Standing: {'; '.join(told)}.*"


def _rule_line(spec: Spec, rule: Rule) -> str:
    condition = f"when {markdown(rule.when)}, " if rule.when else ""
    standing = find_standing(spec, f"{rule.pointer}/holds")
    return f"- {rule.says} ({markdown(rule.name)}, {standing}): {condition}{markdown(rule.holds)} holds"


def _standings(spec: Spec, pointer: str) -> str:
    """The standing of a part of the spec, and of each of its keywords that has another."""
    base = find_standing(spec, pointer)
    differing: dict[str, list[str]] = {}
    for keyword in _statements(spec.value(pointer)):
        if (standing := find_standing(spec, f"{pointer}{pointer_of([keyword])}")) != base:
            differing.setdefault(standing, []).append(markdown("null" if keyword == NULLABLE else keyword))
    return ", ".join([base, *(f"{' and '.join(keywords)} {standing}" for standing, keywords in differing.items())])


def _statements(value: dict[str, Any]) -> Iterator[str]:
    """Yields the keywords of a part of the spec that state something, and `nullable` for a member null."""
    yield from (keyword for keyword in value if not is_annotation(keyword) and keyword not in _FIELDS)
    if admits_null(value):
        yield NULLABLE


def _parts(spec: Spec, pointer: str, seen: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """Yields the parts of a schema that have no field of their own, at any depth, with their labels and pointers."""
    seen = {pointer} if seen is None else seen
    for label, part in _direct_parts(spec, pointer):
        if part not in seen:
            seen.add(part)
            yield label, part
            yield from _parts(spec, part, seen)


def _direct_parts(spec: Spec, pointer: str) -> Iterator[tuple[str, str]]:
    """Yields the component that a schema refers to, its items and values, and the members of its unions but null."""
    schema: dict[str, Any] = spec.value(pointer)
    if (target := reference(schema)) is not None:
        yield tokens(target)[-1], target
    yield from ((keyword, f"{pointer}/{keyword}") for keyword in _OF_EACH if isinstance(schema.get(keyword), dict))
    for union in _UNIONS:
        for index, member in enumerate(schema.get(union, [])):
            if member != NULL:
                yield _label(member, union), f"{pointer}/{union}/{index}"


def _label(member: dict[str, Any], union: str) -> str:
    """The name of a member that is no component: its type, or else the keyword of its union."""
    kinds = member.get("type", union)
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
