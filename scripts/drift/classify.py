"""The changes between two specs, classified by their impact on users: breaking, compatible or editorial.

What operations take and give is compared by its meaning. A difference that has no meaning is editorial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from scripts.drift.differences import IMPACTS, Change, Difference, differences
from scripts.drift.objects.documents import compare_documents
from scripts.drift.objects.sides import Documents, Places
from scripts.drift.rules import compare_rules, is_about_rules
from scripts.drift.schemas.normal_form import Forms
from scripts.drift.schemas.relation import Relation
from scripts.drift.wording import describe, name_of
from spec.document import is_for_people, is_schema, is_within, references
from spec.operations import uses, uses_of
from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.differences import Impact
    from scripts.drift.objects.findings import Found
    from spec.operations import Use
    from spec.reader import Place, Spec

_ALL_OF_BRANCH: Final = re.compile(r"/allOf/\d+$")
_FOR_PEOPLE: Final = {"info", "openapi", "tags"}
_VERSION: Final = "/info/version"


def classify(base: Spec, spec: Spec) -> list[Change]:
    """Classifies the changes from a base to a spec, but for that of the version itself.

    Returns:
        The changes, the gravest first, and those of one impact in the order of the spec.
    """
    return sorted(_Classification(base, spec).changes(), key=_gravity)


def _gravity(change: Change) -> tuple[int, Place, str, str]:
    return IMPACTS.index(change.impact), change.place, change.pointer, change.message


@dataclass(frozen=True)
class _Classification:
    base: Spec
    spec: Spec

    def changes(self) -> Iterator[Change]:
        """Yields all changes."""
        yield from compare_rules(self.base, self.spec)
        for found in self.found:
            yield self._meant(found)
        restated: dict[str, Change] = {}
        for difference in self.written:
            if not self._is_told(difference):
                change = self._unmeant(difference)
                restated.setdefault(change.pointer, change)
        yield from restated.values()

    @cached_property
    def documents(self) -> Documents:
        """Both documents."""
        return Documents(self.base.document, self.spec.document)

    @cached_property
    def written(self) -> list[Difference]:
        """The differences as they are written, without those of the version and of rules."""
        found = differences(self.base.document, self.spec.document)
        return [each for each in found if each.pointer != _VERSION and not is_about_rules(each.pointer)]

    @cached_property
    def found(self) -> list[Found]:
        """The changes that mean something."""
        return list(compare_documents(self.documents, self._is_unchanged))

    @cached_property
    def touched(self) -> set[str]:
        """The places whose values differ, or refer to values that do."""
        sites: dict[str, list[str]] = {}
        for document in (self.base.document, self.spec.document):
            for pointer, target in references(document):
                sites.setdefault(target, []).append(pointer)
        found: set[str] = set()
        waiting = [each.pointer for each in differences(self.base.document, self.spec.document, in_order=True)]
        while waiting:
            pointer = waiting.pop()
            while pointer and pointer not in found:
                found.add(pointer)
                waiting += sites.get(pointer, [])
                pointer = pointer.rpartition("/")[0]
        return found

    def _is_unchanged(self, pointer: str) -> bool:
        return pointer not in self.touched

    def _meant(self, found: Found) -> Change:
        return Change(
            impact="breaking" if found.is_breaking else "compatible",
            pointer=found.pointer,
            place=self.spec.place(found.pointer),
            message=found.message,
            uses=tuple(sorted(found.uses)),
            operations=tuple(found.operations.values()),
            touched=found.touched,
        )

    def _is_told(self, difference: Difference) -> bool:
        """True if a change that means something stands at the difference, in it or around it, or in the same schema."""
        pointer, schema = difference.pointer, self._schema(difference.pointer)
        if is_for_people(pointer):
            return False
        return any(
            is_within(told, pointer)
            or is_within(pointer, told)
            or (schema is not None and told.rpartition("/")[0] == schema)
            for found in self.found
            for told in (found.pointer, *found.touched)
        )

    def _unmeant(self, difference: Difference) -> Change:
        """The change for a difference without an effect: in text, in spelling, or absorbed by what is around it."""
        pointer, schema = difference.pointer, self._schema(difference.pointer)
        if is_for_people(pointer) or tokens(pointer)[0] in _FOR_PEOPLE:
            return self._change("editorial", pointer, describe(difference))
        if schema is None:
            message = f"{describe(difference)} What operations take and give stays as it was."
            return self._change("editorial", pointer, message)
        schema = next(filter(self._is_same, _merged_into(schema)), schema)
        is_same = self._is_same(schema)
        has_changed = any(is_within(found.pointer, schema) for found in self.found)
        if is_same or has_changed or not self._uses(schema):
            name = name_of(schema)
            message = f"{f'`{name}`' if name else 'The schema'} is written in another way, and admits the same values."
            return self._change("editorial", schema, message if is_same else describe(difference))
        message = f"{describe(difference)} The schema around it admits the same values as before."
        return self._change("compatible", pointer, message)

    def _change(self, impact: Impact, pointer: str, message: str) -> Change:
        uses = self._uses(pointer)
        concerned = {use.operation.label: use.operation for use in uses}
        place = self.spec.place(pointer)
        return Change(impact, pointer, place, message, uses, tuple(concerned.values()), (pointer,))

    def _schema(self, pointer: str) -> str | None:
        """The nearest schema at or around a pointer that both have."""
        while pointer:
            values = self.documents.values(Places(pointer, pointer))
            if is_schema(pointer) and all(isinstance(value, dict | bool) for value in values):
                return pointer
            pointer = pointer.rpartition("/")[0]
        return None

    def _is_same(self, schema: str) -> bool:
        return self._relation.is_same((schema,), (schema,))

    def _uses(self, pointer: str) -> tuple[Use, ...]:
        return tuple(sorted({use for used in self._used for use in uses_of(pointer, used)}))

    @cached_property
    def _used(self) -> list[dict[str, set[Use]]]:
        return [uses(each.document) for each in (self.spec, self.base)]

    @cached_property
    def _relation(self) -> Relation:
        return Relation(Forms(self.base.document), Forms(self.spec.document))


def _merged_into(schema: str) -> Iterator[str]:
    """Yields a schema, and those that it is merged into as a branch of their `allOf`."""
    yield schema
    while _ALL_OF_BRANCH.search(schema):
        schema = _ALL_OF_BRANCH.sub("", schema)
        yield schema
