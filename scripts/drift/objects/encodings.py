"""The media types of the parts of multipart bodies, where no `encoding` states them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spec.reader import ABSENT, tokens

if TYPE_CHECKING:
    from scripts.drift.schemas.clauses import Clause
    from scripts.drift.schemas.normal_form import Forms
    from spec.json_value import Json

_TEXTS: Final = {"string", "number", "boolean"}


def default_media_type(forms: Forms, encoding: str) -> Json:
    """The media type that the schema of a part states (OpenAPI 3.1, 4.8.15.1); ABSENT if it depends on the value.

    Args:
        forms: the normal forms of the document.
        encoding: the pointer of the part's `encoding`, in which its name stands last.
    """
    media_type, _, name = tokens(encoding)[-3:]
    schema = f"{encoding.rpartition('/encoding/')[0]}/schema"
    if not media_type.startswith("multipart/") or forms.value(schema) is ABSENT:
        return ABSENT
    bodies = [clause for clause in forms.of((schema,)) if clause.kind == "object"]
    parts = [part for body in bodies for part in forms.of(body.members.of(name))]
    found = {_media_type(part) for part in parts if part.kind != "null"}
    return found.pop() or ABSENT if len(found) == 1 else ABSENT


def _media_type(part: Clause) -> str:
    """The media type of values of a JSON type; empty where it depends on what they hold."""
    if part.kind == "object":
        return "application/json"
    is_text = part.kind in _TEXTS and "contentEncoding" not in part.stated
    return "text/plain" if is_text else ""
