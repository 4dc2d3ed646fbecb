"""The values in a spec, judged by its schemas: defaults, and marks of provenance.

Redocly CLI judges examples and enumerations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spec.document import keywords
from spec.reader import Problem, Spec, pointer_of, value_or_absent
from spec.standing import MARK, MARKED_STANDINGS, NULLABLE, admits_null
from spec.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN: Final = 300


class Judge:
    """Judges values by the schemas of a spec, including formats."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._validators = Validators(spec)

    def errors(self, pointer: str, value: object) -> list[tuple[str, str]]:
        """The errors that the schema at a pointer finds in a value: JSON Pointers within the value, with messages."""
        errors = self._validators.at(pointer).iter_errors(value)
        return [(pointer_of(error.instance_path), error.message[:_SHOWN]) for error in errors]


def find_wrong_values(spec: Spec) -> list[Problem]:
    """The defaults that their schemas reject, and the marks of provenance that mark nothing. The spec must be valid."""
    judge = Judge(spec)
    problems: list[Problem] = []
    for keyword in keywords(spec.document):
        if keyword.name == MARK:
            owner = value_or_absent(spec.document, keyword.pointer.rpartition("/")[0])
            problems.extend(spec.problem(*wrong) for wrong in _judge_mark(keyword.pointer, keyword.value, owner))
        elif keyword.name == "default" and keyword.in_schema:
            wrong = judge.errors(keyword.pointer.removesuffix("/default"), keyword.value)
            problems.extend(
                spec.problem(f"{keyword.pointer}{inner}", f"the default does not fit its schema: {message}")
                for inner, message in wrong
            )
    return problems


def _judge_mark(pointer: str, mark: object, owner: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not isinstance(mark, dict):
        if mark not in MARKED_STANDINGS:
            yield pointer, f"{MARK} is {mark!r}: it must be one of {', '.join(MARKED_STANDINGS)}, or a map to these"
        return
    for keyword, word in mark.items():
        where = f"{pointer}{pointer_of([keyword])}"
        if word not in MARKED_STANDINGS:
            yield where, f"{MARK} says {word!r} of {keyword}: it must say one of {', '.join(MARKED_STANDINGS)}"
        if keyword == NULLABLE:
            if not admits_null(owner):
                yield where, f"{MARK} marks nullable, but null is no member of the type here"
        elif keyword not in owner:
            yield where, f"{MARK} marks {keyword}, but there is no {keyword} here"
