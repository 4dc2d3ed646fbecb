"""Turns recorded entries into exchanges of the contract's operations, without any secret that they hold."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

from contract_tests.contract.operations import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.exchange import MASKED, Exchange, Request, Response
from contract_tests.exchange.headers import CONTENT_TYPE, NO_FIELDS, Headers
from contract_tests.traffic.har import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from urllib.parse import SplitResult

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Part
    from contract_tests.traffic.har import Entry, NameValue, RecordedBody

# What a field may be shown with. Any other may hold a secret, under whatever name.
_SHOWN_FIELDS: Final = {
    "accept",
    "accept-encoding",
    "allow",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "user-agent",
}
# What says nothing of the server's ways: no answer at all, or one that lies in a cache.
_UNANSWERED: Final = {0, HTTPStatus.NOT_MODIFIED}
_OMISSIONS: Final[dict[Part, str]] = {
    "request body": "no whole request body",
    "response body": "no whole response body",
    "response headers": "no response header fields",
}
_SHORTEST_TOKEN: Final = 8
"""The shortest token. Anything shorter may be a part of any word."""
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
    disguises: tuple[Disguise, ...] = field(default=(), repr=False)
    """Of each token that the recording holds."""


def read_traffic(contract: Contract, entries: Sequence[Entry], url: str | None) -> Traffic:
    """Takes from a recording what is about the contract, at its own servers or, in their place, at a base URL."""
    bases, traffic = bases_of(contract, url), Traffic(disguises=_disguises(entries))
    for number, entry in enumerate(entries):
        split = _split(entry.request.url)
        place = _find_operation(contract, bases, split, entry.request.method)
        if isinstance(place, str):
            traffic.skipped[place] += 1
            traffic.hosts[split.hostname or "no host" if split else "no host"] += 1
        else:
            _add(traffic, contract, entry, place, number)
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


def _add(traffic: Traffic, contract: Contract, entry: Entry, place: _Place, number: int) -> None:
    """Adds an exchange, with as much of it as was recorded."""
    if entry.response is None or entry.response.status in _UNANSWERED:
        traffic.not_judged["no response"] += 1
        return
    sent, received = entry.request.whole_body(), entry.response.whole_body()
    headers = _headers(entry.response.headers, entry.response.body)
    omitted = _omitted(sent, received, headers)
    traffic.not_judged.update(_OMISSIONS[part] for part in sorted(omitted) if part in _OMISSIONS)
    request = _request(contract, entry, place, sent or b"")
    response = Response(entry.response.status, _masked(headers or NO_FIELDS), received or b"")
    exchange = Exchange(request, response, f"log.entries[{number}]", omitted=omitted)
    exchange = replace(exchange, may_have_rung=exchange.is_accepted)
    traffic.exchanges.append(_hide_tokens(exchange, traffic.disguises))
    traffic.bases[place.base] = None


def _omitted(sent: bytes | None, received: bytes | None, headers: Headers | None) -> frozenset[Part]:
    """The parts that the recording omits. Whether credentials were right, no recording tells."""
    recorded: dict[Part, object] = {"request body": sent, "response body": received, "response headers": headers}
    return frozenset(["credentials", *(part for part, content in recorded.items() if content is None)])


def _request(contract: Contract, entry: Entry, place: _Place, body: bytes) -> Request:
    """The request with a token of the reader's in place of the one that was recorded, or left out of the recording."""
    headers = _headers(entry.request.headers, entry.request.body)
    if headers is None:
        headers = Headers([(CONTENT_TYPE, JSON_MEDIA_TYPE)] if body else [])
    others = _masked(headers.without([AUTHORIZATION, "Host"]))
    target = f"{place.path}{_masked_query(contract, place.split.query)}"
    return Request(entry.request.method.upper(), target, Headers([*others, (AUTHORIZATION, RIGHT)]), body, place.base)


def _disguises(entries: Sequence[Entry]) -> tuple[Disguise, ...]:
    """A disguise for each token in an Authorization field: a server may echo it, and perhaps to another request."""
    values = (value.strip() for entry in entries for value in fields_of(entry.request.headers).all(AUTHORIZATION))
    tokens = dict.fromkeys(value.partition(" ")[2].strip() or value for value in values)
    return tuple(Disguise("", token, {}) for token in tokens if len(token) >= _SHORTEST_TOKEN)


def _hide_tokens(exchange: Exchange, disguises: Sequence[Disguise]) -> Exchange:
    """The exchange without tokens, before it is judged: what is found is told in words of it."""
    for disguise in disguises:
        request, response = exchange.request, exchange.response
        target, body = disguise.hide_bytes(request.target.encode()).decode(), disguise.hide_bytes(request.body)
        request = replace(request, target=target, headers=_hidden(request.headers, disguise), body=body)
        if response:
            body = disguise.hide_bytes(response.body)
            response = replace(response, headers=_hidden(response.headers, disguise), body=body)
        exchange = replace(exchange, request=request, response=response)
    return exchange


def _hidden(headers: Headers, disguise: Disguise) -> Headers:
    return Headers((name, disguise.hide_bytes(value.encode()).decode()) for name, value in headers)


def _headers(recorded: list[NameValue], body: RecordedBody | None) -> Headers | None:
    """The header fields, the media type among them as far as it is known; None if nothing is."""
    headers = fields_of(recorded)
    media_type = body.media_type if body else None
    if headers.media_type is None and media_type and media_type != "x-unknown":
        return Headers([*headers, (CONTENT_TYPE, media_type)])
    return headers or None


def _masked(headers: Headers) -> Headers:
    return Headers((name, _masked_value(name.lower(), value)) for name, value in headers)


def _masked_value(name: str, value: str) -> str:
    if name == "location" and (origin := re.match(r"\w+://[^/?#@]+(?=[/?#]|$)", value)):
        return f"{origin[0]}/{MASKED}"  # whether a redirect leads to another origin is for a check to judge
    return value if name in _SHOWN_FIELDS else MASKED


def _masked_query(contract: Contract, query: str) -> str:
    """The query without the values of what the spec does not have as a parameter, or has as a credential."""
    known = set(_query_parameters(contract))
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join(f"{quote(name)}={quote(value) if name in known else 'masked'}" for name, value in pairs).join(
        ("?" if pairs else "", "")
    )


def _query_parameters(contract: Contract) -> Iterator[str]:
    """The names of the parameters that operations take in the query."""
    document: dict[str, Any] = contract.spec.document
    items = [item for item in document.get("paths", {}).values() if isinstance(item, dict)]
    definitions = [
        definition for item in items for definition in (item, *item.values()) if isinstance(definition, dict)
    ]
    shared = document.get("components", {}).get("parameters", {}).values()
    for parameter in (*shared, *(each for definition in definitions for each in definition.get("parameters", ()))):
        if parameter.get("in") == "query":
            yield str(parameter.get("name"))
