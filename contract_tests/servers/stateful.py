"""A server for any spec that remembers the things it creates, so that they can be read, listed, updated and deleted."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote
from uuid import UUID

from contract_tests.contract.direction import Direction, marked_fields
from contract_tests.contract.paths import path_values
from contract_tests.contract.references import resolve
from contract_tests.exchange.headers import CONTENT_TYPE
from contract_tests.servers.any_spec import AnySpec
from spec.reader import ABSENT, escape, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.things import Things
    from contract_tests.servers.answer import Answer
    from contract_tests.servers.any_spec import Asked
    from spec.json_value import Json

    Kept = dict[str, Any]
    """A thing as JSON."""

LOCATION: Final = "Location"
_FAR: Final = 10**6
"""Ids begin here, beyond what anybody makes up."""


class Stateful(AnySpec):
    """Answers by what there is. Operations about no things are answered as `AnySpec` does."""

    def accept(self, asked: Asked) -> Answer:
        """The answer to a valid request."""
        for things in self._known:
            if asked.operation == things.create:
                return self.create(things, asked)
            if asked.operation == things.list:
                return self.list_all(things, asked)
            if asked.operation in (things.read, things.delete, *things.updates):
                return self.answer_about(things, asked)
        return super().accept(asked)

    def answer_about(self, things: Things, asked: Asked) -> Answer:
        """The answer to a request about one thing. Where the spec has no 404, what is not there is made up."""
        identifier = unquote(path_values(things.path, asked.path)[things.id.name])
        kept = self.kept(things).get(identifier)
        if kept is None:
            has_404 = asked.operation.response_key(HTTPStatus.NOT_FOUND) is not None
            return self.refuse(asked, HTTPStatus.NOT_FOUND) if has_404 else super().accept(asked)
        if asked.operation == things.delete:
            return self.delete(things, asked, identifier)
        if asked.operation in things.updates:
            return self.update(things, asked, identifier)
        made = super().accept(asked)
        return made.with_body(self._shown(self._schema(asked, made), made.body, kept))

    def create(self, things: Things, asked: Asked) -> Answer:
        """Keeps a new thing."""
        made, ids = super().accept(asked), self._next_ids(things)
        if not things.field:
            return self._create_at(things, asked, made, ids)
        if not isinstance(made.body, dict):
            return made
        pointer, sent = self._schema(asked, made), self._sent(asked)
        bodies = [self._laid(pointer, made.body, {things.field: each}) for each in ids]
        body = next(
            (each for each, value in zip(bodies, ids, strict=True) if each.get(things.field) == value), made.body
        )
        body = self._laid(pointer, body, sent)
        if things.field not in body:
            return made
        self._created[things.path] = self._created.get(things.path, 0) + 1
        self.kept(things)[str(body[things.field])] = {**sent, **body}
        return made.with_body(body)

    def _next_ids(self, things: Things) -> tuple[Json, ...]:
        """Ids in several forms that no thing of a kind had until now."""
        number = _FAR + self._created.get(things.path, 0)
        return number, str(UUID(int=number)), f"thing-{number}"

    def _create_at(self, things: Things, asked: Asked, made: Answer, ids: Sequence[Json]) -> Answer:
        """Keeps a new thing whose id stands in the field Location alone."""
        named = (each for about in things.operations for each in about.parameters if each.name == things.id.name)
        schema = next((each.schema for each in named if each.schema), None)
        own = next((each for each in ids if schema is None or self.contract.validator(schema).is_valid(each)), None)
        if own is None:
            return made
        self._created[things.path] = self._created.get(things.path, 0) + 1
        self.kept(things)[str(own)] = self._sent(asked)
        others = {name: value for name, value in made.headers.items() if name.lower() != LOCATION.lower()}
        return replace(made, headers={**others, LOCATION: f"{asked.path.rstrip('/')}/{own}"})

    def list_all(self, things: Things, asked: Asked) -> Answer:
        """Lists all things, where a list is an array that has room for them, or an object with one such array."""
        made = super().accept(asked)
        pointer = self._schema(asked, made)
        place = self._array_in(pointer, made.body) if isinstance(made.body, dict) else ("", pointer)
        if place is None or not isinstance(made.body, dict | list):
            return made
        name, array = place
        listed = self._all(things, array)
        body = {**made.body, name: listed} if isinstance(made.body, dict) else listed
        return made.with_body(body) if self._takes(pointer, body) else made

    def _array_in(self, pointer: str | None, body: Kept) -> tuple[str, str] | None:
        """The name of the one array in an object with the schema at a pointer, and the pointer of its own schema."""
        arrays = [name for name, value in body.items() if isinstance(value, list)]
        if pointer is None or len(arrays) != 1:
            return None
        way = f"/properties/{escape(arrays[0])}"
        place = resolve(self.contract.spec, pointer)
        is_stated = value_or_absent(self.contract.value(place), way) is not ABSENT
        return (arrays[0], f"{place}{way}") if is_stated else None

    def _all(self, things: Things, pointer: str | None) -> list[Json]:
        """All things, as the items of an array with the schema at a pointer."""
        item_pointer, item = self._item(pointer)
        return [self._shown(item_pointer, item, kept) for kept in self.kept(things).values()]

    def update(self, things: Things, asked: Asked, identifier: str) -> Answer:
        """Keeps the fields of an update. The answer tells of those that it takes, if it has a body."""
        made, kept = super().accept(asked), self.kept(things)[identifier]
        own_id = {things.field: kept[things.field]} if things.field else {}
        sent = self._sent(asked) | own_id
        if not isinstance(made.body, dict):
            self.kept(things)[identifier] = {**kept, **sent}
            return made
        pointer = self._schema(asked, made)
        body = self._laid(pointer, self._shown(pointer, made.body, kept), sent)
        self.kept(things)[identifier] = {**kept, **sent, **body, **own_id}
        return made.with_body(body)

    def delete(self, things: Things, asked: Asked, identifier: str) -> Answer:
        """Forgets a thing."""
        del self.kept(things)[identifier]
        return super().accept(asked)

    def kept(self, things: Things) -> dict[str, Kept]:
        """The things of a kind, by their ids."""
        return self._kept.setdefault(things.path, {})

    def forget(self) -> None:
        """Forgets all things. Their ids are not given again."""
        self._kept.clear()

    def _shown(self, pointer: str | None, made: Json, kept: Kept) -> Json:
        """A thing as an answer with the schema at a pointer shows it: as it is kept, if the schema takes that.

        Else what is kept is laid over the made-up value: all of it, or the fields that the schema takes. A made-up
        value that is no object stays as it is.
        """
        if not isinstance(made, dict):
            return made
        whole = (each for each in (kept, {**made, **kept}) if self._takes(pointer, each))
        return next(whole, None) or self._laid(pointer, made, kept)

    def _laid(self, pointer: str | None, body: Kept, fields: Kept) -> Kept:
        """An object with those of the fields laid over it that the schema at a pointer takes; all without a schema."""
        for name, value in fields.items():
            with_it = {**body, name: value}
            body = with_it if self._takes(pointer, with_it) else body
        return body

    def _takes(self, pointer: str | None, value: Json) -> bool:
        """Tells whether a response may have a value, by the schema at a pointer; without one, any."""
        return pointer is None or self.contract.response_validator(pointer).is_valid(value)

    def _item(self, pointer: str | None) -> tuple[str | None, Json]:
        """The pointer of the schema of an array's items, and a made-up item; without such a schema, an empty object."""
        place = resolve(self.contract.spec, pointer) if pointer else ""
        array = self.contract.value(place) if pointer else {}
        if not (isinstance(array, dict) and "items" in array):
            return None, {}
        return f"{place}/items", next(iter(self.values(f"{place}/items")), {})

    @staticmethod
    def _schema(asked: Asked, made: Answer) -> str | None:
        described = asked.operation.response_body(made.status, None)
        return described.schema if described else None

    def _sent(self, asked: Asked) -> Kept:
        """The fields of a request's body, of a form too, but for `writeOnly` ones, which no answer shows.

        None of a body that is no object, or cannot be read.
        """
        content = asked.operation.content_of(asked.headers.media_type or "")
        try:
            body = self.read(content, asked.headers.first(CONTENT_TYPE) or "", asked.body) if content else {}
        except ValueError:
            return {}
        schema = self.contract.value(content.schema) if content and content.schema else {}
        hidden = marked_fields(self.contract.spec.document, schema, Direction.RESPONSE.value)
        return {name: body[name] for name in body if name not in hidden} if isinstance(body, dict) else {}

    @cached_property
    def _known(self) -> tuple[Things, ...]:
        """The things whose id stands directly in the response to their creation, or in its field Location.

        Only those can be remembered.
        """
        return tuple(each for each in self.contract.things if "/" not in each.field)

    @cached_property
    def _kept(self) -> dict[str, dict[str, Kept]]:
        return {}

    @cached_property
    def _created(self) -> dict[str, int]:
        """How many things of each kind were created so far."""
        return {}
