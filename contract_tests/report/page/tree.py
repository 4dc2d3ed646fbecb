"""The contract on the page: its statements as a tree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from contract_tests.report.page.allowance import cut
from contract_tests.report.page.causes import line_of
from contract_tests.report.page.untried import find_gaps, side_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from contract_tests.report.page.untried import Gap
    from contract_tests.result.coverage import AnnotatedOperation, Body, BodyPart, Statement

State = Literal["violated", "kept", "not judged", "never tried"]
_STATES: Final[tuple[State, ...]] = get_args(State)
_WORDS: Final = 120
_DESCRIPTION: Final = 300
_KINDS: Final = {
    "required": "required",
    "optional": "may be absent",
    "null": "may be null",
    "branch": "branch",
    "media type": "media type",
}


class Claim(Struct, frozen=True):
    """A statement as it is shown."""

    state: State
    words: str
    kind: str
    counts: str
    tried: int
    findings: tuple[int, ...]
    standing: str
    line: int | None
    gap: str | None


class Node(Struct, frozen=True):
    """A part of a body, with the parts within it."""

    name: str
    description: str
    seen_above: str | None
    line: int | None
    claims: tuple[Claim, ...]
    parts: tuple[Node, ...]
    totals: Mapping[State, int]
    """How many statements of it and of the parts within are in each state that any is in."""


class ShownOperation(Struct, frozen=True):
    """An operation as it is shown."""

    label: str
    bodies: tuple[Node, ...]
    rules: tuple[Claim, ...]
    gaps: tuple[Gap, ...]
    totals: Mapping[State, int]


def show_contract(
    operations: Iterable[AnnotatedOperation], lines: Sequence[str], checks: Collection[str]
) -> tuple[ShownOperation, ...]:
    """The operations of the contract. `lines` are those of the spec, and `checks` the names of the run's checks."""
    return tuple(_show(operation, lines, checks) for operation in operations)


def state_of(statement: Statement) -> State:
    """The state of a statement after the run."""
    if statement.violated:
        return "violated"
    if statement.kept:
        return "kept"
    return "not judged" if statement.tried else "never tried"


def _show(operation: AnnotatedOperation, lines: Sequence[str], checks: Collection[str]) -> ShownOperation:
    bodies = tuple(_node(body, lines) for body in operation.bodies)
    rules = tuple(_claim(rule, lines) for rule in operation.rules)
    totals = _add([*(body.totals for body in bodies), _count(rules)])
    return ShownOperation(operation.label, bodies, rules, tuple(find_gaps(operation, checks)), totals)


def _node(body: Body, lines: Sequence[str]) -> Node:
    root, *others = body.parts
    return replace(_Nesting(others, lines).nest(root), name=side_of(body))


class _Nesting:
    """Puts the parts of a body, which are in a row, within each other."""

    def __init__(self, parts: Sequence[BodyPart], lines: Sequence[str]) -> None:
        self._parts = list(reversed(parts))
        self._lines = lines

    def nest(self, part: BodyPart) -> Node:
        """A part with all parts within it."""
        inner: list[Node] = []
        while self._parts and self._parts[-1].depth > part.depth:
            inner.append(self.nest(self._parts.pop()))
        claims = tuple(_claim(statement, self._lines) for statement in part.statements)
        return Node(
            name=part.name,
            description=cut(part.description, _DESCRIPTION),
            seen_above=part.seen_above,
            line=line_of(part.location, self._lines),
            claims=claims,
            parts=tuple(inner),
            totals=_add([_count(claims), *(node.totals for node in inner)]),
        )


def _claim(statement: Statement, lines: Sequence[str]) -> Claim:
    is_named = statement.kind in {"required", "optional", "null"}
    return Claim(
        state=state_of(statement),
        words="" if is_named else cut(statement.words, _WORDS),
        kind=_KINDS.get(statement.kind, ""),
        counts=_counts(statement),
        tried=statement.tried,
        findings=statement.findings if statement.violated else (),
        standing=statement.standing,
        line=line_of(statement.location, lines),
        gap=statement.gap,
    )


def _counts(statement: Statement) -> str:
    """How often a statement was tried, in words."""
    if not statement.tried:
        return f"never tried: {statement.gap}" if statement.gap else "never tried"
    others = statement.tried - statement.kept - statement.violated
    broken = f", violated {statement.violated:,}" if statement.violated else ""
    unjudged = f", not judged {others:,}" if others > 0 else ""
    return f"tried {statement.tried:,}, kept {statement.kept:,}{broken}{unjudged}"


def _count(claims: Iterable[Claim]) -> dict[State, int]:
    return _in_order(Counter(claim.state for claim in claims))


def _add(counts: Iterable[Mapping[State, int]]) -> dict[State, int]:
    totals: Counter[State] = Counter()
    for each in counts:
        totals.update(each)
    return _in_order(totals)


def _in_order(totals: Mapping[State, int]) -> dict[State, int]:
    """The states that anything is in, in the order in which they are shown."""
    return {state: totals[state] for state in _STATES if state in totals}
