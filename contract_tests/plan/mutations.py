"""Planned bodies with one thing wrong: every statement of a request's schema broken once, in every place it holds.

Schemathesis's coverage phase makes more invalid requests than these, but not for every statement in every place, and
often with several things wrong at once. Here all else is right, and known to be accepted. So a refusal can have no
other reason, and an acceptance names the one statement that the server does not check. Keywords that apply one schema
on the condition of another (`not`, `if`, `dependentSchemas`) are left to Schemathesis; a dry run lists them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from contract_tests.contract.keywords import find_satisfied, matcher, with_value, without_field
from contract_tests.plan.choices import Choice
from contract_tests.plan.effort import BY_THOROUGH
from contract_tests.plan.values import HEAVIEST, HUGE, longest_run
from spec.json_value import Json
from spec.reader import pointer_of, tokens, value_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import SatisfiedKeyword
    from contract_tests.plan.plan import Plan

OnCap: TypeAlias = Callable[[Choice], None]
"""Hears of the requests that are not made because they are too many."""
_FRACTION: Final = 1 / 1024
# Values that lax readers turn into one of a type. In place of a number stands one that they can read as a number, and
# that has nothing else wrong with it.
_MISTAKEN: Final[Mapping[str, Mapping[str, Callable[[Json], Json]]]] = {
    "string": {"a number": lambda _: 5, "a list of texts": lambda value: [value], "true": lambda _: True},
    "integer": {
        "its text": json.dumps,
        "a fraction": lambda value: (value if isinstance(value, int | float) else 0) + 0.5,
        "true": lambda _: True,
        "an empty string": lambda _: "",
    },
    "number": {"its text": json.dumps, "true": lambda _: True, "an empty string": lambda _: ""},
    "boolean": {"its text": json.dumps, "a number": lambda value: int(value is True), "an empty string": lambda _: ""},
    "object": {"an empty string": lambda _: "", "a list": lambda _: []},
    "array": {"an empty string": lambda _: "", "an object": lambda _: {}},
    "null": {},
}
# Characters that a pattern's class may wrongly take in.
_CHARACTERS: Final = {"a space": " ", "a sign": "!", "a hyphen": "-", "a dot": ".", "a letter beyond ASCII": "é"}

_KINDS_CHANGED: Final[Mapping[str, Callable[[str], str]]] = {
    "letters in place of digits": lambda text: re.sub("[0-9]", "a", text),
    "digits in place of letters": lambda text: re.sub("[A-Za-z]", "1", text),
    "in capitals": str.upper,
    "in small letters": str.lower,
}
"""Texts without one kind of character."""
_PLACES: Final = ((1, 1), (0, 2), (2, 0))
"""How many good items stand before and after a wrong one."""
_OF_OBJECTS: Final = frozenset(("dependentRequired", "minProperties", "maxProperties", "propertyNames"))
"""Keywords that say which fields objects have, beyond each by itself."""
_OF_ARRAYS: Final = frozenset(("uniqueItems", "items", "unevaluatedItems", "contains", "minContains", "maxContains"))
"""Keywords that say which items arrays have, beyond their number."""
# Keywords that say something of values of one type alone.
_APPLIES_TO: Final[Mapping[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), (int, float, type(None))
    ),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), str),
    **dict.fromkeys(("minItems", "maxItems", *_OF_ARRAYS), list),
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties", "required", *_OF_OBJECTS), dict),
}

_LARGEST_BROKEN: Final = 400_000
"""How many characters a planned body may have that is to be broken."""
_LARGEST: Final = 4_000_000
"""How many characters the broken bodies of a plan may have together."""
_LEFT_OUT: Final = frozenset(("not", "if", "dependentSchemas"))
"""Keywords that no value is made against, but for a `not` that names values."""
_ODD_NAMES: Final = ("!", "a b", "")
"""Names of fields that a schema for names may not take."""

Change = Callable[[Json, str], Json]
"""Makes another body of a body, and a location in it."""
_Test = Callable[[Json], bool]


@dataclass(frozen=True)
class Mutation:
    """A body that breaks one statement of the schema."""

    pointer: str
    """Of the statement."""
    location: str
    """Where in the body it is broken, as a JSON Pointer."""
    wrong: str
    """The thing that is wrong there, in words."""
    body: Json
    text: str
    """The body as JSON."""

    @property
    def keyword(self) -> str:
        """The keyword of the statement."""
        return self.pointer.rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.location.lstrip('/').replace('/', '.') or 'the body'}: {self.wrong}"


def break_each_statement(
    contract: Contract, pointer: str, plan: Plan, on_cap: OnCap = lambda _: None
) -> Iterator[Mutation]:
    """Breaks every statement of the schema that a planned body satisfies, everywhere, in the smallest such body.

    `on_cap` hears of the bodies that the plan's effort leaves out, if it does.
    """
    is_valid = contract.request_validator(pointer).is_valid
    done: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    """Where a schema stands in bodies, the keywords that are broken there, and how."""
    made: set[str] = set()
    left, room = plan.effort.broken, _LARGEST
    for whole, kept, schema in _kept_schemas(contract, pointer, plan):
        for mutation in _mutations(whole, kept, schema, done[kept.path], is_valid):
            done[kept.path].add((mutation.keyword, mutation.wrong))
            if mutation.text not in made:  # one value may break two branches
                made.add(mutation.text)
                left, room = left - 1, room - len(mutation.text)
                if min(left, room) < 0:
                    on_cap(_describe_cap(plan, len(made) - 1, has_room=room >= 0))
                    return
                yield mutation


def _describe_cap(plan: Plan, number: int, *, has_room: bool) -> Choice:
    """Tells of the invalid bodies that are not made beside so many."""
    words = f"invalid requests beyond the first {number}"
    could_more = has_room and not plan.effort.is_greatest
    reason = BY_THOROUGH if could_more else "more would be too many, or too long together"
    return Choice(plan.whole, words, "", "documented", reason=reason)


def find_left_out(contract: Contract, pointer: str) -> list[str]:
    """The statements of a schema that no body is made to break by itself, as JSON Pointers."""
    return [
        f"{schema_pointer}/{keyword}"
        for schema_pointer, schema in contract.schemas_below([pointer])
        for keyword in schema
        if keyword in _LEFT_OUT and not (keyword == "not" and _named_values(schema["not"]))
    ]


def _mutations(
    whole: Json,
    kept: SatisfiedKeyword,
    schema: Mapping[str, Json],
    done: Collection[tuple[str, str]],
    is_valid: _Test,
) -> Iterator[Mutation]:
    """A body with each statement of one of its schemas broken, in each way that is not done."""
    ways = list(_ways_to_break(schema, value_at(whole, kept.location)))
    left = [way for way in ways if way[:2] not in done]
    placed = list(_placed(whole, kept.location, is_valid)) if left else []
    for index, (keyword, wrong, change) in enumerate(left):
        # One kind of wrong item at each place is enough to tell where a server looks.
        for body, location in placed[: 1 if index or done else None]:
            broken = change(body, location)
            if not is_valid(broken):
                yield Mutation(f"{kept.pointer}/{keyword}", location, wrong, broken, json.dumps(broken))


def _placed(body: Json, location: str, is_valid: _Test) -> Iterator[tuple[Json, str]]:
    """The body with good items around each item on the way to a location, and the location as it is then.

    A server may look at the first item of an array alone, at the last one, or at the others. So the item first stands
    between two good ones, then at each other place of each array.
    """
    way = tokens(location)
    above = [length for length in range(len(way)) if isinstance(value_at(body, pointer_of(way[:length])), list)]
    for places in product(_PLACES, repeat=len(above)):
        longer, changed = body, [*way]
        for length, (before, after) in zip(above, places, strict=True):
            longer, changed[length] = _put_around(longer, changed[: length + 1], before, after, is_valid)
        yield longer, pointer_of(changed)


def _put_around(body: Json, way: Sequence[str], before: int, after: int, is_valid: _Test) -> tuple[Json, str]:
    """The body with an item of an array among copies of it, as many as may be, and the item's index."""
    item = value_at(body, pointer_of(way))
    for first, last in ((before, after), (before, 0)):
        longer = with_value(body, pointer_of(way[:-1]), [item] * (first + 1 + last))
        if is_valid(longer):
            return longer, str(first)
    return body, way[-1]


def _kept_schemas(
    contract: Contract, pointer: str, plan: Plan
) -> Iterator[tuple[Json, SatisfiedKeyword, Mapping[str, Json]]]:
    """The planned bodies, the smallest first, with each schema that they satisfy."""
    schemas = dict(contract.schemas_below([pointer]))
    small = (planned for planned in plan.bodies if len(planned.text) <= _LARGEST_BROKEN)
    for body in sorted((planned.body for planned in small), key=lambda body: len(json.dumps(body))):
        satisfied = find_satisfied(contract.request_validator(pointer), body)
        for kept in reversed(satisfied):  # the last key of a map first, as servers may look at the first one alone
            # `items` and the like are reported for the array too, to which they do not apply as a schema.
            applies = contract.request_validator(kept.pointer).is_valid if kept.pointer in schemas else None
            if applies and applies(value_at(body, kept.location)):
                yield body, kept, schemas[kept.pointer]


def _ways_to_break(schema: Mapping[str, Json], value: Json) -> Iterator[tuple[str, str, Change]]:
    """Ways to break a schema's keywords: the keyword, a description, and the change to a body.

    The keywords are the schema's own, not those that jsonschema-rs reports: it makes one of some two.
    """
    keywords = [keyword for keyword in schema if isinstance(value, _APPLIES_TO.get(keyword, object))]
    for keyword in keywords:
        of_arrays = _arrays_against if keyword in _OF_ARRAYS else _other_values
        against = _objects_against if keyword in _OF_OBJECTS else of_arrays
        for wrong, other in against(keyword, schema, value):
            yield keyword, wrong, partial(with_value, value=other)
    for name in schema["required"] if "required" in keywords else ():
        yield "required", f"without {name}", partial(without_field, name=name)


def _other_values(keyword: str, schema: Mapping[str, Json], value: Json) -> Iterator[tuple[str, Json]]:
    """Values that may break a keyword, each with its name. The caller drops those that are valid after all."""
    statement = schema[keyword]
    match keyword:
        case "type":
            yield "null", None
            for name in statement if isinstance(statement, list) else [statement]:
                yield from _mistaken_for(name, value)
        case "enum" | "const":
            yield "an undocumented member", f"{value}_x"
            yield "a member in other case", str(value).swapcase()
            yield "a member with a space before it", f" {value}"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" | "multipleOf":
            yield _number_against(keyword, schema, value)
        case "pattern":
            yield from _texts_against(statement, value)
        case "format":
            yield f"no {statement}", "?"
        case "additionalProperties" | "unevaluatedProperties" if statement is False:
            yield "an undocumented field", {**value, "undocumented": 1}
        case "not":
            yield from ((f"{json.dumps(each)}, which is excluded", each) for each in _named_values(statement))
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            yield from _lengths_against(keyword, int(statement), value)


def _named_values(schema: Json) -> list[Json]:
    """The values that a schema names."""
    if not isinstance(schema, dict):
        return []
    return [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]


def _arrays_against(keyword: str, schema: Mapping[str, Any], value: list[Json]) -> Iterator[tuple[str, Json]]:
    """Arrays that may break a keyword for the items of arrays, each with its name."""
    statement = _whole(schema[keyword])
    match keyword:
        case "items" | "unevaluatedItems" if statement is False:
            yield "an item more", [*value, value[-1] if value else 1]
        case "uniqueItems" if statement and value:
            yield "an item twice", [*value, value[0]]
        case "contains" if statement and value:
            yield "no such item", []
        case "maxContains" if value and statement < HEAVIEST:
            yield f"more than {statement} such items", [*value, *[value[0]] * statement]
        case "minContains" if statement > 1:
            yield f"fewer than {statement} such items", value[: statement - 1]


def _objects_against(keyword: str, schema: Mapping[str, Any], value: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """Objects that may break a keyword for the fields of objects, each with its name. They have all required fields."""
    statement, required = _whole(schema[keyword]), schema.get("required", ())
    is_closed = False in (schema.get("additionalProperties"), schema.get("unevaluatedProperties"))
    match keyword:
        case "dependentRequired":
            demanded = ((trigger, name) for trigger in statement.keys() & value.keys() for name in statement[trigger])
            for trigger, name in sorted(pair for pair in demanded if pair[1] not in required):
                yield f"{trigger} without {name}", {key: inner for key, inner in value.items() if key != name}
        case "minProperties" if len(required) < statement:
            fields = sorted(value.items(), key=lambda field: field[0] not in required)
            yield f"against minProperties {statement}", dict(fields[: statement - 1])
        case "maxProperties" if value and not is_closed and statement < HEAVIEST:
            name, inner = [*value.items()][-1]
            more = {f"{name}{'x' * number}": inner for number in range(1, statement + 2 - len(value))}
            yield f"against maxProperties {statement}", {**value, **more}
        case "propertyNames" if value and not is_closed:
            inner = [*value.values()][-1]
            yield from ((f"a field named {name!r}", {**value, name: inner}) for name in _ODD_NAMES)


def _whole(statement: Any) -> Any:  # noqa: ANN401 - of any keyword
    """A statement, with an integer in place of a number such as 2.0, which JSON Schema takes for one."""
    return int(statement) if isinstance(statement, float) else statement


def _lengths_against(keyword: str, statement: int, value: Json) -> Iterator[tuple[str, Json]]:
    """A text or an array that is too long or too short by one, if it is not too long to send."""
    length = statement + (1 if keyword.startswith("max") else -1)
    if value and 0 <= length <= (HUGE if isinstance(value, str) else HEAVIEST):
        yield f"against {keyword} {statement}", _of_length(value, length)


def _number_against(keyword: str, schema: Mapping[str, Json], value: Json) -> tuple[str, float]:
    """A number that breaks one of the keywords for numbers, and its name."""
    statement = schema[keyword]
    if keyword == "multipleOf":
        return f"between two multiples of {statement}", (value or 0) + statement / 2
    # As little beyond a bound as no reader may round off, where fractions are allowed.
    step = _FRACTION if "number" in _types(schema) else 1
    is_lower = keyword in {"minimum", "exclusiveMinimum"}
    return (f"below {statement}", statement - step) if is_lower else (f"above {statement}", statement + step)


def _types(schema: Mapping[str, Json]) -> Sequence[str]:
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else named


def _mistaken_for(name: str, value: Json) -> Iterator[tuple[str, Json]]:
    """Values that lax readers take for one of a type, made of a value of it; none if that is null."""
    for wrong, make in _MISTAKEN[name].items():
        if value is not None:
            yield f"{wrong} for {name}", make(value)


def _of_length(value: Json, length: int) -> Json:
    """A text or an array of a length, made of the value's first item."""
    return ("x" if isinstance(value, str) else value[:1]) * length


def _texts_against(pattern: str, text: str) -> Iterator[tuple[str, str]]:
    """Texts that a pattern may not take, each with its name."""
    yield "an empty string", ""
    yield "a line feed at the end", f"{text}\n"  # which `$` lets pass in many a language
    yield "a space before it", f" {text}"
    for name, character in _CHARACTERS.items():
        yield f"{name} at the end", f"{text}{character}"
    if "(?" in pattern:  # it may look ahead, for a character of some kind
        yield from ((wrong, change(text)) for wrong, change in _KINDS_CHANGED.items())
    yield from {name: other for other in _one_more(pattern, text) for name in [f"{len(other)} characters"]}.items()


def _one_more(pattern: str, text: str) -> Iterator[str]:
    """Texts with a character repeated once more than a pattern takes."""
    takes = matcher(pattern)
    for position in {character: position for position, character in enumerate(text)}.values():
        start, character, end = text[:position], text[position], text[position + 1 :]
        longest = longest_run(lambda number: takes(start + character * number + end), 1)  # noqa: B023 - called here only
        yield start + character * (longest + 1) + end
