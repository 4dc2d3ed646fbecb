"""The repository keeps its own rules: who may import whom, and what stays out of it."""

from __future__ import annotations

import ast
import graphlib
import json
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from contract_tests.result.baseline_file import read_baseline
from contract_tests.target.option_types import shard
from contract_tests.target.options import declared_options
from contract_tests.target.shard import Shard
from spec.reader import read_spec
from tests.conftest import ROOT
from tests.support.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES_THE_ENDPOINT = {"servers", "options.py", "settings.py", "target.py", "live_limits.py"}
"""The files that know this endpoint: our own servers, and the options of targets."""
OUR_FILES = [path for folder in ("contract_tests", "scripts", "spec") for path in sorted((ROOT / folder).rglob("*.py"))]
LOCKS = ("constraints.txt", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "requirements").glob("*.txt")))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FLAGS = {option.flag for option in declared_options()} | {"--no-all-known-names"}
RUN_BY_CI = (ROOT / ".ci" / "run").read_text()
WALLS = {
    "scripts": {"contract_tests", "tests"},
    "contract_tests": {"scripts", "tests"},
    "spec": {"scripts", "contract_tests", "tests"},
    "generated": {"spec", "scripts", "contract_tests", "tests"},
}


@pytest.mark.parametrize(("folder", "forbidden"), WALLS.items())
def test_no_import_crosses_a_wall(folder: str, forbidden: set[str]) -> None:
    for file in sorted((ROOT / folder).rglob("*.py")):
        imported = {name.partition(".")[0] for node in read_source(file).imports for name in _modules(node)}
        assert not imported & forbidden, file


def test_what_serves_any_spec_names_nothing_of_this_one() -> None:
    names = names_of_the_endpoint()
    assert {"to_number", "agent_config"} <= names
    files = [path for path in (ROOT / "contract_tests").rglob("*.py") if not NAMES_THE_ENDPOINT & {*path.parts}]
    found = {str(file.relative_to(ROOT)): names & {*re.findall(r"\w+", file.read_text())} for file in files}
    assert {file: named for file, named in found.items() if named} == {}


def test_the_version_of_python_is_said_alike() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_has_nothing_but_versions_with_their_hashes(file: str) -> None:
    """No option, no address, no path: each would name another source."""
    requirements = re.split(r"\n(?! )", (ROOT / file).read_text().strip())
    assert requirements
    form = re.compile(r"[\w.-]+==[\w.]+( ; [\w '\"=<>!.()]+)? \\(\n    --hash=sha256:[0-9a-f]{64}( \\)?)+")
    assert [text for text in requirements if not form.fullmatch(text)] == []


def test_nox_and_the_build_backend_are_locked_like_all_else() -> None:
    locked = (ROOT / "constraints.txt").read_text()
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert {f"{pin} \\" for pin in needed} <= {*locked.splitlines()}
    for name in ("nox.txt", "mock.txt"):
        assert [line for line in (ROOT / "requirements" / name).read_text().splitlines() if line not in locked] == []


def test_the_container_installs_by_hashes_from_a_lock_that_has_what_the_mock_needs() -> None:
    lines = [line for line in (ROOT / "Containerfile").read_text().splitlines() if "pip install" in line]
    assert all("--require-hashes -r requirements/mock.txt" in line or "--no-deps" in line for line in lines)
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["mock"]
    locked = {*re.findall(r"(?m)^[\w-]+", (ROOT / "requirements" / "mock.txt").read_text())}
    assert {*re.findall(r"(?m)^[\w-]+", "\n".join(needed))} <= locked


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_actions_by_their_commits_and_pip_by_hashes(workflow: Path) -> None:
    lines = workflow.read_text().splitlines()
    actions = [line.strip() for line in lines if "uses:" in line]
    assert actions
    assert [line for line in actions if not re.fullmatch(r"- uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []
    assert [line for line in lines if "pip install" in line and "--require-hashes" not in line] == []


def test_a_file_that_git_should_ignore_is_not_committed() -> None:
    """A committed cache or environment would run in place of the source that a reviewer reads."""
    first = RUN_BY_CI.index("git ls-files --cached --ignored --exclude-standard")
    assert first < RUN_BY_CI.index("readme_command 0")
    command = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"]
    assert subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout == ""


def test_what_decides_which_code_runs_is_shown_in_a_review() -> None:
    folded = [line.split()[0] for line in (ROOT / ".gitattributes").read_text().splitlines() if "linguist" in line]
    assert folded == ["generated/**"]


def test_the_locked_packages_of_npm_name_no_host_and_have_hashes() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = {path.removeprefix("node_modules/"): entry for path, entry in json.loads(text)["packages"].items()}
    locked = {name: entry["version"] for name, entry in packages.items() if name}
    manifest = json.loads((ROOT / "package.json").read_text())
    assert "://" not in text
    assert locked == manifest["dependencies"] | manifest["devDependencies"]
    assert all(packages[name]["integrity"].startswith("sha512-") for name in locked)


@pytest.mark.parametrize("folder", ["requirements/typescript", "tests/data/innocent"])
def test_what_slow_tests_install_by_npm_is_locked(folder: str) -> None:
    text = (ROOT / folder / "package-lock.json").read_text()
    packages = {path: entry for path, entry in json.loads(text)["packages"].items() if path}
    manifest = json.loads((ROOT / folder / "package.json").read_text())
    assert "resolved" not in text
    assert {name: packages[f"node_modules/{name}"]["version"] for name in manifest["dependencies"]} == manifest[
        "dependencies"
    ]
    assert [path for path, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []


def test_the_picture_of_the_readme_is_small() -> None:
    assert 0 < (ROOT / "docs" / "report.png").stat().st_size < 300_000


def test_a_rule_that_is_switched_off_has_its_reason_above() -> None:
    lines = (ROOT / "redocly.yaml").read_text().partition("rules:")[2].splitlines()
    switched_off = [index for index, line in enumerate(lines) if line.endswith(": 'off'")]
    assert switched_off
    assert all(lines[index - 1].lstrip().startswith("# ") for index in switched_off)


def test_the_drift_job_has_the_history_that_it_needs() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]
    for job in jobs.values():
        assert job["steps"][0]["with"]["fetch-depth"] == 0
    assert "nox -s drift" in str(jobs["drift"]["steps"])
    assert "nox -s drift" in RUN_BY_CI
    assert jobs["ci"]["strategy"]["matrix"]["python-version"] == ["3.11", "3.12", "3.13", "3.14"]


@pytest.mark.parametrize(("workflow", "job"), [("staging.yml", "contract"), ("shards.yml", "shard")])
def test_a_job_with_a_secret_installs_before_it_has_it(workflow: str, job: str) -> None:
    steps = yaml.safe_load((ROOT / ".github" / "workflows" / workflow).read_text())["jobs"][job]["steps"]
    secret = [step for step in steps if "secrets." in str(step)]
    assert [step["run"].partition(" contract")[0] for step in secret] == ["nox -R -s"]
    assert any("--install-only" in step.get("run", "") for step in steps[: steps.index(secret[0])])


def test_the_shards_are_those_of_one_run_whose_reports_are_merged() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "shards.yml").read_text())["jobs"]
    shards = [shard(each) for each in jobs["shard"]["strategy"]["matrix"]["shard"]]
    assert shards == [Shard(number, len(shards)) for number in range(1, len(shards) + 1)]
    run, merge = _command_of(jobs["shard"], "nox -R"), _command_of(jobs["merge"], "nox -s merge")
    assert {"--seed", "--shard", "--max-calls"} <= set(re.findall(r"--[a-z-]+", run)) <= FLAGS
    assert set(re.findall(r"--[a-z-]+", merge)) <= FLAGS
    artifacts = [step["with"]["name"] for step in jobs["shard"]["steps"] if "upload-artifact" in step.get("uses", "")]
    assert [fnmatch(artifact, "shard-*") for artifact in artifacts] == [True]
    assert "--pattern 'shard-*' --dir shards" in _command_of(jobs["merge"], "gh run download")
    assert "shards/shard-*" in merge
    assert jobs["merge"]["needs"] == "shard"


def _command_of(job: dict[str, Any], beginning: str) -> str:
    (command,) = [step["run"] for step in job["steps"] if beginning in step.get("run", "")]
    return str(command)


def test_the_staging_job_compares_with_last_night_and_accepts_what_is_known() -> None:
    steps = yaml.safe_load((ROOT / ".github" / "workflows" / "staging.yml").read_text())["jobs"]["contract"]["steps"]
    (run,) = [step["run"] for step in steps if "nox -R" in step.get("run", "")]
    assert {"--against", "--baseline", "--history", "--format"} <= set(re.findall(r"--[a-z-]+", run)) <= FLAGS
    assert read_baseline(ROOT / re.findall(r"--baseline (\S+)", run)[0]).accepted == ()


def test_the_pinned_generators_are_the_locked_ones() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    pins = {pin for group in groups.values() for pin in group if isinstance(pin, str) and "==" in pin}
    assert pins
    pins -= {*groups["vendor-sdk"], *groups["openapi-generator"]}  # of environments of their own
    assert {f"{pin} \\" for pin in pins} <= {*(ROOT / "constraints.txt").read_text().splitlines()}


def test_no_imports_go_in_a_circle() -> None:
    graph = {_module(file): set(_imported_modules(file)) for file in OUR_FILES}
    names = {name: {other for other in others if other in graph} - {name} for name, others in graph.items()}
    try:
        graphlib.TopologicalSorter(names).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"these import each other: {' -> '.join(error.args[1])}", pytrace=False)


def test_a_docstring_begins_with_a_verb_or_a_noun() -> None:
    told = [(file, text) for file in OUR_FILES for text in read_source(file).docstrings]
    wrong = [f"{file.relative_to(ROOT)}: {text}" for file, text in told if text.startswith(("What ", "Whether "))]
    assert wrong == []


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported_modules(file: Path) -> Iterator[str]:
    """The modules that a file imports, those that type checkers alone see included."""
    for node in read_source(file).imports:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        else:
            package = ".".join(_module(file.with_name("x.py")).split(".")[: -node.level or None])
            origin = ".".join(filter(None, [package if node.level else "", node.module]))
            yield from (origin, *(f"{origin}.{name.name}" for name in node.names))


def names_of_the_endpoint() -> set[str]:
    """The names in the spec that are no words of OpenAPI or English."""
    places = read_spec(ROOT / "spec" / "openapi.yaml").places
    return {key for pointer in places for key in pointer.split("/") if "_" in key}


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [] if node.level else [node.module or ""]
