"""Which server a run tests, and with which token."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


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

    Raises:
        TargetError: the URL is none, or leads to another machine.
    """
    parts = urlsplit(url if "://" in url else f"//{url}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise TargetError(f"--url {url!r} is not an http or https URL; write it like http://127.0.0.1:8000")
    if not _is_loopback(parts.hostname):
        raise TargetError(
            f"--url {url!r} is refused: only this machine's own addresses (127.0.0.1, localhost, [::1]) are taken.\n"
            "Every valid request that a run sends can make a real phone ring, and nothing yet keeps a run from ringing "
            "strangers."
        )
    return Target(url, url.rstrip("/"), token)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
