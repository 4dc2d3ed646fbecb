"""The spec as openapi-python-client needs it, and the module that this generator does not write."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from spec.document import keywords

if TYPE_CHECKING:
    from spec.reader import Spec

# The generator splits members of these characters into words by itself. It would drop all other characters.
_PLAIN: Final = re.compile(r"[\w. -]*", re.ASCII)


def client_document(spec: Spec) -> dict[str, Any]:
    """A copy of the spec's document that says at each place what the generator looks for there.

    Enumerations get names for members that the generator would turn into one long word. Operations get the security
    requirements that the document states for all of them.
    """
    copy = replace(spec, document=deepcopy(spec.document))
    for pointer, keyword, value, _ in list(keywords(copy.document)):
        if keyword == "enum" and (names := _member_names(value)):
            copy.value(pointer.rpartition("/")[0]).setdefault("x-enum-varnames", names)
        elif keyword == "responses" and pointer.startswith("/paths/"):
            operation = copy.value(pointer.rpartition("/")[0])
            operation.setdefault("security", copy.document.get("security", []))
    return copy.document


def _member_names(members: list[Any]) -> list[str]:
    """Names such as `PHONE_CALL_ACCEPTED` for `phone_call:accepted`; none if the generator's own names will do."""
    if not all(isinstance(member, str) for member in members) or all(map(_PLAIN.fullmatch, members)):
        return []
    names = [re.sub(r"\W+", "_", member, flags=re.ASCII).strip("_").upper() for member in members]
    return names if len(set(names)) == len(names) and all(map(str.isidentifier, names)) else []


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
