"""An exchange: one request, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from contract_tests.exchange.headers import NO_FIELDS, Headers
from contract_tests.exchange.veiled import VeiledBytes, VeiledText, shown_bytes

MASKED: Final = "[masked]"
"""Stands in place of a possible secret."""
MASKED_NAME: Final = "masked"
"""Stands in place of one in the name of a header field, which takes no brackets."""
_SUCCESS: Final = 2

Part = Literal["credentials", "request body", "response headers", "response body"]
"""A part of an exchange that a recording may omit."""


@dataclass(frozen=True)
class Request:
    """A request by its bytes. Its credentials stand as templates that tell no secret (see credentials.py)."""

    method: str
    target: str
    """Path and query as they are sent, below the base URL."""
    headers: Headers = NO_FIELDS
    body: bytes = b""
    base_url: str = ""
    """The base URL of its server, without a slash at the end."""

    @property
    def path(self) -> str:
        """The path, as it is written."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query, as it is written; empty if there is none."""
        return self.target.partition("?")[2]

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.base_url}{self.target}"

    @property
    def is_chunked(self) -> bool:
        """True if its body is sent in chunks, and its length is not told (RFC 9112, section 7.1)."""
        return bool(self.body) and (self.headers.joined("Transfer-Encoding") or "").lower() == "chunked"


@dataclass(frozen=True)
class Response:
    """A response as it came, its content coding undone. Parts that hold a secret are veiled (see veiled.py)."""

    status: int
    headers: Headers = NO_FIELDS
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        """True if the status is a 2xx."""
        return self.status // 100 == _SUCCESS


@dataclass(frozen=True)
class Refusal:
    """The guard's reason for not sending a request."""

    limit: Literal["numbers", "budget", "kind", "lost", "credentials", "volume", "protocol"]
    """The limit that stopped it."""
    reason: str


@dataclass(frozen=True)
class Exchange:
    """One request, and what came back. The judge goes by its bytes, and never by its id."""

    request: Request
    response: Response | None = None
    id: str = ""
    """Which one of its record it is, by its sender."""
    trouble: str | None = None
    """Why there is no response that can be read, in words that follow "the target"."""
    refusal: Refusal | None = None
    """Why it was not sent."""
    may_have_rung: bool = False
    again_after: float | None = None
    """The seconds after which the guard sent it again, because the server asked for that."""
    is_preflight: bool = False
    """True if it asked only whether the target is there. The guard says so, never the request."""
    omitted: frozenset[Part] = frozenset()
    """The parts that a recording does not hold. Their values here say nothing."""
    at: float | None = field(default=None, compare=False)
    """When it began, in seconds on this machine's monotonic clock; None if nobody noted it."""

    @property
    def is_masked(self) -> bool:
        """True if the response held the token, and so was shown to the engine as another one."""
        response = self.response
        fields = [text for field in response.headers for text in field] if response else []
        shown = [text.shown for text in fields if isinstance(text, VeiledText)]
        body = shown_bytes(response.body) if response and isinstance(response.body, VeiledBytes) else b""
        return MASKED.encode() in body or any(MASKED_NAME in text for text in shown)

    @property
    def omits_credentials(self) -> bool:
        """True if a recording does not hold the credentials of the request."""
        return "credentials" in self.omitted

    @property
    def is_accepted(self) -> bool:
        """True if the request was accepted with a 2xx, which may be a call."""
        return self.response is not None and self.response.is_success


@dataclass(frozen=True)
class Record:
    """The exchanges of a run, in their order: the sent ones and the withheld ones."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def sent(self) -> tuple[Exchange, ...]:
        """The exchanges whose request went out."""
        return tuple(each for each in self.exchanges if each.refusal is None)

    @property
    def withheld(self) -> tuple[Exchange, ...]:
        """The exchanges whose request the guard did not send."""
        return tuple(each for each in self.exchanges if each.refusal is not None)

    @property
    def calls(self) -> int:
        """How many requests may have rung a phone."""
        return sum(each.may_have_rung for each in self.exchanges)


NOTHING: Final = Record()
"""The record of a run that sent nothing."""
