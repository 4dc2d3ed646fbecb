"""Generation: deterministic, all or nothing, and deaf to what a spec would have it do."""

from __future__ import annotations

import ast
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from scripts.exit_codes import FAILED, FRESH, STALE
from scripts.generate.__main__ import main
from scripts.generate.folder_difference import compare
from tests.conftest import ROOT, hear_ctrl_c

if TYPE_CHECKING:
    from pathlib import Path

SPEC = ROOT / "spec" / "openapi.yaml"
MINIMAL = """\
openapi: 3.1.0
info: {title: Small, version: 1.2.3}
paths:
  /things:
    post:
      operationId: make_thing
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Thing'
      responses:
        '204': {description: Made.}
components:
  schemas:
    Thing:
      type: object
      properties:
        colour:
          $ref: '#/components/schemas/Colour'
    Colour:
      type: string
      enum: [red, green]
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "spec" / "openapi.yaml"
    path.parent.mkdir()
    path.write_text(MINIMAL)
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "generated"


def generate(spec: Path, output: Path, *options: str) -> int:
    return main(["--spec", str(spec), "--output", str(output), *options])


def command(spec: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "scripts.generate", "--spec", str(spec), "--output", str(output)]


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_what_is_committed_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == FRESH
    assert capsys.readouterr().out.startswith("fresh: generated/")


def test_another_document_generates_too(spec: Path, output: Path) -> None:
    assert generate(spec, output) == FRESH
    assert (output / "voiceos_client" / "models" / "colour.py").exists()


def test_is_deterministic_across_folders_and_hash_seeds(tmp_path: Path) -> None:
    outputs = [tmp_path / seed / "generated" for seed in ("1", "2")]
    for output in outputs:
        output.parent.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": output.parent.name}
        subprocess.run(command(SPEC, output), check=True, cwd=ROOT, env=environment, capture_output=True)
    assert compare(*outputs) == []


def test_writes_nothing_when_fresh(spec: Path, output: Path) -> None:
    generate(spec, output)
    before = output.stat().st_mtime_ns, output.stat().st_ino
    assert generate(spec, output) == FRESH
    assert (output.stat().st_mtime_ns, output.stat().st_ino) == before


def test_leaves_nothing_beside_the_output(spec: Path, output: Path) -> None:
    generate(spec, output)
    assert {path.name for path in output.parent.iterdir()} == {"generated", "spec"}


def test_removes_the_files_of_removed_schemas(spec: Path, output: Path) -> None:
    generate(spec, output)
    without = MINIMAL.replace("$ref: '#/components/schemas/Colour'", "type: string").partition("    Colour:")[0]
    spec.write_text(without)
    assert generate(spec, output) == FRESH
    assert not (output / "voiceos_client" / "models" / "colour.py").exists()


def test_check_names_stale_files_and_the_command(spec: Path, output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate(spec, output)
    spec.write_text(MINIMAL.replace("[red, green]", "[red, blue]"))
    (output / "stray.py").touch()
    before = content(output)
    capsys.readouterr()
    assert generate(spec, output, "--check") == STALE
    said = capsys.readouterr().out
    assert said.startswith("stale: ")
    assert f"  changed  {output}/voiceos_models/models.py" in said
    assert f"  extra    {output}/stray.py" in said
    assert '-    green = "green"\n+    blue = "blue"' in said
    assert "`nox -s generate`" in said
    assert content(output) == before


def test_provenance_says_what_the_output_depends_on(spec: Path, output: Path) -> None:
    generate(spec, output)
    provenance = json.loads((output / "provenance.json").read_text())
    assert provenance["spec"] == {"sha256": sha256(MINIMAL.encode()).hexdigest(), "version": "1.2.3"}
    assert [generator["name"] for generator in provenance["generators"]] == [
        "datamodel-code-generator",
        "openapi-python-client",
    ]
    assert all(generator["version"] and generator["options"] for generator in provenance["generators"])
    assert str(spec.parent.parent) not in json.dumps(provenance)


def test_provenance_covers_every_template(spec: Path, output: Path) -> None:
    generate(spec, output)
    generators = json.loads((output / "provenance.json").read_text())["generators"]
    told = {name: digest for generator in generators for name, digest in generator["templates"].items()}
    files = [file for file in (ROOT / "scripts" / "templates").rglob("*.*") if "__pycache__" not in file.parts]
    assert told == {
        file.relative_to(ROOT / "scripts" / "templates").as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file()
    }


def test_an_edit_of_a_template_that_upstream_no_longer_fits_is_refused(
    spec: Path, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = shutil.copytree(ROOT / "scripts" / "templates", tmp_path / "templates")
    model = templates / "client" / "model.py.jinja"
    model.write_text(model.read_text().replace('"@_attrs_define\\n"', '"@_attrs_defined\\n"'))
    monkeypatch.setattr("scripts.generate.packages.TEMPLATES", templates)
    assert generate(spec, output) == FAILED
    assert "upstream's template no longer says: @_attrs_defined" in capsys.readouterr().err
    assert not output.exists()


BROKEN = {
    "no YAML": (MINIMAL.replace("paths:", "paths: ["), ":5:9: is not YAML"),
    "no OpenAPI 3.1": (MINIMAL.replace("3.1.0", "3.0.3"), ":1:1: is not an OpenAPI 3.1 document"),
    "an unknown type": (MINIMAL.replace("type: string", "type: strin"), ":23:7: "),
    "an invalid document": (MINIMAL.replace("{description: Made.}", "3"), ':14:9: 3 is not of type "object"'),
    "a reference to nothing": (MINIMAL.replace("schemas/Colour'", "schemas/Color'"), ":21:11: $ref "),
    "members that clash": (MINIMAL.replace("[red, green]", "[red, RED]"), ":22:5: openapi-python-client cannot"),
    "a reference to itself": (
        MINIMAL.replace("type: string\n      enum: [red, green]", "$ref: '#/components/schemas/Colour'"),
        ":23:7: $ref '#/components/schemas/Colour' leads in a circle",
    ),
    "a reference to a host": (
        MINIMAL.replace("#/components/schemas/Colour", "http://127.0.0.1/colour.yaml"),
        ":21:11: $ref 'http://127.0.0.1/colour.yaml' is refused: it leads to another host",
    ),
    "a reference out of the folder": (
        MINIMAL.replace("#/components/schemas/Colour", "../../secret.yaml"),
        ":21:11: $ref '../../secret.yaml' is refused: it leads out of ",
    ),
    "a reference to a file": (
        MINIMAL.replace("#/components/schemas/Colour", "colour.yaml"),
        ":21:11: $ref 'colour.yaml' is refused: it leads into another file",
    ),
    "a pattern that is none": (
        MINIMAL.replace("enum: [red, green]", "pattern: '('"),
        ":24:7: is not a pattern that validators can read",
    ),
    "a reference that is none": (
        MINIMAL.replace("#/components/schemas/Colour", "http://[::1"),
        ":21:11: 'http://[::1' is refused: it is no reference",
    ),
    "a reference to a host in a default response": (
        MINIMAL.replace("'204': {description: Made.}", "default: {$ref: 'http://127.0.0.1/r'}"),
        ":14:19: $ref 'http://127.0.0.1/r' is refused: it leads to another host",
    ),
    "an operation that cannot be": (
        MINIMAL.replace("/things:", "'/things/{x}':"),
        ":5:5: openapi-python-client cannot",
    ),
    **{
        keyword: (
            MINIMAL.replace("enum: [red, green]", f"enum: [red, green]\n      {keyword}: os.system"),
            f":25:7: {keyword} is refused: it writes code of the spec's choice",
        )
        for keyword in ("x-python-import", "x-python-type", "customTypePath", "customBasePath", "default_factory")
    },
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_spec_changes_nothing_and_names_its_line(
    spec: Path, output: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    output.mkdir()
    (output / "provenance.json").write_text("as it was")
    spec.write_text(text)
    assert generate(spec, output) == FAILED
    said = capsys.readouterr().err
    assert f"{spec}{message}" in said
    assert "Traceback" not in said
    assert content(output) == {"provenance.json": b"as it was"}
    assert {path.name for path in output.parent.iterdir()} == {"generated", "spec"}


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_was_not_generated_is_not_replaced(
    spec: Path, output: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    file = output / "mine" if kind == "folder" else output
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")
    assert generate(spec, output) == FAILED
    assert "was not generated, and would be lost" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_a_schema_may_refer_to_itself(spec: Path, output: Path) -> None:
    recursive = "{type: array, items: {$ref: '#/components/schemas/Thing'}}"
    spec.write_text(MINIMAL.replace("        colour:\n", f"        parts: {recursive}\n        colour:\n"))
    assert generate(spec, output) == FRESH


def test_a_property_may_have_an_extensions_name(spec: Path, output: Path) -> None:
    spec.write_text(MINIMAL.replace("        colour:\n", "        default_factory:\n"))
    assert generate(spec, output) == FRESH


def test_text_of_the_spec_stays_text(spec: Path, output: Path) -> None:
    text = json.dumps('"""\nimport os; os.system("touch injected")\n"""')
    told = MINIMAL.replace("title: Small", f"title: {text}")
    for line, keywords in {
        "    Thing:\n      ": ("description", "title"),
        "    Colour:\n      ": ("description",),
        "          $ref: '#/components/schemas/Colour'\n          ": ("description", "default"),
    }.items():
        told = told.replace(
            line.rstrip(" "), line + line[line.index("\n") :].join(f"{word}: {text}" for word in keywords) + "\n"
        )
    spec.write_text(told)
    assert generate(spec, output) == FRESH
    nodes = [node for file in output.rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))]
    assert "os" not in {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    assert "os.system" not in {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}


def test_a_full_disk_changes_nothing(spec: Path, output: Path) -> None:
    generate(spec, output)
    before = content(output)
    spec.write_text(MINIMAL.replace("[red, green]", "[red, blue]"))
    done = subprocess.run(
        command(spec, output),
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500)),
    )
    assert done.returncode == FAILED
    assert "nothing generated" in done.stderr
    assert content(output) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_killed_run_changes_nothing(spec: Path, output: Path, number: signal.Signals) -> None:
    generate(spec, output)
    before = content(output)
    spec.write_text(MINIMAL.replace("[red, green]", "[red, blue]"))
    process = subprocess.Popen(
        command(spec, output),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=hear_ctrl_c,
    )
    wait_until_at_work(output.parent)
    process.send_signal(number)
    said, _ = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in said
    assert content(output) == before
    assert generate(spec, output) == FRESH, "the next run works"
    assert {path.name for path in output.parent.iterdir()} == {"generated", "spec"}, "and clears what was left"


def wait_until_at_work(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while not list(folder.glob(".generated-*/generated/voiceos_models")):
        assert time.monotonic() < deadline, "generation did not start"
        time.sleep(0.01)
