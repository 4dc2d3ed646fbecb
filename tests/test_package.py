"""What `pip install .` gives."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import distributions
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT
from tests.support.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract


@pytest.mark.slow
def test_the_wheel_has_the_specs_version(wheel: Path, contract: Contract) -> None:
    assert wheel.name.startswith(f"voiceos_contract-{contract.spec.document['info']['version']}-")


def test_the_wheel_holds_what_a_user_needs_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {
        "voiceos_models",
        "voiceos_client",
        "voiceos_contract",
        "voiceos_testing",
    }
    assert {"voiceos_models/py.typed", "voiceos_client/py.typed", "voiceos_testing/py.typed"} <= set(names)


def test_a_user_needs_four_distributions(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    (distribution,) = distributions(path=[str(tmp_path)])
    required = [Requirement(text) for text in distribution.requires or []]
    assert {one.name for one in required if not one.marker} == {"attrs", "httpx", "pydantic", "typing-extensions"}
    assert {re.findall('extra == "([a-z]+)"', str(one.marker))[0] for one in required if one.marker} == {
        "mock",
        "pytest",
    }


def test_what_a_user_imports_needs_nothing_else() -> None:
    allowed = {*sys.stdlib_module_names, "attr", "attrs", "httpx", "pydantic", "pydantic_core", "typing_extensions"}
    for file in (ROOT / "generated").rglob("*.py"):
        nodes = read_source(file).imports
        absolute = [node for node in nodes if isinstance(node, ast.Import) or not node.level]
        names = [node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name for node in absolute]
        assert {name.partition(".")[0] for name in names} <= allowed, file


@pytest.mark.slow
def test_pip_installs_it_from_a_checkout(tmp_path: Path) -> None:
    # What builds the package and what it requires are here already: nothing is fetched.
    here = os.environ | {"PYTHONPATH": sysconfig.get_path("purelib")}
    subprocess.run([sys.executable, "-m", "venv", tmp_path], check=True)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([tmp_path / "bin" / "pip", "install", *options, "."], check=True, cwd=ROOT, env=here)
    # The tests' own environment has links to the same packages, for what is not installed.
    (installed,) = tmp_path.glob("lib/python*/site-packages")
    code = "import voiceos_client.models, voiceos_models as models; print(models.__version__, models.__file__)"
    done = subprocess.run(
        [tmp_path / "bin" / "python", "-P", "-c", code],
        check=True,
        cwd=tmp_path,
        env=here | {"PYTHONPATH": f"{installed}{os.pathsep}{here['PYTHONPATH']}"},
        capture_output=True,
        text=True,
    )
    version, file = done.stdout.split()
    assert file.startswith(str(tmp_path))
    assert list(tmp_path.rglob(f"voiceos_contract-{version}.dist-info"))


IMPORT_A_CALL = """
import sys, httpx
before = {*sys.modules}
import voiceos_client
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import ConversationResponse, CreateCall
print(*sorted({name.partition(".")[0] for name in {*sys.modules} - before} - sys.stdlib_module_names))
print("voiceos_client.models.azure_voice" in sys.modules)
"""


def test_importing_the_client_imports_little_beside_httpx() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_A_CALL], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["attr attrs voiceos_client", "False"]


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_wheels_command_serves_the_mock(wheel: Path, tmp_path: Path) -> None:
    """As after `pip install ".[mock]"`: its entry point is that of the command `voiceos-mock`."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    (distribution,) = distributions(path=[str(tmp_path)])
    (command,) = (entry for entry in distribution.entry_points if entry.group == "console_scripts")
    assert command.name == "voiceos-mock"
    module, function = command.value.split(":")
    code = (
        f"import sys; sys.argv = ['voiceos-mock', '--state', '/']; from {module} import {function} as m; sys.exit(m())"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "the state cannot be kept in /")
