"""The statements that generation tells as not held: does one of them explain why models judge an instance otherwise?"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from spec.reader import escape, target_of, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import jsonschema_rs

    from spec.json_value import Json

_RULED_BY: Final = {"minContains": "contains", "maxContains": "contains", "then": "if", "else": "if"}
"""The keyword beside it without which a keyword states nothing."""


def is_explained(errors: Iterable[jsonschema_rs.ValidationError], root: str, document: Json, told: set[str]) -> bool:
    """True if each error of a validator is one of a statement whose pointer is in `told`.

    The validator is of the schema at the pointer `root` of the document.
    """
    return all(_explains(told, error, root, document) for error in errors)


def _explains(told: set[str], error: jsonschema_rs.ValidationError, root: str, document: Json) -> bool:
    """True if an error, or each error of one branch below it, is told."""
    if any(pointer in told for pointer in _passed(error, root, document)):
        return True
    branches = getattr(error.kind, "context", [])
    return any(branch and is_explained(branch, root, document, told) for branch in branches)


def _passed(error: jsonschema_rs.ValidationError, root: str, document: Json) -> Iterator[str]:
    """Yields the pointers that a validator passed on its way to an error, with each `$ref` followed."""
    yield (pointer := root)
    for step in islice(error.evaluation_path, 1, None):  # the first one is the reference to `root`
        if step in _RULED_BY:
            yield f"{pointer}/{_RULED_BY[step]}"
        pointer = f"{pointer}/{escape(str(step))}"
        value = value_or_absent(document, pointer)
        if step == "$ref" and isinstance(value, str):
            pointer = target_of(value)
        yield pointer
