"""The changes that a comparison found: each once, with all operations that it concerns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from scripts.drift.effects import HURT
from spec.operations import Operation, Use

if TYPE_CHECKING:
    from scripts.drift.effects import Effect
    from spec.operations import Direction

_FLIPPED: Final[dict[Direction, Direction]] = {"request": "response", "response": "request"}


@dataclass(frozen=True)
class Context:
    """The operation that a part belongs to, and the way that its data travels.

    `sends` is the way of a request: a client sends those of operations, and receives those of callbacks and webhooks.
    """

    operation: Operation
    sends: Direction = "request"
    part: str = ""
    """The part with the data: `request`, `response 200`, `callback paid: request`; empty if it is not about data."""
    is_response: bool = False

    def request(self) -> Context:
        """The context of the request."""
        return replace(self, part=f"{self.part}request")

    def response(self, status: str) -> Context:
        """The context of the response with a status."""
        return replace(self, part=f"{self.part}response {status}", is_response=True)

    def callback(self, name: str) -> Context:
        """The context of the operations of a callback, which the server calls."""
        return replace(self, sends=_FLIPPED[self.sends], part=f"{self.part}callback {name}: ")

    @property
    def direction(self) -> Direction:
        """The way of the data."""
        return _FLIPPED[self.sends] if self.is_response else self.sends

    @property
    def uses(self) -> tuple[Use, ...]:
        """The use of the data, if the part is about data."""
        return (Use(self.operation, self.direction, self.part),) if self.part and self.part[-1] != " " else ()


@dataclass
class Found:
    """A change, and everything that it concerns."""

    pointer: str
    message: str
    touched: tuple[str, ...]
    """The pointers, in the base or the spec, whose generated code it touches."""
    is_breaking: bool = False
    uses: set[Use] = field(default_factory=set)
    operations: dict[str, Operation] = field(default_factory=dict)

    def concern(self, operation: Operation, *uses: Use) -> None:
        """Adds an operation that the change concerns."""
        self.operations[operation.label] = operation
        self.uses.update(uses)


@dataclass
class Findings:
    """The changes that were found so far."""

    found: dict[tuple[str, str], Found] = field(default_factory=dict)

    def tell(self, pointer: str, message: str, effect: Effect, context: Context, touched: tuple[str, ...] = ()) -> None:
        """Adds a change, or one more operation that it concerns."""
        found = self.at(pointer, message, touched)
        found.is_breaking |= effect == "different" or context.direction in HURT[effect]
        found.concern(context.operation, *context.uses)

    def at(self, pointer: str, message: str, touched: tuple[str, ...] = ()) -> Found:
        """The change with this place and message, made if it is new."""
        return self.found.setdefault((pointer, message), Found(pointer, message, touched or (pointer,)))

    @property
    def pointers(self) -> set[str]:
        """The places of all changes."""
        return {pointer for pointer, _ in self.found}
