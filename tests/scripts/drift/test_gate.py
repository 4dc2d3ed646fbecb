"""The gate as a whole: its answers, its exit codes, its forms, and that it leaves the tree alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from scripts import redocly
from scripts.drift import gate, render
from scripts.drift.__main__ import main
from scripts.generate.__main__ import update
from spec.reader import read_spec
from tests.conftest import ROOT
from tests.support.repositories import THINGS, start, write_spec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.drift.report import Report

GUIDE = (ROOT / "docs" / "change-the-spec.md").read_text()
CHANGELOG = "# Changelog\n\n## 0.8.0\n\nThe first version.\n"
BREAKING = THINGS.replace("enum: [new, old]", "enum: [new, old, lost]").replace("default: 10", "default: 12")
SAMPLE = '{\n  "colour": "red"\n}\n'


@pytest.fixture(scope="module", autouse=True)
def _outside_actions() -> Iterator[None]:
    """Whatever runs these tests, the gate that they try runs for no pull request."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GITHUB_BASE_REF", raising=False)
        patch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        yield


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a spec, its changelog and sample, and what it generates; all of it committed to main."""
    folder = tmp_path_factory.mktemp("finished")
    write_spec(folder, THINGS)
    (folder / "spec" / "CHANGELOG.md").write_text(CHANGELOG)
    (folder / "spec" / "samples").mkdir()
    (folder / "spec" / "samples" / "make_thing.request.json").write_text(SAMPLE)
    update(read_spec(folder / "spec" / "openapi.yaml"), folder / "generated", check=False)
    return start(folder)


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "project")


@pytest.fixture(scope="module")
def broken(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What the gate says of a change that breaks, is not announced, and has not been generated from."""
    folder = shutil.copytree(finished, tmp_path_factory.mktemp("broken") / "project")
    write_spec(folder, BREAKING)
    return judge(folder)


def command(folder: Path, *options: str) -> list[str]:
    places = ["--spec", str(folder / "spec" / "openapi.yaml"), "--output", str(folder / "generated")]
    return [sys.executable, "-m", "scripts.drift", *places, *options]


@pytest.fixture
def _generated(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is generated is of no interest here, and takes its time."""
    monkeypatch.setattr(gate, "update", lambda *_, **__: [])


def judge(folder: Path) -> Report:
    return gate.run(folder / "spec" / "openapi.yaml", folder / "generated", None)


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_what_is_committed_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--base", str(ROOT / "spec" / "openapi.yaml")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("fresh (")


@pytest.mark.usefixtures("_generated")
def test_the_guide_shows_what_the_gate_says(tmp_path: Path) -> None:
    (shown,) = [block for block in re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL) if "used by" in block]
    folder = shutil.copytree(ROOT / "spec", tmp_path / "spec")
    spec = folder / "openapi.yaml"
    spec.write_text(spec.read_text().replace("[started, ended, queued]", "[started, ended, queued, live]"))
    said = render.table(gate.run(spec, ROOT / "generated", str(ROOT / "spec" / "openapi.yaml")))
    assert shown in said.replace(f"{folder}/", "spec/")


def test_an_unannounced_breaking_change_fails(broken: Report) -> None:
    assert (broken.exit_code, broken.verdict) == (1, "breaking and stale"), "1 beats 4"
    assert [explained.change.impact for explained in broken.changes] == ["breaking", "breaking"]


def test_the_table_says_what_breaks_for_whom_and_what_to_do(broken: Report) -> None:
    said = render.table(broken)
    changelog = broken.spec.with_name("CHANGELOG.md")
    assert (
        f"""\
  breaking   {broken.spec}:66:7  /components/schemas/State/enum
             Enum of `state` gained values: 'lost'.
             used by  POST /things (response): State, Made.state
             to do    undo it, or write version 0.9.0, and what users must know into CHANGELOG.md
version  the version is 0.8.0, but must be 0.9.0 or more (a breaking change since 0.8.0): write `version: 0.9.0`
version  {changelog} has no entry of 0.9.0: write one below a line `## 0.9.0`
"""
        in said
    )
    assert "used by  POST /things (request): Thing.size_in_cm\n" in said
    assert said.splitlines()[-1].startswith("breaking and stale (")


def test_annotations_stand_on_the_changed_lines(broken: Report) -> None:
    commands = render.commands(broken).splitlines()
    assert commands[0].startswith(
        f"::error file={broken.spec},line=51,col=11,title=breaking::`default` of `size-in-cm`"
    )
    assert commands[1].startswith(f"::error file={broken.spec},line=66,col=7,title=breaking::Enum of `state` gained")
    assert "%0Aused by POST /things (response)" in commands[1]
    assert [command.partition("::")[2].partition("::")[0][-13:] for command in commands[2:]] == [
        "title=version",
        "title=version",
        "r title=stale",
    ]


def test_the_summary_is_markdown(broken: Report) -> None:
    lines = render.summary(broken).splitlines()
    assert lines[0] == "## Contract drift: breaking and stale"
    rows = [line for line in lines if line.startswith("| 💥 breaking")]
    assert len(rows) == 2
    assert all(row.count("|") == 6 for row in rows)


def test_the_json_says_all(broken: Report) -> None:
    said = json.loads(json.dumps(broken.as_json()))
    (change,) = [change for change in said["blessed"]["changes"] if change["pointer"].endswith("/enum")]
    assert (change["impact"], change["line"], change["column"]) == ("breaking", 66, 7)
    assert change["operations"] == [
        {"operation": "POST /things", "operation_id": "make_thing", "directions": ["response"]}
    ]
    assert set(change["code"]) == {
        f"{package}.{name}" for package in ("voiceos_models", "voiceos_client") for name in ("State", "Made.state")
    }
    assert said["version"]["required"] == "0.9.0"
    assert {entry["path"] for entry in said["fresh"]["differences"]} >= {"voiceos_models/models.py"}


def test_an_announced_breaking_change_passes_and_is_shown(project: Path) -> None:
    write_spec(project, BREAKING.replace("version: 0.8.0", "version: 0.9.0"))
    (project / "spec" / "CHANGELOG.md").write_text(f"{CHANGELOG}\n## 0.9.0\n\nThings can be lost, and are larger.\n")
    update(read_spec(project / "spec" / "openapi.yaml"), project / "generated", check=False)
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(project / "summary.md")}
    done = subprocess.run(
        command(project, "--format=json"), check=False, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    said = json.loads(done.stdout)
    assert (done.returncode, said["verdict"]) == (0, "fresh"), done.stdout
    assert [(change["impact"], change["to_do"]) for change in said["blessed"]["changes"]] == [
        ("breaking", "nothing: version 0.9.0 announces it")
    ] * 2
    assert (project / "summary.md").read_text().startswith("## Contract drift: fresh\n")


def test_stale_code_alone_has_its_own_exit_code(project: Path) -> None:
    (project / "generated" / "voiceos_models" / "models.py").write_text("# by hand\n")
    (project / "generated" / "voiceos_client" / "types.py").unlink()
    (project / "generated" / "untracked.py").write_text("def broken(:\n")
    before = content(project)
    report = judge(project)
    assert (report.exit_code, report.verdict) == (4, "stale")
    assert {(entry.kind, entry.path) for entry in report.stale} == {
        ("changed", "voiceos_models/models.py"),
        ("missing", "voiceos_client/types.py"),
        ("extra", "untracked.py"),
    }
    assert content(project) == before


@pytest.mark.usefixtures("_generated")
def test_everything_unsound_is_told_with_its_line(project: Path) -> None:
    text = THINGS.replace("enum: [red, green]", "enum: [red, green, red]")
    text = text.replace("{colour: red}", "{colour: blue}").replace("default: 10", "default: ten")
    write_spec(project, text.replace("summary: Make a thing", "deprecated: false").replace("inferred", "rumoured"))
    sample = project / "spec" / "samples" / "make_thing.request.json"
    sample.write_text(SAMPLE.replace("red", "mauve"))
    report = judge(project)
    said = render.table(report)
    assert (report.exit_code, report.verdict.split()[0]) == (1, "unsound")
    for place, problem, line in [
        ("openapi.yaml:14:5", "Operation object should contain `summary` field. (operation-summary)", "post:"),
        ("openapi.yaml:26:25", "Example value must conform to the schema", "value: {colour: blue}"),
        ("openapi.yaml:51:11", "the default does not fit its schema", "default: ten"),
        ("openapi.yaml:52:26", "x-provenance says 'rumoured' of minimum", "x-provenance: {minimum: rumoured}"),
        ("openapi.yaml:63:26", "Duplicated enum value found", "enum: [red, green, red]"),
        ("samples/make_thing.request.json:2:3", "does not fit /paths/~1things/post/requestBody", '"colour": "mauve"'),
    ]:
        assert any(place in told and problem in told for told in said.splitlines()), f"{place}\n{said}"
        assert f"\n      {line}\n" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("paths:", "paths: [", ":14:9: is not YAML"),
        ("schemas/State'", "schemas/Stat'", ":60:11: $ref '#/components/schemas/Stat' leads nowhere"),
        ("'#/components/schemas/State'", "'../State.yaml'", ":60:11: $ref '../State.yaml' is refused: it leads out of"),
    ],
)
def test_no_tool_sees_a_spec_that_is_unsafe(project: Path, old: str, new: str, said: str) -> None:
    write_spec(project, THINGS.replace(old, new))
    report = judge(project)
    assert (report.exit_code, report.verdict) == (1, "unsound")
    assert said in render.table(report)


def test_a_generators_failure_is_no_pass(project: Path) -> None:
    write_spec(project, THINGS.replace("enum: [red, green]", "enum: [red, RED]"))
    report = judge(project)
    assert (report.exit_code, report.verdict) == (1, "not judged and breaking")
    assert "openapi-python-client cannot generate code from this spec" in render.table(report)


@pytest.mark.usefixtures("_generated")
def test_a_missing_tool_is_named_with_the_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redocly, "_HOME", project / "nowhere")
    report = judge(project)
    assert (report.exit_code, report.verdict) == (1, "not judged")
    assert "Redocly CLI is not installed" in report.failures[0]
    assert "`nox -s drift`" in report.failures[0]


@pytest.mark.usefixtures("_generated")
def test_a_missing_main_branch_is_no_pass(project: Path) -> None:
    shutil.rmtree(project / ".git")
    report = judge(project)
    assert (report.exit_code, report.verdict) == (1, "not judged")
    assert "--base REF_OR_FILE" in render.table(report)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_run_changes_nothing(project: Path, tmp_path: Path, number: signal.Signals) -> None:
    write_spec(project, BREAKING)
    before = content(project)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        command(project),
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    deadline = time.monotonic() + 20
    while not list(temporary.glob("**/voiceos_models")):
        assert time.monotonic() < deadline, "generation did not start"
        time.sleep(0.01)
    assert content(project) == before, "while it runs"
    process.send_signal(number)
    said, _ = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in said
    assert content(project) == before
