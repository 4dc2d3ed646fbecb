"""Secrets that exchanges show beside their tokens: numbers, keys in header fields and queries, and those of webhooks.

A server may echo each of them anywhere, in any encoding.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from contract_tests.traffic.masking import documented_parameters, secrets_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.exchange.headers import Field

_SHORTEST: Final = 8
"""The shortest secret. Anything shorter may be a part of any word."""
_NAMES: Final = re.compile(r"auth|cookie|credential|key|passw|secret|session|signature|token", re.IGNORECASE)
"""Names of header fields whose values are secrets."""
_URL: Final = re.compile(r"\w+://(?:([^/?#@]*)@)?[^/?#]*(.*)", re.DOTALL)
"""A URL, with a group for what stands before its host, and one for all behind."""
_FEWEST_DIGITS: Final = 7
_MOST_DIGITS: Final = 15


def secrets_in_heads(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """The secrets in the header fields and in the query of an exchange."""
    request, response = exchange.request, exchange.response
    fields = [*request.headers, *(response.headers if response else ())]
    values = (value for field in fields if _NAMES.search(field[0]) for value in _values_of(field))
    known = documented_parameters(contract)
    parts = (part.rpartition("=") for part in re.split("[&;]", request.query))
    yield from _long([*values, *(unquote_plus(value) for name, _, value in parts if name not in known)])


def secrets_in_text(text: str, *, is_secret: bool) -> Iterator[str]:
    """The secrets in a text at a personal place: the digits of a number, and the parts of one that is secret."""
    digits = re.sub(r"[ ().+\-]", "", text)
    if digits.isdecimal() and _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        yield digits
    elif is_secret:
        url = _URL.fullmatch(text)
        yield from _long(re.split(r"[/?&=#:]", "/".join(map(str, url.groups("")))) if url else [text])


def _values_of(field: Field) -> Iterator[str]:
    """The secrets of a header field: of cookies, each."""
    name, value = field
    if name.lower() == "set-cookie":
        yield value.partition(";")[0].rpartition("=")[2]
    elif name.lower() == "cookie":
        yield from (crumb.partition("=")[2] or crumb for crumb in map(str.strip, value.split(";")))
    else:
        yield from secrets_in(value)


def _long(values: Iterable[str]) -> Iterator[str]:
    return (value for value in values if len(value) >= _SHORTEST)
