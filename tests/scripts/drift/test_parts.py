"""The gate's parts: what a schema means, which version follows, what the code is called, which values fit."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.drift.code_names import Package, read_packages
from scripts.drift.normal_form import normal_form
from scripts.drift.relation import relate
from scripts.drift.samples import find_wrong_samples
from scripts.drift.values import find_wrong_values
from scripts.drift.version import has_entry, judge_version, next_version
from scripts.drift.wording import name_of
from scripts.generate.soundness import find_invalid, find_unsafe
from spec.operations import operations
from spec.reader import parse_spec, read_spec
from tests.conftest import ROOT
from tests.support.repositories import THINGS

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.drift.differences import Impact
    from spec.json_value import Json

SPEC = read_spec(ROOT / "spec" / "openapi.yaml")
SCHEMAS = "/components/schemas"
DOCUMENT = {
    "components": {
        "schemas": {
            "Name": {"type": "string", "description": "Any."},
            "Tree": {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Tree"}}},
            "Wood": {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Wood"}}},
        }
    }
}
NAME: dict[str, Any] = {"$ref": "#/components/schemas/Name"}
STRING: dict[str, Any] = {"type": "string"}
NULL: dict[str, Any] = {"type": "null"}

keywords: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "object", "null", ["string", "null"], ["integer", "number"]]),
        "enum": st.lists(st.sampled_from(["a", 1, None, True]), min_size=1, max_size=3),
        "const": st.sampled_from(["a", 0, None]),
        "minimum": st.integers(0, 3),
        "default": st.sampled_from(["a", None]),
        "description": st.just("Said."),
        "$ref": st.sampled_from([f"#/components/schemas/{name}" for name in ("Name", "Tree", "Wood", "Gone")]),
    },
)
schemas = st.recursive(
    keywords | st.booleans(),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "oneOf": st.lists(inner, min_size=1, max_size=3),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
            "items": inner,
            "required": st.lists(st.sampled_from(["a", "b"]), max_size=2),
        },
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("base", "new", "relation"),
    [
        (STRING, NAME, "same"),
        (STRING | {"const": "a"}, STRING | {"enum": ["a"]}, "same"),
        ({"type": ["string", "null"], "maxLength": 3}, {"anyOf": [NULL, STRING | {"maxLength": 3}]}, "same"),
        ({"type": ["string", "null"], "enum": ["a", None]}, {"oneOf": [STRING | {"enum": ["a"]}, NULL]}, "same"),
        ({"anyOf": [STRING | {"enum": ["a"]}, STRING]}, STRING, "same"),
        ({"$ref": "#/components/schemas/Tree"}, {"allOf": [{"$ref": "#/components/schemas/Tree"}]}, "same"),
        ({"$ref": "#/components/schemas/Tree"}, {"$ref": "#/components/schemas/Wood"}, "other"),
        (STRING | {"default": "a"}, STRING, "same"),
        (NAME, {"anyOf": [NAME, NULL]}, "wider"),
        (STRING, {}, "wider"),
        (STRING, True, "wider"),
        ({"anyOf": [NAME, NULL]}, NAME, "narrower"),
        (STRING, {"type": "integer"}, "other"),
        (STRING | {"minLength": 1}, STRING | {"minLength": 2}, "other"),
        ({"type": "object", "additionalProperties": False}, {"type": "object", "properties": {"a": STRING}}, "other"),
    ],
)
def test_a_schema_means_the_same_however_it_is_written(base: Json, new: Json, relation: str) -> None:
    assert relate(base, DOCUMENT, new, DOCUMENT) == relation


@given(schemas)
@settings(deadline=None)
def test_a_schema_means_what_it_means(schema: Json) -> None:
    before = deepcopy(schema)
    assert relate(schema, DOCUMENT, schema, DOCUMENT) == "same"
    assert normal_form(normal_form(schema, DOCUMENT), DOCUMENT) == normal_form(schema, DOCUMENT)
    assert schema == before, "and is left as it was"


@given(schemas, schemas)
@settings(max_examples=200, deadline=None)
def test_what_widens_one_way_narrows_the_other(base: Json, new: Json) -> None:
    opposite = {"wider": "narrower", "narrower": "wider", "same": "same", "other": "other"}
    assert relate(new, DOCUMENT, base, DOCUMENT) == opposite[relate(base, DOCUMENT, new, DOCUMENT)]


@pytest.mark.parametrize(
    ("version", "impacts", "expected"),
    [
        ((0, 8, 3), {"breaking", "compatible"}, (0, 9, 0)),
        ((0, 8, 3), {"compatible", "editorial"}, (0, 8, 4)),
        ((0, 8, 3), {"editorial"}, (0, 8, 3)),
        ((1, 2, 3), {"breaking"}, (2, 0, 0)),
        ((1, 2, 3), {"compatible"}, (1, 3, 0)),
        ((1, 2, 3), set(), (1, 2, 3)),
    ],
)
def test_the_version_moves_as_the_change_demands(
    version: tuple[int, int, int], impacts: set[Impact], expected: tuple[int, int, int]
) -> None:
    assert next_version(version, impacts) == expected


@pytest.mark.parametrize(
    ("written", "impacts", "changelog", "problem"),
    [
        ("0.9.0", {"breaking"}, "## 0.9.0\n\nMore.\n", None),
        ("1.0.0", {"breaking"}, "## 1.0.0 - 2026-11-23\n\nMore.\n## 0.8.0\n", None),
        ("0.8.0", set(), "## 0.8.0\n\nAll.\n", None),
        ("0.8.1", {"breaking"}, "## 0.9.0\n\nMore.\n", "write `version: 0.9.0`"),
        ("0.8.0", {"compatible"}, "## 0.8.1\n\nMore.\n", "write `version: 0.8.1`"),
        ("0.7.9", set(), "## 0.8.0\n\nAll.\n", "versions do not go back): write `version: 0.8.0`"),
        ("0.9.0", {"breaking"}, "## 0.9.0\n\n## 0.8.0\n\nAll.\n", "has no entry of 0.9.0"),
        ("0.9.0", {"breaking"}, "## 0.9.0-rc.1\n\nMore.\n", "has no entry of 0.9.0"),
        ("0.9.0", {"breaking"}, "", "has no entry of 0.9.0"),
        ("0.9", {"breaking"}, "## 0.9\n\nMore.\n", "'0.9' is not a version of the form 1.2.3"),
    ],
)
def test_the_version_and_its_entry_are_asked_for(
    tmp_path: Path, written: str, impacts: set[Impact], changelog: str, problem: str | None
) -> None:
    base = parse_spec(tmp_path / "openapi.yaml", THINGS)
    spec = parse_spec(tmp_path / "openapi.yaml", THINGS.replace("version: 0.8.0", f"version: '{written}'"))
    (tmp_path / "CHANGELOG.md").write_text(changelog)
    problems = judge_version(spec, base, impacts).problems
    assert [problem in said for said in problems] == [True] if problem else problems == ()


def test_an_entry_is_read_to_the_next_heading() -> None:
    assert has_entry("## [0.9.0]\n### Changed\n- It.\n\n## 0.8.0\n", "0.9.0")
    assert not has_entry("## 10.9.0\n\nMore.\n", "0.9.0")


def packages() -> list[Package]:
    folder = ROOT / "generated"
    return read_packages({str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*.py")})


@pytest.mark.parametrize(
    ("pointer", "names"),
    [
        ("CreateCall/properties/agent_id/type", "CreateCall.agent_id"),
        ("CreateCall/properties/agent_config/anyOf/0", "CreateCall.agent_config"),
        ("CreateCall/additionalProperties", "CreateCall"),
        ("ConversationStatus/enum", "ConversationStatus ConversationResponse.status"),
        ("HTTPValidationError/properties/detail", "HTTPValidationError.detail"),
        ("RimeSpeaker", "RimeSpeaker RimeVoice.speaker"),
        ("ToolFunctionParameters/properties/properties/description", "ToolFunctionParameters.properties"),
        ("Nobody/properties/x", ""),
        ("CreateCall/properties/nothing", ""),
    ],
)
def test_generated_code_is_called_as_it_is(pointer: str, names: str) -> None:
    assert {package.name: package.names(f"{SCHEMAS}/{pointer}", ()) for package in packages()} == {
        "voiceos_client": names.split(),
        "voiceos_models": names.split(),
    }


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/components/schemas/Thing/properties/properties/description", "properties"),
        ("/components/schemas/Thing/properties/a/anyOf/1/minimum", "a"),
        ("/paths/~1things/post/responses/200/description", "200"),
        ("/paths/~1things/get/parameters/0/name", "/things"),
        ("/info/title", ""),
    ],
)
def test_a_thing_is_called_by_the_name_that_its_author_chose(pointer: str, name: str) -> None:
    assert name_of(pointer) == name


def test_an_operation_is_a_module_of_the_client() -> None:
    (operation,) = operations(SPEC.document)
    client, models = packages()
    assert client.module(operation) == "voiceos_client.api.conversations.create_phone_call"
    assert models.module(operation) is None


def test_what_is_written_inline_is_found_too() -> None:
    thing = "class Body:\n    size_in_cm: int\n    part: 'None | BodyPart'\nclass BodyPart:\n    a: int\n"
    api = "def _get_kwargs(*, body: Body) -> None: ...\n"
    (package,) = read_packages({"client/models/body.py": thing, "client/api/default/make_thing.py": api, "top.py": ""})
    (operation,) = operations(parse_spec(ROOT, THINGS).document)
    schema = f"{operation.pointer}/requestBody/content/application~1json/schema"
    assert package.names(f"{schema}/properties/size-in-cm/minimum", (operation,)) == ["Body.size_in_cm"]
    assert package.names(f"{schema}/properties/part/properties/a", (operation,)) == ["BodyPart.a"]


def test_an_alias_is_taken_at_its_word() -> None:
    code = 'class Thing(BaseModel):\n    field_from: Annotated[str, Field(alias="from")]\n'
    (package,) = read_packages({"models/models.py": code})
    assert package.names(f"{SCHEMAS}/Thing/properties/from", ()) == ["Thing.field_from"]


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("default: 10", "default: 0", 51, "the default does not fit its schema: 0 is less than the minimum of 1"),
        ("default: 10", "default: ten", 51, "the default does not fit its schema"),
        (
            "{minimum: inferred}",
            "guessed",
            52,
            "x-provenance is 'guessed': it must be one of documented, sdk, inferred",
        ),
        ("{minimum: inferred}", "[sdk]", 52, "x-provenance is ['sdk']: it must be one of"),
        ("{minimum: inferred}", "{minimum: 3}", 52, "x-provenance says 3 of minimum"),
        ("{minimum: inferred}", "{maximum: sdk}", 52, "marks maximum, but there is no maximum here"),
        ("{minimum: inferred}", "{nullable: sdk}", 52, "marks nullable, but null is no member of the type here"),
    ],
)
def test_a_value_that_does_not_fit_is_told(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    spec = parse_spec(tmp_path / "openapi.yaml", THINGS.replace(old, new))
    (found,) = find_wrong_values(spec)
    assert (found.place.line, problem in found.message) == (line, True), found.message


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("make_thing.request.json", '{"colour": "red"}', None),
        (
            "make_thing.response.json",
            '{"id": "1",\n "state": "lost"}',
            ":2:2: does not fit /paths/~1things/post/responses/200",
        ),
        ("make_thing.request.json", "[1]", ":1:1: does not fit /paths/~1things/post/requestBody"),
        ("make_thing.request.json", "{", ":1:2: is not JSON"),
        (
            "make_thing.json",
            "{}",
            ":1:1: is a sample of nothing; it may be called make_thing.request.json, make_thing.resp",
        ),
    ],
)
def test_a_sample_that_does_not_fit_is_told(tmp_path: Path, name: str, text: str, problem: str | None) -> None:
    (tmp_path / name).write_text(text)
    errors = find_wrong_samples(parse_spec(tmp_path / "openapi.yaml", THINGS), tmp_path)
    assert [f"{name}{problem}" in str(error) for error in errors] == [True] if problem else errors == []


def test_a_default_of_a_property_with_any_name_is_judged(tmp_path: Path) -> None:
    text = THINGS.replace("size-in-cm", "'größe in ~/%'").replace("default: 10", "default: 0")
    (found,) = find_wrong_values(parse_spec(tmp_path / "openapi.yaml", text))
    assert "0 is less than the minimum of 1" in found.message


def test_the_small_spec_is_as_sound_as_it_is_taken_for() -> None:
    spec = parse_spec(ROOT, THINGS)
    assert [*find_unsafe(spec), *find_invalid(spec), *find_wrong_values(spec)] == []
