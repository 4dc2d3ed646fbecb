"""The state that all readers of schemas share: the contract, the limits, and the choices that they left out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.contract.direction import Direction
from contract_tests.plan.choices import Alternative, Choice
from contract_tests.plan.effort import effort_for
from contract_tests.plan.making import always
from contract_tests.plan.merged import MergedSchemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.choices import ChoicePoint
    from contract_tests.plan.effort import Effort
    from contract_tests.plan.medium import Medium
    from contract_tests.plan.merged import Source
    from contract_tests.plan.spot import Spot
    from contract_tests.target.limits import Limits
    from spec.json_value import Json

SMALL: Final = 1_000
"""The most characters of a string that bodies may have though another one has tried it."""


class Reading:
    """The reading of a contract's schemas within limits."""

    def __init__(  # noqa: PLR0913 - what alternatives depend on
        self,
        contract: Contract,
        *,
        all_known_names: bool,
        limits: Limits,
        effort: Effort | None = None,
        medium: Medium | None = None,
        direction: Direction = Direction.REQUEST,
    ) -> None:
        self.contract = contract
        self.direction = direction
        self.medium = medium
        self.whole = medium.whole if medium else ""
        """The place of choices about the whole body, or about all parameters."""
        self.effort = effort or effort_for(contract, thorough=False)
        self.schemas = MergedSchemas(contract, direction)
        self.all_known_names = all_known_names
        self.limits = limits
        self.deepest = 0
        """How deep in the body more is planned for than what must be there."""
        self.withheld: set[Choice] = set()
        """The choices of the schemas read so far that the limits do not allow."""
        self.impossible: set[Choice] = set()
        """The parts that no value could be made for."""

    def withhold(self, spot: Spot, value: str, reason: str) -> None:
        """Tells that choices of a part are left out, and why."""
        self.withheld.add(replace(self.choice(spot.path, value, spot.pointer), reason=reason))

    def choice(self, path: str, value: str, pointer: str, standing_of: str | None = None) -> Choice:
        """A choice of a value for a part, by the statement at a pointer."""
        real = self.schemas.origin(pointer)
        return Choice(path, value, real, self.contract.standing(standing_of or real))

    def constant(self, spot: Spot, name: str, value: Json) -> Alternative:
        """A value that a keyword allows."""
        # That null is allowed is marked at the field, whether its type lists null or a branch is null.
        pointer = self.schemas.origin(spot.pointer)
        field_pointer = re.sub(r"(/(anyOf|oneOf)/\d+)?/\w+$", "", pointer)
        marked = f"{field_pointer}/nullable" if value is None else pointer
        return Alternative(self.choice(spot.path, name, pointer, marked), always(value))

    def is_too_deep(self, spot: Spot) -> bool:
        """Tells whether a part is so deep in the body that only what must be there is planned for."""
        return spot.depth >= self.deepest

    def leave_out(self) -> None:
        """Tells that parts are left out because they are too deep."""
        levels = self.deepest - bool(self.whole)  # a parameter is within its location, which nobody counts
        words = f"parts more than {levels} level{'' if levels == 1 else 's'} deep"
        self.withheld.add(Choice(self.whole, words, "", "documented", reason="--thorough looks deeper"))


class Parts(Protocol):
    """Reads the schemas of the parts of an array or an object."""

    def merged(self, spot: Spot, *sources: Source) -> Iterator[Alternative]:
        """The alternatives of several schemas as one; none once one of them has led to itself too often."""

    def allowed(self, spot: Spot) -> tuple[Alternative, ...]:
        """The alternatives of a part that the limits allow."""

    def required(self, spot: Spot) -> ChoicePoint | None:
        """The choice point of a part that must be there; None if no value can be made for it."""

    def optional(self, spot: Spot) -> ChoicePoint | None:
        """The choice point of a part that may be absent; None if no value can be made for it."""
