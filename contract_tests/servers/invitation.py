"""The words with which the mock begins: where it listens, and a command to try it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.servers.mock import PATH, PLAIN_CALL

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.servers.certificate import Issued

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - what a user types to be reached from elsewhere


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


def invite(address: Address, token: str) -> str:
    """Tells how to try the mock. `token` is shown as it is: for a token of the user's own, the name of its variable."""
    trust = f" --cacert {shlex.quote(str(address.authority))}" if address.authority else ""
    curl = (
        f'curl{trust} {address.url}{PATH} -H "Authorization: Bearer {token}" '
        f"-H 'Content-Type: application/json' -d {shlex.quote(PLAIN_CALL.decode())}"
    )
    trusted = f"clients must trust {address.authority}; " if address.authority else ""
    listens = f"the mock listens on {address.url} and accepts the token {token}"
    return f"{listens}; {trusted}Ctrl-C stops it. Try it:\n\n  {curl}\n"
