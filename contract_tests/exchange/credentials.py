"""The credentials of a request, written so that they tell no secret.

A value is a template: `{token}` stands for the secret of the scheme whose place it has, the other names for what is
made of that secret. So a request can be kept, shown, and sent again by whoever has a token.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.exchange.headers import Headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from contract_tests.exchange.exchange import Request

AUTHORIZATION: Final = "Authorization"
RIGHT: Final = "Bearer {token}"
"""The value that authorizes a request."""
WRONG: Final[Mapping[str, tuple[str, ...]]] = {
    "an empty Authorization field": ("",),
    "an empty bearer": ("Bearer",),
    "a prefix of the token": ("Bearer {token:prefix}",),
    "the token with a character added": ("Bearer {token}x",),
    "the token twice in one field": ("Bearer {token}, Bearer {token}",),
    "the token and a wrong one, in two fields": ("Bearer {token}", "Bearer wrong"),
    "a wrong token and the right one, in two fields": ("Bearer wrong", "Bearer {token}"),
    "another scheme": ("Basic {token}",),
    "no scheme": ("{token}",),
    "no Authorization field": (),
    "the token in other case": ("Bearer {token:swapcase}",),
}
"""Credentials that no server must take as a bearer's, by what is wrong with them: the Authorization fields."""
WRONG_BASIC: Final[Mapping[str, tuple[str, ...]]] = {
    "no Authorization field": (),
    "a wrong user": ("Basic d3Jvbmc6d3Jvbmc=",),
    "no user": ("Basic",),
    "another scheme": ("Bearer {token}",),
}
"""The same of user and password (RFC 7617)."""
WRONG_KEY: Final[Mapping[str, str | None]] = {
    "no key": None,
    "a wrong key": "wrong",
    "a prefix of the key": "{token:prefix}",
    "the key with a character added": "{token}x",
}
"""The same of a key in a field of its own; None for no field."""
_DERIVATIONS: Final[Mapping[str, Callable[[str], str]]] = {
    "{token}": lambda token: token,
    "{token:prefix}": lambda token: token[:-1],
    "{token:swapcase}": lambda token: token.swapcase(),
}
_NAME: Final = re.compile("|".join(map(re.escape, _DERIVATIONS)))


class Scheme(Protocol):
    """A security scheme, as far as credentials need to know it (see contract/security.py)."""

    @property
    def kind(self) -> str:
        """One of `bearer`, `basic`, `key`."""

    @property
    def location(self) -> str:
        """One of `header`, `query`, `cookie`."""

    @property
    def field(self) -> str:
        """The name of the header field, the query's field or the cookie."""


def right_value(scheme: Scheme) -> str:
    """The value that a request has at the place of a scheme."""
    return {"bearer": RIGHT, "basic": "Basic {token}"}.get(scheme.kind, "{token}")


def with_value(request: Request, scheme: Scheme, *values: str) -> Request:
    """The request with other values at the place of a scheme, one each; with none, without the field."""
    if scheme.location == "header":
        others = request.headers.without([scheme.field])
        return replace(request, headers=Headers((*((scheme.field, value) for value in values), *others)))
    if scheme.location == "cookie":
        return _with_cookies(request, scheme.field, values)
    kept = [pair for pair in request.query.split("&") if pair and pair.partition("=")[0] != scheme.field]
    query = "&".join((*kept, *(f"{scheme.field}={value}" for value in values)))
    return replace(request, target=f"{request.path}?{query}" if query else request.path)


def values_at(request: Request, scheme: Scheme) -> list[str]:
    """The values that a request has at the place of a scheme."""
    if scheme.location == "header":
        return request.headers.all(scheme.field)
    pairs = _cookies(request) if scheme.location == "cookie" else request.query.split("&")
    return [value for name, _, value in (pair.partition("=") for pair in pairs) if name == scheme.field]


def change_values(request: Request, scheme: Scheme, change: Callable[[str], str]) -> Request:
    """The request with its values at the place of a scheme changed. The order of its fields stays."""
    if scheme.location == "header":
        return replace(request, headers=request.headers.changed(scheme.field, change))
    values = values_at(request, scheme)
    return with_value(request, scheme, *map(change, values)) if values else request


def is_right_at(request: Request, scheme: Scheme) -> bool:
    """Tells whether a request has the whole secret of a scheme, and nothing but the secret."""
    return is_right(", ".join(values_at(request, scheme)), scheme)


def is_right(template: str, scheme: Scheme) -> bool:
    """Tells whether a value is the whole secret of a scheme, and nothing but the secret."""
    if scheme.kind == "key":
        return template == "{token}"
    name, _, credentials = template.partition(" ")
    return name.lower() == scheme.kind and credentials == "{token}"


def spell_secret(scheme: Scheme, secret: str) -> str:
    """The text that stands for a secret at the place of a scheme: of a user and password, their base64."""
    return base64.b64encode(secret.encode()).decode() if scheme.kind == "basic" else secret


def fill_in(template: str, token: str) -> str:
    """The value that a template stands for."""
    return _NAME.sub(lambda found: _DERIVATIONS[found[0]](token), template)


def hide_token(value: str, token: str) -> str:
    """The template of a value that was sent: what was made of the token stands there by its name."""
    known = [template for values in (*WRONG.values(), (RIGHT,)) for template in values]
    known += [template for template in WRONG_KEY.values() if template]
    found = next((template for template in known if value in {template, fill_in(template, token)}), None)
    return value.replace(token, "{token}") if found is None else found


def _cookies(request: Request) -> list[str]:
    return [part.strip() for line in request.headers.all("Cookie") for part in line.split(";") if part.strip()]


def _with_cookies(request: Request, name: str, values: Iterable[str]) -> Request:
    kept = [each for each in _cookies(request) if each.partition("=")[0] != name]
    text = "; ".join((*kept, *(f"{name}={value}" for value in values)))
    others = request.headers.without(["Cookie"])
    return replace(request, headers=Headers((*others, *([("Cookie", text)] if text else []))))
