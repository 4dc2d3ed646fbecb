"""Turns recorded entries into exchanges of the contract's operations."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct, field

from contract_tests.contract.media_types import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import CONTENT_TYPE, NO_FIELDS, Headers
from contract_tests.judge.sketch import OMITTED, Sketch, kind_of
from contract_tests.target.costs import Costs

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Part
    from contract_tests.traffic.entry import Entry, RecordedResponse

_OMISSIONS: Final[dict[Part, str]] = {
    "request body": "no whole request body",
    "response body": "no whole response body",
    "response headers": "no response header fields",
}
UNREADABLE: Final = "no exchange that can be read"
_REMEMBERED: Final = 4096
"""Of how many URLs the operation is remembered."""
_OF_JSON: Final = Headers([(CONTENT_TYPE, JSON_MEDIA_TYPE)])
_SUCCESS: Final = 2
_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class Base(Struct, frozen=True):
    """A base URL whose operations count. `host` is None where any will do."""

    host: re.Pattern[str] | None
    path: re.Pattern[str]


class TrafficCounts(Struct):
    """Counts of the entries of recordings, by what became of them."""

    entries: int = 0
    calls: int = 0
    """How many exchanges may have rung a phone."""
    has_bodies: bool = False
    """True if any exchange has a body that was recorded."""
    skipped: Counter[str] = field(default_factory=Counter)
    """How many entries are not about the contract, by why."""
    not_judged: Counter[str] = field(default_factory=Counter)
    """How many parts of exchanges were not recorded."""
    bases: dict[str, None] = field(default_factory=dict)
    """The base URLs that exchanges were taken of."""
    hosts: Counter[str] = field(default_factory=Counter)
    """Those of the skipped exchanges."""

    def add(self, others: TrafficCounts) -> None:
        """Adds the counts of the next part."""
        self.entries += others.entries
        self.calls += others.calls
        self.has_bodies = self.has_bodies or others.has_bodies
        self.skipped.update(others.skipped)
        self.not_judged.update(others.not_judged)
        self.bases |= others.bases
        self.hosts.update(others.hosts)


class Traffic:
    """Takes from a recording what is about the contract, at its own servers or, in their place, at a base URL.

    The exchanges hold what was recorded, secrets too.
    """

    def __init__(self, contract: Contract, url: str | None) -> None:
        self.counts = TrafficCounts()
        self._find = lru_cache(_REMEMBERED)(
            partial(_find_operation, contract, bases_of(contract, url), Costs(contract.operations))
        )

    def begin(self) -> TrafficCounts:
        """Begins to count anew, and gives the counts to come."""
        self.counts = TrafficCounts()
        return self.counts

    def skip_unreadable(self) -> None:
        """Counts an entry that cannot be read."""
        self.counts.entries += 1
        self.counts.skipped[UNREADABLE] += 1

    def take(self, name: str, entry: Entry) -> Sketch | None:
        """A sketch of an entry's exchange, by the entry's name; None if it is not about the contract, or not whole."""
        counts, body, answer = self.counts, entry.body, entry.response
        counts.entries += 1
        place = self._find(entry.url, entry.method)
        if isinstance(place, _Elsewhere):
            counts.skipped[place.why] += 1
            counts.hosts[place.host] += 1
            return None
        if answer is None:
            counts.not_judged["no response"] += 1
            return None
        counts.bases[place.base] = None
        is_call = place.costs and answer.status // 100 == _SUCCESS
        counts.calls += is_call
        make = partial(_exchange, entry, place, name, is_call)
        if body is None or answer.body is None or answer.headers is None:
            self._note_omissions(entry, answer)
            return Sketch(name, None, b"", b"", make)
        counts.has_bodies = True
        sent_headers = _sent_headers(entry)
        kind = kind_of(place.operation, answer.status, sent_headers, answer.headers)
        return Sketch(name, kind, body, answer.body, make, place.target, sent_headers)

    def _note_omissions(self, entry: Entry, answer: RecordedResponse) -> None:
        counts, omitted = self.counts, _omitted(entry, answer)
        counts.has_bodies = counts.has_bodies or bool(entry.body) or answer.body is not None
        counts.not_judged.update(_OMISSIONS[part] for part in sorted(omitted) if part in _OMISSIONS)


def bases_of(contract: Contract, url: str | None) -> list[Base]:
    """The base URLs that count: the given one, or those of the spec's servers, whose variables may have any value."""
    servers = contract.spec.document.get("servers") or [{"url": "/"}]
    urls = [url] if url else [str(server.get("url", "/")) for server in servers]
    return [_base(each) for each in urls]


def _base(url: str) -> Base:
    scheme, host, path = re.match(r"(?:(\w+)://([^/?#]*))?([^?#]*)", url).groups()  # type: ignore[union-attr] # it matches anything
    without_port = (host or "").rpartition("@")[2].removesuffix(f":{_DEFAULT_PORTS.get(scheme or '')}").lower()
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


def _find_operation(contract: Contract, bases: list[Base], costs: Costs, url: str, method: str) -> _Place | _Elsewhere:
    """The place of a URL among the contract's operations, or why it has none."""
    split = _split(url)
    if split is None:
        return _Elsewhere("no URL of a server")
    host = _host(split)
    at_host = [base for base in bases if base.host is None or base.host.fullmatch(host)]
    if not at_host:
        return _Elsewhere("another host", host)
    below = [split.path[: found.end()] for base in at_host if (found := base.path.match(split.path)) is not None]
    base = next((base for base in below if contract.paths.at(split.path[len(base) :])), None)
    if base is None:
        return _Elsewhere("another path", host)
    path = split.path[len(base) :]
    operation = contract.paths.find(method.upper(), path)
    if operation is None:
        return _Elsewhere("another method", host)
    target = f"{path}?{split.query}" if split.query else path
    return _Place(f"{split.scheme}://{host}{base}", target, operation.label, costs.may_be_call(method, path))


def _host(split: SplitResult) -> str:
    port = split.port if split.port != _DEFAULT_PORTS.get(split.scheme) else None
    host = f"[{split.hostname}]" if ":" in (split.hostname or "") else split.hostname
    return f"{host}:{port}" if port else f"{host}"


class _Place(Struct, frozen=True):
    """The base URL and the target below it of a URL of the contract, and the label of its operation."""

    base: str
    target: str
    operation: str
    costs: bool
    """True if a request that is accepted may be a call."""


def _exchange(entry: Entry, place: _Place, name: str, is_call: bool) -> Exchange:  # noqa: FBT001 - a partial's
    """The exchange, with as much of it as was recorded."""
    answer = entry.response
    assert answer  # noqa: S101 - without one there is no sketch
    response = Response(answer.status, answer.headers or NO_FIELDS, answer.body or b"")
    omitted = _omitted(entry, answer)
    return Exchange(_request(entry, place), response, name, omitted=omitted, may_have_rung=is_call)


def _omitted(entry: Entry, answer: RecordedResponse) -> frozenset[Part]:
    """The parts that the recording omits. Whether credentials were right, no recording tells."""
    recorded: dict[Part, object] = {
        "request body": entry.body,
        "response body": answer.body,
        "response headers": answer.headers,
    }
    return OMITTED.union(part for part, content in recorded.items() if content is None)


def _request(entry: Entry, place: _Place) -> Request:
    """The request with a token of the reader's in place of the one that was recorded, or left out of the recording."""
    headers = Headers([*_sent_headers(entry).without([AUTHORIZATION, "Host"]), (AUTHORIZATION, RIGHT)])
    return Request(entry.method.upper(), place.target, headers, entry.body or b"", place.base)


def _sent_headers(entry: Entry) -> Headers:
    """The header fields of the request. Where they were not recorded, a body is taken for JSON."""
    if entry.headers is not None:
        return entry.headers
    return _OF_JSON if entry.body else NO_FIELDS
