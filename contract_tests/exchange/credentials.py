"""The Authorization fields of a request, written so that they tell no secret.

A value is a template: `{token}` stands for the token, the other names for what is made of it. So a request can be kept,
shown, and sent again by whoever has a token.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
"""Credentials that no server must take, by what is wrong with them: the values of the Authorization fields."""
_DERIVATIONS: Final[Mapping[str, Callable[[str], str]]] = {
    "{token}": lambda token: token,
    "{token:prefix}": lambda token: token[:-1],
    "{token:swapcase}": lambda token: token.swapcase(),
}
_NAME: Final = re.compile("|".join(map(re.escape, _DERIVATIONS)))


def fill_in(template: str, token: str) -> str:
    """The value that a template stands for."""
    return _NAME.sub(lambda found: _DERIVATIONS[found[0]](token), template)


def hide_token(value: str, token: str) -> str:
    """The template of a value that was sent: what was made of the token stands there by its name."""
    known = [template for values in (*WRONG.values(), (RIGHT,)) for template in values]
    found = next((template for template in known if value in {template, fill_in(template, token)}), None)
    return value.replace(token, "{token}") if found is None else found


def is_right(template: str) -> bool:
    """Tells whether the value is the whole token and nothing but the token, as a bearer's."""
    scheme, _, credentials = template.partition(" ")
    return scheme.lower() == "bearer" and credentials == "{token}"
