"""The changes between two objects of OpenAPI, field by field, as the table of fields says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scripts.drift.objects.encodings import default_media_type
from scripts.drift.objects.fields import FIELDS
from scripts.drift.objects.sides import Documents, Places
from scripts.drift.schemas.changes import SchemaChanges
from scripts.drift.schemas.demands import text_of
from scripts.drift.schemas.normal_form import Forms
from scripts.drift.wording import changed, subject
from spec.document import is_for_people
from spec.operations import IGNORED_RESPONSE_HEADERS
from spec.reader import ABSENT, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scripts.drift.objects.fields import Field
    from scripts.drift.objects.findings import Context, Findings
    from spec.json_value import Json


Key = tuple[str, str]
"""The name of an object, and that of a field."""


class ObjectChanges:
    """Compares objects of two documents, and tells what it finds. `own` has the rules of fields that need one."""

    def __init__(
        self,
        documents: Documents,
        findings: Findings,
        is_unchanged: Callable[[str], bool],
        own: Mapping[Key, Callable[[ObjectChanges, Places, Context], None]],
    ) -> None:
        self.documents = documents
        self.own = own
        self.schemas = SchemaChanges(Forms(documents.base), Forms(documents.spec), is_unchanged)
        self.tell = findings.tell

    def compare(self, kind: str, places: Places, context: Context) -> None:
        """Compares two objects of a kind, field by field."""
        places = self.documents.resolved(places)
        for name, row in FIELDS[kind].items():
            if row.how == "own" and (kind, name) in self.own:
                self.own[kind, name](self, places, context)
            elif row.how in _WAYS:
                _WAYS[row.how](self, name, row, places, context)

    def entry(self, row: Field, places: Places, context: Context) -> None:
        """Compares two objects, or tells that one was added or removed."""
        was_there, is_there = self.documents.are_there(self.documents.resolved(places))
        if was_there and is_there:
            self.compare(row.type, places, context)
        elif is_there:
            new = self.documents.values(self.documents.resolved(places))[1]
            self.tell(places.now, subject(places.now, "was added"), row.added(new), context)
        elif was_there:
            self.tell(places.before, subject(places.before, "was removed"), row.removed, context)

    def value(self, name: str, row: Field, places: Places, context: Context) -> None:
        """Compares two values. An absent one is its default."""
        owners = self.documents.objects(places)
        before, now = (owner.get(name, row.default(owner)) for owner in owners)
        is_stated = any(name in owner for owner in owners)  # else another field, such as `style`, sets the default
        if is_stated and _differ(before, now):
            pointer = f"{places.now}/{name}"
            message = changed(pointer, *(owner.get(name, ABSENT) for owner in owners))
            self.tell(pointer, message, row.effect(before, now), context)

    def defaults_of_part(self, places: Places) -> tuple[Json, Json]:
        """The media types that a part of a body has without the `encoding` at the places; ABSENT if unknown."""
        forms = self.schemas.sides.base, self.schemas.sides.new
        before, now = (default_media_type(form, place) for form, place in zip(forms, places, strict=True))
        return before, now

    def has_parts(self, places: Places) -> bool:
        """True if the schemas at the places admit arrays or objects; a place without a schema admits them too."""
        forms = (self.schemas.sides.base, places.before), (self.schemas.sides.new, places.now)
        return any(
            clause.kind in {"array", "object"}
            for form, pointer in forms
            for clause in form.of((pointer,) if form.value(pointer) is not ABSENT else ())
        )

    def object(self, name: str, row: Field, places: Places, context: Context) -> None:
        """Compares two objects that fields hold."""
        self.entry(row, places.below(name), context.request() if name == "requestBody" else context)

    def map(self, name: str, row: Field, places: Places, context: Context) -> None:
        """Compares the objects of two maps by their names, of which some are spelled in either case."""
        below = places.below(name)
        sides = [
            {_spelled(name, key): key for key in side if _counts(name, key, f"{place}/{escape(key)}")}
            for place, side in zip(below, self.documents.objects(below), strict=True)
        ]
        for spelled in {**sides[1], **sides[0]}:
            keys = [side.get(spelled, spelled) for side in sides]
            pair = Places(*(f"{place}/{escape(key)}" for place, key in zip(below, keys, strict=True)))
            self.entry(row, pair, context.response(keys[1]) if name == "responses" else context)

    def schema(self, name: str, _: Field, places: Places, context: Context) -> None:
        """Compares two schemas by their normal forms."""
        below = places.below(name)
        parts = [
            (place,) if is_there else () for place, is_there in zip(below, self.documents.are_there(below), strict=True)
        ]
        if any(parts):
            for finding in self.schemas.between((parts[0], parts[1])):
                self.tell(finding.pointer, finding.message, finding.effect, context, finding.touched)


_WAYS: Final[dict[str, Callable[[ObjectChanges, str, Field, Places, Context], None]]] = {
    "value": ObjectChanges.value,
    "object": ObjectChanges.object,
    "map": ObjectChanges.map,
    "schema": ObjectChanges.schema,
}


def _counts(name: str, key: str, pointer: str) -> bool:
    """False for an entry that is for people, and for a header field that OpenAPI says to ignore."""
    is_ignored = name == "headers" and key.lower() in IGNORED_RESPONSE_HEADERS
    return not is_ignored and not is_for_people(pointer)


def _spelled(name: str, key: str) -> str:
    """A key in the spelling that its map compares: headers and media types know no case."""
    return "".join(key.lower().split()) if name in {"headers", "content"} else key


def _differ(before: Json, now: Json) -> bool:
    if before is ABSENT or now is ABSENT:
        return before is not now
    return text_of(before) != text_of(now)
