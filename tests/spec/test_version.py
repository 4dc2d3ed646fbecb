"""A document of another version of OpenAPI is refused, with the command that upgrades an older one."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.contract.contract import read_contract
from spec.reader import SpecError, parse_spec
from spec.version import find_version_problems
from tests.support.minimal import MINIMAL

UPGRADE = "; upgrade it: npx @scalar/cli document upgrade api.yaml --output api.yaml"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("openapi: 3.1.0", None),
        ("openapi: 3.1.1", None),
        ("openapi: 3.0.3", f"is not an OpenAPI 3.1 document{UPGRADE}"),
        ("swagger: '2.0'", f"is not an OpenAPI 3.1 document{UPGRADE}"),
        ("openapi: 3.2.0", "is not an OpenAPI 3.1 document"),
        ("title: A", "is not an OpenAPI 3.1 document"),
    ],
)
def test_another_version_is_a_problem_at_its_line(head: str, message: str | None) -> None:
    problems = find_version_problems(parse_spec(Path("api.yaml"), f"{head}\ninfo: {{title: A, version: 1.0.0}}\n"))
    assert [(each.place.line, each.message) for each in problems] == ([(1, message)] if message else [])


def test_a_run_refuses_another_version_as_the_generator_does(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(MINIMAL.replace("3.1.0", "3.0.3"))
    with pytest.raises(SpecError, match=r"3\.1 document; upgrade it: npx @scalar/cli document upgrade "):
        read_contract(path)
