"""What `pip install .` gives."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract import Contract


def test_the_wheel_has_the_specs_version(wheel: Path, contract: Contract) -> None:
    assert wheel.name.startswith(f"voiceos_contract-{contract.spec.document['info']['version']}-")


def test_the_wheel_holds_what_a_user_needs_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {
        "voiceos_models",
        "voiceos_client",
        "voiceos_contract",
    }
    assert {"voiceos_models/py.typed", "voiceos_client/py.typed"} <= set(names)


def test_the_packages_of_the_wheel_can_be_imported(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "import voiceos_client, voiceos_models; print(voiceos_client.__file__, voiceos_models.__file__)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert all(path.startswith(str(tmp_path)) for path in done.stdout.split())
