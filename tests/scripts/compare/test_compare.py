"""The comparison counts what a package loses."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from scripts.compare.__main__ import main
from scripts.compare.bodies import newer_document
from scripts.compare.table import Package, rows, table
from spec.reader import read_spec
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LOSSY = """
class Base:
    def __init__(self, content):
        self.content = content
    @classmethod
    def from_dict(cls, content):
        return cls(content)
    def to_dict(self):
        return {key: value for key, value in self.content.items() if value is not None}
class CreateCall(Base):
    pass
class ConversationResponse(Base):
    @classmethod
    def from_dict(cls, content):
        if content["type"] == "web_call":
            raise ValueError("web_call is not one of them")
        return cls({key: value for key, value in content.items() if key != "newer_field"})
"""
OPTIONS = ("--title", "other 1.0", "--module", "other")


@pytest.fixture(autouse=True)
def few_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.compare.bodies.BODIES", 12)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "generated"))


def counts(line: str) -> list[tuple[int, int]]:
    return [(int(cell.split()[0]), int(cell.split()[2])) for cell in line.strip("| ").split(" | ")[1:]]


@pytest.mark.slow
def test_the_table_counts_what_each_package_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.py").write_text(LOSSY)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'generated'}:{tmp_path}")
    packages = [Package("other", "other", sys.executable), Package("ours", "voiceos_client.models", sys.executable)]
    lines = table(rows(read_spec(ROOT / "spec" / "openapi.yaml")), packages).splitlines()
    assert lines[0] == "|  | other | ours |"
    for line in lines[2:]:
        (theirs, tried), (ours, tried_too) = counts(line)
        assert ours == tried == tried_too
        assert 0 < theirs < tried


def test_a_newer_server_knows_more_members_and_fields() -> None:
    document = {"schemas": {"A": {"type": "object", "properties": {"b": {"enum": ["c"]}}}}}
    newer = newer_document(document)["schemas"]["A"]["properties"]
    assert newer == {"b": {"enum": ["c", "newer_member"]}, "newer_field": {"type": "string"}}
    assert "newer_field" not in document["schemas"]["A"]["properties"]


@pytest.mark.parametrize(
    ("python", "message"),
    [
        (sys.executable, "other cannot be used by "),
        ("/nowhere/python", "No such file or directory: '/nowhere/python'"),
    ],
)
def test_a_package_that_cannot_be_used_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, python: str, message: str
) -> None:
    monkeypatch.setattr("scripts.compare.bodies.BODIES", 1)
    assert main([*OPTIONS, "--python", python]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
