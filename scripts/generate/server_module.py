"""The client's `server.py`, which its generator does not write."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spec.reader import Spec


def server_module(package: str, spec: Spec) -> str:
    """The source of `server.py`: the base URL, and the environment variables for another URL and the token."""
    prefix = package.removesuffix("_client").upper()
    return (
        f'"""The contract\'s server, and the environment variables that may name another, and the token."""\n\n'
        f"BASE_URL: str | None = {_base_url(spec)!r}\n"
        f"BASE_URL_VARIABLE = {f'{prefix}_BASE_URL'!r}\n"
        f"TOKEN_VARIABLE = {f'{prefix}_TOKEN'!r}\n"
    )


def _base_url(spec: Spec) -> str | None:
    """The URL of the spec's first server, its variables at their defaults; None without an absolute one."""
    server = next(iter(spec.document.get("servers") or [{"url": "/"}]))
    url = str(server["url"])
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url.rstrip("/") if url.startswith(("https://", "http://")) else None
