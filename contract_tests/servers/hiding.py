"""The credentials of requests, hidden where requests are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from contract_tests.contract.security import Scheme

_AUTHORIZATION: Final = "authorization"
_COOKIE: Final = "cookie"
_HIDDEN: Final = "(not shown)"


class Hiding(NamedTuple):
    """The places of credentials: the names of header fields in lower case, of the query's fields, and of cookies."""

    headers: frozenset[str] = frozenset([_AUTHORIZATION])
    query: frozenset[str] = frozenset()
    cookies: frozenset[str] = frozenset()

    @classmethod
    def of(cls, schemes: Iterable[Scheme]) -> Hiding:
        """The places of an API's security schemes, and the field Authorization."""
        known = [*schemes]

        def at(location: str) -> frozenset[str]:
            return frozenset(each.field for each in known if each.location == location)

        headers = frozenset(name.lower() for name in at("header"))
        return cls(headers | {_AUTHORIZATION}, at("query"), at("cookie"))

    def of_field(self, name: str, value: str) -> str:
        """The value of a header field as it may be shown: of `Authorization`, the scheme alone."""
        if name == _COOKIE:
            return _of_pairs(value, self.cookies, "; ")
        if name not in self.headers:
            return value
        scheme = value.partition(" ")[0] if name == _AUTHORIZATION and " " in value else ""
        return f"{scheme} {_HIDDEN}".strip()

    def of_query(self, query: str) -> str:
        """A query as it may be shown."""
        return _of_pairs(query, self.query, "&")


def _of_pairs(text: str, names: Collection[str], separator: str) -> str:
    """The pairs of a text as they may be shown. Servers read a name without its percent-encoding."""
    pairs = (pair.partition("=") for pair in text.split(separator.strip()))
    shown = (
        f"{name}={_HIDDEN}" if unquote_plus(name.strip()) in names else f"{name}{sign}{value}"
        for name, sign, value in pairs
    )
    return separator.strip().join(shown)
