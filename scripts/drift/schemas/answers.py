"""Answers to yes-or-no questions that rest on one another, as those about recursive schemas do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Q = TypeVar("Q", bound="Hashable")


class Answers(Generic[Q]):
    """Answers questions with yes until they are shown to be no.

    A "no" opens those questions again that rested on the "yes". So the work grows with the number of questions and of
    the ways they rest on one another, and no chain of questions is too long for Python's stack.
    """

    def __init__(self, judge: Callable[[Q], bool]) -> None:
        """Takes the function that answers one question, and asks `of` about all that its answer rests on."""
        self._judge = judge
        self._yes: dict[Q, bool] = {}
        self._resting: dict[Q, set[Q]] = {}
        self._waiting: list[Q] = []
        self._open: Q | None = None

    def of(self, question: Q) -> bool:
        """The answer, which is preliminary while the answer to another question is sought."""
        if question not in self._yes:
            self._yes[question] = True
            self._waiting.append(question)
        if self._open is None:
            self._settle()
        elif self._yes[question]:
            self._resting.setdefault(question, set()).add(self._open)
        return self._yes[question]

    def _settle(self) -> None:
        while self._waiting:
            self._open = self._waiting.pop()
            if self._yes[self._open] and not self._judge(self._open):
                self._yes[self._open] = False
                self._waiting += self._resting.pop(self._open, ())
        self._open = None
