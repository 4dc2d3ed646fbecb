"""The client's `server.py`, which its generator does not write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json
    from spec.reader import Spec

PERSONAL: Final = "x-personal"
"""The extension of a schema whose values are personal."""


def server_module(package: str, spec: Spec) -> str:
    """The source of `server.py`: base URL, environment variables for another URL and the token, personal fields."""
    prefix = package.removesuffix("_client").upper()
    return (
        f'"""The contract\'s server, and the environment variables that may name another, and the token."""\n\n'
        f"BASE_URL: str | None = {_base_url(spec)!r}\n"
        f"BASE_URL_VARIABLE = {f'{prefix}_BASE_URL'!r}\n"
        f"TOKEN_VARIABLE = {f'{prefix}_TOKEN'!r}\n"
        f"PERSONAL: tuple[str, ...] = {tuple(sorted(set(_personal(spec.document))))!r}\n"
        f'"""The names of the fields that the contract calls personal."""\n'
    )


def _personal(node: Json) -> Iterator[str]:
    """The names of properties whose schemas are marked as personal, wherever they stand."""
    if isinstance(node, dict):
        properties = node.get("properties")
        for name, schema in properties.items() if isinstance(properties, dict) else ():
            if isinstance(schema, dict) and schema.get(PERSONAL) is True:
                yield name
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _personal(child)


def _base_url(spec: Spec) -> str | None:
    """The URL of the spec's first server, its variables at their defaults; None without an absolute one."""
    server = next(iter(spec.document.get("servers") or [{"url": "/"}]))
    url = str(server["url"])
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url.rstrip("/") if url.startswith(("https://", "http://")) else None
