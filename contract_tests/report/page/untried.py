"""Gaps of a run, for the page: requests that were not sent, and statements that nothing put to the test."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from contract_tests.contract.message_parts import is_of_request
from contract_tests.report.left_out import name_operations
from contract_tests.report.page.allowance import cut

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from contract_tests.result.coverage import AnnotatedOperation, Body, Statement
    from contract_tests.result.result import Result
    from contract_tests.result.scope import LeftOut

_LIST: Final = 400
"""How much of the statements about one place is shown, in characters."""


class Gap(Struct, frozen=True):
    """Requests that were not sent, or statements that nothing tried, for one reason."""

    reason: str
    count: int
    names: tuple[str, ...]
    """Each place, with what was not tried there."""


def find_left_out(result: Result) -> Iterator[Gap]:
    """The requests of the plan that were not sent, by the limit and the operation."""
    yield from _by_operation("cut off by a limit of this run", name_operations(result, result.untried))
    yield from _by_operation("withheld, for this target is never sent it", name_operations(result, result.withheld))


def _by_operation(limit: str, things: Iterable[LeftOut]) -> Iterator[Gap]:
    names: defaultdict[str | None, list[str]] = defaultdict(list)
    for thing in things:
        operation = thing.operation if thing.thing else None
        names[operation].append(str(structs.replace(thing, operation=None) if operation else thing))
    for label, those in names.items():
        yield Gap(f"{label}: {limit}" if label else limit.capitalize(), len(those), tuple(those))


def side_of(body: Body) -> str:
    """The name of a body in words: `response 200`."""
    return body.name if is_of_request(body.name) else f"response {body.name}"


def find_gaps(operation: AnnotatedOperation, checks: Collection[str]) -> Iterator[Gap]:
    """The statements that were never tried, by the reason, and by the place that they are about.

    A rule that is none of the checks judges nothing by itself, and so is no gap.
    """
    reasons: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for body in operation.bodies:
        side, is_sent = side_of(body), is_of_request(body.name)
        for place, statement in _placed(body):
            may_stay_out = statement.kind == "optional" and not is_sent  # a server may always send a field
            if not statement.tried and not may_stay_out:
                reasons[f"{side}: {statement.gap}"][place].append(_say(statement))
    for rule in operation.rules:
        name = rule.words.partition(":")[0]
        if not rule.tried and name in checks:
            reasons[f"rules: {rule.gap}"][name].append("")
    return (_gap(reason, places) for reason, places in reasons.items())


def _gap(reason: str, places: Mapping[str, Sequence[str]]) -> Gap:
    names = (
        cut(f"{place}: {', '.join(filter(None, words))}".removesuffix(": "), _LIST) for place, words in places.items()
    )
    return Gap(reason, sum(map(len, places.values())), tuple(names))


def _placed(body: Body) -> Iterator[tuple[str, Statement]]:
    """The statements of a body, each with the place that it is about."""
    way: list[str] = []
    for part in body.parts:
        way[part.depth :] = [part.name]
        place = ".".join(way[1:]).replace(".[]", "[]").replace(".(", "(") or "the body"
        yield from ((place, statement) for statement in part.statements)


def _say(statement: Statement) -> str:
    match statement.kind:
        case "required":
            return "present"
        case "optional":
            return "absent"
        case "type":
            return f"of type {statement.words}"
        case _:
            return statement.words
