"""The words with which the mock begins: where it listens, and a command to try it."""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contract_tests.exchange.exchange import Request
    from contract_tests.servers.certificate import Issued

_PLACE: Final = "{token}"
"""Stands for the secret in the templates of credentials."""
_SHOWN: Final = 20
"""How many operations are listed at most."""
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - what a user types to be reached from elsewhere


@dataclass(frozen=True)
class Token:
    """The token that the mock accepts, as it may be shown: one of the user's own by the name of its variable."""

    shown: str

    @classmethod
    def of_variable(cls, name: str) -> Token:
        """The token in an environment variable."""
        return cls(f"${name}")

    def quoted(self, template: str) -> str:
        """A text for a shell, with the token where the text has credentials."""
        if _PLACE not in template:
            return shlex.quote(template)
        escaped = re.sub(r'[\\"$`]', r"\\\g<0>", template)
        return f'"{escaped.replace(f"Basic {_PLACE}", f"Basic {self._in_base64}").replace(_PLACE, self.shown)}"'

    @property
    def _in_base64(self) -> str:
        if self.shown.startswith("$"):
            return f"$(printf %s \"{self.shown}\" | base64 | tr -d '\\n')"  # some write lines of 76 characters
        return b64encode(self.shown.encode()).decode()


@dataclass(frozen=True)
class Address:
    """Where the mock listens. `authority` is the file that clients must trust, if it serves HTTPS."""

    url: str
    authority: Path | None = None

    @classmethod
    def of(cls, host: str, port: int, issued: Issued | None) -> Address:
        """The address at which a client on this machine reaches it."""
        scheme = "https" if issued else "http"
        return cls(f"{scheme}://{_EVERYWHERE.get(host, host)}:{port}", issued.authority if issued else None)


def invite(address: Address, token: Token, request: Request | None) -> str:
    """Tells how to try the mock with a request, if there is one. Its credentials are templates."""
    trusted = f"clients must trust {address.authority}; " if address.authority else ""
    listens = f"the mock listens on {address.url} and accepts the token {token.shown}"
    tried = f" Try it:\n\n  {_curl(address, token, request)}\n" if request else ""
    return f"{listens}; {trusted}Ctrl-C stops it.{tried}"


def name_operations(labels: Sequence[str]) -> str:
    """Lists operations, the first ones if there are many."""
    more = [f"  and {len(labels) - _SHOWN} more"] if len(labels) > _SHOWN else []
    return "\n".join(["It has:", "", *(f"  {label}" for label in labels[:_SHOWN]), *more, ""])


def _curl(address: Address, token: Token, request: Request) -> str:
    trust = f" --cacert {shlex.quote(str(address.authority))}" if address.authority else ""
    usual = "POST" if request.body else "GET"
    method = "" if request.method == usual else f" -X {request.method}"
    url = token.quoted(f"{address.url}{request.target}")
    fields = [f" -H {token.quoted(f'{name}: {value}')}" for name, value in request.headers]
    body = f" -d {shlex.quote(request.body.decode())}" if request.body else ""
    return "".join(["curl", trust, method, f" {url}", *fields, body])
