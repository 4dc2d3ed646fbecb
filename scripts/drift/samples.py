"""The samples beside a spec, judged by its schemas: `<operationId>.request.json`, `<operationId>.response.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scripts.drift.values import Judge
from spec.operations import json_bodies
from spec.reader import Place, Problem, Spec, SpecError, places_of

if TYPE_CHECKING:
    from pathlib import Path


def find_wrong_samples(spec: Spec, folder: Path) -> list[SpecError]:
    """The errors of a folder's samples, one for each file that its schema rejects."""
    judge = Judge(spec)
    schemas = _schemas(spec)
    return [error for file in sorted(folder.glob("*.json")) if (error := _judge_sample(file, schemas, judge))]


def _schemas(spec: Spec) -> dict[str, str]:
    """Maps the name of each possible sample to the pointer of its schema. A response is the first of the 2xx ones."""
    found: dict[str, str] = {}
    for body in sorted(json_bodies(spec.document), key=lambda body: (body.operation, body.status)):
        if not body.status or body.status.startswith("2"):
            found.setdefault(f"{body.operation.operation_id}.{body.direction}.json", body.pointer)
    return found


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
