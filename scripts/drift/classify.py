"""What a change to the spec means to those who use the contract: breaking, compatible or editorial.

Redocly CLI finds the differences, and most of what breaks. The rest is here: which differences are of spelling only,
which the schemas around them swallow, and the breaking kinds that Redocly CLI has no rule for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from scripts.document import ABSENT, Direction, Use, component, is_for_people
from scripts.drift.comparison import Comparison, Slot
from scripts.drift.differences import IMPACTS, Change, Difference, Impact
from scripts.drift.meaning import BESIDE, Relation
from scripts.drift.wording import describe, name_of
from spec.reader import escape, tokens

if TYPE_CHECKING:
    from spec.reader import Spec

Effect = Literal["wider", "narrower", "different"]
"""What a change does to the data that may travel: more may, less may, or other may."""

_HURT: Final[dict[Effect, set[Direction]]] = {
    "wider": {"response"},
    "narrower": {"request"},
    "different": {"request", "response"},
}
# False where they do not stand.
_FALSE: Final = {"deprecated", "readOnly", "writeOnly"}


@dataclass(frozen=True)
class Verdict:
    """What a difference means. `pointer` leads to the schema that it is about as a whole, if it is."""

    impact: Impact
    message: str
    pointer: str | None = None


@dataclass(frozen=True)
class Case:
    """A difference, with what is known of it."""

    comparison: Comparison
    difference: Difference

    @cached_property
    def slot(self) -> Slot | None:
        """The nearest schema around it that both specs have."""
        return self.comparison.slot(self.difference)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Who sends or gets what it is about."""
        return self.comparison.uses(self.difference, self.slot)

    @cached_property
    def relation(self) -> Relation | None:
        """How that schema stands to the one in the base; None if the difference is not about what is admitted."""
        if self.slot is None or self.difference.keyword in BESIDE or self.difference.type_name.startswith("Discrim"):
            return None
        return self.comparison.relation(self.slot)

    def is_of(self, type_name: str, *keywords: str | None) -> bool:
        """Whether it concerns a node of this type: these keywords of it, or the node itself, for None."""
        return self.difference.type_name == type_name and self.difference.keyword in keywords

    def verdict(self, effect: Effect, message: str, pointer: str | None = None) -> Verdict:
        """What an effect means to those who send and get the data."""
        hurt = {use.direction for use in self.uses} & _HURT[effect]
        return Verdict("breaking" if hurt else "compatible", message, pointer)


def classify(differences: list[Difference], base: Spec, spec: Spec) -> list[Change]:
    """What each difference means, the gravest first, then in the order of the spec; the version's own is left out."""
    comparison = Comparison(base, spec)
    cases = [Case(comparison, entry) for entry in differences if entry.pointer != "/info/version"]
    verdicts = [next(verdict for rule in _RULES if (verdict := rule(case))) for case in cases]
    whole = Counter(verdict.pointer for verdict in verdicts)
    changes = dict.fromkeys(
        _change(case, verdict, whole=whole[verdict.pointer] > 1) for case, verdict in zip(cases, verdicts, strict=True)
    )
    return sorted(changes, key=lambda change: (IMPACTS.index(change.impact), change.place, change.pointer))


def _change(case: Case, verdict: Verdict, *, whole: bool) -> Change:
    """What is told of a case: of the whole schema, where several of its keywords changed together."""
    difference = case.difference
    schema = verdict.pointer if whole else None
    return Change(
        impact=verdict.impact,
        pointer=schema or difference.pointer,
        place=case.comparison.spec.place(schema or difference.pointer),
        message=verdict.message,
        uses=case.uses,
        operations=case.comparison.concerned(difference, case.uses),
        touched=(schema,) if schema else _touched(case),
    )


def _annotates(case: Case) -> Verdict | None:
    """What is for people alone."""
    pointer = f"{case.difference.pointer}/{escape(case.difference.keyword or '')}"
    words = tokens(pointer)
    if is_for_people(pointer) or words[0] in {"info", "openapi", "tags"}:
        return Verdict("editorial", describe(case.difference))
    return None


def _spells(case: Case) -> Verdict | None:
    """What is written otherwise and means what it meant, and what nothing that travels refers to yet."""
    difference = case.difference
    new_component = difference.kind == "added" and component(difference.path) == difference.path
    same_schema = case.relation == "same"
    same_security = difference.type_name.startswith("Security") and case.comparison.keeps_security(difference)
    says_default = difference.keyword in _FALSE and not {difference.before, difference.after} - {ABSENT, False}
    if new_component or same_schema or same_security or says_default:
        return Verdict("editorial", describe(case.difference))
    return None


def _is_absorbed(case: Case) -> Verdict | None:
    """What the schemas around it admit anyway, as a name where any string may stand."""
    if case.slot is None or case.relation is None or not case.comparison.is_absorbed(case.slot[1]):
        return None
    return Verdict("compatible", f"{describe(case.difference)} The schema around it admits what it admitted.")


def _reshapes(case: Case) -> Verdict | None:
    """A schema that became one branch of a union, or was one."""
    if case.slot is None or case.relation not in {"wider", "narrower"}:
        return None
    pointer, about_null = case.slot[1], case.comparison.is_about_null(case.slot)
    if case.relation == "wider":
        return case.verdict("wider", f"`{name_of(pointer)}` may {'be null' if about_null else 'be more'} now.", pointer)
    what = "may no longer be null" if about_null else "may no longer be all that it could be"
    return case.verdict("narrower", f"`{name_of(pointer)}` {what}.", pointer)


def _is_unruled(case: Case) -> Verdict | None:
    """What Redocly CLI has no rule for, or judges without looking far enough."""
    effect = next((effect for rule in _EFFECTS if (effect := rule(case))), None)
    return case.verdict(effect, describe(case.difference)) if effect else None


def _renames(case: Case) -> Verdict | None:
    """What changes no data, but a name that the generated code has, and its users with it."""
    difference = case.difference
    is_schema_gone = difference.kind == "removed" and difference.path.startswith("/components/schemas/")
    if is_schema_gone and component(difference.path) == difference.path:
        return Verdict("breaking", f"{describe(case.difference)} The class generated from it goes with it.")
    if case.is_of("Parameter", "name"):
        return Verdict("breaking", f"{describe(case.difference)} The argument generated from it is renamed with it.")
    if case.is_of("Operation", "tags") and _first(difference.before) != _first(difference.after):
        return Verdict(
            "breaking", f"{describe(case.difference)} The module generated for it is named after its first tag."
        )
    if case.is_of("Operation", "tags"):
        return Verdict("editorial", describe(case.difference))
    return None


def _breaks(case: Case) -> Verdict | None:
    """What Redocly CLI has a rule for."""
    return Verdict("breaking", " ".join(case.difference.breaks)) if case.difference.breaks else None


def _adds(case: Case) -> Verdict:
    """Whatever is left breaks nobody."""
    return Verdict("compatible", describe(case.difference))


def _property(case: Case) -> Effect | None:
    """A property that goes is missed by those who send it too; one that comes is news where no other was allowed."""
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
    """What an absent value stands for. Saying it for the first time breaks nobody."""
    return "different" if case.is_of("Schema", "default") and case.difference.before is not ABSENT else None


def _discriminator(case: Case) -> Effect | None:
    """Which schema a value chooses."""
    if case.is_of("Discriminator", "propertyName"):
        return "different"
    if case.difference.map != "mapping" or case.difference.kind == "modified":
        return None
    return "wider" if case.difference.kind == "added" else "narrower"


def _one_way(case: Case) -> Effect | None:
    """A property that is no longer taken, or no longer given."""
    if case.difference.after is not True:
        return None
    return "narrower" if case.is_of("Schema", "readOnly") else "wider" if case.is_of("Schema", "writeOnly") else None


def _multiple(case: Case) -> Effect | None:
    """Whatever is a multiple of 4 is one of 2."""
    before, after = case.difference.before, case.difference.after
    if not case.is_of("Schema", "multipleOf") or not all(isinstance(value, int) and value for value in (before, after)):
        return None
    return "wider" if before % after == 0 else "narrower" if after % before == 0 else "different"


def _whole_schema(case: Case) -> Effect | None:
    """A schema where there was none limits what may travel: of a body, or of properties by pattern."""
    difference = case.difference
    by_pattern = difference.type_name == "PatternProperties" or difference.map == "patternProperties"
    of_a_body = difference.type_name == "Schema" and tokens(difference.path)[-1] == "schema"
    if difference.kind == "modified" or not (by_pattern or of_a_body):
        return None
    return "narrower" if difference.kind == "added" else "wider"


def _required_body(case: Case) -> Effect | None:
    """A body that must be sent where there was none."""
    body = case.difference.after
    is_new = case.difference.type_name == "RequestBody" and case.difference.kind == "added"
    return "narrower" if is_new and isinstance(body, dict) and body.get("required") is True else None


def _touched(case: Case) -> tuple[str, ...]:
    """Pointers to what is generated into code: for `required`, the properties that it names no more or anew."""
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


_EFFECTS: Final = (_property, _default, _discriminator, _one_way, _multiple, _whole_schema, _required_body)
_RULES: Final = (_annotates, _spells, _is_absorbed, _reshapes, _renames, _is_unruled, _breaks, _adds)
