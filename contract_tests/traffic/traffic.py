"""Turns recorded entries into exchanges of the contract's operations."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from contract_tests.contract.operations import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import CONTENT_TYPE, NO_FIELDS, Headers
from contract_tests.traffic.har import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from urllib.parse import SplitResult

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Part
    from contract_tests.traffic.har import Entry, NameValue, RecordedBody

_OMISSIONS: Final[dict[Part, str]] = {
    "request body": "no whole request body",
    "response body": "no whole response body",
    "response headers": "no response header fields",
}
_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True)
class Base:
    """A base URL whose operations count. `host` is None where any will do."""

    host: re.Pattern[str] | None
    path: re.Pattern[str]


@dataclass
class Traffic:
    """The exchanges of a recording that are about the contract, and how many others there are, by why."""

    exchanges: list[Exchange] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    not_judged: Counter[str] = field(default_factory=Counter)
    bases: dict[str, None] = field(default_factory=dict)
    """The base URLs that exchanges were taken of."""
    hosts: Counter[str] = field(default_factory=Counter)
    """Those of the skipped exchanges."""


def read_traffic(contract: Contract, entries: Iterable[Entry | None], url: str | None) -> Traffic:
    """Takes from a recording what is about the contract, at its own servers or, in their place, at a base URL.

    The exchanges hold what was recorded, secrets too.
    """
    bases, traffic = bases_of(contract, url), Traffic()
    for number, entry in enumerate(entries):
        if entry is None:
            traffic.skipped["no exchange that can be read"] += 1
            continue
        split = _split(entry.request.url)
        place = _find_operation(contract, bases, split, entry.request.method)
        if isinstance(place, str):
            traffic.skipped[place] += 1
            traffic.hosts[split.hostname or "no host" if split else "no host"] += 1
        else:
            _add(traffic, entry, place, number)
    return traffic


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


def _find_operation(contract: Contract, bases: list[Base], split: SplitResult | None, method: str) -> _Place | str:
    """The place of a URL among the contract's operations, or why it has none."""
    if split is None:
        return "no URL of a server"
    at_host = [base for base in bases if base.host is None or base.host.fullmatch(_host(split))]
    if not at_host:
        return "another host"
    below = [split.path[: found.end()] for base in at_host if (found := base.path.match(split.path)) is not None]
    places = [_Place(base, split.path[len(base) :], split) for base in below]
    at_path = next((place for place in places if contract.paths.at(place.path)), None)
    if at_path is None:
        return "another path"
    return at_path if contract.paths.find(method.upper(), at_path.path) else "another method"


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


def _add(traffic: Traffic, entry: Entry, place: _Place, number: int) -> None:
    """Adds an exchange, with as much of it as was recorded."""
    answer = entry.answer
    if answer is None:
        traffic.not_judged["no response"] += 1
        return
    sent, received = entry.request.whole_body(), answer.whole_body()
    headers = _headers(answer.headers, answer.body)
    omitted = _omitted(sent, received, headers)
    traffic.not_judged.update(_OMISSIONS[part] for part in sorted(omitted) if part in _OMISSIONS)
    response = Response(answer.status, headers or NO_FIELDS, received or b"")
    exchange = Exchange(_request(entry, place, sent or b""), response, f"log.entries[{number}]", omitted=omitted)
    traffic.exchanges.append(replace(exchange, may_have_rung=exchange.is_accepted))
    traffic.bases[place.base] = None


def _omitted(sent: bytes | None, received: bytes | None, headers: Headers | None) -> frozenset[Part]:
    """The parts that the recording omits. Whether credentials were right, no recording tells."""
    recorded: dict[Part, object] = {"request body": sent, "response body": received, "response headers": headers}
    return frozenset(["credentials", *(part for part, content in recorded.items() if content is None)])


def _request(entry: Entry, place: _Place, body: bytes) -> Request:
    """The request with a token of the reader's in place of the one that was recorded, or left out of the recording."""
    headers = _headers(entry.request.headers, entry.request.body)
    if headers is None:
        headers = Headers([(CONTENT_TYPE, JSON_MEDIA_TYPE)] if body else [])
    headers = Headers([*headers.without([AUTHORIZATION, "Host"]), (AUTHORIZATION, RIGHT)])
    query = f"?{place.split.query}" if place.split.query else ""
    return Request(entry.request.method.upper(), f"{place.path}{query}", headers, body, place.base)


def _headers(recorded: list[NameValue], body: RecordedBody | None) -> Headers | None:
    """The header fields, the media type among them as far as it is known; None if nothing is."""
    headers = fields_of(recorded)
    media_type = body.media_type if body else None
    if headers.media_type is None and media_type and media_type != "x-unknown":
        return Headers([*headers, (CONTENT_TYPE, media_type)])
    return headers or None
