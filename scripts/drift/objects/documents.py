"""The changes between two OpenAPI documents: what each operation takes and gives, and the names in generated code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scripts.drift.objects.changes import ObjectChanges
from scripts.drift.objects.fields import DIALECT
from scripts.drift.objects.findings import Context, Findings
from scripts.drift.objects.own_fields import OWN
from scripts.drift.objects.security import SCHEMES, demands
from scripts.drift.objects.sides import Documents, Places
from scripts.drift.wording import changed, subject
from spec.document import is_annotation
from spec.operations import operations, uses, uses_of, webhooks
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scripts.drift.objects.findings import Found
    from spec.operations import Direction, Operation

_SCHEMAS: Final = "/components/schemas"
_UNJUDGED: Final = "The gate cannot judge this: treat the change as breaking."


def compare_documents(documents: Documents, is_unchanged: Callable[[str], bool]) -> Iterable[Found]:
    """Compares two documents. `is_unchanged` says of a pointer that it and all it refers to are written as before."""
    findings = Findings()
    changes = ObjectChanges(documents, findings, is_unchanged, OWN)
    _compare_operations(changes, operations(documents.base), operations(documents.spec), "request")
    _compare_operations(changes, webhooks(documents.base), webhooks(documents.spec), "response")
    for root in ("/paths", "/webhooks"):
        _compare_siblings(documents, root, findings)
    _compare_schemes(changes)
    _compare_dialects(changes)
    _Components(changes, findings).compare()
    return findings.found.values()


def _compare_operations(
    changes: ObjectChanges, before: list[Operation], now: list[Operation], sends: Direction
) -> None:
    """Compares the operations of both sides by method and path. The names of a path's parameters do not count."""
    old, new = ({(_address(each.path), each.method): each for each in side} for side in (before, now))
    paths = [{address for address, _ in side} for side in (old, new)]
    for key in {**new, **old}:
        if key in old and key in new:
            _compare_operation(changes, old[key], new[key], sends)
            continue
        operation, others = (new[key], paths[0]) if key in new else (old[key], paths[1])
        pointer = operation.pointer if key[0] in others else operation.pointer.rpartition("/")[0]
        verb, effect = ("was added", "harmless") if key in new else ("was removed", "different")
        changes.tell(pointer, subject(pointer, verb), effect, Context(operation, sends))  # type: ignore[arg-type]


def _compare_operation(changes: ObjectChanges, old: Operation, new: Operation, sends: Direction) -> None:
    context = Context(new, sends)
    if old.path != new.path:
        message = f"Path `{old.path}` was renamed to `{new.path}`. The arguments generated from it are renamed with it."
        changes.tell(new.pointer.rpartition("/")[0], message, "different", context)
    changes.compare("operation", Places(old.pointer, new.pointer), context)


def _compare_siblings(documents: Documents, root: str, findings: Findings) -> None:
    """Tells of fields beside the `$ref` of a path item, which have no defined meaning."""
    for name in documents.names(Places(root, root)):
        places = Places(root, root).below(name)
        before, now = (
            {key: value for key, value in item.items() if "$ref" in item and key != "$ref" and not is_annotation(key)}
            for item in documents.objects(places)
        )
        if before != now:
            message = f"The fields beside `$ref` of {name} changed, and OpenAPI does not define their meaning."
            findings.at(places.now, f"{message} {_UNJUDGED}").is_breaking = True


def _address(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def _compare_schemes(changes: ObjectChanges) -> None:
    """Compares the security schemes that both have, for each operation that takes or brings their credentials."""
    documents, root = changes.documents, Places(SCHEMES, SCHEMES)
    sides = (documents.base, documents.spec)
    both = {each.label: Context(each) for side in sides for each in operations(side)}
    both |= {each.label: Context(each, "response") for side in sides for each in webhooks(side)}
    for name in documents.names(root):
        if not all(documents.are_there(root.below(name))):
            continue
        for context in both.values():
            if any(demands(side, context.operation.pointer, name) for side in sides):
                changes.compare("security-scheme", root.below(name), context)


def _compare_dialects(changes: ObjectChanges) -> None:
    before, now = (side.get("jsonSchemaDialect", DIALECT) for side in (changes.documents.base, changes.documents.spec))
    if before != now:
        message = f"{changed('/jsonSchemaDialect', before, now)} {_UNJUDGED}"
        for operation in operations(changes.documents.spec):
            changes.tell("/jsonSchemaDialect", message, "different", Context(operation))


class _Components:
    """Compares the schemas that have names, for each becomes a class. Most were compared where they are used."""

    def __init__(self, changes: ObjectChanges, findings: Findings) -> None:
        self.schemas = changes.schemas
        self.findings = findings
        documents = changes.documents
        self.used = [uses(side) for side in (documents.base, documents.spec)]
        before, now = documents.objects(Places(_SCHEMAS, _SCHEMAS))
        self.kept = sorted({*before} & {*now})
        self.gone = sorted({*before} - {*now})
        self.new = sorted({*now} - {*before})

    def compare(self) -> None:
        """Tells of schemas that went, and of changes that reached no data."""
        told = self.findings.pointers
        renamed = dict(self.renamed())
        for name in self.gone:
            pointer = _pointer(renamed.get(name, name))
            message = f"{subject(pointer, 'was removed')} The class generated from it goes with it."
            if name in renamed:
                message = (
                    f"Schema `{name}` was renamed to `{renamed[name]}`. The class generated from it is renamed too."
                )
            self.tell(pointer, message, (_pointer(name),), is_breaking=True)
        kept = [(_pointer(name),) for name in self.kept]
        for finding in self.schemas.between(*zip(kept, kept, strict=True)):
            if finding.pointer not in told:
                self.tell(finding.pointer, finding.message, finding.touched)

    def renamed(self) -> Iterator[tuple[str, str]]:
        """Yields the schemas that went, each with a new one that admits the same values."""
        new = [*self.new]
        for name in self.gone:
            same = next((each for each in new if self.schemas.is_same((_pointer(name),), (_pointer(each),))), None)
            if same is not None:
                new.remove(same)
                yield name, same

    def tell(self, pointer: str, message: str, touched: tuple[str, ...], *, is_breaking: bool = False) -> None:
        """Tells of a change in a schema, which breaks nobody if the schemas around it absorb it."""
        concerned = {use for used in self.used for use in uses_of(pointer, used)}
        if concerned and not is_breaking:
            message += " The schemas around it admit the same values as before."
        found = self.findings.at(pointer, message, touched)
        found.is_breaking |= is_breaking
        for use in concerned:
            found.concern(use.operation, use)


def _pointer(name: str) -> str:
    return f"{_SCHEMAS}/{escape(name)}"
