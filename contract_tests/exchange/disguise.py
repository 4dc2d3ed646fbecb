"""Puts a stand-in in place of each secret outside of the guard, and back: pure functions of bytes.

The engine and all that it writes know a placeholder in place of the token, and aliases in place of listed numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from contract_tests.exchange.credentials import AUTHORIZATION, hide_token, spell_secret
from contract_tests.exchange.exchange import MASKED, MASKED_NAME, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.masking import Mask
from contract_tests.exchange.veiled import veil_bytes, veil_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contract_tests.exchange.credentials import Scheme


class SameTokenError(Exception):
    """A credential that is to be wrong would be the right one."""


class Places(Protocol):
    """The places of credentials in requests (see target/credentials.py)."""

    def change(self, request: Request, change: Callable[[Scheme, str], str], /) -> Request:
        """The request with the values at the places of its credentials changed."""

    def name_of(self, scheme: Scheme, /) -> str:
        """The name of a scheme's secret."""


@dataclass(frozen=True)
class Disguise:
    """The placeholder and the token, the aliases and what they stand for."""

    placeholder: str
    token: str = field(repr=False)
    aliases: Mapping[str, str] = field(repr=False)
    words: bytes = field(default=b"", repr=False)
    """A text whose words are no secrets: that of the spec."""
    places: Places | None = None
    """The places of credentials; None for the field Authorization alone."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The secrets that schemes have of their own, by the schemes' names."""

    @cached_property
    def mask(self) -> Mask:
        """Takes the secrets out of all that is shown."""
        return Mask([self.token, *self.secrets.values()], self.aliases, self.words)

    def reveal(self, request: Request) -> Request:
        """The request as the target is to get it. Credentials without the placeholder stay as they are.

        Raises:
            SameTokenError: the token in other case, or without its end, is the token itself.
        """
        if self.places is None:
            headers = request.headers.changed(AUTHORIZATION, partial(self._reveal_credentials, self.token))
            request = replace(request, headers=headers)
        else:
            request = self.places.change(request, self._reveal_at)
        return replace(request, body=self.reveal_bytes(request.body))

    def tell(self, request: Request) -> Request:
        """The request with templates in place of its credentials."""
        hide = partial(hide_token, token=self.placeholder)
        if self.places is None:
            return replace(request, headers=request.headers.changed(AUTHORIZATION, hide))
        return self.places.change(request, lambda _, value: hide(value))

    def _reveal_at(self, scheme: Scheme, value: str) -> str:
        name = self.places.name_of(scheme) if self.places else ""
        secret = spell_secret(scheme, self.secrets.get(name, self.token))
        return self._reveal_credentials(quote(secret, safe="") if scheme.location == "query" else secret, value)

    def reveal_bytes(self, body: bytes) -> bytes:
        """A body as the target is to get it."""
        return self._aliases.sub(lambda found: self.aliases[found[0].decode()].encode(), body)

    def veil(self, response: Response) -> Response:
        """The response, to be judged as it is, and shown without secrets."""
        shown = self.hide(response)
        fields = zip(response.headers, shown.headers, strict=True)
        headers = Headers(
            (veil_text(name, name_shown), veil_text(value, value_shown))
            for (name, value), (name_shown, value_shown) in fields
        )
        return replace(response, headers=headers, body=veil_bytes(response.body, shown.body))

    def hide(self, response: Response) -> Response:
        """The response as all others may see it. A secret may be in several of its parts together."""
        names, values = zip(*self.mask.hide_fields(response.headers), strict=True) if response.headers else ((), ())
        *parts, body = self.mask.hide_all([*(part.encode() for part in (*names, *values)), response.body])
        texts = [part.decode() for part in parts]
        names_shown = (text.replace(MASKED, MASKED_NAME) for text in texts[: len(names)])
        headers = Headers(zip(names_shown, texts[len(names) :], strict=True))
        return replace(response, headers=headers, body=body)

    def hide_text(self, text: str) -> str:
        """A text without secrets."""
        return self.mask.hide_text(text)

    def hide_bytes(self, text: bytes) -> bytes:
        """A text without secrets."""
        return self.mask.hide_bytes(text)

    @cached_property
    def _aliases(self) -> re.Pattern[bytes]:
        names = sorted(self.aliases, key=len, reverse=True)
        return re.compile(b"|".join(re.escape(name.encode()) for name in names) or rb"(?!)")

    def _reveal_credentials(self, token: str, value: str) -> str:
        if self.placeholder in value:
            return value.replace(self.placeholder, token)
        for change in (str.swapcase, _without_its_end):
            if change(self.placeholder) in value:
                if change(token) == token:
                    raise SameTokenError(value)
                return value.replace(change(self.placeholder), change(token))
        return value


def _without_its_end(token: str) -> str:
    return token[:-1]
