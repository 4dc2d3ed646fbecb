"""A check: one question that the judge asks of an exchange, declared where it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from contract_tests.contract.contract import Standing
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Exchange, Part
    from contract_tests.judge.memory import Memory
    from contract_tests.judge.seen import Seen
    from contract_tests.result.terms import Gravity

About = Literal["request", "response", "record"]
"""The subject of a check: how a request is taken, the response by itself, or an exchange beside those before it."""
Section = Literal["", "requestBody", "responses"]
"""The part of an operation that a check points to; empty for the operation itself."""


class Problem(Struct, frozen=True):
    """One thing that a check finds wrong."""

    headline: str
    """The problem, in one line."""
    detail: str = ""
    """The received and the documented value."""
    pointer: str | None = None
    """The statement of the spec that is broken; None for the section that the check points to."""
    missing: str | None = None
    """The name of the property that is absent, where `required` is broken."""
    earlier: tuple[Exchange, ...] = ()
    """The exchanges that it takes before, for the problem to show."""
    standing: Standing | None = None
    """Who says so, where that differs from what the check says; None where it does not."""
    kind: str = ""
    """Tells it from other problems that the check finds, where the statement that is broken does not."""
    gravity: Gravity | None = None
    """The gravity, where that differs from the check's; None where it does not."""
    locations: tuple[str, ...] = ()
    """The wrong parts of a body, as JSON Pointers: the request's if the check is about that, else the response's."""
    same_as: tuple[str, ...] = ()
    """The names of checks that find the same thing, if they fail in the same exchange."""


CheckResult = Sequence[Problem] | None
"""The answer of a check: its problems, none where all is well, or None where there is nothing to judge."""
NOT_JUDGED: Final = None
KEPT: Final[Sequence[Problem]] = ()
RULE: Final = "rule"
"""The kind of the problems that the rules of a spec find."""

Question = Callable[["Seen"], CheckResult]
RecordQuestion = Callable[["Seen", "Memory"], CheckResult]
Concerns = Callable[["Operation", bool], bool]


class Check(Struct, frozen=True):
    """A check with all that is declared of it."""

    name: str
    about: About
    section: Section
    standing: Standing | None
    """Who says so; None for the standing of the statement that is broken."""
    reads: frozenset[Part]
    """The parts of an exchange that it needs; where a recording omits one, it is not made."""
    gravity: Gravity
    judges_silence: bool
    """True if it is made where no response came. The others are not."""
    ask: RecordQuestion
    concerns: Concerns = lambda _operation, _is_accepted: True
    """Tells whether it may have something to judge about an operation's exchanges, accepted or not."""

    @property
    def summary(self) -> str:
        """The question, as the first line of its function's docstring has it."""
        return (self.ask.__doc__ or "").strip().partition("\n")[0]


def check(
    *reads: Part,
    about: About,
    gravity: Gravity,
    section: Section = "",
    standing: Standing | None = None,
    judges_silence: bool = False,
) -> Callable[[Question], Check]:
    """Makes a check of a function of one exchange. Its name is the check's, its docstring the check's summary."""

    def declare(function: Question) -> Check:
        def ask(seen: Seen, _memory: Memory) -> CheckResult:
            return function(seen)

        ask.__doc__ = function.__doc__
        return Check(function.__name__, about, section, standing, frozenset(reads), gravity, judges_silence, ask)

    return declare


def fails(
    headline: str,
    detail: str = "",
    *,
    kind: object = "",
    gravity: Gravity | None = None,
    standing: Standing | None = None,
) -> Sequence[Problem]:
    """The answer of a check with one problem."""
    return (Problem(headline, detail, kind=str(kind), gravity=gravity, standing=standing),)


def checks_in(namespace: Mapping[str, object]) -> tuple[Check, ...]:
    """The checks that a module declares under public names, in its order."""
    return tuple(value for name, value in namespace.items() if isinstance(value, Check) and not name.startswith("_"))
