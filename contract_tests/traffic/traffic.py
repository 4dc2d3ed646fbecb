"""Turns recorded exchanges into exchanges of the contract's operations, without any secret that they hold."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

from contract_tests.contract.contract import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.exchange import MASKED, Exchange, Request, Response
from contract_tests.judge.checks import BODY_CHECKS, RESPONSE_CHECKS, judge
from contract_tests.judge.rules import make_rule_checks
from contract_tests.traffic.har import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from urllib.parse import SplitResult

    from contract_tests.contract.contract import Contract, Operation
    from contract_tests.exchange.exchange import Headers
    from contract_tests.judge.checks import Check
    from contract_tests.traffic.har import Body, Entry, NameValue

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
# What may be said of the token or the hour, and not of the request; whose token was right is not known.
_UNDECIDED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
_BODY_OF_RESPONSE: Final = ("response_is_json", "response_schema_conformance")
_HEADERS_OF_RESPONSE: Final = ("content_type_conformance", *_BODY_OF_RESPONSE)
_SHORTEST_TOKEN: Final = 8
"""What is shorter is no token, and may be a part of any word."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True)
class Base:
    """A base URL whose operations count. `host` is None where any will do."""

    host: re.Pattern[str] | None
    path: re.Pattern[str]


@dataclass
class Traffic:
    """What of a recording is about the contract, judged; and how many of its exchanges are not, by why."""

    exchanges: list[Exchange] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    not_judged: Counter[str] = field(default_factory=Counter)
    bases: dict[str, None] = field(default_factory=dict)
    """The base URLs that exchanges were taken of."""
    hosts: Counter[str] = field(default_factory=Counter)
    """Those of the skipped exchanges."""
    disguises: tuple[Disguise, ...] = field(default=(), repr=False)
    """Of each token that the recording holds."""


def judge_traffic(contract: Contract, entries: Sequence[Entry], url: str | None) -> Traffic:
    """Judges what of a recording is about the contract, at its own servers or, in their place, at a base URL."""
    bases, traffic, rules = bases_of(contract, url), Traffic(disguises=_disguises(entries)), make_rule_checks()
    for number, entry in enumerate(entries):
        split = _split(entry.request.url)
        found = _find_operation(contract, bases, split, entry.request.method)
        if isinstance(found, str):
            traffic.skipped[found] += 1
            traffic.hosts[split.hostname or "no host" if split else "no host"] += 1
        else:
            assert split  # noqa: S101 - an operation was found by it
            _add(traffic, contract, entry, _Place(*found, split, number), rules)
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
    """What a URL with `{variables}` matches."""
    parts = re.split(r"(\{[^{}]*\})", template)
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts))


def _split(url: str) -> SplitResult | None:
    try:
        split = urlsplit(url)
        _ = split.port
    except ValueError:
        return None
    return split if split.hostname else None


def _find_operation(
    contract: Contract, bases: list[Base], split: SplitResult | None, method: str
) -> tuple[Operation, str, str] | str:
    """The operation with the base path and the path of a URL, or why there is none."""
    if split is None:
        return "no URL of a server"
    at_host = [base for base in bases if base.host is None or base.host.fullmatch(_host(split))]
    if not at_host:
        return "another host"
    below = [
        (found[0], split.path[found.end() :]) for base in at_host if (found := base.path.match(split.path)) is not None
    ]
    # A path that is written out goes before one with variables, as in OpenAPI.
    operations = sorted(contract.operations, key=lambda operation: "{" in operation.path)
    at_path = [
        (operation, *rest) for operation in operations for rest in below if _pattern(operation.path).fullmatch(rest[1])
    ]
    if not at_path:
        return "another path"
    path = at_path[0][0].path
    matching = (found for found in at_path if found[0].path == path and found[0].method == method.upper())
    return next(matching, "another method")


def _host(split: SplitResult) -> str:
    port = split.port if split.port != _DEFAULT_PORTS.get(split.scheme) else None
    host = f"[{split.hostname}]" if ":" in (split.hostname or "") else split.hostname
    return f"{host}:{port}" if port else f"{host}"


@dataclass(frozen=True)
class _Place:
    """Which operation an exchange is about, where its server is, and which one of the recording it is."""

    operation: Operation
    base_path: str
    path: str
    split: SplitResult
    number: int

    @property
    def base(self) -> str:
        return f"{self.split.scheme}://{_host(self.split)}{self.base_path}"


def _add(traffic: Traffic, contract: Contract, entry: Entry, place: _Place, rules: Mapping[str, Check]) -> None:
    """Judges as much of an exchange as was recorded."""
    if entry.response is None or entry.response.status in _UNANSWERED:
        traffic.not_judged["no response"] += 1
        return
    sent, received = entry.request.whole_body(), entry.response.whole_body()
    headers = _headers(entry.response.headers, entry.response.body)
    response = Response(entry.response.status, _masked(headers or ()), received or b"")
    checks = dict(RESPONSE_CHECKS)
    if sent is not None and response.status not in _UNDECIDED:
        checks |= {**BODY_CHECKS, **rules}
    missing = {
        "no whole request body": sent is None,
        "no whole response body": received is None,
        "no response header fields": headers is None,
    }
    traffic.not_judged.update(what for what, is_missing in missing.items() if is_missing)
    left_out = _HEADERS_OF_RESPONSE if headers is None else _BODY_OF_RESPONSE if received is None else ()
    made = [(name, check) for name, check in checks.items() if name not in left_out]
    request = _request(contract, entry, place, sent or b"")
    exchange = Exchange(place.operation.label, "positive", f"log.entries[{place.number}]", request, response)
    traffic.exchanges.append(judge(contract, _hide_tokens(exchange, traffic.disguises), made))
    traffic.bases[place.base] = None


def _request(contract: Contract, entry: Entry, place: _Place, body: bytes) -> Request:
    """The request with a token of the reader's in place of the one that was recorded, or left out of the recording."""
    headers = _headers(entry.request.headers, entry.request.body)
    if headers is None:
        headers = (("Content-Type", JSON_MEDIA_TYPE),) if body else ()
    others = tuple((name, value) for name, value in headers if name.lower() not in {"authorization", "host"})
    query = _masked_query(contract, place.split.query)
    url = f"{place.base}{place.path}{query}"
    return Request(place.operation.method, url, (*_masked(others), (AUTHORIZATION, RIGHT)), body)


def _disguises(entries: Sequence[Entry]) -> tuple[Disguise, ...]:
    """A disguise for each token in an Authorization field: a server may echo it, and perhaps to another request."""
    fields = (field for entry in entries for field in fields_of(entry.request.headers))
    values = (value.strip() for name, value in fields if name.lower() == AUTHORIZATION.lower())
    tokens = dict.fromkeys(value.partition(" ")[2].strip() or value for value in values)
    return tuple(Disguise("", token, {}) for token in tokens if len(token) >= _SHORTEST_TOKEN)


def _hide_tokens(exchange: Exchange, disguises: Sequence[Disguise]) -> Exchange:
    """The exchange without tokens, before it is judged: what is found is told in words of it."""
    for disguise in disguises:
        request, response = exchange.request, exchange.response
        url = disguise.hide_bytes(request.url.encode()).decode()
        body = disguise.hide_bytes(request.body)
        request = replace(request, url=url, headers=_hidden(request.headers, disguise), body=body)
        if response:
            body = disguise.hide_bytes(response.body)
            response = replace(response, headers=_hidden(response.headers, disguise), body=body)
        exchange = replace(exchange, request=request, response=response)
    return exchange


def _hidden(headers: Headers, disguise: Disguise) -> Headers:
    return tuple((name, disguise.hide_bytes(value.encode()).decode()) for name, value in headers)


def _headers(recorded: list[NameValue], body: Body | None) -> Headers | None:
    """The header fields, the media type among them as far as it is known; None if nothing is."""
    headers = fields_of(recorded)
    media_type = body.media_type if body else None
    is_there = any(name.lower() == "content-type" for name, _ in headers)
    if not is_there and media_type and media_type != "x-unknown":
        return (*headers, ("Content-Type", media_type))
    return headers or None


def _masked(headers: Headers) -> Headers:
    return tuple((name, _masked_value(name.lower(), value)) for name, value in headers)


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
