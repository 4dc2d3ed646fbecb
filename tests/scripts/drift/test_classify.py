"""Changes are classified by their impact, for each direction, at their place, with the version that they demand."""

from __future__ import annotations

import json
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from scripts.drift.classify import classify
from scripts.drift.differences import IMPACTS, Change
from scripts.drift.version import judge_version
from scripts.fidelity.gate_judgement import spec_of
from spec.reader import Spec, parse_spec
from tests.support.drift_edits import (
    DOCUMENT,
    DOCUMENT_EDITS,
    INTEGER,
    SCHEMA_EDITS,
    STRING,
    DocumentEdit,
    SchemaEdit,
    an_object,
    edited,
)

REQUIRED = {"breaking": "0.9.0", "compatible": "0.8.1", "editorial": "0.8.0"}
WAYS = ("request", "response")


def read(document: dict[str, Any]) -> Spec:
    """The document as a spec, each value on a line of its own and nothing shared between two places."""
    return parse_spec(Path("openapi.yaml"), json.dumps(document, indent=1))


def compare(before: dict[str, Any], after: dict[str, Any]) -> tuple[Spec, Spec, list[Change]]:
    base, spec = read(before), read(after)
    return base, spec, classify(base, spec)


def all_schemas(after: bool) -> dict[str, Any]:  # noqa: FBT001 - which of the two
    """A document with an operation for each edit and way."""
    paths = {}
    for (index, edit), way in product(enumerate(SCHEMA_EDITS), WAYS):
        schema = {"application/json": {"schema": an_object(value=edit.after if after else edit.before)}}
        body = {"requestBody": {"content": schema}} if way == "request" else {}
        answer = {"description": "Done."} | ({"content": schema} if way == "response" else {})
        paths[f"/{way}/{index}"] = {"post": {"operationId": f"{way}_{index}", **body, "responses": {"200": answer}}}
    return {"openapi": "3.1.0", "info": {"title": "All", "version": "0.8.0"}, "paths": paths}


@cache
def schema_changes() -> tuple[Spec, Spec, list[Change]]:
    return compare(all_schemas(after=False), all_schemas(after=True))


@cache
def document_changes(name: str) -> tuple[Spec, Spec, list[Change]]:
    (edit,) = [edit for edit in DOCUMENT_EDITS if edit.name == name]
    return compare(DOCUMENT, edited(edit))


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
def test_an_edit_to_a_schema_is_judged_in_its_direction(edit: SchemaEdit, way: str) -> None:
    base, spec, all_changes = schema_changes()
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
def test_an_edit_to_a_document_is_judged(edit: DocumentEdit) -> None:
    base, spec, changes = document_changes(edit.name)
    assert worst(changes) == edit.impact, [change.message for change in changes]
    assert edit.at in places(changes) if edit.at else not changes
    assert judge_version(spec, base, {change.impact for change in changes}).required == REQUIRED[edit.impact]


def test_an_operation_that_lost_its_name_is_named_once_by_a_change() -> None:
    after = edited(DOCUMENT_EDITS[0])
    del after["paths"]["/things"]["post"]["operationId"]
    after["components"]["schemas"]["State"] = {"allOf": [after["components"]["schemas"]["State"]]}
    _, _, changes = compare(DOCUMENT, after)
    (uses,) = [change.uses for change in changes if change.pointer == "/components/schemas/State"]
    assert [(use.operation.label, use.operation.operation_id, use.direction) for use in uses] == [
        ("POST /things", None, "response")
    ]


def test_a_change_stands_on_the_line_that_changed() -> None:
    for _, spec, changes in [schema_changes(), *(document_changes(edit.name) for edit in DOCUMENT_EDITS)]:
        lines = spec.text.splitlines()
        for change in changes:
            if change.pointer in spec.places:
                assert change.place == spec.places[change.pointer], change.pointer
            key = change.pointer.rpartition("/")[2].replace("~1", "/")
            if change.pointer in spec.places and not key.isdecimal():
                assert lines[change.place.line - 1][change.place.column - 1 :].startswith(f'"{key}"'), change


def chained(schema: dict[str, Any]) -> dict[str, Any]:
    """A document with 400 schemas, each of which has the next one as a property, up to a last one."""
    references = [{"$ref": f"#/components/schemas/S{index}"} for index in range(401)]
    schemas = {f"S{index}": an_object(next=references[index + 1]) for index in range(400)}
    answer = {"description": "It.", "content": {"application/json": {"schema": references[0]}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chain", "version": "0.8.0"},
        "paths": {"/chain": {"get": {"responses": {"200": answer}}}},
        "components": {"schemas": schemas | {"S400": schema}},
    }


@pytest.mark.slow
def test_a_change_is_found_at_the_end_of_a_long_chain_of_schemas() -> None:
    _, _, changes = compare(chained({"type": "string"}), chained({"type": ["string", "null"]}))
    assert [(change.impact, change.pointer) for change in changes] == [("breaking", "/components/schemas/S400/type")]


def test_schemas_that_refer_to_each_other_in_every_way_are_compared() -> None:
    references = {name: {"$ref": f"#/components/schemas/{name}"} for name in "ABCDEFGHIJKL"}
    circles = {name: an_object(**references, leaf={"type": "string"}) for name in references}
    documents = [chained(references["A"]) for _ in range(2)]
    for document, leaf in zip(documents, ("string", "integer"), strict=True):
        document["components"]["schemas"] |= circles | {"A": an_object(**references, leaf={"type": leaf})}
    _, _, changes = compare(*documents)
    told = [(change.impact, change.pointer) for change in changes]
    assert told == [("breaking", "/components/schemas/A/properties/leaf/type")]


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ({"allOf": [an_object("a", a=STRING)]}, "Property `b` of `It` was removed."),
        ({"allOf": [an_object(a=STRING), an_object(b=STRING)]}, '`required` of `It` was removed; it was ["a"].'),
        (an_object("a", a=STRING, b=INTEGER), "The type of `b` changed from string to integer."),
    ],
)
def test_a_change_within_allof_is_told_for_its_own_reason(after: dict[str, Any], message: str) -> None:
    before = {"allOf": [an_object("a", a=STRING), an_object(b=STRING)]}
    changes = classify(spec_of(before, "response"), spec_of(after, "response"))
    assert [change.message for change in changes if change.impact == "breaking"] == [message]


def test_a_change_of_a_component_is_told_once() -> None:
    changes = classify(spec_of({"enum": [1]}, "request"), spec_of({"enum": [True]}, "request"))
    told = [(change.impact, change.message) for change in changes]
    assert told == [("breaking", "The type of `It` changed from number to boolean.")]
