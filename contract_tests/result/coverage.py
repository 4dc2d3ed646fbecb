"""The statements of the contract, each with what a run tells of it, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec import structs

from contract_tests.result.part import Part, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MET: Final = "+"
NOT_MET: Final = "-"
IMPOSSIBLE: Final = " "
StatementKind = Literal["required", "optional", "member", "null", "branch", "bound", "type", "media type", "rule"]


class Statement(Part, frozen=True, kw_only=True):
    """One statement of the contract, and how often a run tried it.

    Of a request, it is tried by valid requests that make use of it, and by requests that break it on purpose. Of a
    response, by each response that it applies to.
    """

    kind: StatementKind
    words: str
    """Such as `uri` for a required field, `maximum 2`, or a member as JSON."""
    pointer: str
    """JSON Pointer of the keyword that states it."""
    location: str
    """That keyword's file and line, as `path:line`."""
    standing: Standing
    tried: int
    """In how many exchanges it was tried."""
    kept: int
    """In how many of these it was kept."""
    violated: int
    """In how many it was violated. In the others it could not be judged."""
    findings: tuple[int, ...]
    """The numbers of the findings that break it."""
    gap: str | None
    """Why it was never tried; null if it was."""


class BodyPart(Part, frozen=True, kw_only=True):
    """A part of a body, such as a field, with the statements about it."""

    name: str
    """Of the field or branch; `[]` for the items of an array."""
    depth: int
    """How far within the body it is; 0 for the body itself."""
    pointer: str
    """JSON Pointer of its schema."""
    location: str
    description: str
    seen_above: str | None
    """The name of its schema, if the statements stand further up already."""
    statements: tuple[Statement, ...]


class Body(Part, frozen=True, kw_only=True):
    """A kind of body of an operation's requests, or of its responses with one status; or all its parameters."""

    name: str
    """`parameters`; `request`, or with a further media type `request text/plain`; or the status as the spec writes it.
    """
    parts: tuple[BodyPart, ...]
    """In their order, each before those within it."""


class AnnotatedOperation(Part, frozen=True, kw_only=True):
    """An operation with all that the contract states of it."""

    label: str
    bodies: tuple[Body, ...]
    rules: tuple[Statement, ...]


def statements_of(contract: Iterable[AnnotatedOperation]) -> Iterator[Statement]:
    """All statements of operations, each time that they stand there."""
    for operation in contract:
        yield from operation.rules
        yield from (each for body in operation.bodies for part in body.parts for each in part.statements)


def with_statements(
    contract: Iterable[AnnotatedOperation], statements: Iterable[Statement]
) -> tuple[AnnotatedOperation, ...]:
    """The operations with other statements in place of theirs, which come in the order of `statements_of`."""
    left = iter(statements)
    return tuple(_with_statements(operation, left) for operation in contract)


def _with_statements(operation: AnnotatedOperation, left: Iterator[Statement]) -> AnnotatedOperation:
    rules = _take(operation.rules, left)
    bodies = tuple(
        structs.replace(body, parts=tuple(_of(part, left) for part in body.parts)) for body in operation.bodies
    )
    return structs.replace(operation, rules=rules, bodies=bodies)


def _of(part: BodyPart, left: Iterator[Statement]) -> BodyPart:
    return structs.replace(part, statements=_take(part.statements, left))


def _take(old: Sequence[Statement], left: Iterator[Statement]) -> tuple[Statement, ...]:
    return tuple(next(left) for _ in old)


class Factor(Part, frozen=True, kw_only=True):
    """A part of requests that shapes them, and the values that it can have."""

    place: str
    values: tuple[str, ...]


class Pairs(Part, frozen=True, kw_only=True):
    """Which choices met in one valid request."""

    operation: str
    factors: tuple[Factor, ...]
    met: tuple[str, ...]
    """A text for each value of each factor, in their order, with a character for each value: `+` if both were in one
    valid request, `-` if not yet, and a blank if no request can have both.
    """


class SpecText(Part, frozen=True, kw_only=True):
    """The text of the spec."""

    path: str
    """As it begins locations."""
    text: str
