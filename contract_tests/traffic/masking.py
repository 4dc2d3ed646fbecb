"""Secrets of recordings: their tokens, and the header fields and parameters whose values are not shown."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, unquote, unquote_plus

from msgspec.structs import replace

from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import MASKED
from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import decode_base64
from contract_tests.traffic.phone_numbers import hide_numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.masking import Mask
    from contract_tests.traffic.entry import Entry

_REMEMBERED: Final = 1024
"""Of how many header fields the tokens are remembered."""
_SHORTEST_TOKEN: Final = 8
"""The shortest token. Anything shorter may be a part of any word."""
# The fields whose values are shown. Any other may hold a secret, under whatever name.
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
_NUMBER: Final = re.compile(rb"\+\d{7,15}(?!\d)|(?<=\")(?:00)?\d{8,15}(?=\")")
"""A phone number with its country code wherever it stands, or one without that is a whole text of JSON."""
_TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
"""A text of JSON. Numbers beyond texts stay as they are, for the body must stay JSON."""
_IDENTIFIER: Final = re.compile(r'"(?=.*[A-Za-z_])[^\s+%]*"', re.DOTALL)
"""A text that may name a thing. Digits in it stay, for two masked names could be alike."""
_HARMLESS_MARKS: Final = {RIGHT, MASKED}


class TokenFinder:
    """Finds the tokens in requests: in Authorization fields, and where the schemes of a contract have their keys.

    A server may echo a token, and perhaps to another request.
    """

    def __init__(self, contract: Contract) -> None:
        schemes = {(each.location, each.field) for operation in contract.operations for each in operation.schemes}
        named = {location: frozenset(name for place, name in schemes if place == location) for location, _ in schemes}
        self._fields = frozenset(map(str.lower, {AUTHORIZATION, *named.get("header", ())}))
        self._cookies = named.get("cookie", frozenset())
        self._queries = named.get("query", frozenset())
        self._in_headers = lru_cache(_REMEMBERED)(partial(_tokens_in, self._fields, self._cookies))

    def find(self, entry: Entry) -> tuple[str, ...]:
        """The tokens of an entry."""
        found = self._in_headers(entry.headers) if entry.headers else ()
        if "@" in entry.url or "#" in entry.url:
            found = (*found, *_tokens_around(entry.url))
        return (*found, *self._in_query(entry.url)) if self._queries else found

    def _in_query(self, url: str) -> Iterator[str]:
        pairs = parse_qsl(url.partition("?")[2], keep_blank_values=True)
        yield from (value for name, value in pairs if name in self._queries and len(value) >= _SHORTEST_TOKEN)


def _tokens_in(fields: frozenset[str], cookies: frozenset[str], headers: Headers) -> tuple[str, ...]:
    if fields.isdisjoint(headers.names) and not cookies:
        return ()
    values = (value.strip() for name, value in headers if name.lower() in fields)
    crumbs = (pair.strip().partition("=") for text in headers.all("Cookie") for pair in text.split(";") if cookies)
    found = (
        *(each for value in values for each in secrets_in(value)),
        *(value.strip('"') for name, _, value in crumbs if name in cookies),
    )
    return tuple(token for token in found if len(token) >= _SHORTEST_TOKEN)


def _tokens_around(url: str) -> Iterator[str]:
    """The tokens in parts of a URL that are not sent: the password before the host, and all behind a #."""
    rest, _, fragment = url.partition("#")
    authority = rest.partition("://")[2].partition("/")[0]
    secrets = (authority.rpartition("@")[0].rpartition(":")[2], *re.split("[&=]", fragment))
    yield from (unquote(each) for each in secrets if len(each) >= _SHORTEST_TOKEN)


def secrets_in(value: str) -> Iterator[str]:
    """The secrets in a field such as Authorization: all behind the scheme, and the password that it stands for."""
    scheme, _, rest = value.partition(" ")
    yield rest.strip() or value
    if scheme.lower() == "basic":
        yield (decode_base64(rest) or b"").decode(errors="replace").partition(":")[2]


def mask_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """The fields, with the values of harmless ones alone."""
    return Headers((name, mask_value(name, value)) for name, value in headers)


def mask_entry(entry: Entry, contract: Contract, mask: Mask) -> Entry:
    """The entry as it may be kept: without credentials, and of phone numbers the last 4 digits.

    Equal numbers stay equal, so what it shows can be judged.
    """
    answer = entry.response
    url, mark, target = entry.url.partition("?")
    shown = mask.hide_text(url + mask_target(contract, mark + target))
    return replace(
        entry,
        url=hide_numbers(shown) if re.search(r"[+]|%2B", shown, re.IGNORECASE) else shown,
        headers=_mask_fields(entry.headers, mask),
        body=_mask_body(entry.body, mask),
        response=replace(answer, headers=_mask_fields(answer.headers, mask), body=_mask_body(answer.body, mask))
        if answer
        else None,
    )


def _mask_fields(headers: Headers | None, mask: Mask) -> Headers | None:
    """The masked fields. The coding goes, for an entry's body has none."""
    if headers is None:
        return None
    shown = mask_headers(headers.without(["Content-Encoding", "Content-Length"]))
    return Headers((mask.hide_text(name), mask.hide_text(value)) for name, value in shown)


def _mask_body(body: bytes | None, mask: Mask) -> bytes | None:
    if body is None:
        return None
    shown = _NUMBER.sub(lambda found: b"*" * (len(found[0]) - 4) + found[0][-4:], mask.hide_bytes(body))
    return _TEXT.sub(_without_numbers, shown)


def _without_numbers(found: re.Match[bytes]) -> bytes:
    text = found[0].decode(errors="surrogateescape")
    return found[0] if _IDENTIFIER.fullmatch(text) else hide_numbers(text).encode(errors="surrogateescape")


def mask_value(name: str, value: str) -> str:
    """The value of a header field as it is shown: of a redirect's target, the origin."""
    if name.lower() in _SHOWN_FIELDS or value in _HARMLESS_MARKS:
        return value
    if name.lower() == "location" and (origin := re.match(r"\w+://[^/?#@\s]+(?=[/?#]|$)", value)):
        return f"{origin[0]}/{MASKED}"
    return MASKED


def mask_target(contract: Contract, target: str) -> str:
    """A path with its query, whose values are shown only of parameters that the spec documents."""
    path, mark, query = target.partition("?")
    known = documented_parameters(contract)
    return f"{path}{mark}{'&'.join(_mask_parameter(part, known) for part in query.split('&') if part)}"


def documented_parameters(contract: Contract) -> set[str]:
    """The names of all parameters of queries in the spec."""
    return {each.name for operation in contract.operations for each in operation.parameters if each.location == "query"}


def _mask_parameter(part: str, known: Collection[str]) -> str:
    """A part of a query as it is shown. One without a name is nothing but a value."""
    if "=" not in part:
        return "masked"
    name, value = (unquote_plus(each) for each in part.split("=", 1))
    return f"{quote(name)}={quote(value) if name in known else 'masked'}"
