"""Planned bodies with one thing wrong: every statement of a request's schema broken once, in every place it holds.

Schemathesis's coverage phase makes more invalid requests than these, but not for every statement in every place, and
often with several things wrong at once. Here all else is right, and known to be accepted. So a refusal can have no
other reason, and an acceptance names the one statement that the server does not check. Keywords that apply one schema
on the condition of another (`not`, `if`, `dependentSchemas`) are left to Schemathesis; a dry run lists them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Final, TypeAlias

from contract_tests.contract.keywords import find_satisfied, with_value, without_field
from contract_tests.plan.choices import Choice
from contract_tests.plan.effort import BY_THOROUGH
from contract_tests.plan.wrong_values import concerns, named_values, wrong_values
from spec.json_value import Json
from spec.reader import pointer_of, tokens, value_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import SatisfiedKeyword
    from contract_tests.plan.plan import Plan

OnCap: TypeAlias = Callable[[Choice], None]
"""Hears of the requests that are not made because they are too many."""
_PLACES: Final = ((1, 1), (0, 2), (2, 0))
"""How many good items stand before and after a wrong one."""
_LARGEST_BROKEN: Final = 400_000
"""How many characters a planned body may have that is to be broken."""
_LARGEST: Final = 4_000_000
"""How many characters the broken bodies of a plan may have together."""
_LEFT_OUT: Final = frozenset(("not", "if", "dependentSchemas"))
"""Keywords that no value is made against, but for a `not` that names values."""

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
        if keyword in _LEFT_OUT and not (keyword == "not" and named_values(schema["not"]))
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
    keywords = [keyword for keyword in schema if concerns(keyword, value)]
    for keyword in keywords:
        for wrong, other in wrong_values(keyword, schema, value):
            yield keyword, wrong, partial(with_value, value=other)
    for name in schema["required"] if "required" in keywords else ():
        yield "required", f"without {name}", partial(without_field, name=name)
