"""Words for a cause that breaks several statements: which part of a body is not checked, which values are converted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from contract_tests.judge.one_place import way_of
from contract_tests.judge.wording import ANY, name_place
from contract_tests.result.words import counted
from spec.reader import escape, target_of, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.causes import Cause
    from contract_tests.judge.occurrence import Occurrence
    from contract_tests.judge.one_place import Part, Way

_NAMED: Final = 5
"""How many of the wrong things are named."""


class Scope(NamedTuple):
    """A cause that breaks several statements, in words."""

    headline: str
    detail: str
    pointer: str


def find_scope(contract: Contract, cause: Cause) -> Scope | None:
    """The words for a cause that breaks several statements; None for any other, which its failure describes."""
    own, detail = cause.own, _describe_all(cause.own)
    places = {way_of(part) for each in own for part in each.parts}
    match cause.group.reach:
        case "part" if cause.group.part:
            headline = _describe_part(cause.group.part, own)
            return Scope(headline, detail, _schema_at(contract, own[0], cause.group.part.way))
        case "types":
            headline = f"Values of other types are accepted at {counted(len(places), 'place')}, as if converted"
            return Scope(headline, detail, own[0].failure.pointer)
        case "object":
            return Scope(_describe_object(own), detail, own[0].failure.pointer)
        case _:
            return None


def _describe_part(part: Part, own: Sequence[Occurrence]) -> str:
    name = name_place(part.way) or "the body"
    requests = counted(len({each.place for each in own}), "request")
    return (
        f"Nothing {'inside' if part.is_inside else 'of'} {name} is checked: {requests} with wrong values were accepted"
    )


def _describe_object(own: Sequence[Occurrence]) -> str:
    """The headline of statements about one object: the first's, or all that it lacks."""
    first = own[0].failure
    lacking = dict.fromkeys(name_place(tokens(each.parts[0])) for each in own if each.failure.missing is not None)
    if first.missing is None or len(lacking) == 1:
        return first.headline
    *others, last = lacking
    one, _, rest = first.headline.partition(name_place(tokens(own[0].parts[0])))
    return f"{one}{', '.join(others)} and {last}{rest}"


def _describe_all(own: Sequence[Occurrence]) -> str:
    """The first of the things that are wrong, and how many there are beside them."""
    details = list(dict.fromkeys(each.failure.detail for each in own))
    more = [f"and {len(details) - _NAMED} more"] if len(details) > _NAMED else []
    return "\n".join([*details[:_NAMED], *more])


def _schema_at(contract: Contract, occurrence: Occurrence, way: Way) -> str:
    """The schema of a part of a request's body, as far as the spec leads there."""
    pointer = occurrence.judged.seen.sent.body_pointer or ""
    for name in way:
        inner = next(_inner_schemas(contract, pointer, name), None)
        if inner is None:
            return pointer
        pointer = inner
    return pointer


def _inner_schemas(contract: Contract, pointer: str, name: str) -> Iterator[str]:
    """The schemas that a schema has for a field, or for an item."""
    schema: Any = contract.value(pointer)
    if not isinstance(schema, dict):
        return
    if name in schema.get("properties", {}):
        yield f"{pointer}/properties/{escape(name)}"
    if name == ANY and "items" in schema:
        yield f"{pointer}/items"
    if "$ref" in schema:
        yield from _inner_schemas(contract, target_of(schema["$ref"]), name)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, _ in enumerate(schema.get(keyword, ())):
            yield from _inner_schemas(contract, f"{pointer}/{keyword}/{index}", name)
