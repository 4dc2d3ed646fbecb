"""Code that several tests of scripts/ look at, generated once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.generate.update import update
from spec.reader import read_spec
from tests.conftest import ROOT
from tests.support.repositories import THINGS, write_spec
from tests.support.shared import shared_folder

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
    """The folder that this project's spec generates now."""
    spec = read_spec(ROOT / "spec" / "openapi.yaml")
    return (
        shared_folder(tmp_path_factory, "anew", lambda folder: update(spec, folder / "generated", check=False))
        / "generated"
    )
