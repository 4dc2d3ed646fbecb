"""The engine as a process: one run of Schemathesis that the tests share, in a hostile environment."""

from __future__ import annotations

import json
import os
import time
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psutil
import pytest
from starlette.responses import JSONResponse

from contract_tests.contract.contract import read_contract
from contract_tests.engine.engine import EngineRun, _phases, engine, right_credentials
from contract_tests.engine.job import FOLDER, LOG, REPORT
from contract_tests.exchange.marks import EXCHANGE_ID, MARK, NO_CALL_LEFT
from contract_tests.runtime.serving import running
from contract_tests.target.credentials import BEARER_ALONE, Credentials
from contract_tests.target.limits import Limits
from contract_tests.target.options import Options
from contract_tests.target.own_values import OwnValues
from tests.conftest import ROOT
from tests.support.applications import Application
from tests.support.sockets import answering, drain

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

SPEC = ROOT / "tests" / "data" / "guarded_things.yaml"
TOKEN, COLOUR = "the-placeholder", "vermilion"
PATIENCE = 120.0
"""How long the engine is waited for, in seconds; no test waits for its end."""


@pytest.mark.parametrize(
    ("fuzzing", "has_links", "phases"),
    [
        (True, True, "coverage,fuzzing,stateful"),
        (True, False, "coverage,fuzzing"),
        (False, True, "coverage"),
    ],
)
def test_links_are_followed_where_random_requests_are_sent(*, fuzzing: bool, has_links: bool, phases: str) -> None:
    assert _phases(Options(fuzzing=fuzzing), has_links=has_links) == phases


def options(report_dir: Path) -> Options:
    return Options(report_dir=report_dir, token_env="VOICEOS_TOKEN", seed=1, spec=SPEC, fuzzing=False)


@dataclass
class Observed:
    """A run of the engine, as the server and the user's proxy saw it."""

    engine_run: EngineRun
    application: Application
    proxied: list[bytes]
    report_dir: Path


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    home = tmp_path_factory.mktemp("home")
    report_dir = tmp_path_factory.mktemp("reports")
    (home / ".netrc").write_text("default login somebody password secret\n")
    (home / ".netrc").chmod(0o600)
    proxied: list[bytes] = []

    def note(connection: socket.socket, request: bytes) -> None:
        proxied.append(request)
        drain(connection)

    application = Application(lambda _request, _body: JSONResponse({"detail": []}, 422))
    with pytest.MonkeyPatch.context() as patch, answering(note) as proxy, running(application) as url:
        patch.setenv("HOME", str(home))
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            patch.setenv(name, proxy)
        patch.setenv("SCHEMATHESIS_HOOKS", "no_such_module")
        with engine() as schemathesis:
            own_values = OwnValues(SPEC, Limits(data={"/colour": COLOUR}))
            credentials = Credentials(read_contract(SPEC).operations)
            schemathesis.begin(url, TOKEN, options(report_dir), own_values, credentials, costly=["POST /things"])
            schemathesis.let_send()
            exit_code = schemathesis.wait(time.monotonic() + PATIENCE)
            engine_run = schemathesis.end(exit_code, report_dir)
    return Observed(engine_run, application, proxied, report_dir)


@pytest.mark.slow
def test_it_runs_to_its_end(observed: Observed) -> None:
    assert observed.engine_run.exit_code in {0, 1}, observed.engine_run.log
    assert observed.engine_run.report.errors == []
    assert observed.application.seen


@pytest.mark.slow
def test_its_files_are_among_the_reports(observed: Observed) -> None:
    files = observed.report_dir / FOLDER
    assert [path.name for path in observed.report_dir.iterdir()] == [FOLDER]
    assert {path.name for path in files.iterdir()} == {LOG, REPORT}
    assert (files / LOG).read_text() == observed.engine_run.log


@pytest.mark.slow
def test_each_of_its_requests_has_a_purpose(observed: Observed) -> None:
    ids = {request.headers.get(EXCHANGE_ID) for request, _ in observed.application.seen}
    assert ids - {None} <= set(observed.engine_run.report.purposes)


@pytest.mark.slow
def test_the_own_values_of_the_target_are_in_its_requests(observed: Observed) -> None:
    bodies = [body for _, body in observed.application.seen]
    values = [json.loads(body).get("colour") for body in bodies if body.startswith(b"{") and b'"colour"' in body]
    texts = {value for value in values if isinstance(value, str)}
    assert COLOUR in texts, bodies


@pytest.mark.slow
def test_the_proxy_of_the_user_is_not_used(observed: Observed) -> None:
    assert observed.proxied == []


@pytest.mark.slow
def test_the_logins_of_the_user_are_not_used(observed: Observed) -> None:
    credentials = {request.headers.get("authorization", "") for request, _ in observed.application.seen}
    assert f"Bearer {TOKEN}" in credentials
    assert f"Basic {b64encode(b'somebody:secret').decode()}" not in credentials


@pytest.mark.slow
def test_its_requests_have_all_credentials_of_their_operation(observed: Observed) -> None:
    of_keys = [request for request, _ in observed.application.seen if request.url.path == "/keys"]
    found = {
        (
            request.headers.get("authorization"),
            request.headers.get("x-key"),
            request.query_params.get("key"),
            request.cookies.get("key"),
        )
        for request in of_keys
    }
    assert (f"Basic {TOKEN}", TOKEN, TOKEN, TOKEN) in found, found


def test_the_credentials_of_an_operation_are_those_of_its_first_alternative_that_can_be_served() -> None:
    credentials = Credentials(read_contract(ROOT / "tests" / "zoo" / "alternatives.yaml").operations)
    given = right_credentials(credentials, TOKEN)
    assert given.keys() == {operation.label for operation in credentials.operations}
    assert all(each.value in {TOKEN, f"Bearer {TOKEN}", f"Basic {TOKEN}"} for group in given.values() for each in group)


def test_the_tests_of_operations_that_cost_end_once_no_call_is_left(tmp_path: Path) -> None:
    def answer(request: Request, _body: bytes) -> Response:
        costs = request.url.path == "/things"
        return JSONResponse({"detail": []}, 424, {MARK: NO_CALL_LEFT}) if costs else JSONResponse({}, 401)

    requests, engine_run = run_with_fuzzing(answer, tmp_path)
    assert requests["/keys"] > len(engine_run.report.purposes) // 2 > requests["/things"] == 1
    assert engine_run.ended == ("POST /things",)
    assert (engine_run.exit_code, engine_run.report.errors) == (1, []), engine_run.log
    assert {each.check for each in engine_run.report.testimony} == {"status_code_conformance"}


@pytest.mark.slow
def test_operations_that_cost_are_tested_to_their_end_where_calls_are_left(observed: Observed) -> None:
    requests = [request for request, _ in observed.application.seen if request.url.path == "/things"]
    assert (len(requests) > 1, observed.engine_run.ended) == (True, ())


def run_with_fuzzing(
    answer: Callable[[Request, bytes], Response], report_dir: Path
) -> tuple[Mapping[str, int], EngineRun]:
    """How many requests an application gets for each path, and the run of the engine that makes them."""
    application, chosen = Application(answer), replace(options(report_dir), fuzzing=True)
    credentials = Credentials(read_contract(SPEC).operations)
    with running(application) as url, engine() as schemathesis:
        schemathesis.begin(url, TOKEN, chosen, None, credentials, costly=["POST /things"])
        schemathesis.let_send()
        engine_run = schemathesis.end(schemathesis.wait(time.monotonic() + PATIENCE), report_dir)
    return Counter(request.url.path for request, _ in application.seen), engine_run


def test_an_engine_that_dies_before_its_job_is_told_by_its_exit_code(tmp_path: Path) -> None:
    before = set(psutil.Process().children())
    with engine() as schemathesis:
        for process in set(psutil.Process().children()) - before:
            process.kill()
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # the engine itself is to hear of it
        schemathesis.begin("http://127.0.0.1:9", TOKEN, options(tmp_path), None, BEARER_ALONE)
        exit_code = schemathesis.wait(time.monotonic() + PATIENCE)
        engine_run = schemathesis.end(exit_code, tmp_path)
    assert (engine_run.exit_code, engine_run.report.testimony) == (-9, [])


def test_the_output_of_an_engine_that_cannot_start_is_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("contract_tests.engine.engine.ENGINE", "contract_tests.no_such_module")
    with engine() as schemathesis:
        schemathesis.begin("http://127.0.0.1:9", TOKEN, options(tmp_path), None, BEARER_ALONE)
        engine_run = schemathesis.end(schemathesis.wait(time.monotonic() + PATIENCE), tmp_path)
    assert engine_run.exit_code == 1
    assert "No module named 'contract_tests.no_such_module'" in engine_run.log
    assert capfd.readouterr() == ("", "")
