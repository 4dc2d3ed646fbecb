"""The gate as a whole: its outputs, its exit codes, and that it leaves the tree alone."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from scripts.drift import gate
from scripts.drift.__main__ import main
from scripts.drift.forms.table import table
from scripts.exit_codes import INTERRUPTED
from scripts.generate.folder_difference import compare
from scripts.generate.run_generator import GenerationError
from scripts.generate.soundness import find_mistakes
from scripts.redocly import installation
from tests.conftest import ROOT, hear_ctrl_c
from tests.support.golden import Golden, without_seconds
from tests.support.repositories import THINGS, start, write_spec
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.drift.report import Report
    from scripts.generate.folder_difference import Difference
    from spec.reader import Spec

    Edit = Callable[[Path], None]

GUIDE: Final = (ROOT / "docs" / "change-the-spec.md").read_text()
CHANGELOG: Final = "# Changelog\n\n## 0.8.0\n\nThe first version.\n"
BREAKING: Final = THINGS.replace("enum: [new, old]", "enum: [new, old, lost]").replace("default: 10", "default: 12")
UNSOUND: Final = (
    THINGS.replace("enum: [red, green]", "enum: [red, green, red]")
    .replace("{colour: red}", "{colour: blue}")
    .replace("default: 10", "default: ten")
    .replace("summary: Make a thing", "deprecated: false")
    .replace("inferred", "rumoured")
)
RULES: Final = """
        - {name: is_new_at_first, says: a thing is new at first, holds: response.state == 'new'}
        - {name: has_an_id, says: a thing has an id, holds: response.id != ''}
        - {name: id_is_new, says: no two things share an id, holds: is_new(response.id)}"""
OTHER_RULES: Final = """
        - {name: is_new_at_first, says: a thing is new at first, when: status == 200, holds: response.state == 'new'}
        - {name: has_an_id, says: every thing has an id, holds: "response.id  !=  ''"}
        - {name: red_is_old, says: red things are old, when: request.colour == 'red', holds: response.state == 'old'}"""
UNSOUND_RULES: Final = THINGS.replace(
    "      tags: [Things]\n      requestBody",
    """      tags: [Things]
      x-rules:
        - {name: lost, says: a thing is lost, holds: response.state == 'lost'}
        - {name: big, says: a thing is big, when: request.size > 5, holds: response.id !=}
      requestBody""",
)
SAMPLE: Final = '{\n  "colour": "red"\n}\n'


@pytest.fixture(scope="module", autouse=True)
def _outside_actions() -> Iterator[None]:
    """Runs the gate for no pull request, whatever runs these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GITHUB_BASE_REF", raising=False)
        patch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        yield


@pytest.fixture(scope="module")
def committed(things: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a spec, its changelog and sample, and the code generated from it, all committed to main."""
    folder = shutil.copytree(things, tmp_path_factory.mktemp("committed") / "project")
    (folder / "base.yaml").write_text(THINGS)
    (folder / "spec" / "CHANGELOG.md").write_text(CHANGELOG)
    (folder / "spec" / "samples").mkdir()
    (folder / "spec" / "samples" / "make_thing.request.json").write_text(SAMPLE)
    return start(folder)


@pytest.fixture
def project(committed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the repository, and the folder that the commands run in."""
    folder = shutil.copytree(committed, tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def _generated(things: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generation replaced by its result for THINGS: it takes seconds, and has tests of its own."""

    def update(spec: Spec, output: Path, *, check: bool) -> list[Difference]:
        assert check, "the gate writes nothing"
        if problems := find_mistakes(spec):
            raise spec.error(problems)
        return compare(output, things / "generated")

    monkeypatch.setattr(gate, "update", update)


@pytest.fixture
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redocly CLI replaced by one that finds nothing: it takes long to start."""
    monkeypatch.setattr(gate, "call", lambda *_: {"problems": []})


def run_gate(*options: str) -> int:
    return main(["--spec=spec/openapi.yaml", "--output=generated", *options])


def judge(folder: Path) -> Report:
    return gate.run(folder / "spec" / "openapi.yaml", folder / "generated", None)


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def change_nothing(_: Path) -> None:
    """Leaves the repository as it is committed."""


def announce(folder: Path) -> None:
    write_spec(folder, BREAKING.replace("version: 0.8.0", "version: 0.9.0"))
    (folder / "spec" / "CHANGELOG.md").write_text(f"{CHANGELOG}\n## 0.9.0\n\nThings can be lost, and are larger.\n")


def make_breaking(folder: Path) -> None:
    write_spec(folder, BREAKING)


def change_rules(folder: Path) -> None:
    before, now = (
        THINGS.replace(
            "      tags: [Things]\n      requestBody", f"      tags: [Things]\n      x-rules:{rules}\n      requestBody"
        )
        for rules in (RULES, OTHER_RULES)
    )
    (folder / "base.yaml").write_text(before)
    write_spec(folder, now)


def make_stale(folder: Path) -> None:
    (folder / "generated" / "voiceos_models" / "models.py").write_text("# by hand\n")
    (folder / "generated" / "voiceos_client" / "types.py").unlink()
    (folder / "generated" / "untracked.py").write_text("def broken(:\n")


def make_breaking_and_stale(folder: Path) -> None:
    make_breaking(folder)
    (folder / "generated" / "stray.py").touch()


def make_rules_unsound(folder: Path) -> None:
    write_spec(folder, UNSOUND_RULES)


def make_unsound(folder: Path) -> None:
    write_spec(folder, UNSOUND)
    sample = folder / "spec" / "samples" / "make_thing.request.json"
    sample.write_text(SAMPLE.replace("red", "mauve"))


@pytest.fixture
def tell(project: Path, golden: Golden, capsys: pytest.CaptureFixture[str]) -> Callable[[str, Edit], int]:
    """Judges an edited repository, compares the table with the golden one, and gives the exit code."""

    def run(name: str, edit: Edit) -> int:
        edit(project)
        code = run_gate("--base=base.yaml")
        golden(f"drift/{name}", without_seconds(capsys.readouterr().out))
        return code

    return run


@pytest.mark.usefixtures("_generated")
@pytest.mark.parametrize(("name", "edit", "exit_code"), [("fresh", change_nothing, 0), ("unsound", make_unsound, 1)])
def test_the_table_is_the_golden_one(tell: Callable[[str, Edit], int], name: str, edit: Edit, exit_code: int) -> None:
    assert tell(name, edit) == exit_code


@pytest.mark.usefixtures("_generated", "_quiet")
@pytest.mark.parametrize(
    ("name", "edit", "exit_code"),
    [
        ("announced", announce, 0),
        ("breaking", make_breaking, 1),
        ("stale", make_stale, 4),
        ("rules", change_rules, 1),
        ("unsound_rules", make_rules_unsound, 1),
    ],
)
def test_the_table_of_what_redocly_says_nothing_about_is_the_golden_one(
    tell: Callable[[str, Edit], int], name: str, edit: Edit, exit_code: int
) -> None:
    assert tell(name, edit) == exit_code


@pytest.fixture(scope="module")
def wrong(things: Path, committed: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a repository that is breaking and stale."""
    folder = shutil.copytree(committed, tmp_path_factory.mktemp("wrong") / "project")
    make_breaking_and_stale(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(gate, "call", lambda *_: {"problems": []})
        patch.setattr(gate, "update", lambda _, output, **__: compare(output, things / "generated"))
        return replace(gate.run(Path("spec/openapi.yaml"), Path("generated"), "base.yaml"), seconds=0.0)


@pytest.mark.parametrize("form", ["table", "json", "github"])
def test_each_form_is_the_golden_one(
    wrong: Report, golden: Golden, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    monkeypatch.setattr("scripts.drift.__main__.run", lambda *_: wrong)
    monkeypatch.setattr("secrets.token_hex", lambda size: "a" * 2 * size)
    assert main([f"--format={form}"]) == 1
    golden(f"drift/breaking_and_stale.{form}", capsys.readouterr().out)


def test_the_summary_is_the_golden_one(
    wrong: Report, golden: Golden, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("scripts.drift.__main__.run", lambda *_: wrong)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    main([])
    golden("drift/breaking_and_stale.summary", (tmp_path / "summary.md").read_text())


@pytest.mark.usefixtures("_generated", "_quiet")
def test_schemas_that_apply_one_another_too_often_are_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    links = [f"    L{index}: {{allOf: [{{$ref: '#/components/schemas/L{index + 1}'}}]}}" for index in range(400)]
    text = THINGS.replace("  schemas:\n", "\n".join(["  schemas:", *links, "    L400: {type: string}", ""]))
    write_spec(project, text)
    (project / "base.yaml").write_text(text.replace("L400: {type: string}", "L400: {type: integer}"))
    assert run_gate("--base=base.yaml") == 1
    assert "cannot be compared: more than a hundred schemas apply one another in a row" in capsys.readouterr().out


@pytest.mark.usefixtures("project", "_generated")
@pytest.mark.parametrize(("severity", "word", "code"), [("warn", "style    ", 0), ("error", "unsound", 1)])
def test_redocly_yaml_decides_what_is_style(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, severity: str, word: str, code: int
) -> None:
    found = {"severity": severity, "message": "Too plain.", "ruleId": "plain", "location": [{"pointer": "#/info"}]}
    monkeypatch.setattr(gate, "call", lambda *_: {"problems": [found]})
    assert run_gate("--base=base.yaml") == code
    printed = capsys.readouterr().out
    assert "  spec/openapi.yaml:2:1: Too plain. (plain)" in printed
    assert any(line.startswith(word) for line in printed.splitlines())
    assert ("unsound\n" in printed) == (code == 1)


@pytest.mark.usefixtures("_generated", "_quiet")
def test_judging_changes_no_file(project: Path) -> None:
    make_stale(project)
    make_breaking(project)
    before = content(project)
    assert run_gate("--base=base.yaml") == 1
    assert content(project) == before


@pytest.mark.usefixtures("_generated", "_quiet")
def test_the_base_is_the_merge_base_unless_one_is_named(project: Path) -> None:
    make_breaking(project)
    assert (judge(project).base or "").startswith("the merge base with main (")
    report = gate.run(project / "spec" / "openapi.yaml", project / "generated", "base.yaml")
    assert report.base == "base.yaml"


@pytest.mark.slow
def test_what_is_committed_passes(
    generated_anew: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "update", lambda _, output, **__: compare(output, generated_anew))
    assert main(["--base", str(ROOT / "spec" / "openapi.yaml")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("fresh (")


@pytest.mark.slow
@pytest.mark.usefixtures("_generated")
def test_the_guide_shows_what_the_gate_says(tmp_path: Path) -> None:
    (shown,) = [block for block in re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL) if "used by" in block]
    folder = shutil.copytree(ROOT / "spec", tmp_path / "spec")
    spec = folder / "openapi.yaml"
    spec.write_text(spec.read_text().replace("[started, ended, queued]", "[started, ended, queued, live]"))
    said = table(gate.run(spec, ROOT / "generated", str(ROOT / "spec" / "openapi.yaml")))
    assert shown in said.replace(f"{folder}/", "spec/")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("paths:", "paths: [", ":12:8: is not YAML"),
        ("schemas/State'", "schemas/Stat'", ":60:11: $ref '#/components/schemas/Stat' leads nowhere"),
        ("'#/components/schemas/State'", "'../State.yaml'", ":60:11: $ref '../State.yaml' is refused: it leads out of"),
    ],
)
def test_no_tool_sees_a_spec_that_is_unsafe(project: Path, old: str, new: str, said: str) -> None:
    write_spec(project, THINGS.replace(old, new))
    report = judge(project)
    assert (report.exit_code, report.verdict) == (1, "unsound")
    assert said in table(report)


REFUSED_BASES: Final = {
    "code in a schema": THINGS.replace("enum: [red, green]", "enum: [red, green]\n      x-python-type: os.system"),
    "a reference out of the document": THINGS.replace("paths:", "paths:\n  $ref: ../paths.yaml"),
    "unsound costs": THINGS.replace("tags: [Things]", "tags: [Things]\n      x-costs: perhaps"),
}


@pytest.mark.usefixtures("_quiet", "_generated")
@pytest.mark.parametrize("text", REFUSED_BASES.values(), ids=REFUSED_BASES.keys())
def test_whoever_mends_a_base_that_is_refused_today_passes_with_a_warning(project: Path, text: str) -> None:
    assert text != THINGS
    (project / "base.yaml").write_text(text)
    report = gate.run(project / "spec" / "openapi.yaml", project / "generated", "base.yaml")
    assert (report.verdict, report.exit_code) == ("fresh", 0)
    assert "the base would be refused today, which is no problem of this change:\n    base.yaml:" in table(report)


@pytest.mark.usefixtures("_quiet", "_generated")
@pytest.mark.parametrize("wrong", ["enum: 5", "enum:", "pattern: ("])
def test_with_a_base_too_malformed_to_compare_with_any_change_may_break(project: Path, wrong: str) -> None:
    (project / "base.yaml").write_text(THINGS.replace("enum: [red, green]", wrong))
    report = gate.run(project / "spec" / "openapi.yaml", project / "generated", "base.yaml")
    assert {each.change.impact for each in report.changes} == {"breaking"}
    announce(project)
    write_spec(project, THINGS.replace("version: 0.8.0", "version: 0.9.0"))
    mended = gate.run(project / "spec" / "openapi.yaml", project / "generated", "base.yaml")
    assert (mended.errors, mended.failures, mended.version_problems) == ((), (), ())


@pytest.mark.usefixtures("_quiet")
def test_a_generators_failure_is_no_pass(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> list[Difference]:
        raise GenerationError("the client cannot be generated")

    monkeypatch.setattr(gate, "update", fail)
    report = judge(project)
    assert (report.exit_code, report.verdict) == (1, "not judged")
    assert "not judged\n  the client cannot be generated\n" in table(report)


@pytest.mark.usefixtures("_generated")
def test_a_missing_tool_is_named_with_the_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "_HOME", project / "nowhere")
    report = judge(project)
    assert (report.exit_code, report.verdict) == (1, "not judged")
    assert "Redocly CLI is not installed" in report.failures[0]
    assert "`nox -s drift`" in report.failures[0]


@pytest.mark.usefixtures("_generated", "_quiet")
def test_a_missing_main_branch_is_no_pass(project: Path) -> None:
    shutil.rmtree(project / ".git")
    report = judge(project)
    assert (report.exit_code, report.verdict) == (1, "not judged")
    assert "--base REF_OR_FILE" in table(report)


def test_an_interrupted_run_says_that_nothing_was_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr("scripts.drift.__main__.run", interrupt)
    assert main([]) == INTERRUPTED
    assert "interrupted: nothing was judged, and nothing changed" in capsys.readouterr().err


@pytest.mark.parametrize("number", share_out([signal.SIGINT, signal.SIGTERM, signal.SIGKILL], slow=0))
def test_a_run_killed_at_any_moment_changes_nothing(project: Path, number: signal.Signals) -> None:
    make_breaking(project)
    before = content(project)
    places = [f"--spec={project}/spec/openapi.yaml", f"--output={project}/generated"]
    command = [sys.executable, "-m", "scripts.drift", *places]
    for step in range(8):
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=hear_ctrl_c
        )
        try:
            process.wait(step * 0.3)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        process.communicate()
        assert content(project) == before
