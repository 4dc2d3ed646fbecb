"""Two specs side by side: their corresponding schemas, how these relate, and the operations that use them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

from scripts.drift.normal_form import BRANCHES
from scripts.drift.relation import Relation, null_only, relate
from spec.document import is_annotation, is_schema, is_within, references, resolve
from spec.operations import Operation, Use, operations, uses, uses_of
from spec.reader import ABSENT, Spec, escape, target_of, tokens, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.differences import Difference

Slot = tuple[str, str]
"""The pointers of a schema: in the base, and in the spec."""

_EVERYWHERE: Final = ("/security", "/servers", "/components/securitySchemes")


@dataclass(frozen=True)
class Comparison:
    """A spec and its base."""

    base: Spec
    spec: Spec

    @cached_property
    def used_before(self) -> dict[str, set[Use]]:
        """The uses of each part of the base."""
        return uses(self.base.document)

    @cached_property
    def used_now(self) -> dict[str, set[Use]]:
        """The uses of each part of the spec."""
        return uses(self.spec.document)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of both. One that both have is given as in the base."""
        both = [*operations(self.spec.document), *operations(self.base.document)]
        return tuple({operation.pointer: operation for operation in both}.values())

    def slot(self, difference: Difference) -> Slot | None:
        """The nearest schema around a difference that both have, at one place or where another schema replaced it."""
        if difference.is_in_place:
            around = ((above, above) for above in _above(difference.pointer))
            return next((pair for pair in around if self._are_schemas(pair)), None)
        ways = (_way(document, difference.path) for document in (self.base.document, self.spec.document))
        return next((pair for pair in reversed(list(zip(*ways, strict=False))) if self._are_schemas(pair)), None)

    def relation(self, slot: Slot) -> Relation:
        """The relation of the schema in the spec to the one in the base."""
        return relate(*self._pair(slot))

    def is_about_null(self, slot: Slot) -> bool:
        """True if the two schemas differ in null only."""
        return null_only(*self._pair(slot))

    def is_absorbed(self, pointer: str, seen: frozenset[str] = frozenset()) -> bool:
        """True if a union around each use of a schema admits the same values as before."""
        top = pointer
        for top in _unions(pointer):
            if self._are_schemas((top, top)) and self.relation((top, top)) == "same":
                return True
        if top in seen:
            return True
        sites = self._sites.get(top, [])
        return bool(sites) and all(self.is_absorbed(site, seen | {top}) for site in sites)

    def uses(self, difference: Difference, slot: Slot | None) -> tuple[Use, ...]:
        """The uses of the data that a difference is about."""
        before, now = slot or (side.pointer if side else None for side in (difference.base, difference.new))
        old = uses_of(before, self.used_before) if before else []
        new = uses_of(now, self.used_now) if now else []
        named = {(use.operation.pointer, use.direction): use for use in [*new, *old]}
        return tuple(named[key] for key in sorted(named))

    def concerned(self, difference: Difference, used: tuple[Use, ...]) -> tuple[Operation, ...]:
        """The operations that a difference concerns: those that use its data, and those that it is a part of."""
        users = {use.operation.pointer for use in used}
        pointers = [side.pointer for side in (difference.base, difference.new) if side]
        everywhere = any(is_within(pointer, place) for pointer in pointers for place in _EVERYWHERE)
        return tuple(
            operation
            for operation in self.operations
            if everywhere
            or operation.pointer in users
            or any(is_within(*pair) for pointer in pointers for pair in permutations((operation.pointer, pointer)))
        )

    def was_closed(self, slot: Slot) -> bool:
        """True if the schema in the base allowed only the properties that it names."""
        value = value_or_absent(self.base.document, resolve(self.base.document, slot[0]))
        return isinstance(value, dict) and False in (
            value.get("additionalProperties"),
            value.get("unevaluatedProperties"),
        )

    def keeps_security(self, difference: Difference) -> bool:
        """True if all operations that a difference concerns demand the same credentials as before."""
        concerned = self.concerned(difference, ())
        return all(
            _security(self.base.document, operation) == _security(self.spec.document, operation)
            for operation in concerned
        )

    @cached_property
    def _sites(self) -> dict[str, list[str]]:
        """Maps each pointer that is referred to, to the pointers that refer to it."""
        found: dict[str, list[str]] = {}
        for pointer, target in references(self.spec.document):
            found.setdefault(target, []).append(pointer)
        return found

    def _are_schemas(self, slot: Slot) -> bool:
        values = value_or_absent(self.base.document, slot[0]), value_or_absent(self.spec.document, slot[1])
        return all(isinstance(value, dict | bool) for value in values) and all(map(is_schema, slot))

    def _pair(self, slot: Slot) -> tuple[Any, dict[str, Any], Any, dict[str, Any]]:
        old, new = self.base.document, self.spec.document
        return value_or_absent(old, slot[0]), old, value_or_absent(new, slot[1]), new


def _security(document: dict[str, Any], operation: Operation) -> list[Any]:
    """The credentials that an operation demands, without the names of their schemes."""
    own = value_or_absent(document, f"{operation.pointer}/security")
    alternatives = (document.get("security") or []) if own is ABSENT else own
    schemes = document.get("components", {}).get("securitySchemes", {})
    return [[(_plain(schemes.get(name)), scopes) for name, scopes in each.items()] for each in alternatives]


def _plain(scheme: object) -> object:
    """A security scheme without its annotations."""
    if not isinstance(scheme, dict):
        return scheme
    return {key: value for key, value in scheme.items() if not is_annotation(key) and key != "bearerFormat"}


def _way(document: dict[str, Any], path: str) -> Iterator[str]:
    """Yields the pointer that each step of a path leads to, through references, as far as the document has it."""
    pointer = ""
    yield pointer
    for token in tokens(path):
        if token == "$ref":  # noqa: S105 - a keyword
            continue
        pointer = f"{resolve(document, _mapped(document, pointer))}/{escape(token)}"
        if value_or_absent(document, pointer) is ABSENT:
            return
        yield pointer


def _mapped(document: dict[str, Any], pointer: str) -> str:
    """The pointer that an entry of a discriminator's mapping leads to; any other pointer as it is."""
    value = value_or_absent(document, pointer)
    if not isinstance(value, str):
        return pointer
    return (target_of(value) if value.startswith("#") else "") or f"/components/schemas/{escape(value)}"


def _above(pointer: str) -> Iterator[str]:
    """Yields the pointers of all values around a pointer, the nearest first."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _unions(pointer: str) -> Iterator[str]:
    """Yields the schemas of which a schema is a branch, or a branch of a branch."""
    parts = pointer.split("/")
    while len(parts) > 1 and parts[-2] in BRANCHES and parts[-1].isdecimal():
        parts = parts[:-2]
        yield "/".join(parts)
