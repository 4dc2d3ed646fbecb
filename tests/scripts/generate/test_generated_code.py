"""Generated code that does work at import is refused, and the committed models and client keep the spec's word."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import voiceos_client.models
import voiceos_models
from pydantic import TypeAdapter, ValidationError
from voiceos_models.json_types import AwareDatetime, StrictFloat, StrictInt

from contract_tests.contract.contract import read_contract
from scripts.generate.generated_code import check_code, check_imports
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SPEC = ROOT / "spec" / "openapi.yaml"
SAMPLES = {
    "CreateCall": ROOT / "spec" / "samples" / "create_phone_call.request.json",
    "ConversationResponse": ROOT / "spec" / "samples" / "create_phone_call.response.json",
}
CONTRACT = read_contract(SPEC)
INTEGER = TypeAdapter[object](StrictInt)
NUMBER = TypeAdapter[object](StrictFloat)
DATE_TIME = TypeAdapter[object](AwareDatetime)


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("import os", "imports os, which generated code does not need"),
        ("from subprocess import run", "imports subprocess, which generated code does not need"),
        ("x = open('/etc/passwd')", "calls open while it is imported"),
        ("class A:\n    x: int = eval('1')", "calls eval while it is imported"),
        ("def f(x=print(1)): ...", "calls print while it is imported"),
        ("@exit(1)\ndef f(): ...", "calls exit while it is imported"),
        ("class A(print('base')): ...", "calls print while it is imported"),
        ("x = [i for i in exec('1')]", "calls exec while it is imported"),
        ("while True: pass", "has a statement that generated code does not need"),
        ("if 1: x = 1", "has a statement that generated code does not need"),
        ("1 + 1", "has a statement that generated code does not need"),
        ("x = (", ": is not Python"),
    ],
)
def test_code_that_does_work_at_import_is_refused(tmp_path: Path, code: str, complaint: str) -> None:
    (tmp_path / "module.py").write_text(code)
    complaints = check_code(tmp_path)
    assert complaints
    assert complaint in complaints[0]


def test_code_that_declares_is_taken(tmp_path: Path) -> None:
    code = (
        '"""Doc."""\nfrom enum import StrEnum\nclass A(StrEnum):\n    """Doc."""\n    a = "a"\ndef f():\n    exit()\n'
    )
    (tmp_path / "module.py").write_text(code)
    assert check_code(tmp_path) == []


def test_a_module_that_cannot_be_imported_is_refused(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("from enum import Enumeration\n")
    (complaint,) = check_imports(tmp_path)
    assert "cannot import name 'Enumeration'" in complaint


def test_no_name_is_a_generators_invention() -> None:
    modules = [file.stem for file in (ROOT / "generated").rglob("*.py")]
    trees = [ast.parse(file.read_text()) for file in (ROOT / "generated").rglob("*.py")]
    classes = [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert [name for name in [*modules, *classes] if re.search(r"\d$|[Tt]ype_?\d", name)] == []


def test_every_named_schema_has_a_model() -> None:
    assert set(voiceos_models.__all__) == set(CONTRACT.value("/components/schemas"))


def test_every_object_and_enumeration_has_a_client_class() -> None:
    named = {
        name
        for name, schema in CONTRACT.value("/components/schemas").items()
        if "enum" in schema or schema.get("type") == "object"
    }
    assert named <= set(voiceos_client.models.__all__)


def test_type_checkers_read_the_list_of_exports_however_long_it_is() -> None:
    assert isinstance(voiceos_client.models.__all__, list)  # Pyright gives up on tuples of more than 256


def test_a_model_is_imported_when_it_is_asked_for() -> None:
    code = """
import sys, voiceos_client.models as models
assert not [name for name in sys.modules if name.startswith("voiceos_client.models.")]
assert models.CreateCall is models.CreateCall
assert "voiceos_client.models.hook" not in sys.modules
assert {*models.__all__} <= {*dir(models)}
print(*[getattr(models, name).__name__ for name in models.__all__])
models.Hooked
"""
    environment = {"PYTHONPATH": str(ROOT / "generated")}
    done = subprocess.run([sys.executable, "-c", code], check=False, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == list(voiceos_client.models.__all__)
    assert "AttributeError: module 'voiceos_client.models' has no attribute 'Hooked'" in done.stderr


def test_both_packages_have_the_specs_version_and_types() -> None:
    for package in (voiceos_models, voiceos_client):
        assert package.__version__ == CONTRACT.spec.document["info"]["version"]
        assert (ROOT / "generated" / package.__name__ / "py.typed").exists()


@pytest.mark.nightly
def test_generated_code_passes_mypy_strict(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}"]
    done = subprocess.run(
        [*command, "voiceos_models", "voiceos_client"],
        check=False,
        cwd=ROOT / "generated",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("kind", "value", "accepted"),
    [
        (INTEGER, 600, True),
        (INTEGER, 1.0, True),
        (INTEGER, 2**70, True),
        (INTEGER, 1.5, False),
        (INTEGER, "600", False),
        (INTEGER, True, False),
        (NUMBER, 1, True),
        (NUMBER, 0.5, True),
        (NUMBER, True, False),
        (NUMBER, "1", False),
        (NUMBER, float("nan"), False),
        (NUMBER, float("inf"), False),
        (DATE_TIME, "2026-01-31T09:30:00Z", True),
        (DATE_TIME, "2026-01-31t09:30:00.123456+01:00", True),
        (DATE_TIME, 1700000000, False),
        (DATE_TIME, "1700000000", False),
        (DATE_TIME, "2026-01-31T09:30:00", False),
        (DATE_TIME, "2026-01-31 09:30:00Z", False),
        (DATE_TIME, "2026-02-30T09:30:00Z", False),
    ],
)
def test_scalars_are_those_of_json_schema(kind: TypeAdapter[object], value: object, *, accepted: bool) -> None:
    for is_valid in (_validates(kind, value), _validates_json(kind, value)):
        assert is_valid is accepted


def test_a_large_number_keeps_its_digits() -> None:
    assert NUMBER.validate_json("9007199254740993") == 2**53 + 1


@pytest.mark.parametrize("name", SAMPLES)
def test_models_keep_a_sample_whole(name: str) -> None:
    text = SAMPLES[name].read_text()
    model = getattr(voiceos_models, name).model_validate_json(text)
    assert json.loads(model.model_dump_json()) == json.loads(text)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_client_keeps_a_sample_whole(name: str) -> None:
    data = json.loads(SAMPLES[name].read_text())
    assert getattr(voiceos_client.models, name).from_dict(data).to_dict() == data


def _validates(kind: TypeAdapter[object], value: object) -> bool:
    try:
        kind.validate_python(value)
    except ValidationError:
        return False
    return True


def _validates_json(kind: TypeAdapter[object], value: object) -> bool:
    try:
        kind.validate_json(json.dumps(value))
    except ValidationError:
        return False
    return True
