"""The page about TypeScript: its command makes types for which its code type-checks. npm installs the locked tools."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Final

import pytest

from scripts.redocly.installation import install_locked
from scripts.redocly.node import run_node
from spec.document import is_for_people, keywords
from spec.paths import ROOT, SPEC
from spec.reader import read_spec
from tests.docs.pages import blocks
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from pathlib import Path

PAGE: Final = "docs/typescript.md"
LOCKED: Final = ROOT / "requirements" / "typescript"
OPTION: Final = "--default-non-nullable=false"
TIMEOUT: Final = 120.0
IMPORT: Final = 'import type { CreateCall } from "./page";\n'
WRONG: Final = {
    "lacking": ('{ from_number: "+12025550142" }', "Property 'to_number' is missing"),
    "mistyped": (
        '{ from_number: "1", to_number: "2", agent_id: 3 }',
        "Type 'number' is not assignable to type 'string'",
    ),
    "unknown": (
        '{ from_number: "1", to_number: "2", agent_config: { voice: { provider: "nobody" } } }',
        "Type '\"nobody\"' is not assignable",
    ),
}
"""Modules with wrong requests, each with what the compiler says of it."""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the locked tools in `tools/node_modules`."""
    return shared_folder(tmp_path_factory, "typescript", lambda folder: install_locked(LOCKED, folder / "tools"))


def words() -> list[str]:
    """The words of the page's command."""
    (command,) = blocks(PAGE, "sh")
    return shlex.split(command)


def make_types(tools: Path, folder: Path, *without: str) -> str:
    """Runs the page's command in a folder, without some of its words, and returns the types that it makes."""
    options = [word.replace("spec/openapi.yaml", str(SPEC)) for word in words()[2:] if word not in without]
    script = tools / "tools" / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    done = run_node(script, *options, cwd=folder, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    return (folder / "voiceos.d.ts").read_text(encoding="utf-8")


def check_types(tools: Path, folder: Path, **modules: str) -> str:
    """The complaints of the TypeScript compiler about the page's code and further modules; empty if it has none."""
    (code,) = blocks(PAGE, "ts")
    for name, text in {"page": code, **modules}.items():
        (folder / f"{name}.ts").write_text(text, encoding="utf-8")
    files = [f"{name}.ts" for name in ("page", *modules)]
    script = tools / "tools" / "node_modules" / "typescript" / "bin" / "tsc"
    options = ("--noEmit", "--strict", "--lib", "es2022,dom")
    done = run_node(script, *options, *files, cwd=folder, timeout=TIMEOUT)
    return done.stdout


def test_the_page_names_the_locked_version() -> None:
    locked = json.loads((LOCKED / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    version = locked["node_modules/openapi-typescript"]["version"]
    assert words()[:2] == ["npx", f"openapi-typescript@{version}"]


@pytest.mark.slow
def test_the_code_of_the_page_type_checks_and_wrong_requests_do_not(tools: Path, tmp_path: Path) -> None:
    make_types(tools, tmp_path)
    modules = {name: f"{IMPORT}export const call: CreateCall = {call};\n" for name, (call, _) in WRONG.items()}
    said = check_types(tools, tmp_path, **modules)
    found = dict(re.findall(r"(?m)^(\w+)\.ts\(.*?: error (.*)$", said))
    assert {*found} == {*WRONG}, said  # and so none about the page
    assert {name: complaint for name, (_, complaint) in WRONG.items() if complaint not in found[name]} == {}


@pytest.mark.slow
def test_the_option_is_needed(tools: Path, tmp_path: Path) -> None:
    make_types(tools, tmp_path, OPTION)
    assert "Property 'agent_config' is missing" in check_types(tools, tmp_path)


@pytest.mark.slow
def test_every_default_stays_in_a_comment(tools: Path, tmp_path: Path) -> None:
    found = [each for each in keywords(read_spec(SPEC).document) if each.in_schema and each.name == "default"]
    defaults = [each.pointer for each in found if not is_for_people(each.pointer)]
    assert make_types(tools, tmp_path).count("@default ") == len(defaults) > 0
