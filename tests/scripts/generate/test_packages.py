"""The generated packages: fresh, with their provenance, and deaf to commands in the spec."""

from __future__ import annotations

import ast
import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from scripts.generate import packages
from scripts.generate.folder_difference import compare
from scripts.generate.run_generator import GenerationError
from scripts.generate.update import update
from spec.reader import SpecError, parse_spec
from tests.conftest import ROOT
from tests.support.minimal import MINIMAL
from tests.support.repositories import THINGS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def _without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the models out, where the client's generation is to fail."""
    monkeypatch.setattr(packages, "_make_models", lambda *_: None)


def generation_error(spec: str, folder: Path) -> str:
    with pytest.raises((SpecError, GenerationError)) as error:
        update(parse_spec(folder / "openapi.yaml", spec), folder / "generated", check=False)
    return str(error.value)


@pytest.mark.slow
def test_the_committed_code_is_fresh_and_any_locale_generates_it(generated_anew: Path) -> None:
    assert compare(ROOT / "generated", generated_anew) == []


def test_another_document_generates_too(things: Path) -> None:
    assert (things / "generated" / "voiceos_client" / "models" / "colour.py").exists()


def test_provenance_states_everything_that_the_output_depends_on(things: Path) -> None:
    provenance = json.loads((things / "generated" / "provenance.json").read_text())
    assert provenance["spec"] == {"sha256": sha256(THINGS.encode()).hexdigest(), "version": "0.8.0"}
    assert [generator["name"] for generator in provenance["generators"]] == [
        "datamodel-code-generator",
        "openapi-python-client",
    ]
    assert all(
        generator["version"] and (generator["options"] or generator["script"]) for generator in provenance["generators"]
    )
    assert str(things) not in json.dumps(provenance)


def test_provenance_covers_every_template(things: Path) -> None:
    generators = json.loads((things / "generated" / "provenance.json").read_text())["generators"]
    told = {name: digest for generator in generators for name, digest in generator["templates"].items()}
    files = [file for file in (ROOT / "scripts" / "templates").rglob("*.*") if "__pycache__" not in file.parts]
    assert told == {
        file.relative_to(ROOT / "scripts" / "templates").as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file()
    }


@pytest.mark.slow
@pytest.mark.usefixtures("_without_models")
def test_an_edit_of_a_template_that_upstream_no_longer_fits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = shutil.copytree(ROOT / "scripts" / "templates", tmp_path / "templates")
    model = templates / "client" / "model.py.jinja"
    model.write_text(model.read_text().replace('"@_attrs_define\\n"', '"@_attrs_defined\\n"'))
    monkeypatch.setattr(packages, "TEMPLATES", templates)
    assert "upstream's template no longer says: @_attrs_defined" in generation_error(MINIMAL, tmp_path)


@pytest.mark.slow
@pytest.mark.usefixtures("_without_models")
@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("/things:", "'/things/{x}':", ":5:5: 'x' stands in the path, and is no path parameter"),
        (
            "[red, green]",
            "[red, green]\n    A: {type: object, properties: {b: {enum: [x]}}}\n    AB: {type: object}",
            ":25:36: the client cannot be generated: AB would be the name of two classes: rename a schema or ",
        ),
    ],
    ids=["an operation without its parameter", "two classes of one name"],
)
def test_a_generators_failure_names_the_line(tmp_path: Path, old: str, new: str, place: str) -> None:
    said = generation_error(MINIMAL.replace(old, new), tmp_path)
    assert f"{tmp_path / 'openapi.yaml'}{place}" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_text_of_the_spec_stays_text(odd: Path) -> None:
    files = [file for file in odd.rglob("*.py") if file.name != "recording.py"]  # which has nothing of the spec
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    assert "os" not in {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    assert "os.system" not in {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}


@pytest.mark.slow
def test_a_schema_may_refer_to_itself(odd: Path) -> None:
    assert "parts: list[Thing]" in (odd / "voiceos_models" / "models.py").read_text().replace(" | MISSING", "")


@pytest.mark.slow
def test_a_property_may_have_an_extensions_name(odd: Path) -> None:
    assert "default_factory:" in (odd / "voiceos_models" / "models.py").read_text()
