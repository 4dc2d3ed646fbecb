"""Planned bodies with one thing wrong: every statement of a request's schema broken once, in every place it holds.

The engine's coverage phase makes more invalid requests than these, but not for every statement in every place, and
often with several things wrong at once. Here all else is right, and known to be accepted: a refusal can have no other
reason, and an acceptance names the one statement that the server does not hold to.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.instance import find_kept, with_value, without_field
from spec.reader import value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from contract_tests.contract import Contract
    from contract_tests.instance import Kept
    from contract_tests.plan import Plan

_STEP: Final = 1 / 1024
# What is mistaken for a value of a type: what lax readers turn into one.
_MISTAKEN: Final[dict[str, tuple[Any, ...]]] = {
    "string": (5, ["text"]),
    "integer": ("5", 0.5, True),
    "number": ("1", True),
    "boolean": ("true", 1),
    "object": ("text", []),
    "array": ("text", {}),
    "null": (),
}


@dataclass(frozen=True)
class Mutation:
    """A body that breaks one statement of the schema."""

    pointer: str
    """Of the statement."""
    location: str
    """Where in the body it is broken, as a JSON Pointer."""
    wrong: str
    """What is wrong there, in words."""
    body: Any

    def __str__(self) -> str:
        return f"{self.location.lstrip('/').replace('/', '.') or 'the body'}: {self.wrong}"


def break_each_statement(contract: Contract, pointer: str, plan: Plan) -> Iterator[Mutation]:
    """Every statement of the schema that a planned body keeps, broken in every place, in the smallest such body."""
    validator = contract.validator(pointer)
    done: set[tuple[str, str]] = set()
    made: set[str] = set()
    for body, kept, schema in _kept_schemas(contract, pointer, plan):
        for keyword, wrong, change in _ways_to_break(schema, kept.location, value_at(body, kept.location)):
            place = (f"{kept.path}/{keyword}", wrong)
            if place in done or validator.is_valid(broken := change(body)):
                continue
            done.add(place)
            if (text := json.dumps(broken)) not in made:  # one value may break two branches
                made.add(text)
                yield Mutation(f"{kept.pointer}/{keyword}", kept.location, wrong, broken)


def _kept_schemas(contract: Contract, pointer: str, plan: Plan) -> Iterator[tuple[Any, Kept, Mapping[str, Any]]]:
    """The planned bodies, the smallest first, with each schema that they keep."""
    schemas = dict(contract.schemas_below([pointer]))
    for body in sorted((planned.body for planned in plan.bodies), key=lambda body: len(json.dumps(body))):
        for kept in find_kept(contract.validator(pointer), body):
            # `items` and the like are reported for the array too, to which they do not apply as a schema.
            applies = contract.validator(kept.pointer).is_valid if kept.pointer in schemas else None
            if applies and applies(value_at(body, kept.location)):
                yield body, kept, schemas[kept.pointer]


def _ways_to_break(
    schema: Mapping[str, Any],
    location: str,
    value: Any,  # noqa: ANN401 - JSON of any type
) -> Iterator[tuple[str, str, Callable[[Any], Any]]]:
    """The keywords of a schema, what is wrong when they are broken, and what makes a body so.

    The keywords are the schema's own, and not those that jsonschema-rs reports: of some two it makes one.
    """
    for keyword, statement in schema.items():
        for wrong, other in _other_values(keyword, statement, value):
            yield keyword, wrong, partial(with_value, location=location, value=other)
    for name in schema.get("required", []) if isinstance(value, dict) else ():
        yield "required", f"without {name}", partial(without_field, location=location, name=name)


def _other_values(
    keyword: str,
    statement: Any,  # noqa: ANN401 - JSON of any type
    value: Any,  # noqa: ANN401 - the same
) -> Iterator[tuple[str, Any]]:
    """Values that break a keyword, each with its name; what breaks nothing after all is for the caller to tell."""
    match keyword:
        case "type":
            yield "null", None
            for name in statement if isinstance(statement, list) else [statement]:
                yield from ((f"{json.dumps(other)} for {name}", other) for other in _MISTAKEN[name])
        case "enum" | "const":
            yield "an undocumented member", f"{value}_x"
            yield "a member in other case", str(value).swapcase()
        case "minimum" | "exclusiveMinimum":
            yield f"below {statement}", _beyond(statement, value, -1)
        case "maximum" | "exclusiveMaximum":
            yield f"above {statement}", _beyond(statement, value, 1)
        case "pattern":
            yield from _texts_against(statement, value)
        case "format":
            yield f"no {statement}", "?"
        case "additionalProperties" if statement is False:
            yield "an undocumented field", {**value, "undocumented": 1}
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            yield f"against {keyword} {statement}", _of_length(value, statement + (1 if keyword[1] == "a" else -1))


def _of_length(value: Any, length: int) -> Any:  # noqa: ANN401 - text or array
    """A text or an array of a length, made of the value's first item."""
    return ("x" if isinstance(value, str) else value[:1]) * length


def _beyond(bound: float, value: float | None, direction: int) -> float:
    """A number just beyond a bound: a whole one unless the value, which may be null, is not."""
    return bound + direction * (1 if isinstance(bound, int) and not isinstance(value, float) else _STEP)


def _texts_against(pattern: str, text: str) -> Iterator[tuple[str, str]]:
    """Texts that a pattern may not take, each with its name."""
    yield "an empty string", ""
    yield "a line feed at the end", f"{text}\n"  # which `$` lets pass in many a language
    yield "a space at the end", f"{text} "
    yield "a sign at the end", f"{text}!"
    lengths = [length for length in range(1, 200) if re.search(pattern, text[:1] * length)] if text else []
    if lengths:
        yield f"{lengths[-1] + 1} characters", text[:1] * (lengths[-1] + 1)
