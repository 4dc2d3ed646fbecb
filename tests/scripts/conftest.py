"""Code that several tests of scripts/ look at, generated once for all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.exit_codes import FRESH
from scripts.generate.__main__ import main
from scripts.generate.update import update
from spec.reader import read_spec
from tests.conftest import ROOT
from tests.support.odd import FORMS, ODD
from tests.support.repositories import THINGS, write_spec
from tests.support.shared import shared_folder
from tests.support.zoo import unite

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def things(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small spec at spec/openapi.yaml, and generated/ from it."""

    def fill(folder: Path) -> None:
        write_spec(folder, THINGS)
        update(read_spec(folder / "spec" / "openapi.yaml"), folder / "generated", check=False)

    return shared_folder(tmp_path_factory, "things", fill)


@pytest.fixture(scope="session")
def generated_anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the command generates from this project's spec, in a locale that has ASCII alone."""
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    def fill(folder: Path) -> None:
        command = [sys.executable, "-m", "scripts.generate", "--output", str(folder / "generated")]
        subprocess.run(command, check=True, cwd=ROOT, env=os.environ | ascii_alone)

    return shared_folder(tmp_path_factory, "anew", fill) / "generated"


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of an odd spec, with stubs for the operations that the client cannot have."""

    def fill(folder: Path) -> None:
        (folder / "openapi.yaml").write_text(unite(ODD, FORMS))
        options = ["--allow-missing", "--spec", str(folder / "openapi.yaml"), "--output", str(folder / "generated")]
        assert main(options) == FRESH

    return shared_folder(tmp_path_factory, "odd", fill) / "generated"
