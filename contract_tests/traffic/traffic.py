"""Turns recorded entries into exchanges of the contract's operations."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from contract_tests.contract.operations import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import CONTENT_TYPE, NO_FIELDS, Headers
from contract_tests.target.costs import Costs

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Part
    from contract_tests.traffic.entry import Entry, RecordedResponse

_WHOLE: Final[frozenset[Part]] = frozenset(("credentials",))
"""The part that every recording omits."""
_OMISSIONS: Final[dict[Part, str]] = {
    "request body": "no whole request body",
    "response body": "no whole response body",
    "response headers": "no response header fields",
}
_REMEMBERED: Final = 4096
"""Of how many URLs the operation is remembered."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True)
class Base:
    """A base URL whose operations count. `host` is None where any will do."""

    host: re.Pattern[str] | None
    path: re.Pattern[str]


class Traffic:
    """Takes from a recording what is about the contract, at its own servers or, in their place, at a base URL.

    The exchanges hold what was recorded, secrets too.
    """

    def __init__(self, contract: Contract, url: str | None) -> None:
        self.skipped: Counter[str] = Counter()
        """How many entries are not about the contract, by why."""
        self.not_judged: Counter[str] = Counter()
        """How many parts of exchanges were not recorded."""
        self.bases: dict[str, None] = {}
        """The base URLs that exchanges were taken of."""
        self.hosts: Counter[str] = Counter()
        """Those of the skipped exchanges."""
        self.entries = 0
        self._costs = Costs(contract.operations)
        self._find = lru_cache(_REMEMBERED)(partial(_find_operation, contract, bases_of(contract, url)))

    def take(self, name: str, entry: Entry | None) -> Exchange | None:
        """The exchange of an entry, by the entry's name; None if it is not about the contract, or cannot be judged."""
        self.entries += 1
        if entry is None:
            self.skipped["no exchange that can be read"] += 1
            return None
        place = self._find(entry.url, entry.method)
        if isinstance(place, _Place):
            return self._exchange(entry, place, name)
        self.skipped[place.why] += 1
        self.hosts[place.host] += 1
        return None

    def _exchange(self, entry: Entry, place: _Place, name: str) -> Exchange | None:
        """The exchange, with as much of it as was recorded."""
        answer = entry.response
        if answer is None:
            self.not_judged["no response"] += 1
            return None
        omitted = _omitted(entry, answer)
        self.not_judged.update(_OMISSIONS[part] for part in sorted(omitted) if part in _OMISSIONS)
        self.bases[place.base] = None
        response = Response(answer.status, answer.headers or NO_FIELDS, answer.body or b"")
        request = _request(entry, place)
        is_call = response.is_success and self._costs.may_be_call(request.method, request.path)
        return Exchange(request, response, name, omitted=omitted, may_have_rung=is_call)


def bases_of(contract: Contract, url: str | None) -> list[Base]:
    """The base URLs that count: the given one, or those of the spec's servers, whose variables may have any value."""
    servers = contract.spec.document.get("servers") or [{"url": "/"}]
    urls = [url] if url else [str(server.get("url", "/")) for server in servers]
    return [_base(each) for each in urls]


def _base(url: str) -> Base:
    scheme, host, path = re.match(r"(?:(\w+)://([^/?#]*))?([^?#]*)", url).groups()  # type: ignore[union-attr] # it matches anything
    without_port = (host or "").removesuffix(f":{_DEFAULT_PORTS.get(scheme or '')}").lower()
    return Base(_pattern(without_port) if host else None, _pattern(path.rstrip("/")))


def _pattern(template: str) -> re.Pattern[str]:
    """The URLs that one with `{variables}` stands for."""
    parts = re.split(r"(\{[^{}]*\})", template)
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts))


def _split(url: str) -> SplitResult | None:
    try:
        split = urlsplit(url)
        _ = split.port
    except ValueError:
        return None
    return split if split.hostname else None


class _Elsewhere(NamedTuple):
    """The place of a URL that is not about the contract."""

    why: str
    host: str = "no host"


def _find_operation(contract: Contract, bases: list[Base], url: str, method: str) -> _Place | _Elsewhere:
    """The place of a URL among the contract's operations, or why it has none."""
    split = _split(url)
    if split is None:
        return _Elsewhere("no URL of a server")
    host = split.hostname or "no host"
    at_host = [base for base in bases if base.host is None or base.host.fullmatch(_host(split))]
    if not at_host:
        return _Elsewhere("another host", host)
    below = [split.path[: found.end()] for base in at_host if (found := base.path.match(split.path)) is not None]
    places = [_Place(base, split.path[len(base) :], split) for base in below]
    at_path = next((place for place in places if contract.paths.at(place.path)), None)
    if at_path is None:
        return _Elsewhere("another path", host)
    return at_path if contract.paths.find(method.upper(), at_path.path) else _Elsewhere("another method", host)


def _host(split: SplitResult) -> str:
    port = split.port if split.port != _DEFAULT_PORTS.get(split.scheme) else None
    host = f"[{split.hostname}]" if ":" in (split.hostname or "") else split.hostname
    return f"{host}:{port}" if port else f"{host}"


@dataclass(frozen=True)
class _Place:
    """The base path and the path below it of a URL of the contract."""

    base_path: str
    path: str
    split: SplitResult

    @property
    def base(self) -> str:
        """The base URL."""
        return f"{self.split.scheme}://{_host(self.split)}{self.base_path}"


def _omitted(entry: Entry, answer: RecordedResponse) -> frozenset[Part]:
    """The parts that the recording omits. Whether credentials were right, no recording tells."""
    if entry.body is not None and answer.body is not None and answer.headers is not None:
        return _WHOLE
    recorded: dict[Part, object] = {
        "request body": entry.body,
        "response body": answer.body,
        "response headers": answer.headers,
    }
    return frozenset(["credentials", *(part for part, content in recorded.items() if content is None)])


def _request(entry: Entry, place: _Place) -> Request:
    """The request with a token of the reader's in place of the one that was recorded, or left out of the recording."""
    body, headers = entry.body or b"", entry.headers
    if headers is None:
        headers = Headers([(CONTENT_TYPE, JSON_MEDIA_TYPE)] if body else [])
    headers = Headers([*headers.without([AUTHORIZATION, "Host"]), (AUTHORIZATION, RIGHT)])
    query = f"?{place.split.query}" if place.split.query else ""
    return Request(entry.method.upper(), f"{place.path}{query}", headers, body, place.base)
