"""The command: its outputs and exit codes, and that it replaces generated code whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.exit_codes import FAILED, FRESH, STALE
from scripts.generate import update
from scripts.generate.__main__ import main
from scripts.generate.folder_difference import compare
from tests.conftest import ROOT, hear_ctrl_c
from tests.support.golden import Golden, without_seconds
from tests.support.minimal import MINIMAL
from tests.support.quick_generation import AT_WORK
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from pathlib import Path

    from spec.reader import Spec

OTHER = MINIMAL.replace("[red, green]", "[red, blue]")


def generate(*options: str) -> int:
    return main(["--spec=spec/openapi.yaml", "--output=generated", *options])


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.usefixtures("_quick")
def test_the_outputs_are_the_golden_ones(spec: Path, golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
    for name, options, exit_code, text in [
        ("generated", [], FRESH, MINIMAL),
        ("fresh", ["--check"], FRESH, MINIMAL),
        ("stale", ["--check"], STALE, OTHER),
    ]:
        spec.write_text(text)
        assert generate(*options) == exit_code
        golden(f"generate/{name}", without_seconds(capsys.readouterr().out))


@pytest.mark.usefixtures("_quick")
def test_a_failure_is_the_golden_one(spec: Path, golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(MINIMAL.replace("paths:", "paths: ["))
    assert generate() == FAILED
    golden("generate/failed", capsys.readouterr().err)


@pytest.mark.usefixtures("_quick", "spec")
def test_writes_nothing_when_fresh(output: Path) -> None:
    generate()
    before = output.stat().st_mtime_ns, output.stat().st_ino
    assert generate() == FRESH
    assert (output.stat().st_mtime_ns, output.stat().st_ino) == before


@pytest.mark.usefixtures("_quick", "spec")
def test_leaves_nothing_beside_the_output(output: Path) -> None:
    generate()
    assert {path.name for path in output.parent.iterdir()} == {"generated", "spec"}


@pytest.mark.usefixtures("_quick")
def test_removes_the_files_of_removed_schemas(spec: Path, output: Path) -> None:
    generate()
    assert (output / "models" / "colour.py").exists()
    spec.write_text(MINIMAL.replace("$ref: '#/components/schemas/Colour'", "type: string").partition("    Colour:")[0])
    assert generate() == FRESH
    assert not (output / "models" / "colour.py").exists()


@pytest.mark.usefixtures("_quick")
def test_check_changes_nothing(spec: Path, output: Path) -> None:
    generate()
    spec.write_text(OTHER)
    (output / "stray.py").touch()
    before = content(output)
    assert generate("--check") == STALE
    assert content(output) == before


@pytest.mark.usefixtures("_quick", "spec")
@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_was_not_generated_is_not_replaced(output: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    file = output / "mine" if kind == "folder" else output
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")
    assert generate() == FAILED
    assert "was not generated, and would be lost" in capsys.readouterr().err
    assert file.read_text() == "mine"


@pytest.mark.usefixtures("_quick")
def test_a_full_disk_changes_nothing(spec: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate()
    before = content(output)
    spec.write_text(OTHER)

    def fill_the_disk(folder: Path, spec: Spec, _: Path, *, allow_missing: bool) -> None:  # noqa: ARG001 - as the real one
        folder.mkdir()
        raise OSError(errno.ENOSPC, "No space left on device", str(spec.path))

    monkeypatch.setattr(update, "generate_into", fill_the_disk)
    assert generate() == FAILED
    assert content(output) == before
    assert {path.name for path in output.parent.iterdir()} == {"generated", "spec"}


@pytest.mark.slow
@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("generating", signal.SIGINT),
        ("generating", signal.SIGTERM),
        ("generating", signal.SIGKILL),
        ("replacing", signal.SIGINT),
        ("replacing", signal.SIGTERM),
    ],
)
def test_a_killed_run_changes_nothing(spec: Path, output: Path, moment: str, number: signal.Signals) -> None:
    generate()
    before = content(output)
    spec.write_text(OTHER)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.quick_generation", moment, f"--spec={spec}", f"--output={output}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=hear_ctrl_c,
    )
    assert process.stdout
    assert process.stdout.readline() == f"{AT_WORK}\n"
    process.send_signal(number)
    said, _ = process.communicate()
    assert process.returncode != 0
    assert "Traceback" not in said
    assert content(output) == before
    assert generate() == FRESH, "the next run works"
    assert {path.name for path in output.parent.iterdir()} == {"generated", "spec"}, "and removes leftovers"


def command(spec: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "scripts.generate", "--spec", str(spec), "--output", str(output)]


@pytest.mark.parametrize("number", share_out([signal.SIGINT, signal.SIGTERM, signal.SIGKILL], slow=0))
def test_a_run_killed_at_any_moment_leaves_the_old_code_or_the_new(
    things: Path, tmp_path: Path, number: signal.Signals
) -> None:
    old = shutil.copytree(things, tmp_path / "project") / "generated"
    spec = old.parent / "spec" / "openapi.yaml"
    spec.write_text(spec.read_text().replace("[red, green]", "[red, blue]"))
    new = tmp_path / "new"
    assert main(["--spec", str(spec), "--output", str(new)]) == FRESH
    before, after = content(old), content(new)
    for step in range(8):
        process = subprocess.Popen(
            command(spec, old), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=hear_ctrl_c
        )
        try:
            process.wait(step * 0.3)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        process.communicate()
        assert content(old) in ((before, after) if process.returncode else (after,))


@pytest.mark.slow
def test_a_file_system_that_is_full_changes_nothing(things: Path, tmp_path: Path) -> None:
    output = shutil.copytree(things, tmp_path / "project") / "generated"
    before = content(output)
    spec = output.parent / "spec" / "openapi.yaml"
    spec.write_text(spec.read_text().replace("[red, green]", "[red, blue]"))
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


@pytest.mark.slow
def test_is_deterministic_across_folders_and_hash_seeds(tmp_path: Path) -> None:
    outputs = [tmp_path / seed / "generated" for seed in ("1", "2")]
    for output in outputs:
        output.parent.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": output.parent.name}
        run = command(ROOT / "spec" / "openapi.yaml", output)
        subprocess.run(run, check=True, cwd=ROOT, env=environment, capture_output=True)
    assert compare(*outputs) == []
