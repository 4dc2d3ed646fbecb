"""Every command of the README and of docs/ runs: here, in another test, or in CI."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stdout, suppress
from functools import cache
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from contract_tests.kills.__main__ import main
from contract_tests.kills.kill import TOKEN
from contract_tests.servers.mock import PATH
from tests.conftest import ROOT
from tests.docs.pages import COMMANDS, FLAGS, MENTIONED, Command, blocks, sessions, task
from tests.docs.test_mock_page import CURL
from tests.support.commands import SHORT, Finished, main_of
from tests.support.readme_run import ADDRESS, SERVE, TEST_BROKEN, result_of_run, run_readme_commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.servers.on_demand import MockServer

SET_UP: Final = (
    "python3 -m venv .venv && .venv/bin/pip install --quiet --require-hashes -r requirements/nox.txt"
    " && .venv/bin/nox -s contract"
)
OWN_TESTS: Final = ".venv/bin/nox -s tests"
TEST_MOCK: Final = "VOICEOS_TOKEN=mock-token nox -s contract -- --url http://127.0.0.1:8000"
TEST_MOCK_WITH_PYTEST: Final = "VOICEOS_TOKEN=mock-token pytest contract_tests --url http://127.0.0.1:8000"
LIST: Final = "nox -s kills -- --list"
REPLAY: Final = "nox -s contract -- --replay contract-report/findings/1.json --url http://127.0.0.1:8000"
RECORDING: Final = "nox -s contract -- --recording traffic.har"
RECORDING_OF_STAGING: Final = "nox -s contract -- --recording traffic.har --url https://staging.example.com"
IMPORT_TIME: Final = 'python -X importtime -c "import voiceos_client"'
VERDICT: Final = """python3 -c "import json; print(json.load(open('contract-report/result.json'))['verdict'])\""""
KEEP_LAST: Final = (
    """grep -q '"verdict": "untestable"' contract-report/result.json"""
    " || { rm -rf last-report && cp -R contract-report last-report; }"
)
ENVIRONMENT: Final = "export VOICEOS_TOKEN=mock-token VOICEOS_BASE_URL=http://127.0.0.1:8000"
HERE: Final = {
    *(TEST_BROKEN, TEST_MOCK, TEST_MOCK_WITH_PYTEST, LIST, REPLAY),
    *(RECORDING, RECORDING_OF_STAGING, IMPORT_TIME, ENVIRONMENT, VERDICT, KEEP_LAST),
}
"""Commands that a test below runs."""
EXAMPLES: Final = "tests/examples/test_examples.py"
ELSEWHERE: Final = {
    SERVE: "tests/contract_tests/kills/test_kills.py",
    "VOICEOS_TOKEN=a-token nox -s contract -- --url http://127.0.0.1:8000 --rings-nobody --seed 1": EXAMPLES,
    "PYTHONPATH=generated .server/bin/uvicorn --app-dir examples/server mended:app --port 8000": EXAMPLES,
    (
        "python3 -m venv .server && .server/bin/pip install --quiet fastapi uvicorn"
        " && .server/bin/uvicorn --app-dir examples/server app:app --port 8000"
    ): EXAMPLES,
    SET_UP: ".ci/run",
    OWN_TESTS: ".ci/run",
    "nox -s drift": ".ci/run",
    "nox -s drift -- --base HEAD": ".ci/run",
    "nox -s drift -- --format json": "tests/scripts/drift/test_gate.py",
    "nox -s generate": "tests/scripts/generate/test_generate.py",
    "nox -s generate -- --check": "tests/scripts/generate/test_generate.py",
    "nox -s contract -- --dry-run --max-calls 20": "tests/contract_tests/run/test_dry_run.py",
    "nox -s contract -- --dry-run -v": "tests/contract_tests/test_session.py",
    "nox -s kills -- --sample 20": "tests/contract_tests/kills/test_kills.py",
    "nox -s kills -- --curve --sample 20": "tests/contract_tests/kills/test_curve.py",
    "nox -s kills -- --recorded --sample 20": "tests/contract_tests/kills/test_recorded.py",
    "nox -s build -- --directory dist": "tests/conftest.py",
    "npx openapi-typescript@7.13.0 spec/openapi.yaml --default-non-nullable=false --output voiceos.d.ts": (
        "tests/docs/test_typescript.py"
    ),
    "nox -s proxy -- --url https://staging.example.com --save traffic.ndjson": "tests/contract_tests/test_proxy.py",
    (
        "nox -s proxy -- --url https://staging.example.com --to-number +12025550143 --from-number +12025550142 "
        "--max-calls 20"
    ): "tests/contract_tests/test_proxy.py",
    "python -m contract_tests.recordings traffic.har": "tests/contract_tests/test_recordings.py",
    "python -m contract_tests.recordings traffic.ndjson --cluster local:4": "tests/contract_tests/run/test_cluster.py",
    "pip install .": "tests/test_package.py",
    "nox -s contract -- --format github": "tests/contract_tests/test_session.py",
    "nox -s contract -- --against last-report --history history.jsonl": "tests/contract_tests/test_session.py",
    **dict.fromkeys(
        (
            "nox -s contract -- --shard 1/2 --report-dir shard-1",
            "nox -s contract -- --shard 2/2 --report-dir shard-2",
            "nox -s merge -- shard-1 shard-2",
        ),
        "tests/contract_tests/run/test_shards.py",
    ),
    "nox -s contract -- --baseline accepted.json": "tests/contract_tests/test_session.py",
    (
        "nox -s contract -- --accept 1,2 --baseline accepted.json "
        '--reason "mended in the next release" --until 2026-12-31'
    ): "tests/contract_tests/test_commands.py",
    "nox -s contract -- --prune --baseline accepted.json": "tests/contract_tests/test_commands.py",
    'pip install ".[pytest]"': "tests/contract_tests/servers/test_plugin.py",
    'pip install ".[mock]"': "tests/test_package.py",
    "voiceos-mock": "tests/test_package.py",
    "voiceos-mock --spec openapi.yaml": "tests/contract_tests/servers/test_command.py",
    **dict.fromkeys(CURL, "tests/docs/test_mock_page.py"),
}
"""Commands that another test runs, or CI: with the file that does."""
NEEDS_A_SERVER: Final = {
    (
        "VOICEOS_TOKEN=a-token nox -s contract -- --url https://staging.example.com "
        "--to-number +12025550143 --from-number +12025550142 --max-calls 75"
    ),
}
"""Commands that only a staging server could answer. Their options are looked up in `--help`."""
NEEDS_IMAGES: Final = {
    "podman build --tag voiceos-mock --file Containerfile .",
    "podman run --rm --publish 127.0.0.1:8000:8000 voiceos-mock",
    (
        "podman run --rm --publish 127.0.0.1:8000:8000 --volume ./openapi.yaml:/openapi.yaml:ro "
        "voiceos-mock --spec /openapi.yaml"
    ),
}
"""Commands that take an image from elsewhere. `nox -s lint` lints the file, and tests/test_repository.py reads it."""
IMAGE: Final = "registry.example.com/contract"
STORE: Final = "python -m contract_tests.recordings s3://traffic/2026-01-31/ --cluster tcp://"
NEEDS_MACHINES: Final = {
    "dask scheduler --host 10.0.0.1",
    "dask worker tcp://10.0.0.1:8786 --nthreads 1 --nworkers auto",
    f"{STORE}10.0.0.1:8786",
    f"kubectl create deployment scheduler --image {IMAGE} -- dask scheduler",
    "kubectl expose deployment scheduler --port 8786",
    f"kubectl create deployment workers --replicas 20 --image {IMAGE} -- dask worker tcp://scheduler:8786 --nthreads 1",
    f"kubectl run judge --rm --stdin --restart Never --image {IMAGE} -- {STORE}scheduler:8786",
}
"""Commands that need other machines. tests/contract_tests/run/test_cluster.py runs a cluster on the loopback."""
FOREIGN: Final = {"tests", "lint", "build", "relock"}
"""Sessions whose options are those of pytest, Ruff, hatchling and uv."""


def run(text: str, folder: Path, *further: str) -> subprocess.CompletedProcess[str]:
    """Runs a page's command as its nox session would, with reports in the folder."""
    command = Command(text)
    assert command.session
    arguments = task(command.session, *command.options, *further, f"--report-dir={folder}")
    environment = os.environ | command.environment
    return subprocess.run(arguments, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def broken_run_and_replay(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Finished]:
    """The README's run of the broken server, and the replay of its finding."""
    return run_readme_commands(tmp_path_factory)


@pytest.fixture(scope="module")
def broken_run(broken_run_and_replay: tuple[Finished, Finished]) -> Finished:
    return broken_run_and_replay[0]


def test_every_command_is_run_somewhere() -> None:
    assert {command.text for command in COMMANDS} == HERE | {
        *ELSEWHERE
    } | NEEDS_A_SERVER | NEEDS_IMAGES | NEEDS_MACHINES


@pytest.mark.parametrize(("text", "file"), ELSEWHERE.items())
def test_a_command_that_is_run_elsewhere_is_run_there(text: str, file: str) -> None:
    runs = (ROOT / file).read_text()
    assert all(flag in runs for flag in Command(text).flags)
    assert file != ".ci/run" or re.search(r"readme_command|" + re.escape(text), runs)


def test_ci_takes_the_first_two_commands_from_the_readme() -> None:
    runs = (ROOT / ".ci" / "run").read_text()
    assert {"$(readme_command 0)", "$(readme_command 1)"} <= {*re.findall(r"\$\(readme_command \d\)", runs)}
    first = [block.strip() for block in blocks("README.md", "sh")[:2]]
    assert first == [SET_UP, OWN_TESTS]


@pytest.mark.parametrize("command", [*COMMANDS, *MENTIONED], ids=lambda command: command.text)
def test_a_command_names_a_session_and_options_that_exist(command: Command) -> None:
    assert command.session is None or command.session in sessions()
    if command.session and command.session not in FOREIGN and command.flags - {"--help"}:
        assert command.flags <= flags_of(command.session), command.page


@pytest.mark.parametrize(("page", "flag"), FLAGS)
def test_an_option_that_a_page_mentions_exists(page: str, flag: str) -> None:
    of_others = {word for command in COMMANDS if not command.session for word in re.findall(r"--[\w-]+", command.text)}
    ours = {
        each
        for session in ("contract", "merge", "drift", "generate", "kills", "docs", "mock", "proxy")
        for each in flags_of(session)
    }
    assert flag in ours | of_others, page


def flags_of(session: str) -> set[str]:
    return {*re.findall(r"--[a-z][\w-]*", help_of(session))}


@cache
def help_of(session: str) -> str:
    _, _, module, *arguments = task(session, "--help")
    with redirect_stdout(io.StringIO()) as said, suppress(SystemExit):
        pytest.main(arguments) if module == "pytest" else main_of(module)(arguments)
    return said.getvalue()


@pytest.mark.slow
def test_the_readme_shows_what_a_run_prints(broken_run: Finished) -> None:
    (shown,) = blocks("README.md", "text")
    assert broken_run.code == 1, broken_run.said
    said = as_on_pages(broken_run, broken_run.said)
    for line in without_ids(shown).splitlines():
        assert f"\n{line.partition('…')[0]}" in said


def as_on_pages(run: Finished, text: str) -> str:
    """A text of a run with the address and the folder that pages name."""
    at_address = text.replace(result_of_run(run).url or "", ADDRESS)
    return without_ids(re.sub(r"\S+/reports\b", "contract-report", at_address))


def without_ids(text: str) -> str:
    return re.sub(r"[0-9a-f]{32}", "an-id", text)


@pytest.mark.slow
def test_a_finding_is_sent_again(broken_run_and_replay: tuple[Finished, Finished]) -> None:
    run, replay = broken_run_and_replay
    assert as_on_pages(run, result_of_run(run).findings[0].reproduce) == f"{REPLAY} --token-env VOICEOS_TOKEN"
    assert (replay.code, replay.last_line.partition(":")[0]) == (1, "stands"), replay.said


@pytest.mark.slow
def test_a_pipeline_reads_the_verdict(broken_run: Finished, tmp_path: Path) -> None:
    (tmp_path / "contract-report").symlink_to(broken_run.reports)
    arguments = [sys.executable, *shlex.split(VERDICT)[1:]]
    done = subprocess.run(arguments, check=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "violates\n"


@pytest.mark.slow
def test_the_report_of_an_untestable_run_replaces_no_other(broken_run: Finished, tmp_path: Path) -> None:
    (report := tmp_path / "contract-report").mkdir()
    violates = (broken_run.reports / "result.json").read_text()
    untestable = violates.replace('"verdict": "violates"', '"verdict": "untestable"')
    assert untestable != violates
    for text in (violates, untestable):
        (report / "result.json").write_text(text)
        subprocess.run(["sh", "-c", KEEP_LAST], check=True, cwd=tmp_path)
        assert (tmp_path / "last-report" / "result.json").read_text() == violates


@pytest.mark.nightly
def test_the_mock_is_tested_like_any_server(docs_mock: MockServer, tmp_path: Path) -> None:
    docs_mock.reset()
    done = run(TEST_MOCK_WITH_PYTEST.replace(ADDRESS, docs_mock.url), tmp_path, *SHORT)
    assert done.returncode == 0, done.stdout
    assert f"conforms: {docs_mock.url};" in done.stdout


def test_nox_and_pytest_are_told_the_same() -> None:
    by_nox, by_pytest = Command(TEST_MOCK), Command(TEST_MOCK_WITH_PYTEST)
    assert (by_nox.environment, by_nox.options) == (by_pytest.environment, by_pytest.options)


@pytest.mark.slow
@pytest.mark.parametrize("text", [RECORDING, RECORDING_OF_STAGING])
def test_a_recording_is_judged(text: str, docs_mock: MockServer, contract: Contract, tmp_path: Path) -> None:
    host = Command(text).options[-1] if "--url" in text else contract.spec.document["servers"][0]["url"]
    recording = {"log": {"entries": [*record_call(docs_mock, host)]}}
    (tmp_path / "traffic.har").write_text(json.dumps(recording))
    done = run(text.replace("traffic.har", str(tmp_path / "traffic.har")), tmp_path / "report")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 recorded requests, 1 accepted, 0 of 2 entries skipped" in done.stdout


def record_call(mock: MockServer, host: str) -> Iterator[dict[str, object]]:
    """A call of the mock, and the reading of its conversation, as entries of HAR, as if the host had answered."""
    body = {"from_number": "+12025550142", "to_number": "+12025550143"}
    with httpx.Client(base_url=mock.url, headers={"Authorization": f"Bearer {mock.token}"}) as client:
        answer = client.post(PATH, json=body)
        sent = {"mimeType": "application/json", "text": json.dumps(body)}
        yield _entry({"method": "POST", "url": f"{host}{PATH}", "postData": sent}, answer)
        path = f"/conversations/{answer.json()['id']}"
        yield _entry({"method": "GET", "url": f"{host}{path}"}, client.get(path))


def _entry(request: dict[str, object], answer: httpx.Response) -> dict[str, object]:
    received = {"mimeType": "application/json", "text": answer.text}
    return {"request": request, "response": {"status": answer.status_code, "content": received}}


def test_the_list_of_faults_has_the_one_that_the_readme_serves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(Command(LIST).options) == 0
    assert Command(SERVE).options[-1] in capsys.readouterr().out.splitlines()
    assert Command(TEST_BROKEN).environment == {"VOICEOS_TOKEN": TOKEN}


def test_the_time_of_an_import_is_measured() -> None:
    arguments = [sys.executable, *shlex.split(IMPORT_TIME)[1:]]
    done = subprocess.run(arguments, check=True, cwd=ROOT / "generated", capture_output=True, text=True)
    assert " voiceos_client\n" in done.stderr


def test_the_clients_environment_is_that_of_the_mock(docs_mock: MockServer) -> None:
    environment = Command(ENVIRONMENT).environment
    assert environment == {"VOICEOS_TOKEN": docs_mock.token, "VOICEOS_BASE_URL": ADDRESS}
    assert "default: 8000" in help_of("mock")
