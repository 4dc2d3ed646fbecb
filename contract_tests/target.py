"""Which server a run tests, and with which token."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final

EMBEDDED_MOCK: Final = "the embedded mock"
"""The name of the target that a run starts by itself."""
_MAX_PORT: Final = 65535


class TargetError(Exception):
    """The target cannot be used. `str()` says why and what to do."""


@dataclass(frozen=True)
class Target:
    """A server: what to call it, its base URL without a slash at the end, and the token that it takes."""

    name: str
    url: str
    token: str = field(repr=False)


def loopback_target(url: str, token: str) -> Target:
    """A target on this machine.

    The URL is put together anew from its parts, for HTTP libraries disagree on what the host of a crooked one is.

    Raises:
        TargetError: the URL is none or leads to another machine, or the token cannot be sent.
    """
    if not re.fullmatch(r"[!-~]+", token):
        raise TargetError("the token cannot be sent: it must be visible ASCII characters, without spaces around it")
    parts = _parse(url)
    if parts is None:
        raise TargetError(f"--url {url!r} is not a plain http or https URL; write it like http://127.0.0.1:8000")
    scheme, host, rest = parts
    if not _is_loopback(host.strip("[]")):
        raise TargetError(
            f"--url {url!r} is refused: only this machine's own addresses (127.0.0.1, localhost, [::1]) are taken.\n"
            "Every valid request that a run sends can make a real phone ring, and nothing yet keeps a run from ringing "
            "strangers."
        )
    return Target(url, f"{scheme}://{host}{rest}".rstrip("/"), token)


def _parse(url: str) -> tuple[str, str, str] | None:
    """Scheme, host, and port with path. None for anything odd: credentials, a query, a backslash, a wrong port."""
    found = re.fullmatch(r"(https?)://([\w.-]+|\[[0-9A-Fa-f:.]+\])((?::(\d{1,5}))?(?:/[\w./~%-]*)?)", url, re.ASCII)
    if found is None or int(found[4] or 0) > _MAX_PORT:
        return None
    return found[1], found[2], found[3]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
