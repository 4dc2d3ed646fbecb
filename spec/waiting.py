"""Operations that a client may ask again until something is over. `x-wait-until` of a GET operation says until when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from spec.costs import does_cost
from spec.document import resolve
from spec.operations import json_bodies, operations
from spec.reader import value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.operations import Operation
    from spec.reader import Problem, Spec

KEYWORD: Final = "x-wait-until"
_FORM: Final = "must be an object of `field`, a required field of the response, and `is`, a list of words"
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")


def find_unsound_waiting(spec: Spec) -> list[Problem]:
    """The problems with the `x-wait-until` of a spec."""
    return [problem for operation in operations(spec.document) for problem in _find(spec, operation)]


def _find(spec: Spec, operation: Operation) -> Iterator[Problem]:
    pointer = f"{operation.pointer}/{KEYWORD}"
    value = spec.document and value_or_absent(spec.document, pointer)
    if pointer not in spec.places:
        return
    if operation.method != "get" or does_cost("GET", spec.value(operation.pointer)):
        yield spec.problem(pointer, f"`{KEYWORD}` may stand in a GET operation that costs nothing: it is asked often")
    elif not _is_formed(value):
        yield spec.problem(pointer, f"`{KEYWORD}` {_FORM}")
    elif value["field"] not in set(_required(spec.document, operation)):
        yield spec.problem(f"{pointer}/field", f"no 2xx response of {operation.label} requires {value['field']!r}")


def _is_formed(value: Any) -> bool:  # noqa: ANN401 - of a spec
    if not isinstance(value, dict) or value.keys() != {"field", "is"}:
        return False
    words = value["is"]
    is_list = isinstance(words, list) and bool(words)
    return isinstance(value["field"], str) and is_list and all(_WORD.fullmatch(str(word)) for word in words)


def _required(document: dict[str, Any], operation: Operation) -> Iterator[str]:
    """The fields that the accepting responses of an operation require."""
    for body in json_bodies(document):
        if body.operation == operation and body.direction == "response" and body.status[:1] == "2":
            schema = value_or_absent(document, resolve(document, body.pointer))
            yield from schema.get("required", ()) if isinstance(schema, dict) else ()
