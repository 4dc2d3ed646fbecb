"""The things that a run created: requests that change or delete things name these, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from contract_tests.contract.operations import changes_things_at
from contract_tests.contract.parameter_text import Sent
from contract_tests.contract.parameter_values import ParameterReader
from contract_tests.contract.paths import is_within, path_values
from contract_tests.contract.things import acting_on
from contract_tests.exchange.handed_paths import handed_paths
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.runtime_expressions import fill_path
from contract_tests.exchange.scalars import read_scalar
from spec.costs import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.links import Link
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameters import Location
    from contract_tests.contract.things import Things
    from contract_tests.exchange.exchange import Exchange, Request


FOREIGN: Final = (
    "it may change what the run did not create: have `links` of the spec lead to it from what creates it, or test a "
    "server on this machine"
)
"""Why a request does not go to another machine, and the remedy."""
_CONDITION: Final = "If-Match"
_AT_ITS_PATH: Final = {"GET", "HEAD", "PUT", "PATCH"}
"""The methods whose responses have the ETag of what is at their path (RFC 9110, section 8.8.3)."""


class Created(Struct):
    """The things that a run created and did not delete."""

    contract: Contract
    _paths: dict[str, list[str]] = field(default_factory=dict)
    """The paths of things by the path of their kind, in the order of their creation."""
    _deleted: dict[str, str] = field(default_factory=dict)
    """The path of the thing that was deleted last, by the path of its kind."""
    _ever: set[str] = field(default_factory=set)
    """The paths of all things that it created, deleted ones included."""
    _acted_on: dict[str, list[str]] = field(default_factory=dict)
    """The paths of things by their templates, for requests that act on them, those first whose turn it is."""
    _etags: dict[str, str] = field(default_factory=dict)
    """The ETags that were seen last, by path."""

    def find_complaint(self, request: Request) -> str | None:
        """Why a request must not go to another machine: it may change what the run did not create; None if it may."""
        templates = (operation.path for operation in self.contract.paths.at(request.path))
        changes = changes_things_at(request.method.upper(), next(templates, request.path))
        is_own = any(f"{request.path}/".startswith(f"{own}/") for own in self._ever)
        return FOREIGN if changes and not is_own else None

    def prepare(self, request: Request) -> Request | None:
        """The request with the path of a thing that was created, if it changes or deletes things.

        A path that is wrong stays so. Where no thing is left, a deletion is of one that was deleted before. It is None
        where the run has created none at all. A right condition in `If-Match` is made to hold.
        """
        operation = self.contract.paths.find(request.method, request.path)
        if operation is None or not self._has_valid(operation, request, "path"):
            return request
        named = self._with_own_path(operation, request)
        return named and self._with_condition(operation, named)

    def _with_own_path(self, operation: Operation, request: Request) -> Request | None:
        things = self._changed_by(operation)
        if things is None:
            return self._act_on_next(operation, request)
        paths = self._paths.get(things.path, [])
        if operation == things.delete:
            path = next(iter(paths), self._deleted.get(things.path))
            return _with_path(request, path) if path else None
        return _with_path(request, paths[-1]) if paths else request

    def _with_condition(self, operation: Operation, request: Request) -> Request:
        """The request with the ETag that was seen last at its path, if it has a right `If-Match`; else with `*`.

        `*` is right whatever there is (RFC 9110, section 13.1.1). What it is to be is for the server to say.
        """
        if request.headers.first(_CONDITION) is None or not self._has_valid(operation, request, "header"):
            return request
        others = request.headers.without([_CONDITION.lower()])
        conditions = [etag] if (etag := self._etags.get(request.path)) else []
        made = (replace(request, headers=Headers([*others, (_CONDITION, each)])) for each in (*conditions, "*"))
        return next((each for each in made if self._has_valid(operation, each, "header")), request)

    def _act_on_next(self, operation: Operation, request: Request) -> Request:
        """The request at a path within that of a created thing, if it acts on one: on another one each time.

        What one request has done to a thing, the next one may be refused for.
        """
        begin = place_acted_on(self.contract, operation)
        waiting = self._acted_on.get(begin, []) if begin else []
        if begin is None or not waiting:
            return request
        waiting.append(waiting.pop(0))
        rest = request.path.split("/")[begin.count("/") + 1 :]
        return _with_path(request, "/".join([waiting[-1], *rest]))

    def note(self, exchange: Exchange) -> tuple[tuple[Things, str], ...]:
        """Takes an accepted exchange into account; gives the things that it created or changed, with their paths."""
        self._note_etag(exchange)
        operation = self.contract.paths.find(exchange.request.method, exchange.request.path)
        self._note_paths(operation, exchange)
        kinds = self.contract.things if operation else ()
        return tuple((things, path) for things in kinds if (path := self._note(things, operation, exchange)))

    def _note_etag(self, exchange: Exchange) -> None:
        etag = exchange.response.headers.first("ETag") if exchange.response else None
        if exchange.request.method not in SAFE_METHODS:
            self._etags.pop(exchange.request.path, None)
        if etag is not None and exchange.request.method in _AT_ITS_PATH:
            self._etags[exchange.request.path] = etag

    def _note_paths(self, operation: Operation | None, exchange: Exchange) -> None:
        if operation is None or exchange.response is None:
            return
        links = [each for each in self.contract.links_from(operation, exchange.response.status) if each.creates]
        for place, path in handed_paths(links, exchange, path_values(operation.path, exchange.request.path)).items():
            self._acted_on.setdefault(place, []).insert(0, path)
            self._ever.add(path)
        if operation.method == "DELETE":
            for paths in self._acted_on.values():
                paths[:] = [each for each in paths if each != exchange.request.path]

    def creations_for(self, operation: Operation) -> list[Operation]:
        """The operations that create what a request to an operation changes or acts on, in their order.

        It has none if enough is left. An action gets a thing of its own, as one action may forbid another.
        """
        found: list[Operation] = []
        while (missing := self._creation_of_missing(operation)) and missing not in found:
            found.insert(0, missing)
            operation = missing
        return found

    def _creation_of_missing(self, operation: Operation) -> Operation | None:
        if things := self._changed_by(operation):
            return None if self._paths.get(things.path) else things.create
        place = place_acted_on(self.contract, operation)
        sources = (link.source for link in self.contract.links if link.creates and link.place == place)
        return next(sources, None) if place else None

    def has(self, path: str) -> bool:
        """Tells whether the run created what is at a path, and did not delete it."""
        return any(path in paths for paths in self._paths.values())

    def left(self) -> Iterator[tuple[Things, str]]:
        """The things that can be deleted and are not, those first that stand deepest, then those created last."""
        for things in sorted(self.contract.things, key=lambda each: -each.path.count("/")):
            if things.delete:
                yield from ((things, path) for path in reversed(self._paths.get(things.path, [])))

    def _note(self, things: Things, operation: Operation | None, exchange: Exchange) -> str | None:
        """The path of the thing that an exchange created or changed; None if it did neither."""
        paths, path = self._paths.setdefault(things.path, []), exchange.request.path
        if operation == things.create:
            return self._note_created(things, paths, exchange)
        if operation == things.delete and path in paths:
            paths.remove(path)
            self._deleted[things.path] = path
            self._forget_within(path)
        return path if operation in (things.delete, *things.updates) else None

    def _forget_within(self, path: str) -> None:
        """Forgets what stood within a thing that was deleted: it is gone with it."""
        for paths in (*self._paths.values(), *self._acted_on.values()):
            paths[:] = [each for each in paths if not each.startswith(f"{path}/")]

    def _note_created(self, things: Things, paths: list[str], exchange: Exchange) -> str | None:
        made = path_of(things, exchange)
        if made and made not in paths:
            paths.append(made)
        return made

    def _changed_by(self, operation: Operation) -> Things | None:
        """The kind of things that an operation changes or deletes."""
        changing = (each for each in self.contract.things if operation in (each.delete, *each.updates))
        return next(changing, None)

    def _has_valid(self, operation: Operation, request: Request, location: Location) -> bool:
        """Tells whether the parameters of a request at a location are valid, and those are there that must be."""
        sent = Sent(request.path, request.query, request.headers)
        values = ParameterReader(self.contract, read_scalar).read(operation, sent).values.get(location, {})
        needed = [each for each in operation.parameters if each.location == location]
        return all(
            each.name in values
            and (each.schema is None or self.contract.validator(each.schema).is_valid(values[each.name]))
            for each in needed
            if each.is_required or each.name in values
        )


def place_acted_on(contract: Contract, operation: Operation) -> str | None:
    """The template of the path of the things that an operation acts on, as `POST /things/{id}/lend` does; or None."""
    places = (link.place for link in contract.links if link.creates)
    return max((each for each in places if each and any(acting_on(each, [operation]))), key=len, default=None)


def is_foreign(contract: Contract, operation: Operation) -> bool:
    """Tells whether an operation changes or deletes things, and no other one creates such things."""
    places = (link.place for link in contract.links if link.creates)
    return operation.changes_a_thing and not any(is_within(operation.path, each) for each in places if each)


def changes_things(link: Link) -> bool:
    """Tells whether a link leads from the creation of a thing to an operation that changes, deletes or acts on it."""
    return link.creates and any(acting_on(link.place or "", [link.target]))


def path_of(things: Things, exchange: Exchange) -> str | None:
    """The path of the thing that an exchange created; None if its response does not have all of it."""
    status = exchange.response.status if exchange.response else 0
    if exchange.is_masked or things.create.response_key(status) != things.key:
        return None  # a response that held the token must lead to no path
    variables = path_values(things.create.path, exchange.request.path)
    return fill_path(things.path, {each.name: each.expression for each in things.values}, exchange, variables)


def _with_path(request: Request, path: str) -> Request:
    query = f"?{request.query}" if request.query else ""
    return replace(request, target=f"{path}{query}")
