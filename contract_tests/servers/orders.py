"""Orders to the mock: what an answer is to be. The plugin, flags of the command and `POST /_mock/next` give them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from contract_tests.servers.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Status = Annotated[int, Field(ge=200, le=599)]
_Seconds = Annotated[float, Field(ge=0, le=600)]


class OrderError(ValueError):
    """The order cannot be carried out. `str()` says why."""


class OrderedAnswer(BaseModel):
    """An answer, as it is ordered."""

    model_config = ConfigDict(extra="forbid")
    status: _Status
    body: Any = None
    headers: dict[str, str] = Field(default_factory=dict)


class Order(BaseModel):
    """An order for one answer. Of `answer`, `fail`, `refuse` and `change`, the first that is given counts."""

    model_config = ConfigDict(extra="forbid")
    answer: OrderedAnswer | None = None
    """This answer."""
    fail: _Status | None = None
    """A status that the contract does not describe. A call may have been placed."""
    refuse: list[str | int] | None = None
    """A 422 that blames the field at this path."""
    message: str = "Refused on demand"
    """The message of the 422."""
    change: dict[str, Any] | None = None
    """The usual answer with these fields."""
    delay: _Seconds = 0.0
    """How much later the answer comes, in seconds."""

    @property
    def is_about_the_answer(self) -> bool:
        """True if it asks for another answer; False if for a later one at most."""
        return any(each is not None for each in (self.answer, self.fail, self.refuse, self.change))

    def carry_out(self, usual: Callable[[], Answer], refuse: Callable[[Sequence[str | int], str], Answer]) -> Answer:
        """The answer that is ordered.

        `usual` makes the one that would be given without the order; `refuse` one that blames the field at a path.
        """
        if self.answer:
            return Answer(self.answer.status, self.answer.body, self.answer.headers)
        if self.fail:
            return Answer(self.fail, {"detail": "Failed on demand"})
        if self.refuse is not None:
            return refuse(self.refuse, self.message)
        answer = usual()
        is_object = self.change is not None and isinstance(answer.body, dict)
        return replace(answer, body={**answer.body, **(self.change or {})}) if is_object else answer
