"""The changes of an operation's servers. Clients call the first one unless told otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scripts.drift.wording import listed
from spec.reader import ABSENT, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.effects import Effect
    from scripts.drift.objects.sides import Documents, Places

_BY_DEFAULT: Final = [{"url": "/"}]


class Server(NamedTuple):
    """A server's pointer, its URL with the variables' defaults, and the values that its variables may have."""

    pointer: str
    url: str
    allowed: dict[str, list[str]]


def compare_servers(documents: Documents, operation: Places) -> Iterator[tuple[str, str, Effect]]:
    """Yields the changes of the servers that an operation has: its own, or its path's, or the document's."""
    before, now = find_servers(documents.base, operation.before), find_servers(documents.spec, operation.now)
    told: set[str] = set()
    if before[0].url != now[0].url:
        what = f"The first server is {now[0].url} now, and was {before[0].url}."
        yield now[0].pointer, f"{what} Clients call the first one unless told otherwise.", "different"
        told = {before[0].url, now[0].url}
    urls = [told | {server.url for server in side} for side in (before, now)]
    gone = [server for server in before if server.url not in urls[1]]
    come = [server for server in now if server.url not in urls[0]]
    yield from ((server.pointer, f"Server {server.url} was removed.", "different") for server in gone)
    yield from ((server.pointer, f"Server {server.url} was added.", "harmless") for server in come)
    for old in before:
        new = next((server for server in now if server.url == old.url), None)
        if new:
            yield from _compare_values(old, new)


def find_servers(document: dict[str, Any], operation: str) -> list[Server]:
    """The servers of an operation."""
    for owner in (operation, operation.rpartition("/")[0], ""):
        servers = value_or_absent(document, f"{owner}/servers")
        if servers is not ABSENT and servers:
            return [_server(f"{owner}/servers/{index}", server) for index, server in enumerate(servers)]
    return [_server("/servers", server) for server in _BY_DEFAULT]


def _server(pointer: str, server: dict[str, Any]) -> Server:
    url, variables = server["url"], server.get("variables", {})
    for name, variable in variables.items():
        url = url.replace(f"{{{name}}}", variable["default"])
    return Server(pointer, url, {name: each["enum"] for name, each in variables.items() if "enum" in each})


def _compare_values(old: Server, new: Server) -> Iterator[tuple[str, str, Effect]]:
    """Yields the changes of the values that the variables of a server may have."""
    for name in {**new.allowed, **old.allowed}:
        before, now = old.allowed.get(name), new.allowed.get(name)
        pointer = f"{new.pointer}/variables/{name}/enum"
        if before == now or (before and now and {*before} == {*now}):
            continue
        is_wider = now is None or (before is not None and {*before} <= {*now})
        message = listed(pointer, ABSENT if before is None else before, ABSENT if now is None else now)
        yield pointer, message, "harmless" if is_wider else "different"
