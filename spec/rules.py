"""Rules: what an exchange must keep and no schema keyword can say. They stand in the spec, as `x-rules`.

Both those who generate from the spec and those who judge by it read rules here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from spec.document import is_for_people, is_within
from spec.expressions import Expression, compile_expressions
from spec.fields import ExpressionError
from spec.operations import JsonBody, Operation, json_bodies, operations, uses, uses_of
from spec.reader import escape
from spec.type_checker import TypeChecker

if TYPE_CHECKING:
    from spec.json_value import Json
    from spec.reader import Problem, Spec

KEYWORD: Final = "x-rules"
_REQUIRED: Final = ("name", "says", "holds")
_KEYS: Final = {*_REQUIRED, "when", "x-provenance"}
_CONDITIONS: Final = ("when", "holds")
_Compiled = Mapping[str, Expression | ExpressionError]
"""Each condition by its pointer: its expression, or the error in it."""


class Rule(Struct, frozen=True):
    """A rule, as the spec has it."""

    pointer: str
    name: str
    says: str
    when: str | None
    """The condition, without which the rule says nothing."""
    holds: str
    operations: tuple[Operation, ...]
    """The operations that it is about: those whose request or response it stands below."""


def read_rules(spec: Spec) -> list[Rule]:
    """Reads the rules of a spec, in its order, without those that are malformed."""
    places = [place for place in _places(spec) if not list(_find_malformed(spec, [place]))]
    users = uses(spec.document) if places else {}
    known = operations(spec.document) if places else []
    return [_read(spec, place, {use.operation for use in uses_of(place, users)}, known) for place in places]


def compile_rules(spec: Spec) -> list[tuple[Rule, Expression | None, Expression]]:
    """Compiles the rules of a spec: each with its `when`, if it has one, and its `holds`.

    Raises:
        SpecError: a rule is unsound.
    """
    rules = read_rules(spec)
    compiled = _compile(rules)
    if problems := _find_problems(spec, rules, compiled):
        raise spec.error(problems)
    sound = {place: each for place, each in compiled.items() if isinstance(each, Expression)}
    return [(rule, sound.get(f"{rule.pointer}/when"), sound[f"{rule.pointer}/holds"]) for rule in rules]


def find_unsound_rules(spec: Spec) -> list[Problem]:
    """The problems with the rules of a spec."""
    rules = read_rules(spec)
    return _find_problems(spec, rules, _compile(rules))


def _places(spec: Spec) -> list[str]:
    """The pointer of each rule, and of each `x-rules` that is no list."""
    found = [pointer for pointer in spec.places if pointer.endswith(f"/{KEYWORD}") and is_for_people(pointer)]
    return [place for pointer in found for place in _items(pointer, spec.value(pointer))]


def _items(pointer: str, value: Json) -> list[str]:
    return [f"{pointer}/{index}" for index, _ in enumerate(value)] if isinstance(value, list) else [pointer]


def _read(spec: Spec, pointer: str, users: set[Operation], known: list[Operation]) -> Rule:
    value = spec.value(pointer)
    around = [each for each in known if is_within(pointer, each.pointer)]
    found = tuple(sorted({*users, *around}))
    return Rule(pointer, value["name"], value["says"], value.get("when"), value["holds"], found)


def _find_malformed(spec: Spec, places: Iterable[str]) -> Iterator[Problem]:
    for place in places:
        yield from _malformed(spec, place, spec.value(place))


def _malformed(spec: Spec, place: str, value: Json) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield spec.problem(place, "is no rule: write a list of rules, each with `name`, `says` and `holds`")
        return
    for key in value.keys() - _KEYS:
        yield spec.problem(
            f"{place}/{escape(key)}", f"`{key}` is not a key of a rule, which has name, says, when and holds"
        )
    for key in _REQUIRED:
        if key not in value:
            yield spec.problem(place, f"the rule has no `{key}`")
    for key in (*_REQUIRED, "when"):
        if key in value and not (isinstance(value[key], str) and value[key].strip()):
            yield spec.problem(f"{place}/{key}", f"`{key}` must be a text")


def _compile(rules: list[Rule]) -> _Compiled:
    texts = {
        f"{rule.pointer}/{key}": text
        for rule in rules
        for key, text in zip(_CONDITIONS, (rule.when, rule.holds), strict=True)
        if text is not None
    }
    return dict(zip(texts, compile_expressions(texts.values()) if texts else (), strict=True))


def _find_problems(spec: Spec, rules: list[Rule], compiled: _Compiled) -> list[Problem]:
    malformed = _find_malformed(spec, _places(spec))
    return [*malformed, *_find_namesakes(spec, rules), *_find_unused(spec, rules), *_find_wrong(spec, rules, compiled)]


def _find_unused(spec: Spec, rules: list[Rule]) -> Iterator[Problem]:
    for rule in rules:
        if not rule.operations:
            yield spec.problem(rule.pointer, f"the rule {rule.name} stands below no operation, and is never judged")


def _find_wrong(spec: Spec, rules: list[Rule], compiled: _Compiled) -> Iterator[Problem]:
    concerned = {each for rule in rules for each in rule.operations}
    bodies = defaultdict[Operation, list[JsonBody]](list)
    for body in json_bodies(spec.document) if concerned else ():
        bodies[body.operation].append(body)
    checkers = {each: TypeChecker(spec.document, each, bodies[each]) for each in concerned}
    for rule in rules:
        for key in _CONDITIONS:
            place = f"{rule.pointer}/{key}"
            found = _check(compiled[place], [checkers[each] for each in rule.operations]) if place in compiled else ()
            yield from (spec.problem(place, f"`{key}` {text}") for text in found)


def _find_namesakes(spec: Spec, rules: list[Rule]) -> Iterator[Problem]:
    seen = set[str]()
    for rule in rules:
        if rule.name in seen:
            yield spec.problem(f"{rule.pointer}/name", f"a second rule is named {rule.name}")
        seen.add(rule.name)


def _check(compiled: Expression | ExpressionError, checkers: Iterable[TypeChecker]) -> Iterable[str]:
    if isinstance(compiled, ExpressionError):
        return [f"does not compile: {compiled}"]
    return dict.fromkeys(text for checker in checkers for text in checker.find_impossible(compiled.tree))
