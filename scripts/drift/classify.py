"""The classification of changes to the spec, by their impact on users: breaking, compatible or editorial.

Redocly CLI finds the differences, and most of those that break. The rules here add the rest: differences of spelling
alone, differences that the schemas around them absorb, and kinds of breakage that Redocly CLI has no rule for.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from scripts.drift.case import Case, Classification
from scripts.drift.comparison import Comparison
from scripts.drift.differences import IMPACTS, Change, Difference
from scripts.drift.effects import effect_of
from scripts.drift.rules import compare_rules, is_about_rules
from scripts.drift.wording import describe, name_of
from spec.document import component, is_for_people
from spec.reader import ABSENT, escape, tokens

if TYPE_CHECKING:
    from spec.reader import Place, Spec

# Keywords whose absence means `false`.
_FALSE: Final = {"deprecated", "readOnly", "writeOnly"}


def classify(differences: list[Difference], base: Spec, spec: Spec) -> list[Change]:
    """Classifies the differences, but for that of the version itself, and compares the rules.

    Returns:
        The changes, the gravest first, and those of one impact in the order of the spec.
    """
    comparison = Comparison(base, spec)
    judged = [entry for entry in differences if entry.pointer != "/info/version" and not is_about_rules(entry)]
    cases = [Case(comparison, entry) for entry in judged]
    classifications = [next(found for rule in _RULES if (found := rule(case))) for case in cases]
    whole = Counter(found.pointer for found in classifications)
    changes = [
        _change(case, found, whole=whole[found.pointer] > 1) for case, found in zip(cases, classifications, strict=True)
    ]
    return sorted(dict.fromkeys([*changes, *compare_rules(base, spec)]), key=_gravity)


def _gravity(change: Change) -> tuple[int, Place, str]:
    return IMPACTS.index(change.impact), change.place, change.pointer


def _change(case: Case, found: Classification, *, whole: bool) -> Change:
    """The change that is reported for a case. `whole` reports the schema, because several of its keywords changed."""
    difference = case.difference
    schema = found.pointer if whole else None
    return Change(
        impact=found.impact,
        pointer=schema or difference.pointer,
        place=case.comparison.spec.place(schema or difference.pointer),
        message=found.message,
        uses=case.uses,
        operations=case.comparison.concerned(difference, case.uses),
        touched=(schema,) if schema else _touched(case),
    )


def _annotates(case: Case) -> Classification | None:
    """The difference is in text for people."""
    pointer = f"{case.difference.pointer}/{escape(case.difference.keyword or '')}"
    words = tokens(pointer)
    if is_for_people(pointer) or words[0] in {"info", "openapi", "tags"}:
        return Classification("editorial", describe(case.difference))
    return None


def _spells(case: Case) -> Classification | None:
    """The spelling differs and the meaning does not, or no data refers to the difference yet."""
    difference = case.difference
    new_component = difference.kind == "added" and component(difference.path) == difference.path
    same_schema = case.relation == "same"
    same_security = difference.type_name.startswith("Security") and case.comparison.keeps_security(difference)
    says_default = difference.keyword in _FALSE and not {difference.before, difference.after} - {ABSENT, False}
    if new_component or same_schema or same_security or says_default:
        return Classification("editorial", describe(case.difference))
    return None


def _is_absorbed(case: Case) -> Classification | None:
    """The schemas around the difference admit the same anyway: a name in a union with any string, for example."""
    if case.slot is None or case.relation is None or not case.comparison.is_absorbed(case.slot[1]):
        return None
    return Classification(
        "compatible", f"{describe(case.difference)} The schema around it admits the same values as before."
    )


def _reshapes(case: Case) -> Classification | None:
    """A schema became one branch of a union, or a union was reduced to one of its branches."""
    if case.slot is None or case.relation not in {"wider", "narrower"}:
        return None
    pointer, about_null = case.slot[1], case.comparison.is_about_null(case.slot)
    if case.relation == "wider":
        return case.classification(
            "wider", f"`{name_of(pointer)}` {'may be null now' if about_null else 'admits more values now'}.", pointer
        )
    change = "may no longer be null" if about_null else "admits fewer values now"
    return case.classification("narrower", f"`{name_of(pointer)}` {change}.", pointer)


def _affects_data(case: Case) -> Classification | None:
    """The difference has an effect on data that Redocly CLI does not see."""
    effect = effect_of(case)
    return case.classification(effect, describe(case.difference)) if effect else None


def _renames(case: Case) -> Classification | None:
    """The data stays the same, but a name in the generated code changes, and breaks the code that uses it."""
    difference = case.difference
    is_schema_gone = difference.kind == "removed" and difference.path.startswith("/components/schemas/")
    if is_schema_gone and component(difference.path) == difference.path:
        return Classification("breaking", f"{describe(case.difference)} The class generated from it goes with it.")
    if case.is_of("Parameter", "name"):
        return Classification(
            "breaking", f"{describe(case.difference)} The argument generated from it is renamed with it."
        )
    if case.is_of("Operation", "tags") and _first(difference.before) != _first(difference.after):
        return Classification(
            "breaking", f"{describe(case.difference)} The module generated for it is named after its first tag."
        )
    if case.is_of("Operation", "tags"):
        return Classification("editorial", describe(case.difference))
    return None


def _breaks(case: Case) -> Classification | None:
    """Redocly CLI has a rule for the difference."""
    return Classification("breaking", " ".join(case.difference.breaks)) if case.difference.breaks else None


def _adds(case: Case) -> Classification:
    """A difference that no other rule applies to breaks nobody."""
    return Classification("compatible", describe(case.difference))


def _touched(case: Case) -> tuple[str, ...]:
    """The pointers whose generated code the difference touches. For `required`, these are the properties concerned."""
    difference = case.difference
    pointer = difference.pointer
    if difference.keyword == "key" and difference.base:
        return (difference.base.pointer,)
    if difference.keyword != "required" or difference.type_name != "Schema":
        return (pointer,)
    before, after = (
        set(value) if isinstance(value, list) else set() for value in (difference.before, difference.after)
    )
    owner = pointer.removesuffix("/required")
    return tuple(f"{owner}/properties/{escape(str(name))}" for name in sorted(before ^ after))


def _first(tags: object) -> object:
    return tags[0] if isinstance(tags, list) and tags else None


_RULES: Final = (_annotates, _spells, _is_absorbed, _reshapes, _renames, _affects_data, _breaks, _adds)
