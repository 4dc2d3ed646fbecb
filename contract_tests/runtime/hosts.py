"""Hosts that requests to a server of this machine name, and the addresses of this machine.

A page of any site can have its own name lead to this machine once it is loaded (DNS rebinding). Its browser then takes
a server of this machine for the page's own, so no rule about origins holds. But it names the site in the field Host.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final

LOCALHOST: Final = "localhost"
"""The name of this machine. It is not looked up where that matters: a lookup could lead to another one."""
LOOPBACK: Final = ("::1", "127.0.0.1")
"""The addresses that it stands for; of the last one, an error is told."""
_PORT: Final = re.compile(r":\d*$")
_OF_NOBODY: Final = (".localhost", ".internal", ".local", ".test", ".invalid", ".example")
"""The ends of names that nobody can register, such as `host.docker.internal`."""


def is_own_host(field: str) -> bool:
    """Tells whether a field Host has an address, or a name that no site can have.

    >>> [is_own_host(each) for each in ("127.0.0.1:80", "[::1]", "mock:80", "host.docker.internal", "evil.com:80")]
    [True, True, True, True, False]
    """
    host = without_port(field).rstrip(".")
    if "." not in host or host.endswith(_OF_NOBODY):
        return True
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def without_port(field: str) -> str:
    """The host in a field Host, in lower case."""
    return _PORT.sub("", field.strip()).lower()
