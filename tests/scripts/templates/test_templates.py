"""The templates serve any contract: the client of another one, with what this one has not, is generated and used."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.conftest import ROOT
from tests.support.zoo import generated_operations

if TYPE_CHECKING:
    from pathlib import Path

DATA: Final = ROOT / "tests" / "data"


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_operations(tmp_path_factory)


def test_another_contracts_client_reads_writes_and_tolerates(zoo: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", str(DATA / "use_zoo.py")],
        check=False,
        env={"PYTHONPATH": str(zoo)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "well\n", done.stderr


@pytest.mark.nightly
def test_another_contracts_code_passes_mypy_strict(zoo: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=/dev/null"]
    done = subprocess.run(
        [*command, "voiceos_models", "voiceos_client"], check=False, cwd=zoo, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_the_servers_variables_have_their_defaults(zoo: Path) -> None:
    assert "'https://eu.zoo.example/v1'" in (zoo / "voiceos_client" / "server.py").read_text().replace('"', "'")
