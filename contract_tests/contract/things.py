"""Things that one operation creates, and others read, list, update and delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.contract.operations import UPDATING
from contract_tests.contract.paths import is_within
from spec.costs import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.contract.links import Link, Value
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameters import Parameter

_OF_RESPONSE: Final = "$response."
_OF_BODY: Final = "$response.body#/"


class Things(Struct, frozen=True):
    """Things of one kind. They have a path, `/things/{id}`, for which creating one answers with an id."""

    path: str
    create: Operation
    key: str
    """The spec's key of the response that has the id."""
    values: tuple[Value, ...]
    """The values of the path's variables."""
    read: Operation | None
    list: Operation | None
    updates: tuple[Operation, ...]
    delete: Operation | None
    is_stated: bool
    """True if a link of the spec says that the id leads to the path; False if names do."""

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations about them."""
        about = (self.create, self.read, self.list, *self.updates, self.delete)
        return tuple(each for each in about if each is not None)

    @property
    def id(self) -> Value:
        """The value that the response to its creation has, and that stands last in its path."""
        return next(each for each in reversed(self.values) if str(each.expression).startswith(_OF_RESPONSE))

    @property
    def field(self) -> str:
        """The name of the field that has the id, where the response holds it directly; else the way to it.

        Empty where no body has it.
        """
        expression = str(self.id.expression)
        return expression.removeprefix(_OF_BODY) if expression.startswith(_OF_BODY) else ""


def find_things(links: Iterable[Link], operations: Sequence[Operation]) -> Iterator[Things]:
    """The things of a contract: those whose path ends in an id, which a `POST` answers with."""
    found = set[str]()
    for link in links:
        if link.target.path not in found and _is_of_creation(link):
            found.add(link.target.path)
            yield _describe(link, operations)


def group_by_things(things: Iterable[Things], links: Iterable[Link], operations: Sequence[Operation]) -> dict[str, int]:
    """The group of each operation, by its label: those about the same things are in one, for their order tells."""
    groups = {operation.label: number for number, operation in enumerate(operations)}
    creating = {(link.source.label, link.place): link.source for link in links if link.creates}
    acting = ([source, *acting_on(place or "", operations)] for (_, place), source in creating.items())
    for about in (*(kind.operations for kind in things), *acting):
        merged = {groups[operation.label] for operation in about}
        groups = {label: min(merged) if group in merged else group for label, group in groups.items()}
    return groups


def acting_on(place: str, operations: Iterable[Operation]) -> Iterator[Operation]:
    """The operations that act on things at a path, or within it: `POST /things/{id}/lend` does."""
    for operation in operations:
        if operation.method not in SAFE_METHODS and is_within(operation.path, place):
            yield operation


def _is_of_creation(link: Link) -> bool:
    """Tells whether a link hands over the id of what was created, for the end of a path that is written plainly."""
    ids = [each.name for each in link.values if each.location == "path" and _comes_with_response(each)]
    is_at_end = any(f"/{{{name}}}" in f"/{link.target.path.rpartition('/')[2]}" for name in ids)
    return link.source.method == "POST" and is_at_end and all(map(_is_plain, link.target.parameters))


def _is_plain(parameter: Parameter) -> bool:
    """Tells whether a parameter stands in the path as its text alone, or does not stand there."""
    return parameter.location != "path" or (parameter.style == "simple" and parameter.media_type is None)


def _comes_with_response(value: Value) -> bool:
    return str(value.expression).startswith(_OF_RESPONSE)


def _describe(link: Link, operations: Sequence[Operation]) -> Things:
    path = link.target.path
    at_path = {each.method: each for each in operations if each.path == path}
    collection, _, last = path.rpartition("/")
    collections = (collection, f"{collection}{last.rpartition('}')[2]}")  # of `/things/{id}.json`, `/things.json`
    listing = (each for each in operations if each.method == "GET" and each.path.rstrip("/") in collections)
    return Things(
        path,
        link.source,
        link.key,
        tuple(each for each in link.values if each.location == "path"),
        at_path.get("GET"),
        next(listing, None),
        tuple(at_path[method] for method in UPDATING if method in at_path),
        at_path.get("DELETE"),
        link.is_stated,
    )
