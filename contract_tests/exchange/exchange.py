"""What was sent, what came back, and what the engine's checks made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

MASKED: Final = "[masked]"
"""What stands in place of what may be a secret."""
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A request as it was sent; what authorizes it stands as a template (see credentials.py)."""

    method: str
    url: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header field, whatever the case of its name."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True)
class Response:
    """A response as it came."""

    status: int
    headers: Headers
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is a 2xx."""
        return self.status // 100 == 2  # noqa: PLR2004 - the first digit of 2xx


@dataclass(frozen=True)
class Refusal:
    """Why the guard did not send a request."""

    limit: Literal["numbers", "budget", "kind", "lost", "credentials", "volume", "protocol"]
    """What stopped it."""
    reason: str


@dataclass(frozen=True)
class GuardedExchange:
    """What the guard keeps of one request. Without a response or a refusal, none came that could be read."""

    case_id: str
    request: Request
    response: Response | None
    trouble: str | None = None
    """Why there is no response, in words."""
    refusal: Refusal | None = None
    may_have_rung: bool = False


@dataclass(frozen=True)
class CheckedCase:
    """What the engine tells of a case: what it was for, and what the checks made of its response."""

    case_id: str
    label: str
    expectation: Literal["positive", "negative"]
    description: str
    passed: tuple[str, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Failure:
    """What one of the engine's checks says against an exchange."""

    check: str
    title: str
    message: str


@dataclass(frozen=True)
class Exchange:
    """One request, its response if there was one, and what the engine's checks made of them."""

    label: str
    """The operation that it is about, as `POST /path`."""
    expectation: Literal["positive", "negative"]
    """Whether the engine made the request to be accepted or to be turned away."""
    description: str
    request: Request
    response: Response | None
    passed: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    choices: tuple[str, ...] = ()
    """The choices that the failures are due to, where that was found out."""
    trouble: str | None = None
    """Why there is no response, in words."""

    @property
    def is_accepted(self) -> bool:
        """Whether the request was accepted with a 2xx, which may be a call."""
        return self.response is not None and self.response.is_success


@dataclass(frozen=True)
class Door:
    """Where a run finds its target: the guard's base URL, and what to send it in place of the token."""

    url: str
    placeholder: str


@dataclass(frozen=True)
class Untried:
    """A request that the guard did not send."""

    label: str
    """The operation that it is about, as `POST /path`."""
    description: str
    refusal: Refusal


@dataclass(frozen=True)
class Record:
    """All exchanges of a run in their order, and what was not sent."""

    exchanges: tuple[Exchange, ...] = ()
    untried: tuple[Untried, ...] = ()
    calls: int = 0
    """How many requests may have rung somebody, those that are no exchange of a case included."""


def join(cases: Iterable[CheckedCase], guarded: Iterable[GuardedExchange]) -> Record:
    """What the engine told of its cases, with what the guard kept of their requests."""
    all_kept = tuple(guarded)
    kept = {exchange.case_id: exchange for exchange in all_kept}
    calls = sum(exchange.may_have_rung for exchange in all_kept)
    exchanges: list[Exchange] = []
    untried: list[Untried] = []
    for case in cases:
        found = kept.get(case.case_id)
        if found and found.refusal:
            untried.append(Untried(case.label, case.description, found.refusal))
        elif found:
            exchanges.append(_as_exchange(case, found))
    return Record(tuple(exchanges), tuple(untried), calls)


def _as_exchange(case: CheckedCase, found: GuardedExchange) -> Exchange:
    is_judged = found.response is not None  # the checks saw the guard's own answer where there was none
    return Exchange(
        label=case.label,
        expectation=case.expectation,
        description=case.description,
        request=found.request,
        response=found.response,
        passed=case.passed if is_judged else (),
        failures=case.failures if is_judged else (),
        trouble=found.trouble,
    )
