"""The code that is generated from the specs of the zoo, in folders that the tests of a session share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import yaml

from scripts.generate.update import update
from spec.reader import parse_spec
from tests.conftest import ROOT
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ZOO = ROOT / "tests" / "data" / "zoo"
ANOTHER = ROOT / "tests" / "data" / "zoo.yaml"


def unite(*texts: str) -> str:
    """One spec with the paths and components of several. All else is the first one's.

    Code is generated from one spec faster than from several: the generators take a second to start.

    Raises:
        ValueError: a name stands in two of them.
    """
    first, *others = map(yaml.safe_load, texts)
    for other in others:
        _add(first["paths"], other["paths"])
        for kind, named in other.get("components", {}).items():
            _add(first["components"].setdefault(kind, {}), named)
    return str(yaml.safe_dump(first, sort_keys=False))


def _add(named: dict[str, Any], further: dict[str, Any]) -> None:
    if twice := named.keys() & further.keys():
        raise ValueError(f"several specs name {twice}")
    named.update(further)


def generated_operations(factory: pytest.TempPathFactory) -> Path:
    """The code of another contract, with operations of every style and kind of body beside its own."""
    return generated(factory, "every-style", unite(ANOTHER.read_text(), (ZOO / "operations.yaml").read_text()))


def generated(factory: pytest.TempPathFactory, name: str, text: str) -> Path:
    """The folder of the code that is generated from a spec's text."""

    def fill(folder: Path) -> None:
        update(parse_spec(folder / "openapi.yaml", text), folder / "generated", check=False)

    return shared_folder(factory, name, fill) / "generated"


def run(folder: Path, code: str, given: object) -> Any:  # noqa: ANN401 - JSON
    """What code prints as JSON that imports the generated packages, and reads `given` as JSON from its input."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


def complaints_of_type_checkers(folder: Path, scratch: Path) -> list[str]:
    """The output of each type checker that complains of the code in a folder. `scratch` takes its files."""
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": [str(folder)]}
    (scratch / "pyrightconfig.json").write_text(json.dumps(settings | {"extraPaths": [str(folder)]}))
    mypy = ["mypy", "--strict", "--warn-unreachable", "--config-file=", f"--cache-dir={scratch / 'cache'}"]
    commands = (
        [*mypy, "voiceos_models", "voiceos_client"],
        ["basedpyright", "--pythonpath", sys.executable, "--project", str(scratch)],
    )
    runs = [
        subprocess.run([sys.executable, "-m", *command], check=False, cwd=folder, capture_output=True, text=True)
        for command in commands
    ]
    return [run.stdout for run in runs if run.returncode]
