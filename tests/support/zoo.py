"""The code that is generated from the specs of the zoo, in folders that the tests of a session share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from scripts.generate.update import update
from spec.reader import parse_spec
from tests.conftest import ROOT
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ZOO = ROOT / "tests" / "data" / "zoo"


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
