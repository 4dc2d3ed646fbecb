"""Two specs side by side: what corresponds to what, who uses it, and how a schema stands to the one it was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

from scripts.document import (
    ABSENT,
    Operation,
    Use,
    is_annotation,
    is_schema,
    is_within,
    keywords,
    operations,
    reference,
    resolve,
    uses,
    uses_of,
    value_at,
)
from scripts.drift.meaning import BRANCHES, Relation, null_only, relate
from spec.reader import Spec, escape, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.differences import Difference

Slot = tuple[str, str]
"""The pointers of one schema: in the base, and in the spec."""

_EVERYWHERE: Final = ("/security", "/servers", "/components/securitySchemes")


@dataclass(frozen=True)
class Comparison:
    """A spec, and the base that it is compared with."""

    base: Spec
    spec: Spec

    @cached_property
    def used_before(self) -> dict[str, set[Use]]:
        """Who uses what in the base."""
        return uses(self.base.document)

    @cached_property
    def used_now(self) -> dict[str, set[Use]]:
        """Who uses what in the spec."""
        return uses(self.spec.document)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation of either; as it was, where both have it."""
        both = [*operations(self.spec.document), *operations(self.base.document)]
        return tuple({operation.pointer: operation for operation in both}.values())

    def slot(self, difference: Difference) -> Slot | None:
        """The nearest schema around a difference that both have: where it is defined, or where another replaced it."""
        if difference.is_in_place:
            around = ((above, above) for above in _above(difference.pointer))
            return next((pair for pair in around if self._are_schemas(pair)), None)
        ways = (_way(document, difference.path) for document in (self.base.document, self.spec.document))
        return next((pair for pair in reversed(list(zip(*ways, strict=False))) if self._are_schemas(pair)), None)

    def relation(self, slot: Slot) -> Relation:
        """How the schema of the spec stands to the one of the base."""
        return relate(*self._pair(slot))

    def is_about_null(self, slot: Slot) -> bool:
        """Whether null is all in which the two schemas differ."""
        return null_only(*self._pair(slot))

    def is_absorbed(self, pointer: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether, wherever a schema of the spec is used, a union around it admits just what it admitted before."""
        top = pointer
        for top in _unions(pointer):
            if self._are_schemas((top, top)) and self.relation((top, top)) == "same":
                return True
        if top in seen:
            return True
        sites = self._sites.get(top, [])
        return bool(sites) and all(self.is_absorbed(site, seen | {top}) for site in sites)

    def uses(self, difference: Difference, slot: Slot | None) -> tuple[Use, ...]:
        """Who sends or gets what a difference is about."""
        before, now = slot or (side.pointer if side else None for side in (difference.base, difference.new))
        old = uses_of(before, self.used_before) if before else []
        new = uses_of(now, self.used_now) if now else []
        named = {(use.operation.pointer, use.direction): use for use in [*new, *old]}
        return tuple(named[key] for key in sorted(named))

    def concerned(self, difference: Difference, used: tuple[Use, ...]) -> tuple[Operation, ...]:
        """All operations that a difference concerns: those that use its data, or whose terms it changes."""
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
        """Whether the schema of the base allowed no properties but those it named."""
        value = value_at(self.base.document, resolve(self.base.document, slot[0]))
        return isinstance(value, dict) and False in (
            value.get("additionalProperties"),
            value.get("unevaluatedProperties"),
        )

    def keeps_security(self, difference: Difference) -> bool:
        """Whether all operations that a difference concerns ask for the credentials that they asked for."""
        concerned = self.concerned(difference, ())
        return all(
            _security(self.base.document, operation) == _security(self.spec.document, operation)
            for operation in concerned
        )

    @cached_property
    def _sites(self) -> dict[str, list[str]]:
        """From each part of the spec that is referred to, to where it is."""
        found: dict[str, list[str]] = {}
        for keyword in keywords(self.spec.document):
            if keyword.name == "$ref" and (target := reference({"$ref": keyword.value})):
                found.setdefault(target, []).append(keyword.pointer.removesuffix("/$ref"))
        return found

    def _are_schemas(self, slot: Slot) -> bool:
        values = value_at(self.base.document, slot[0]), value_at(self.spec.document, slot[1])
        return all(isinstance(value, dict | bool) for value in values) and all(map(is_schema, slot))

    def _pair(self, slot: Slot) -> tuple[Any, dict[str, Any], Any, dict[str, Any]]:
        old, new = self.base.document, self.spec.document
        return value_at(old, slot[0]), old, value_at(new, slot[1]), new


def _security(document: dict[str, Any], operation: Operation) -> list[Any]:
    """What credentials an operation asks for, whatever their schemes are called."""
    own = value_at(document, f"{operation.pointer}/security")
    alternatives = (document.get("security") or []) if own is ABSENT else own
    schemes = document.get("components", {}).get("securitySchemes", {})
    return [[(_plain(schemes.get(name)), scopes) for name, scopes in each.items()] for each in alternatives]


def _plain(scheme: object) -> object:
    """A security scheme without what is for people."""
    if not isinstance(scheme, dict):
        return scheme
    return {key: value for key, value in scheme.items() if not is_annotation(key) and key != "bearerFormat"}


def _way(document: dict[str, Any], path: str) -> Iterator[str]:
    """Where each step of a path leads, as far as the document has it; the path passes through references."""
    pointer = ""
    yield pointer
    for token in tokens(path):
        if token == "$ref":  # noqa: S105 - a keyword
            continue
        pointer = f"{resolve(document, _mapped(document, pointer))}/{escape(token)}"
        if value_at(document, pointer) is ABSENT:
            return
        yield pointer


def _mapped(document: dict[str, Any], pointer: str) -> str:
    """Where an entry of a discriminator's mapping leads, if that is what stands there."""
    value = value_at(document, pointer)
    if not isinstance(value, str):
        return pointer
    return (reference({"$ref": value}) if value.startswith("#") else None) or f"/components/schemas/{escape(value)}"


def _above(pointer: str) -> Iterator[str]:
    """What a pointer's target is a part of, the nearest first."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _unions(pointer: str) -> Iterator[str]:
    """The schemas of which a schema is a branch, or a branch of a branch."""
    parts = pointer.split("/")
    while len(parts) > 1 and parts[-2] in BRANCHES and parts[-1].isdecimal():
        parts = parts[:-2]
        yield "/".join(parts)
