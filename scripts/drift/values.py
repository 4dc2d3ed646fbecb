"""The values that a spec shows, against the schemas that it states: samples, defaults, marks of provenance.

Examples and enumerations are Redocly CLI's to judge.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from scripts.document import ABSENT, keywords, operations, resolve, value_at
from spec.reader import Place, Problem, Spec, SpecError, places_of, pointer_of
from spec.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STANDINGS: Final = ("documented", "sdk", "inferred")
"""How sure a statement of the spec is, in the words of `x-provenance`."""

_MARK: Final = "x-provenance"
_JSON: Final = "/content/application~1json/schema"
_SHOWN: Final = 300


class Judge:
    """Judges values by the schemas of a spec, formats included."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._validators = Validators(spec)

    def errors(self, pointer: str, value: object) -> list[tuple[str, str]]:
        """Where in a value the schema at a pointer is broken, as a JSON Pointer, and how."""
        errors = self._validators.at(pointer).iter_errors(value)
        return [(pointer_of(error.instance_path), error.message[:_SHOWN]) for error in errors]


def find_wrong_values(spec: Spec) -> list[Problem]:
    """Each default that its schema rejects, and each mark of provenance that says nothing. The spec must be valid."""
    judge = Judge(spec)
    problems: list[Problem] = []
    for keyword in keywords(spec.document):
        if keyword.name == _MARK:
            owner = value_at(spec.document, keyword.pointer.rpartition("/")[0])
            problems.extend(spec.problem(*wrong) for wrong in _judge_mark(keyword.pointer, keyword.value, owner))
        elif keyword.name == "default" and keyword.in_schema:
            wrong = judge.errors(keyword.pointer.removesuffix("/default"), keyword.value)
            problems.extend(
                spec.problem(f"{keyword.pointer}{inner}", f"the default does not fit its schema: {message}")
                for inner, message in wrong
            )
    return problems


def find_wrong_samples(spec: Spec, folder: Path) -> list[SpecError]:
    """What is wrong with the samples in a folder: `<operationId>.request.json` and `<operationId>.response.json`."""
    judge = Judge(spec)
    schemas = dict(_sampled(spec))
    return [error for file in sorted(folder.glob("*.json")) if (error := _judge_sample(file, schemas, judge))]


def _judge_mark(pointer: str, mark: object, owner: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not isinstance(mark, dict):
        if mark not in STANDINGS:
            yield pointer, f"{_MARK} is {mark!r}: it must be one of {', '.join(STANDINGS)}, or a map to these"
        return
    for keyword, word in mark.items():
        where = f"{pointer}{pointer_of([keyword])}"
        if word not in STANDINGS:
            yield where, f"{_MARK} says {word!r} of {keyword}: it must say one of {', '.join(STANDINGS)}"
        if keyword == "nullable":
            if not _admits_null(owner):
                yield where, f"{_MARK} marks nullable, but null is no member of the type here"
        elif keyword not in owner:
            yield where, f"{_MARK} marks {keyword}, but there is no {keyword} here"


def _admits_null(schema: dict[str, Any]) -> bool:
    kind = schema.get("type")
    branches = [branch for key in ("anyOf", "oneOf") for branch in schema.get(key, [])]
    return kind == "null" or (isinstance(kind, list) and "null" in kind) or {"type": "null"} in branches


def _sampled(spec: Spec) -> Iterator[tuple[str, str]]:
    """From the name of each sample that there may be to the pointer of its schema."""
    for operation in operations(spec.document):
        body = resolve(spec.document, f"{operation.pointer}/requestBody")
        responses = value_at(spec.document, f"{operation.pointer}/responses")
        accepted = (
            sorted(status for status in responses if status.startswith("2")) if isinstance(responses, dict) else []
        )
        answers = [resolve(spec.document, f"{operation.pointer}/responses/{status}") for status in accepted]
        for direction, holder in (("request", body), *(("response", answer) for answer in answers[:1])):
            if value_at(spec.document, f"{holder}{_JSON}") is not ABSENT:
                yield f"{operation.operation_id}.{direction}.json", f"{holder}{_JSON}"


def _judge_sample(file: Path, schemas: dict[str, str], judge: Judge) -> SpecError | None:
    text = file.read_text(errors="replace")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return SpecError(file, text, [Problem(Place(error.lineno, error.colno), f"is not JSON: {error.msg}")])
    if file.name not in schemas:
        names = ", ".join(schemas) or "none can be, for no operation has a JSON body"
        return SpecError(file, text, [Problem(Place(1, 1), f"is a sample of nothing; it may be called {names}")])
    places = places_of(text)
    problems = [
        Problem(places[where], f"does not fit {schemas[file.name]}: {message}")
        for where, message in judge.errors(schemas[file.name], value)
    ]
    return SpecError(file, text, problems) if problems else None
