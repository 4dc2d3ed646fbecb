"""Changes are classified by their impact, for each direction, at their place, with the version that they demand."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from scripts.drift.classify import classify
from scripts.drift.differences import IMPACTS, Change, read_differences
from scripts.drift.version import judge_version
from scripts.redocly.answer import call
from spec.reader import Spec, read_spec
from tests.support.drift_edits import (
    DOCUMENT,
    DOCUMENT_EDITS,
    SCHEMA_EDITS,
    DocumentEdit,
    SchemaEdit,
    an_object,
    edited,
)
from tests.support.redocly_batch import diff_all
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED = {"breaking": "0.9.0", "compatible": "0.8.1", "editorial": "0.8.0"}
WAYS = ("request", "response")


def write(path: Path, document: dict[str, Any]) -> Path:
    """The document as YAML, each value on a line of its own and nothing shared between two places."""
    dumper = type("Dumper", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(document, Dumper=dumper, sort_keys=False))
    return path


def compare(base: Path, new: Path, answer: dict[str, Any]) -> tuple[Spec, Spec, list[Change]]:
    before, spec = read_spec(base), read_spec(new)
    return before, spec, classify(read_differences(answer), before, spec)


def all_schemas(after: bool) -> dict[str, Any]:  # noqa: FBT001 - which of the two
    """A document with an operation for each edit and way, for Redocly CLI takes its time to start."""
    paths = {}
    for (index, edit), way in product(enumerate(SCHEMA_EDITS), WAYS):
        schema = {"application/json": {"schema": an_object(value=edit.after if after else edit.before)}}
        body = {"requestBody": {"content": schema}} if way == "request" else {}
        answer = {"description": "Done."} | ({"content": schema} if way == "response" else {})
        paths[f"/{way}/{index}"] = {"post": {"operationId": f"{way}_{index}", **body, "responses": {"200": answer}}}
    return {"openapi": "3.1.0", "info": {"title": "All", "version": "0.8.0"}, "paths": paths}


@pytest.fixture(scope="module")
def schema_changes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Spec, Spec, list[Change]]:
    def fill(folder: Path) -> None:
        base, new = (write(folder / f"{after}.yaml", all_schemas(after)) for after in (False, True))
        (folder / "answer.json").write_text(json.dumps(call("diff", base, new, "--fail-on=none")))

    folder = shared_folder(tmp_path_factory, "schemas", fill)
    answer = json.loads((folder / "answer.json").read_text())
    return compare(folder / "False.yaml", folder / "True.yaml", answer)


@pytest.fixture(scope="module")
def document_changes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Spec, Spec, list[Change]]]:
    names = [f"{index}.yaml" for index, _ in enumerate(DOCUMENT_EDITS)]

    def fill(folder: Path) -> None:
        files = [write(folder / name, edited(edit)) for name, edit in zip(names, DOCUMENT_EDITS, strict=True)]
        answers = diff_all(write(folder / "base.yaml", DOCUMENT), files)
        (folder / "answers.json").write_text(json.dumps(answers))

    folder = shared_folder(tmp_path_factory, "documents", fill)
    answers = json.loads((folder / "answers.json").read_text())
    found = [compare(folder / "base.yaml", folder / name, one) for name, one in zip(names, answers, strict=True)]
    return {edit.name: changes for edit, changes in zip(DOCUMENT_EDITS, found, strict=True)}


def worst(changes: list[Change]) -> str:
    return min((change.impact for change in changes), key=IMPACTS.index, default="editorial")


def places(changes: list[Change]) -> list[str]:
    """Where the gravest changes are."""
    return [change.pointer for change in changes if change.impact == worst(changes)]


def test_the_table_is_as_long_as_promised() -> None:
    names = {edit.name for edit in SCHEMA_EDITS} | {edit.name for edit in DOCUMENT_EDITS}
    assert len(names) == len(SCHEMA_EDITS) + len(DOCUMENT_EDITS) >= 40
    unchanging = [edit for edit in SCHEMA_EDITS if edit.request == edit.response == "editorial"]
    assert len(unchanging) >= 10


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("edit", SCHEMA_EDITS, ids=[edit.name for edit in SCHEMA_EDITS])
def test_an_edit_to_a_schema_is_judged_in_its_direction(
    schema_changes: tuple[Spec, Spec, list[Change]], edit: SchemaEdit, way: str
) -> None:
    base, spec, all_changes = schema_changes
    operation = f"/paths/~1{way}~1{SCHEMA_EDITS.index(edit)}/post"
    changes = [change for change in all_changes if change.pointer.startswith(f"{operation}/")]
    expected = getattr(edit, way)
    assert worst(changes) == expected, [change.message for change in changes]
    assert judge_version(spec, base, {change.impact for change in changes}).required == REQUIRED[expected]
    holder = "requestBody" if way == "request" else "responses/200"
    schema = f"{operation}/{holder}/content/application~1json/schema/properties/value"
    assert (f"{schema}{edit.at}" in places(changes)) if edit.at is not None else not changes, places(changes)
    users = {(use.operation.operation_id, use.direction) for change in changes for use in change.uses}
    assert users == ({(f"{way}_{SCHEMA_EDITS.index(edit)}", way)} if changes else set())


@pytest.mark.parametrize("edit", DOCUMENT_EDITS, ids=[edit.name for edit in DOCUMENT_EDITS])
def test_an_edit_to_a_document_is_judged(
    document_changes: dict[str, tuple[Spec, Spec, list[Change]]], edit: DocumentEdit
) -> None:
    base, spec, changes = document_changes[edit.name]
    assert worst(changes) == edit.impact, [change.message for change in changes]
    assert edit.at in places(changes) if edit.at else not changes
    assert judge_version(spec, base, {change.impact for change in changes}).required == REQUIRED[edit.impact]


def test_a_change_stands_on_the_line_that_changed(
    schema_changes: tuple[Spec, Spec, list[Change]], document_changes: dict[str, tuple[Spec, Spec, list[Change]]]
) -> None:
    for _, spec, changes in [schema_changes, *document_changes.values()]:
        lines = spec.text.splitlines()
        for change in changes:
            if change.pointer in spec.places:
                assert change.place == spec.places[change.pointer], change.pointer
            key = change.pointer.rpartition("/")[2].replace("~1", "/")
            if change.pointer in spec.places and not key.isdecimal():
                assert lines[change.place.line - 1][change.place.column - 1 :].startswith((key, f"'{key}'")), change
