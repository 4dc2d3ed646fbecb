"""Few valid requests that together try every documented choice of a request.

A choice is one way in which a valid request may differ: a member of an enumeration, a branch, an optional field that is
absent, a bound, a kind of string. The plan is made from the request's schema alone. Each body takes as many untried
choices as fit into it; where none is left to try, it combines tried ones in new pairs. Documented choices are tried
first, those that only the SDKs know next, inferred ones last, so that a plan cut short has tried what is most telling.

A covering-array library would not do: which fields a body has depends on the branches chosen above them, and those
libraries cover a flat list of parameters.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial, reduce
from itertools import chain, islice
from operator import or_
from random import Random
from typing import TYPE_CHECKING, Any, Final

from contract_tests.limits import ABSENT, FREE
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract import Contract, Standing
    from contract_tests.limits import Limits

LONG: Final = 10_000
"""The length of a long string, in characters."""
_WEIGHTS: Final[dict[Standing, int]] = {"documented": 10**6, "sdk": 10**3, "inferred": 1}
_FIRST: Final = 10**12
_STRINGS: Final = {
    "empty string": "",
    "one character": "a",
    "non-ASCII string": "Grüße, 你好",
    "string beyond the BMP": "🤖 ☎️ 𐍈",
    "long string": "long " * (LONG // 5),
}
_FORMATTED: Final = {
    "date-time": "2026-01-31T09:30:00Z",
    "date": "2026-01-31",
    "email": "someone@example.com",
    "uri": "https://example.com/a",
    "uuid": "01234567-89ab-4cde-8f01-23456789abcd",
}
_FRACTION: Final = 1 / 1024
_UNLISTED: Final = "unlisted-name"
_BEYOND_32_BITS: Final = 2**31
_BEYOND_DOUBLES: Final = 2**53 + 1
_FREE_FORM: Final[dict[str, Any]] = {"a": {"type": "string"}, "é": [1, 0.5, True, None, {}]}
_TELLING: Final = 100
"""How much more it is worth to bring together two choices that shape the request than any two."""
_FOR_PAIRS: Final = 20
"""How many bodies are spent on pairs alone, once every choice is tried."""
_DEEPEST: Final = 12


@dataclass(frozen=True, order=True)
class Choice:
    """One way in which a valid request may differ. Two choices are the same if place and value are."""

    place: str
    """Where in the request, branches included: `order.payment(Card).number`."""
    value: str
    """What is chosen there: `maximum 2`, `absent`, `"red"`."""
    pointer: str = field(compare=False)
    """The statement of the spec that allows it."""
    standing: Standing = field(compare=False)
    is_known_name: bool = field(compare=False, default=False)
    """Whether it is one of the names that are listed beside "any string"."""

    @property
    def is_structural(self) -> bool:
        """Whether it shapes the request: a branch, a member of an enumeration, a field that is absent or null."""
        return self.value in {"absent", "null"} or self.is_tag

    @property
    def is_tag(self) -> bool:
        """Whether it is a member of a closed enumeration, as the tag of a branch is."""
        return not self.is_known_name and self.value != "null" and self.pointer.endswith(("/enum", "/const"))

    def __str__(self) -> str:
        return f"{self.place or 'the body'}: {self.value}"


@dataclass(frozen=True)
class PlannedBody:
    """A body to send, and the choices that no body before it tries."""

    body: Any
    tries: tuple[Choice, ...]
    takes: tuple[Choice, ...]
    """All that it has, those that others have tried before it too."""


@dataclass(frozen=True)
class Plan:
    """The bodies in the order in which to send them, and the choices that none of them tries."""

    bodies: tuple[PlannedBody, ...]
    untried: tuple[Choice, ...]
    withheld: tuple[Choice, ...] = ()
    """The choices that the target's limits do not allow."""


@dataclass(eq=False)
class _Alternative:
    """One option at a place: the choice it is, if it counts as one, and how to make its value."""

    choice: Choice | None
    make: Callable[[_Body], Any]
    places: tuple[_Place, ...] = ()
    """The places that come with it."""
    exact: Choice | None = None
    """The choice by its very place, where the one to try is wider: any string of an object will do for a kind."""

    def __post_init__(self) -> None:
        self.exact = self.exact or self.choice

    @cached_property
    def marks(self) -> frozenset[Choice]:
        """The choices that come with it in any case: of a branch, the tag that tells it from others."""
        inner = (place.alternatives[0].marks for place in self.places if len(place.alternatives) == 1)
        return frozenset().union(*inner, [self.choice] if self.choice else [])


@dataclass(frozen=True, eq=False)
class _Place:
    """A place in the request where one of several alternatives is taken."""

    alternatives: tuple[_Alternative, ...]


def make_plan(  # noqa: PLR0913 - what a plan depends on
    contract: Contract,
    pointer: str,
    *,
    all_known_names: bool,
    seed: int = 0,
    max_bodies: int | None = None,
    limits: Limits = FREE,
    examples: Sequence[Any] = (),
) -> Plan:
    """The plan for the schema of a request body, and examples of it. The same arguments make the same plan.

    Without `all_known_names`, of each list of names beside "any string" only the first is tried. `max_bodies` cuts the
    plan short; what it then leaves out is in `untried`. What the limits do not allow is in `withheld`.
    """
    reader = _Reader(contract, all_known_names=all_known_names, limits=limits)
    root = reader.place(pointer, "", pointer)
    memory = _Memory(root)
    newest = _Newest(Random(seed), memory.left)  # noqa: S311 - variety, not secrecy
    everything = frozenset(memory.left)
    is_valid = contract.validator(pointer).is_valid
    made = chain(
        _bodies_for_choices(root, memory, newest),
        _plain_bodies(root, examples),
        islice(_bodies_for_pairs(root, newest), _FOR_PAIRS),
    )
    bodies = [body for body in islice(made, max_bodies) if is_valid(body.body)]
    tried = {choice for body in bodies for choice in body.tries}
    untried = everything - tried if bodies else everything | {reader.nothing(pointer)}
    return Plan(tuple(bodies), tuple(sorted(untried)), tuple(sorted(reader.withheld - everything)))


def make_body(  # noqa: PLR0913, PLR0917 - what a body depends on
    contract: Contract,
    pointer: str,
    wanted: Collection[Choice],
    known_good: Collection[Choice],
    beside: Collection[Choice] = (),
    limits: Limits = FREE,
) -> Any:  # noqa: ANN401 - JSON of any type
    """A body with the wanted choices; for the rest what is known to work: what is beside, or as little as can be."""
    root = _Reader(contract, all_known_names=True, limits=limits).place(pointer, "", pointer)
    return _Body(_Memory(root, wanted), _Plainest(known_good, _Memory(root, beside).worth)).value(root)


def _plain_bodies(root: _Place, examples: Sequence[Any]) -> Iterator[PlannedBody]:
    """What many a caller sends, and no body full of choices is: as little as can be, and the spec's examples."""
    everything = {choice for option in _options(root) for choice in (option.choice, option.exact) if choice}
    body = _Body(_Memory(root, ()), _Plainest(everything, Counter()))
    yield body.finish(body.value(root))
    yield from (PlannedBody(example, (), ()) for example in examples)


def _options(place: _Place) -> Iterator[_Alternative]:
    """Every alternative at a place and below it."""
    for alternative in place.alternatives:
        yield alternative
        for inner in alternative.places:
            yield from _options(inner)


def _bodies_for_choices(root: _Place, memory: _Memory, newest: _Newest) -> Iterator[PlannedBody]:
    """Bodies until every choice is tried, or none that is left can be."""
    while memory.left:
        body = _Body(memory, newest)
        value = body.value(root)
        if not body.tries:
            return
        newest.remember(body.taken)
        yield body.finish(value)


def _bodies_for_pairs(root: _Place, newest: _Newest) -> Iterator[PlannedBody]:
    """Bodies that bring together what none before did: each branch with what shapes the request elsewhere."""
    pairs = _telling_pairs(root)
    for pair in pairs:
        if newest.had_together(*pair):
            continue
        # As many more of the branch's pairs as fit.
        others = {other for mark, other in pairs if mark == pair[0] and not newest.had_together(mark, other)}
        body = _Body(_Memory(root, {*pair, *others}, first=frozenset(pair)), newest)
        value = body.value(root)
        if body.takes.issuperset(pair):
            newest.remember(body.taken)
            yield replace(body.finish(value), tries=())


def _telling_pairs(root: _Place) -> list[tuple[Choice, Choice]]:
    """Each branch with each other branch, then with each member of an enumeration, then with each state of a field."""
    choices = sorted(choice for choice in _Memory(root).left if choice.is_structural)
    marks = sorted(_branch_marks(root))
    pairs = [(mark, choice) for mark in marks for choice in choices if mark.place != choice.place]
    return sorted(pairs, key=lambda pair: (pair[1] not in marks, pair[1].value in {"absent", "null"}))


def _branch_marks(place: _Place) -> Iterator[Choice]:
    """The tags of the branches below a place."""
    for alternative in place.alternatives:
        if alternative.choice is None and len(place.alternatives) > 1:
            yield from alternative.marks
        for inner in alternative.places:
            yield from _branch_marks(inner)


class _Memory:
    """What is left to try, all or what is wanted, and how much of it each alternative leads to."""

    def __init__(
        self, root: _Place, wanted: Collection[Choice] | None = None, first: Collection[Choice] = frozenset()
    ) -> None:
        self._first = first
        """Those of the wanted choices that come before all others."""
        self.left: set[Choice] = set()
        self.worth: Counter[_Alternative] = Counter()
        self._wanted = wanted
        self._above: dict[Choice, list[tuple[_Alternative, int]]] = defaultdict(list)
        self._index(root, ())

    def try_out(self, alternative: _Alternative) -> bool:
        """Takes an alternative's choice off what is left to try; whether it was on it."""
        choice = self._choice(alternative)
        if choice is None or choice not in self.left:
            return False
        self.left.remove(choice)
        for above, weight in self._above[choice]:
            self.worth[above] -= weight
        return True

    def _index(self, place: _Place, above: tuple[_Alternative, ...]) -> None:
        for alternative in place.alternatives:
            ways, choice = (*above, alternative), self._choice(alternative)
            if choice and (self._wanted is None or choice in self._wanted):
                self.left.add(choice)
                weight = _FIRST if choice in self._first else _WEIGHTS[choice.standing]
                self._above[choice].extend((each, weight) for each in ways)
                self.worth.update(dict.fromkeys(ways, weight))
            for inner in alternative.places:
                self._index(inner, ways)

    def _choice(self, alternative: _Alternative) -> Choice | None:
        return alternative.choice if self._wanted is None else alternative.exact


class _Newest:
    """Of alternatives that lead to nothing untried, takes the one that makes most new pairs.

    Sets of choices are kept as bits of a number, for they are compared often.
    """

    def __init__(self, random: Random, choices: Collection[Choice]) -> None:
        self._random = random
        self._bits = {choice: 1 << position for position, choice in enumerate(sorted(choices))}
        self._structural = self._union(choice for choice in choices if choice.is_structural)
        self._together: dict[Choice, int] = defaultdict(int)
        self._taken: Sequence[Choice] = ()
        self._known, self._union_of_known = 0, 0

    def remember(self, taken: Sequence[Choice]) -> None:
        """Notes that these choices have been in one body."""
        together = self._union(taken)
        for choice in taken:
            self._together[choice] |= together

    def had_together(self, one: Choice, other: Choice) -> bool:
        """Whether one body has had both."""
        return bool(self._together[one] & self._bits[other])

    def pick(self, place: _Place, taken: Sequence[Choice]) -> _Alternative:
        """The alternative to take at a place, beside the choices taken already."""
        shuffled = self._random.sample(place.alternatives, len(place.alternatives))
        return max(shuffled, key=partial(self._novelty, taken=self._union_of(taken)))

    def _novelty(self, alternative: _Alternative, taken: int) -> int:
        """How many new pairs an alternative makes; one that leads further is worth more than one that does not."""
        new = [taken & ~self._together[mark] for mark in alternative.marks]
        telling = sum((choices & self._structural).bit_count() for choices in new)
        return _TELLING * telling + sum(map(int.bit_count, new)) + len(alternative.places)

    def _union_of(self, taken: Sequence[Choice]) -> int:
        """The union of what is taken, which grows from one place of a body to the next."""
        if taken is not self._taken:
            self._taken, self._known, self._union_of_known = taken, 0, 0
        self._union_of_known |= self._union(taken[self._known :])
        self._known = len(taken)
        return self._union_of_known

    def _union(self, choices: Iterable[Choice]) -> int:
        return reduce(or_, (self._bits[choice] for choice in choices), 0)


class _Plainest:
    """Of alternatives that lead to nothing wanted, takes what works: of that what is preferred, or else least."""

    def __init__(self, known_good: Collection[Choice], preference: Mapping[_Alternative, int]) -> None:
        self._known_good = known_good
        self._preference = preference

    def pick(self, place: _Place, _taken: Sequence[Choice]) -> _Alternative:
        """The alternative to take at a place."""
        return min(place.alternatives, key=self._effort)

    def _effort(self, alternative: _Alternative) -> tuple[bool, bool, bool, int]:
        choice = alternative.exact
        return (
            choice is not None and choice not in self._known_good,
            not self._preference[alternative],
            choice is None or choice.value != "absent",
            len(alternative.places),
        )


@dataclass
class _Body:
    """A body in the making."""

    memory: _Memory
    otherwise: _Newest | _Plainest
    tries: list[Choice] = field(default_factory=list)
    taken: list[Choice] = field(default_factory=list)
    takes: set[Choice] = field(default_factory=set)
    """All that is taken, by its very place."""

    def finish(self, value: Any) -> PlannedBody:  # noqa: ANN401 - JSON of any type
        """The body, once its value is made."""
        return PlannedBody(value, tuple(sorted(self.tries)), tuple(sorted(self.takes)))

    def value(self, place: _Place) -> Any:  # noqa: ANN401 - JSON of any type
        """Takes the alternative that gets most tried, and makes its value."""
        best = max(place.alternatives, key=self.memory.worth.__getitem__)
        alternative = best if self.memory.worth[best] else self.otherwise.pick(place, self.taken)
        if alternative.choice and alternative.exact:
            self.taken.append(alternative.choice)
            self.takes.add(alternative.exact)
            if self.memory.try_out(alternative):
                self.tries.append(alternative.choice)
        return alternative.make(self)


class _Reader:
    """Reads a schema as the places and alternatives that it leaves open."""

    def __init__(self, contract: Contract, *, all_known_names: bool, limits: Limits) -> None:
        self._contract = contract
        self._all_known_names = all_known_names
        self._limits = limits
        self.withheld: set[Choice] = set()

    def nothing(self, pointer: str) -> Choice:
        """What is left to try where no valid body could be made."""
        return self._choice("", "any valid body: the schema has keywords that no body could be made for", pointer)

    def place(self, pointer: str, path: str, owner: str, depth: int = 0) -> _Place:
        """The place that a schema describes. `owner` is the object that it is part of, for the kinds of string."""
        found = tuple(self._allowed(path, self._alternatives(pointer, path, owner, depth)))
        return _Place(found or (_Alternative(None, partial(_give, None)),))

    def _allowed(self, path: str, alternatives: Iterable[_Alternative]) -> Iterator[_Alternative]:
        """The alternatives at a place that the limits allow, with the target's own value in place of others."""
        location = _location(path)
        own = self._limits.data.get(location)
        is_given = False
        for option in alternatives:
            # What is not a scalar is no option at such a place: it has inner places of its own.
            if location not in self._limits.data or option.places or option.choice is None:
                yield option
            elif not self._is_kept(location, option, own):
                self.withheld.add(option.choice)
                if not is_given:
                    is_given = True
                    choice = self._choice(path, f"the target's own ({json.dumps(own)})", option.choice.pointer)
                    yield _Alternative(choice, partial(_give, own))
            else:
                yield option

    def _is_kept(self, location: str, option: _Alternative, own: object) -> bool:
        """Whether an option stays beside the target's own value: null where that is a text, a number within limits."""
        value = option.make(_Body(_Memory(_Place(())), _Plainest((), {})))  # of a scalar it depends on nothing
        return not isinstance(value, str) if isinstance(own, str) else self._limits.allows(location, value)

    def _alternatives(self, pointer: str, path: str, owner: str, depth: int) -> Iterator[_Alternative]:
        schema = self._contract.value(pointer)
        if "$ref" in schema:
            target = schema["$ref"].removeprefix("#")
            yield from self._alternatives(target, path, owner, depth)
        elif branches := next((keyword for keyword in ("oneOf", "anyOf") if keyword in schema), None):
            yield from self._branches(pointer, branches, path, owner, depth)
        elif "const" in schema or "enum" in schema:
            keyword = "enum" if "enum" in schema else "const"
            members = schema[keyword] if keyword == "enum" else [schema[keyword]]
            yield from self._constants(members, f"{pointer}/{keyword}", path)
        else:
            yield from self._typed(schema, pointer, path, owner, depth)

    def _branches(self, pointer: str, keyword: str, path: str, owner: str, depth: int) -> Iterator[_Alternative]:
        pointers = [f"{pointer}/{keyword}/{index}" for index, _ in enumerate(self._contract.value(pointer)[keyword])]
        is_open = any(self._is_any_string(branch) for branch in pointers)
        for branch in pointers:
            name = self._contract.value(branch).get("$ref", "").rpartition("/")[2]
            is_object = name and self._contract.value(f"/components/schemas/{escape(name)}").get("type") == "object"
            inner = f"{path}({name})" if is_object and keyword == "oneOf" else path
            found = list(self._alternatives(branch, inner, owner, depth))
            if is_open and self._is_any_string(branch):
                found.append(self._constant("a name that is not listed", _UNLISTED, f"{branch}/type", path))
            elif is_open and all(option.choice for option in found):
                found = self._names(found)
            yield from found

    def _names(self, found: list[_Alternative]) -> list[_Alternative]:
        """The known names beside any string: all of them, or the first."""
        named = [_as_known_name(option) for option in found if option.choice and option.choice.value != "null"]
        others = [option for option in found if option.choice and option.choice.value == "null"]
        return (named if self._all_known_names else named[:1]) + others

    def _is_any_string(self, pointer: str) -> bool:
        schema = self._contract.value(pointer)
        return schema.get("type") == "string" and not {"enum", "const", "pattern", "format"} & schema.keys()

    def _typed(self, schema: dict[str, Any], pointer: str, path: str, owner: str, depth: int) -> Iterator[_Alternative]:
        types = schema.get("type", ["object"] if "properties" in schema else [])
        makers: dict[str, Callable[[], Iterator[_Alternative]]] = {
            "object": lambda: self._object(schema, pointer, path, depth),
            "array": lambda: self._array(schema, pointer, path, owner, depth),
            "string": lambda: self._string(schema, pointer, path, owner),
            "integer": lambda: self._number(schema, pointer, path),
            "number": lambda: self._number(schema, pointer, path),
            "boolean": lambda: self._constants([True, False], f"{pointer}/type", path),
            "null": lambda: self._constants([None], f"{pointer}/type", path),
        }
        for name in types if isinstance(types, list) else [types]:
            yield from makers[name]()
        if not types:
            yield _Alternative(None, partial(_give, _FREE_FORM))

    def _constants(self, values: list[Any], pointer: str, path: str) -> Iterator[_Alternative]:
        yield from (self._constant(_json(value), value, pointer, path) for value in values)

    def _constant(self, value_name: str, value: object, pointer: str, path: str) -> _Alternative:
        # That null is allowed is marked at the field, whether its type lists null or a branch is null.
        field_pointer = re.sub(r"(/(anyOf|oneOf)/\d+)?/\w+$", "", pointer)
        marked = f"{field_pointer}/nullable" if value is None else pointer
        return _Alternative(self._choice(path, value_name, pointer, marked), partial(_give, value))

    def _choice(self, path: str, value: str, pointer: str, standing_of: str | None = None) -> Choice:
        return Choice(path, value, pointer, self._contract.standing(standing_of or pointer))

    def _string(self, schema: dict[str, Any], pointer: str, path: str, owner: str) -> Iterator[_Alternative]:
        if "format" in schema:
            text = _FORMATTED.get(schema["format"], "text")
            yield self._constant(f"{schema['format']}", text, f"{pointer}/format", path)
            return
        if "pattern" in schema:
            for name, text in _texts_of(schema["pattern"]):
                yield self._constant(name, text, f"{pointer}/pattern", path)
            return
        shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
        limits = {"shortest string": "a" * shortest} if shortest else {}
        limits |= {"longest string": "a" * longest} if longest is not None else {}
        for name, text in {**_STRINGS, **limits}.items():
            if shortest <= len(text) <= (len(text) if longest is None else longest):
                # Each kind at least once in every object, in whichever of its strings.
                choice = self._choice(owner.removeprefix("/components/schemas/"), name, f"{pointer}/type")
                yield _Alternative(choice, partial(_give, text), exact=self._choice(path, name, f"{pointer}/type"))

    def _number(self, schema: dict[str, Any], pointer: str, path: str) -> Iterator[_Alternative]:
        low, high = _bounds(schema)
        values: dict[str, tuple[float, str]] = {}
        if low is not None:
            values[f"minimum {low}"] = (low, "minimum" if "minimum" in schema else "exclusiveMinimum")
        if high is not None:
            values[f"maximum {high}"] = (high, "maximum" if "maximum" in schema else "exclusiveMaximum")
        if isinstance(schema.get("default"), int | float):
            values[f"default {schema['default']}"] = (schema["default"], "default")
        between = _between(low, high, is_integer="integer" in schema["type"])
        values[f"{between}"] = (between, "type")
        if high is None and "integer" in schema["type"]:
            values[f"{_BEYOND_32_BITS}, beyond 32 bits"] = (_BEYOND_32_BITS, "type")
            values[f"{_BEYOND_DOUBLES}, beyond what doubles tell apart"] = (_BEYOND_DOUBLES, "type")
        for name, (value, keyword) in values.items():
            yield self._constant(name, value, f"{pointer}/{keyword}", path)

    def _array(self, schema: dict[str, Any], pointer: str, path: str, owner: str, depth: int) -> Iterator[_Alternative]:
        choice = partial(self._choice, path, pointer=f"{pointer}/type")
        if not schema.get("minItems"):
            yield _Alternative(choice("empty array"), partial(_give, []))
        if depth > _DEEPEST:
            return
        item = self.place(f"{pointer}/items", f"{path}[]", owner, depth + 1)
        yield _Alternative(choice("array of one"), lambda body: [body.value(item)], (item,))
        yield _Alternative(choice("array of two that differ"), lambda body: _two(body, item), (item,))
        if item.alternatives and all(option.choice and not option.places for option in item.alternatives):
            yield _Alternative(choice("array of every item"), lambda body: _every(body, item))

    def _object(self, schema: dict[str, Any], pointer: str, path: str, depth: int) -> Iterator[_Alternative]:
        if "properties" in schema:
            yield self._fields(schema, pointer, path, depth)
            return
        yield _Alternative(self._choice(path, "empty map", f"{pointer}/type"), partial(_give, {}))
        inner = schema.get("additionalProperties")
        choice = self._choice(path, "filled map", f"{pointer}/additionalProperties" if inner else f"{pointer}/type")
        if isinstance(inner, dict) and inner:
            value = self.place(f"{pointer}/additionalProperties", f"{path}{{}}", pointer, depth + 1)
            yield _Alternative(choice, lambda body: {key: body.value(value) for key in ("a", "é", "X-B c")}, (value,))
        else:
            yield _Alternative(choice, partial(_give, _FREE_FORM))

    def _fields(self, schema: dict[str, Any], pointer: str, path: str, depth: int) -> _Alternative:
        required = set(schema.get("required", []))
        fields: dict[str, _Place] = {}
        for name in schema["properties"]:
            inner = f"{pointer}/properties/{escape(name)}"
            inner_path = f"{path}.{name}" if path else name
            if depth > _DEEPEST and name not in required:
                continue
            place = self.place(inner, inner_path, pointer, depth + 1)
            fields[name] = place if name in required else self._optional(place, inner, inner_path)
        return _Alternative(None, lambda body: _make_object(body, fields), tuple(fields.values()))

    def _optional(self, place: _Place, pointer: str, path: str) -> _Place:
        absent = _Alternative(self._choice(path, "absent", pointer), partial(_give, ABSENT))
        location = _location(path)
        if location in self._limits.rules and not self._limits.allows(location, ABSENT):
            self.withheld.update(filter(None, [absent.choice]))
            return place
        return _Place((*place.alternatives, absent))


def _as_known_name(option: _Alternative) -> _Alternative:
    choice = option.choice
    assert choice  # noqa: S101 - the caller has seen to it
    known = Choice(choice.place, choice.value, choice.pointer, choice.standing, is_known_name=True)
    return _Alternative(known, option.make)


def _location(path: str) -> str:
    """A path as the JSON Pointer by which limits name it."""
    plain = re.sub(r"\([^)]*\)", "", path).replace("[]", ".*").replace("{}", ".*")
    return "/" + plain.replace(".", "/") if plain else ""


def _give(value: object, _: _Body) -> object:
    return value


def _make_object(body: _Body, fields: dict[str, _Place]) -> dict[str, Any]:
    values = {name: body.value(place) for name, place in fields.items()}
    return {name: value for name, value in values.items() if value is not ABSENT}


def _two(body: _Body, item: _Place) -> list[Any]:
    """Two items that differ, if the schema has two."""
    first = body.value(item)
    second = next((value for _ in range(20) if (value := body.value(item)) != first), first)
    return [first, second]


def _every(body: _Body, item: _Place) -> list[Any]:
    """All items, each of which is then in the body; none counts as tried by this, for one may hide behind another."""
    choices = [option.choice for option in item.alternatives if option.choice]
    body.taken.extend(choices)
    body.takes.update(choices)
    return [option.make(body) for option in item.alternatives]


def _bounds(schema: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """The least and the greatest number that a schema takes."""
    step = 1 if "integer" in schema["type"] else _FRACTION
    low = schema["exclusiveMinimum"] + step if "exclusiveMinimum" in schema else None
    high = schema["exclusiveMaximum"] - step if "exclusiveMaximum" in schema else None
    return schema.get("minimum", low), schema.get("maximum", high)


def _between(low: float | None, high: float | None, *, is_integer: bool) -> float:
    """A number within the bounds that is neither of them, and no round one."""
    if low is None and high is None:
        return 7 if is_integer else 0.375
    start, end = (low if low is not None else (high or 0) - 10), (high if high is not None else (low or 0) + 10)
    value = start + (end - start) * 0.375
    return round(value) if is_integer else value


@cache  # narrowing reads the same schema for each of its bodies
def _texts_of(pattern: str) -> tuple[tuple[str, str], ...]:
    """The shortest and the longest run of one character that a pattern takes, for some; and a text of other ones."""
    runs = tuple(_runs_of(pattern))
    return (*runs, *_other_texts(pattern, has_runs=bool(runs)))


def _runs_of(pattern: str) -> Iterator[tuple[str, str]]:
    for character in "aZ5_-":
        lengths = [length for length in range(200) if re.search(pattern, character * length)]
        if lengths:
            yield f"{lengths[0]} times {character!r}", character * lengths[0]
            yield f"{lengths[-1]} times {character!r}", character * lengths[-1]


def _other_texts(pattern: str, *, has_runs: bool) -> Iterator[tuple[str, str]]:
    """The plainest text that a pattern takes, with a sign in it if runs of other characters will do too; if any."""
    import hypothesis  # noqa: PLC0415 - slow to import, and few schemas have a pattern

    wanted = re.compile(r"[^\w\s-]" if has_runs else "")
    settings = hypothesis.settings(database=None, derandomize=True, max_examples=200)
    with suppress(hypothesis.errors.NoSuchExample):
        text = hypothesis.find(
            hypothesis.strategies.from_regex(pattern),
            lambda text: bool(wanted.search(text)) and not text.endswith("\n"),
            settings=settings,
        )
        yield _json(text), text


def _json(value: object) -> str:
    return "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value).lower()
