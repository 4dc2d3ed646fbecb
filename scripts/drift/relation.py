"""The relation of two schemas: does one admit more instances than the other?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from scripts.drift.normal_form import admission, normal_form, text_of, union

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.drift.normal_form import Schema

Relation = Literal["same", "wider", "narrower", "other"]
"""The relation of a schema to the one before it: it admits the same, more, less; or none of these could be shown."""


def relate(base: object, base_document: Mapping[str, Any], new: object, document: Mapping[str, Any]) -> Relation:
    """The relation of the schema `new` to `base`, each with the document that its references lead into."""
    old, now = admission(normal_form(base, base_document)), admission(normal_form(new, document))
    if old == now:
        return "same"
    if _is_wider(old, now):
        return "wider"
    return "narrower" if _is_wider(now, old) else "other"


def null_only(base: object, base_document: Mapping[str, Any], new: object, document: Mapping[str, Any]) -> bool:
    """True if null is the only value that one of two schemas admits and the other does not."""
    old, now = _branches(normal_form(base, base_document)), _branches(normal_form(new, document))
    return old ^ now == {text_of({"type": ["null"]})}


def _is_wider(old: Schema, now: Schema) -> bool:
    """True if the branches show that the second schema admits all that the first admits, and more."""
    if not old or not now:
        return not now
    if union(now, "oneOf") and union(old, "anyOf"):
        return False
    return _branches(old) < _branches(now) or (_branches(old) == _branches(now) and bool(union(old, "oneOf")))


def _branches(schema: Schema) -> set[str]:
    admitted = admission(schema)
    alternatives = union(admitted, "anyOf") or union(admitted, "oneOf") or [admitted]
    return {text_of(branch) for branch in alternatives}
