"""The client's `server.py`: the names of personal fields are those that the spec marks."""

from __future__ import annotations

import json
import runpy
from typing import TYPE_CHECKING, Any

import pytest

from scripts.generate.server_module import server_module
from spec.reader import read_spec

if TYPE_CHECKING:
    from pathlib import Path

MARKED = {"type": "string", "x-personal": True}


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ({"properties": {"prompt": MARKED, "id": {"type": "string"}}}, ("prompt",)),
        ({"properties": {"b": MARKED, "a": {"items": {"properties": {"a": MARKED}}}}}, ("a", "b")),
        ({"properties": {"properties": {"properties": {"deep": MARKED}}}}, ("deep",)),
        ({"properties": {"no": MARKED | {"x-personal": False}}}, ()),
        ({"properties": True}, ()),
    ],
)
def test_the_personal_fields_are_those_that_the_spec_marks(
    schema: dict[str, Any], names: tuple[str, ...], tmp_path: Path
) -> None:
    spec_file, module = tmp_path / "openapi.json", tmp_path / "server.py"
    spec_file.write_text(json.dumps({"components": {"schemas": {"A": schema}}}))
    module.write_text(server_module("a_client", read_spec(spec_file)))
    assert runpy.run_path(str(module))["PERSONAL"] == names
