"""What was sent, what came back, and what the engine's checks made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

MASKED: Final = "[masked]"
"""What stands in place of credentials."""
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A request as it was sent; what authorizes it is masked."""

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

    @property
    def is_accepted(self) -> bool:
        """Whether the request was accepted with a 2xx, which may be a call."""
        return self.response is not None and self.response.is_success


@dataclass(frozen=True)
class Record:
    """All exchanges of a run in their order, and what the engine itself stumbled over."""

    exchanges: tuple[Exchange, ...] = ()
    errors: tuple[str, ...] = ()
