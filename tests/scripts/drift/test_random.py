"""Whatever is done to a spec, the gate says something of it and ends."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from scripts.drift import gate
from scripts.drift.forms.github import commands
from scripts.drift.forms.json_form import as_json
from scripts.drift.forms.summary import summary
from scripts.drift.forms.table import table
from scripts.generate.soundness import find_mistakes
from spec.reader import parse_spec
from tests.conftest import ROOT
from tests.support.repositories import THINGS, write_spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from spec.json_value import Json
    from spec.reader import Spec

    Edit = Callable[[dict[str, Any]], None]

DOCUMENT = parse_spec(ROOT, THINGS).document
SCHEMA_NAMES = sorted(DOCUMENT["components"]["schemas"])

texts = st.sampled_from(["a", "colour", "post", "200", "", "~/", "é", "$ref", "1.2.3"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
references = st.sampled_from(SCHEMA_NAMES).map(lambda name: {"$ref": f"#/components/schemas/{name}"})
schemas = st.recursive(
    references
    | st.booleans()
    | st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", "integer", "object", ["string", "null"]]),
            "enum": st.lists(texts, min_size=1, max_size=3, unique=True),
            "default": values,
            "minimum": st.integers(),
            "additionalProperties": st.booleans(),
            "deprecated": st.booleans(),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "oneOf": st.lists(inner, min_size=1, max_size=3),
            "properties": st.dictionaries(texts, inner, max_size=2),
            "items": inner,
            "required": st.lists(texts, max_size=2, unique=True),
        },
    ),
    max_leaves=5,
)


def nodes(value: Json) -> list[tuple[Any, Any]]:
    """Every place in a document: what holds it, and under which key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in [(value, key), *nodes(value[key])]]


def replace(index: int, new: Json) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        places = nodes(document)
        holder, key = places[index % len(places)]
        holder[key] = new

    return edit


def remove(index: int) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        places = nodes(document)
        holder, key = places[index % len(places)]
        del holder[key]

    return edit


def put_schema(name: str, schema: Json) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        document.setdefault("components", {}).setdefault("schemas", {})[name] = schema

    return edit


def put_property(name: str, key: str, schema: Json) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        owner = document["components"]["schemas"].get(name)
        if isinstance(owner, dict):
            owner.setdefault("properties", {})[key] = schema

    return edit


indices = st.integers(0, 200)
careful = st.builds(put_schema, st.sampled_from([*SCHEMA_NAMES, "New"]), schemas) | st.builds(
    put_property, st.sampled_from(SCHEMA_NAMES), texts, schemas
)
careless = st.builds(replace, indices, values) | st.builds(remove, indices)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec and what is judged of it, all but the generators' part: they have tests of their own."""

    def check(spec: Spec, *_: Path, **__: bool) -> list[None]:
        if problems := find_mistakes(spec):
            raise spec.error(problems)
        return []

    monkeypatch.setattr(gate, "update", check)
    write_spec(tmp_path, THINGS)
    (tmp_path / "base.yaml").write_text(THINGS)
    return tmp_path


@pytest.mark.slow
@given(st.lists(careful, max_size=4), st.lists(careless, max_size=1))
@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes: each run starts Redocly CLI
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_edits_never_crash_the_gate(project: Path, some: list[Edit], more: list[Edit]) -> None:
    document = deepcopy(DOCUMENT)
    for edit in [*some, *more]:
        edit(document)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    note(text)
    write_spec(project, text)
    report = gate.run(project / "spec" / "openapi.yaml", project / "generated", str(project / "base.yaml"))
    assert (report.exit_code, bool(table(report))) in {(0, True), (1, True)}
    assert summary(report)
    assert report.exit_code == 0 or commands(report)
    assert as_json(report)["verdict"] == report.verdict
    assert not report.failures, "Redocly CLI answers, whatever it is asked"
