"""The rules about an operation, judged on many exchanges in little time.

Most rules only tell which fields are equal, now or in an earlier exchange. Their outcome is remembered by that, so CEL
evaluates them once for many exchanges.
"""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from msgspec import Struct

from contract_tests.contract.rules import Values
from contract_tests.contract.shapes import getter
from contract_tests.contract.templates import is_related
from contract_tests.judge.checks.rules import echoes
from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.links import Value
    from contract_tests.contract.rules import Rule
    from contract_tests.contract.shapes import Getter
    from contract_tests.contract.templates import Template
    from contract_tests.judge.quick_bodies import QuickBody
    from spec.expressions import Expression, Function
    from spec.fields import OwnCall
    from spec.json_value import Json

    Find = Callable[["Bodies"], Json]
    """Finds a value in the bodies of an exchange."""
    FunctionsOf = Callable[[str], Mapping[str, Function]]
    """Gives the functions that a rule may call, by its name."""
    Prepare = Callable[[str, OwnCall, "Bodies"], Find | None]
    """Gives a shorter way to make a rule's call for all bodies of two templates; None if it has none."""

_BODIES: Final = frozenset(("request", "response"))
_DIRECT: Final = 2
"""How many names a field has that stands in a body itself."""
_REMEMBERED: Final = 4096
"""Of how many sets of values the outcome is remembered."""


class Bodies(Struct, frozen=True, eq=False):
    """Both bodies of an exchange, its status, and the variables of its path."""

    sent: QuickBody
    received: QuickBody
    status: int
    path: Json = None
    """The values of the path's variables, by their names."""
    texts: tuple[bytes, ...] = ()
    """The texts in the gaps of both templates, the request's first."""

    @property
    def values(self) -> Values:
        """The values that rules name."""
        return Values(self.sent.value, self.received.value, self.status, self.path)

    @property
    def request(self) -> Json:
        """The value of the request's body."""
        return self.sent.value

    @property
    def response(self) -> Json:
        """The value of the response's body."""
        return self.received.value

    def field(self, names: tuple[str, ...]) -> Json:
        """The value of a field by its names; None where it is absent, at whatever depth."""
        if names[0] == "request":
            return self.sent.at(names[1:])
        if names[0] == "response":
            return self.received.at(names[1:])
        return Values(None, None, self.status, self.path).field(names)

    def found(self, root: Literal["request", "response"], pointer: str) -> Json:
        """The value where a JSON Pointer leads in a body, or `ABSENT`."""
        return (self.sent if root == "request" else self.received).found(pointer)

    def gap(self, names: tuple[str, ...]) -> int | None:
        """The place in `texts` of a field by its names, if it is a text in a gap; else None."""
        if names[0] not in _BODIES:
            return None
        template = (self.sent if names[0] == "request" else self.received).template
        index = template.plain.get(names[1:]) if template else None
        return index if index is None or names[0] == "request" else index + len(self.sent.texts)

    def finder(self, names: tuple[str, ...]) -> Find:
        """A function that finds the value of a field as `field` does, in all bodies of the templates of these two."""
        return self._finder(names[0], names[1:], lambda bodies: bodies.field(names))

    def finder_of(self, value: Value) -> Find:
        """A function that finds the value of a link, in all bodies of the templates of these two."""
        root, pointer = value.place or ("", "")
        return self._finder(root, tuple(tokens(pointer)), value.found_in)

    def _finder(self, root: str, path: tuple[str, ...], read: Find) -> Find:
        """As `finder`. `read` finds the value in any bodies."""
        if root not in _BODIES:
            return read
        index, body, value = self.gap((root, *path)), self.sent if root == "request" else self.received, read(self)
        if index is None:
            return Fixed(value) if body.is_fixed(path, value) else read
        return lambda bodies: bodies.texts[index].decode()


class Fixed:
    """Finds a value that is the same in all bodies of two templates."""

    def __init__(self, value: Json) -> None:
        self.value = value

    def __call__(self, _bodies: Bodies) -> Json:
        """The value."""
        return self.value


class _Pending(NamedTuple):
    """A rule that has something to say, and does more than to compare."""

    rule: Rule
    call: OwnCall | None
    """The call that is all it says, if it is one."""
    ask: Find
    """Tells whether it is kept; None where it says nothing."""


class _Outcome(NamedTuple):
    """The outcome of the rules that only compare fields, for all values of which the same are equal."""

    kept: tuple[str, ...]
    is_broken: bool
    pending: tuple[_Pending, ...]


class _Pair(NamedTuple):
    """The templates of two bodies, and the outcomes of rules by which texts are equal."""

    fixed: frozenset[bytes]
    """The texts that are always there: those of the rules, and those around the gaps."""
    named: Getter
    """Takes the texts in the gaps that rules name."""
    past: tuple[Find, ...]
    """Ask for values of earlier exchanges."""
    outcomes: dict[Hashable, _Outcome]


class _Fields:
    """Fields that rules name, in an order of their own."""

    def __init__(self, fields: Iterable[tuple[str, ...]]) -> None:
        by_place = {"request": list[str](), "response": list[str]()}
        self._deeper: list[tuple[str, ...]] = []
        for names in fields:
            if len(names) == _DIRECT and names[0] in by_place:
                by_place[names[0]].append(names[1])
            else:
                self._deeper.append(names)
        self._sent, self._received = by_place.values()

    def of(self, values: Values) -> Iterator[Json]:
        """The values of the fields, where both bodies are objects, or the request has none."""
        request, response = values.request or {}, values.response
        return chain(map(request.get, self._sent), map(response.get, self._received), map(values.field, self._deeper))


class QuickRules:
    """The rules about an operation."""

    def __init__(self, rules: Sequence[Rule], functions_of: FunctionsOf, prepare: Prepare = lambda *_: None) -> None:
        self._rules = rules
        self._functions = {rule.name: functions_of(rule.name) for rule in rules}
        self._shorter_way = prepare
        past = {call: rule.name for rule in rules for each in _compared(rule) for call in each.calls}
        self._past = [*past.items()]
        variables = [each for rule in rules for expression in _compared(rule) for each in expression.variables]
        whole = dict.fromkeys(each.names for each in variables if each.need != "null")
        absent = dict.fromkeys(each.names for each in variables if each.names not in whole)
        self._compared, self._absent = _Fields([*whole]), _Fields([*absent])
        self._literals = frozenset(text for rule in rules for each in _compared(rule) for text in each.literals or ())
        self._known: dict[Hashable, _Outcome] = {}
        self._path = [*dict.fromkeys(each.names for rule in rules for each in rule.fields if each.names[0] == "path")]
        self._pairs: dict[tuple[Template, Template], _Pair] = {}

    def judge(self, bodies: Bodies) -> tuple[str, ...] | None:
        """The names of the rules that an exchange keeps; None if it breaks one."""
        found = self._find_by_gaps(bodies) or self._find(bodies.values)
        if found.is_broken:
            return None
        kept = found.kept
        for rule, _, ask in found.pending:
            is_kept = ask(bodies)
            if is_kept is False:
                return None
            if is_kept:
                kept = (*kept, rule.name)
        return kept

    def _find_by_gaps(self, bodies: Bodies) -> _Outcome | None:
        """The outcome by the texts in the gaps of templates; None if bodies have none, or values tell more than that.

        All else is alike in the bodies of two templates. So it matters only which of these texts are equal.
        """
        sent, received = bodies.sent, bodies.received
        if sent.template is None or received.template is None:
            return None
        pair = self._pairs.get((sent.template, received.template))
        if pair is None:
            pair = self._add_pair(bodies, sent.template, received.template)
        kinds: list[Json] = []
        for ask in pair.past:
            kinds.append(ask(bodies))  # noqa: PERF401 - a comprehension takes longer for so few
        if self._path:
            kinds += [bodies.field(names) for names in self._path]
        named = pair.named(bodies.texts)
        if kinds.count(None) < len(kinds):
            if not all(value is None or isinstance(value, str | bool) for value in kinds):
                return None
            named += tuple(value.encode() for value in kinds if isinstance(value, str))
            kinds = ["text" if isinstance(value, str) else value for value in kinds]
        places: dict[bytes, int] = {}
        key: Hashable = (*map(places.setdefault, named, count()), *kinds)
        if not pair.fixed.isdisjoint(places):
            key = key, tuple(text if text in pair.fixed else None for text in named)
        outcome = pair.outcomes.get(key)
        if outcome is None:
            if len(pair.outcomes) >= _REMEMBERED:
                pair.outcomes.clear()
            outcome = pair.outcomes[key] = self._make_ready(_with_echoes(self._find(bodies.values), bodies), bodies)
        return outcome

    def _make_ready(self, outcome: _Outcome, bodies: Bodies) -> _Outcome:
        """The outcome, with its rules ready to ask about all bodies of two templates."""
        pending = (
            each._replace(ask=self._prepare(each.rule.name, each.call, bodies)) if each.call else each
            for each in outcome.pending
        )
        return outcome._replace(pending=tuple(pending))

    def _prepare(self, rule: str, call: OwnCall, bodies: Bodies) -> Find:
        """A function that makes a call of a rule, with the values of all bodies of the templates of these two."""
        shorter = self._shorter_way(rule, call, bodies)
        return shorter or call.prepare(self._functions[rule][call.function], bodies.finder)

    def _add_pair(self, bodies: Bodies, sent: Template, received: Template) -> _Pair:
        if len(self._pairs) >= _REMEMBERED:
            self._pairs.clear()
        around = (*self._literals, *sent.fixed.values(), *received.fixed.values())
        fixed = frozenset(text.encode() for text in around if isinstance(text, str))
        past = tuple(self._prepare(name, call, bodies) for call, name in self._past)
        return self._pairs.setdefault((sent, received), _Pair(fixed, self._named_in(sent, received), past, {}))

    def _named_in(self, sent: Template, received: Template) -> Getter:
        """A function that takes the texts of the gaps that rules name."""
        fields = [field.path for rule in self._rules for field in rule.fields]
        paths = [*(("request", *path) for path in sent.paths), *(("response", *path) for path in received.paths)]
        return getter([index for index, path in enumerate(paths) if any(is_related(path, field) for field in fields)])

    def _find(self, values: Values) -> _Outcome:
        try:
            key = self._key(values)
            return self._known[key]
        except KeyError:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._compare(values)
            return self._known[key]
        except TypeError:  # objects and arrays cannot be remembered
            return self._compare(values)

    def _key(self, values: Values) -> Hashable:
        """The values, with the number of its first place instead of each text, as far as they decide.

        Types are among them, because 1 is not true.
        """
        if not isinstance(values.request, dict | None) or not isinstance(values.response, dict):
            raise TypeError
        key: list[Hashable] = [value is None for value in self._absent.of(values)]
        places: dict[str, int] = {}
        past = (call.ask(self._functions[name][call.function], values.field) for call, name in self._past)
        for value in chain(self._compared.of(values), past):
            if value is None:
                key.append(None)
            elif type(value) is str and value not in self._literals:
                key.append(places.setdefault(value, len(places)))
            else:
                key.append((type(value), value))  # what cannot be hashed is not remembered
        return tuple(key)

    def _compare(self, values: Values) -> _Outcome:
        kept: list[str] = []
        pending: list[_Pending] = []
        is_broken = False
        for rule in self._rules:
            if not _only_compares(rule):
                pending += [self._pending(rule)] if self._has_say(rule, values) else []
                continue
            is_kept = rule.is_kept(values, self._functions[rule.name])
            is_broken = is_broken or is_kept is False
            kept += [rule.name] if is_kept else []
        return _Outcome(tuple(kept), is_broken, tuple(pending))

    def _pending(self, rule: Rule) -> _Pending:
        call, functions = _call_of(rule), self._functions[rule.name]
        if call is None:
            return _Pending(rule, None, lambda bodies: rule.is_kept(bodies.values, functions))
        return _Pending(rule, call, lambda bodies: call.ask(functions[call.function], bodies.field))

    def _has_say(self, rule: Rule, values: Values) -> bool:
        """False if the rule's `when` only compares, and is not true."""
        is_told = rule.when is not None and rule.when.literals is not None
        return not is_told or bool(rule.when and rule.when.evaluate(values.field, self._functions[rule.name]))


def _only_compares(rule: Rule) -> bool:
    return rule.holds.literals is not None and (rule.when is None or rule.when.literals is not None)


def _compared(rule: Rule) -> Iterator[Expression]:
    """The expressions of a rule that only compare."""
    yield from (each for each in (rule.when, rule.holds) if each and each.literals is not None)


def _call_of(rule: Rule) -> OwnCall | None:
    """The call of a function of ours that is all a rule says, once its `when` is true."""
    return rule.holds.only_call if rule.when is None or rule.when.literals is not None else None


def _with_echoes(outcome: _Outcome, bodies: Bodies) -> _Outcome:
    """The outcome with that of the rules which only ask for an echo: it compares texts, and no more."""
    of_echoes = [each for each in outcome.pending if each.call and each.call.function == echoes.__name__]
    are_kept = [each.ask(bodies) for each in of_echoes]
    pending = tuple(each for each in outcome.pending if each not in of_echoes)
    names = tuple(each.rule.name for each in of_echoes)
    return _Outcome((*outcome.kept, *names), outcome.is_broken or not all(are_kept), pending)
