"""A run of the suite, from its options to its exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import psutil
import pytest
from contract_tests.judge.judgement import NO_ANSWER
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.engine import engine
from contract_tests.exchange.strict_json import parse_json
from contract_tests.guard.process import guarding
from contract_tests.guard.proxy import Errand
from contract_tests.kills.kill import catalogue
from contract_tests.plan.schedule import prepare
from contract_tests.result.result import FindingFile, Result
from contract_tests.run.conclusion import CHECKS
from contract_tests.run.preflight import find_obstacle
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import (
    Answer,
    Judge,
    ReceivedRequest,
    Respond,
    create_app,
    judge_with_token,
    respond_with_conversation,
)
from contract_tests.target.options import SPEC, Options
from contract_tests.target.target import Target
from tests.conftest import ROOT, TOKEN, hear_ctrl_c
from tests.support.sockets import dripping, saying, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import BaseModel
    from starlette.requests import Request
    from voiceos_models import CreateCall


OPERATION = "/paths/~1conversations~1create_phone_call/post"
CONFORMS, VIOLATES, USAGE, UNTESTABLE = 0, 1, 4, 7


def start(
    report_dir: Path, *options: str, token: str | None = TOKEN, home: Path | None = None
) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("VOICEOS", "PYTEST"))}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "contract_tests", f"--report-dir={report_dir}", *options],
        cwd=ROOT,
        env=environment | ({"VOICEOS_TOKEN": token} if token else {}) | ({"HOME": str(home)} if home else {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=hear_ctrl_c,
    )


def finish(report_dir: Path, *options: str, token: str | None = TOKEN, home: Path | None = None) -> tuple[int, str]:
    """The exit code and all that is printed."""
    with start(report_dir, *options, token=token, home=home) as process:
        said, _ = process.communicate(timeout=120)
    return process.returncode, said


def without_field(call: CreateCall) -> Answer:
    answer = respond_with_conversation(call)
    del answer.body["account_id"]
    return answer


def with_undocumented_member(call: CreateCall) -> Answer:
    answer = respond_with_conversation(call)
    answer.body["status"] = "live"
    return answer


@contextmanager
def served(judge: Judge | None = None, respond: Respond | None = None) -> Iterator[Target]:
    with running(create_app(judge or judge_with_token(TOKEN), respond)) as url:
        yield Target("a test's server", url, TOKEN)


@pytest.mark.parametrize(
    ("fault", "pointer"),
    [
        ("200 body (ConversationResponse): account_id absent", "/components/schemas/ConversationResponse/required"),
        ("200 status (ConversationStatus/enum): an undocumented member", "/components/schemas/ConversationStatus/enum"),
        ("PlayhtVoice.speed: maximum not checked", "/components/schemas/PlayhtVoice/properties/speed/maximum"),
        ("a number as metadata accepted", "/components/schemas/Metadata/additionalProperties/type"),
        ("no credentials asked for", OPERATION),
        ("a prefix of the token accepted", OPERATION),
        ("the media type is not looked at", f"{OPERATION}/requestBody"),
        ("NaN is read as a number", f"{OPERATION}/requestBody"),
        ("the answer has an end before the end", f"{OPERATION}/responses"),
        ("a text longer than 255 refused", f"{OPERATION}/requestBody"),
    ],
)
def test_a_finding_names_the_line_of_the_spec(tmp_path: Path, contract: Contract, fault: str, pointer: str) -> None:
    options = Options(tmp_path, "VOICEOS_TOKEN", seed=1, fuzzing=False, fail_fast=True)
    broken = catalogue()[fault]
    with running(broken.make_app(TOKEN)) as url:
        result = run(Target("a test's server", url, TOKEN), options)
    assert result.verdict == "violates"
    finding = next(finding for finding in result.findings if finding.check == broken.caught_by)
    assert finding.pointer == pointer
    assert finding.location == f"spec/openapi.yaml:{contract.place(pointer).line}"
    assert TOKEN not in result.model_dump_json()


def test_a_missing_field_breaks_its_fact_alone(tmp_path: Path) -> None:
    with served(respond=without_field) as target:
        result = run(target, Options(report_dir=tmp_path, token_env="VOICEOS_TOKEN", seed=1, fuzzing=False))
    assert [fact.name for fact in result.facts if fact.breaches] == ["ConversationResponse.account_id"]


def test_a_finding_can_be_seen_again_with_its_command(tmp_path: Path) -> None:
    with served(respond=with_undocumented_member) as target:
        finish(tmp_path, "--seed=1", "--no-fuzzing", f"--url={target.url}")
        result = Result.model_validate_json((tmp_path / "result.json").read_bytes())
        again = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m {result.findings[0].reproduce}"],
            check=False,
            cwd=ROOT,
            env=os.environ | {"VOICEOS_TOKEN": TOKEN},
            capture_output=True,
            text=True,
        )
    assert again.returncode == VIOLATES, again.stderr
    assert '"status":"live"' in again.stdout
    assert again.stdout.strip().splitlines()[-1].startswith("stands: ")


def test_the_embedded_mock_conforms(tmp_path: Path) -> None:
    code, said = finish(tmp_path, "--seed=1", token=None)
    assert code == CONFORMS, said
    assert "contract: POST /conversations/create_phone_call of VoiceOS" in said
    assert "at the embedded mock, seed 1" in said
    last = said.strip().splitlines()[-1]
    assert re.match(r"conforms: the embedded mock; \d+ requests sent, \d+ calls, 0 findings, seed 1, ", last)
    assert {path.name for path in tmp_path.iterdir()} == {
        "result.json",
        "schemathesis-html",
        "schemathesis.har.json",
        "schemathesis.junit.xml",
        "schemathesis.log",
    }
    Result.model_validate_json((tmp_path / "result.json").read_text())


def test_a_users_credentials_for_all_hosts_are_not_sent(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("default login someone password secret\n")
    code, said = finish(tmp_path / "report", "--seed=1", "--no-fuzzing", "--no-all-known-names", home=tmp_path)
    assert code == CONFORMS, said


def test_planned_requests_that_go_out_otherwise_prove_nothing(tmp_path: Path) -> None:
    options = Options(report_dir=tmp_path, token_env="X", seed=1, fuzzing=False, all_known_names=False)
    preparation = prepare(options)
    requests = {
        label: tuple(replace(given, body={}) if "planned" in given.description else given for given in all_given)
        for label, all_given in preparation.schedule.requests.items()
    }
    otherwise = replace(preparation, schedule=replace(preparation.schedule, requests=requests))
    with served() as target:
        result = run(target, options, preparation=otherwise)
    assert result.verdict == "incomplete"
    (plan,) = preparation.schedule.plans.values()
    assert f"planned request 1 of {len(plan.bodies)} (it did not go out as planned)" in result.untried


def test_a_server_that_violates_is_said_to(tmp_path: Path) -> None:
    with served(respond=with_undocumented_member) as target:
        code, said = finish(tmp_path, "--seed=1", "--no-fuzzing", f"--url={target.url}")
    assert code == VIOLATES
    assert 'broken    /status: "live" is not one of' in said
    assert "FAILED contract_tests/test_contract.py::test_enumeration[ConversationStatus]" in said
    assert said.strip().splitlines()[-1].startswith(f"violates: {target.url}; ")
    assert TOKEN not in said + (tmp_path / "schemathesis.har.json").read_text()


def test_two_runs_with_one_seed_send_the_same_bodies(tmp_path: Path) -> None:
    bodies = []
    for number in ("one", "two"):
        with served() as target:
            run(target, Options(tmp_path / number, "VOICEOS_TOKEN", seed=5, all_known_names=False))
        har = json.loads((tmp_path / number / "schemathesis.har.json").read_text())
        bodies.append([entry["request"].get("postData", {}).get("text") for entry in har["log"]["entries"]])
    assert bodies[0] == bodies[1]


def status_line(status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nLocation: https://elsewhere.example/\r\n\r\n".encode()


def preflight(contract: Contract, target: Target, timeout: float) -> str | None:
    with guarding(target, Errand(target.url, target.limits, None, timeout, SPEC)) as guard:
        return find_obstacle(contract, guard.door, target.url, timeout)


@pytest.mark.parametrize(
    ("answer", "obstacle"),
    [
        (None, "does not answer: no response came within 0.5 s"),
        (b"220 mail.example ESMTP\r\n", "does not speak HTTP"),
        (status_line("401 Unauthorized"), "refuses the token"),
        (status_line("403 Forbidden"), "refuses the token"),
        (status_line("404 Not Found"), "has no such endpoint"),
        (status_line("308 Permanent Redirect"), "sends us on to 'https://elsewhere.example/'"),
        (status_line("429 Too Many Requests"), "takes no more requests"),
        (status_line("503 Service Unavailable"), "out of order"),
        (status_line("422 Unprocessable Entity"), None),
    ],
)
def test_the_preflight_tells_what_is_in_the_way(contract: Contract, answer: bytes | None, obstacle: str | None) -> None:
    with silent() if answer is None else saying(answer) as url:
        found = preflight(contract, Target("a test's", url, TOKEN), timeout=0.5)
    assert (obstacle in found) if obstacle and found else found is obstacle


def test_the_preflight_can_ring_nobody(contract: Contract) -> None:
    seen: list[ReceivedRequest] = []

    def judge(request: ReceivedRequest) -> Answer:
        seen.append(request)
        return Answer(422, {})

    with served(judge) as target:
        preflight(contract, target, timeout=5)
    (request,) = seen
    assert (request.body, request.header("authorization")) == (b"{}", f"Bearer {TOKEN}")


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 422 Unprocessable Entity\r\nX: "])
def test_the_preflight_ends_in_time_though_bytes_keep_coming(contract: Contract, begin: bytes) -> None:
    with dripping(begin) as url:
        started = time.monotonic()
        preflight(contract, Target("a test's", url, TOKEN), timeout=0.5)
    assert time.monotonic() - started < 5


def test_a_response_that_cannot_be_read_does_not_conform(tmp_path: Path) -> None:
    def respond(call: CreateCall) -> Answer:
        answer = respond_with_conversation(call)
        return Answer(answer.status, answer.body, {"Content-Encoding": "gzip"})

    with served(respond=respond) as target:
        options = Options(report_dir=tmp_path, token_env="VOICEOS_TOKEN", seed=1, fuzzing=False)
        assert run(target, options).verdict != "conforms"


def test_what_a_server_sends_does_not_command_the_terminal(tmp_path: Path) -> None:
    def respond(call: CreateCall) -> Answer:
        answer = respond_with_conversation(call)
        answer.body["status"] = "\x1b[2Jlive\x07\r"
        return answer

    with served(respond=respond) as target:
        _, said = finish(tmp_path, "--seed=1", "--no-fuzzing", f"--url={target.url}", "--color=no")
    assert "live" in said
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", said)


ANOTHER = """\
openapi: 3.1.0
info: {title: Another, version: 1.0.0}
security: [{Key: []}]
paths:
  /things:
    post:
      operationId: make_thing
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        '200':
          description: Made.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '401': {description: No token.}
        '422': {description: No thing.}
  /owners/{owner}/things:
    parameters:
      - {name: owner, in: path, required: true, schema: {type: string, enum: [me, you]}}
    post:
      parameters:
        - {name: mode, in: query, required: true, schema: {type: string, enum: [fast]}}
      requestBody: {$ref: '#/components/requestBodies/Thing'}
      responses:
        '200':
          description: Made.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '401': {description: No token.}
        '404': {description: No such owner.}
        '422': {description: No thing.}
components:
  requestBodies:
    Thing:
      required: true
      content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
  securitySchemes:
    Key: {type: http, scheme: bearer}
  schemas:
    Thing:
      type: object
      required: [size]
      properties:
        size: {type: integer, minimum: 1, maximum: 9}
        colour: {type: string, enum: [red, green]}
"""


def another_server(contract: Contract) -> Starlette:
    async def make_thing(request: Request) -> Response:
        if request.headers.getlist("authorization") != [f"Bearer {TOKEN}"]:
            return Response(status_code=401)
        if request.path_params.get("owner", "me") not in {"me", "you"}:
            return Response(status_code=404)
        if request.path_params and request.query_params.multi_items() != [("mode", "fast")]:
            return Response(status_code=422)
        try:
            thing = parse_json(await request.body())
        except ValueError:
            return Response(status_code=422)
        is_json = request.headers.get("content-type", "").lower() == "application/json"
        is_thing = is_json and contract.validator("/components/schemas/Thing").is_valid(thing)
        return JSONResponse(thing) if is_thing else Response(status_code=422)

    paths = ("/things", "/owners/{owner}/things")
    return Starlette(routes=[Route(path, make_thing, methods=["POST"]) for path in paths])


def test_another_contract_is_tested_too(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(ANOTHER)
    options = Options(report_dir=tmp_path / "report", token_env="VOICEOS_TOKEN", seed=1, spec=spec, fuzzing=False)
    with running(another_server(read_contract(spec))) as url:
        result = run(Target("another", url, TOKEN), options)
    assert (result.verdict, result.findings) == ("conforms", ())
    assert result.calls >= 6


def test_a_target_that_is_down_is_untestable(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    code, said = finish(tmp_path, f"--url={url}")
    assert code == UNTESTABLE
    assert f"{url} cannot be reached" in said
    assert said.strip().splitlines()[-1].startswith(f"untestable: nothing is claimed of {url}; ")
    assert "FAILED" not in said
    assert "Traceback" not in said


DYING_SERVER = """
import os
from contract_tests.servers.mock import create_app, judge_with_token
from contract_tests.runtime.serving import listen, serve_until_interrupted

left = 50

def judge(request):
    global left
    left -= 1
    if left < 0:
        os._exit(1)
    return judge_with_token("the-right-token")(request)

listener = listen(0)
print(listener.getsockname()[1], flush=True)
serve_until_interrupted(create_app(judge), listener)
"""


def test_a_target_that_dies_on_the_way_is_untestable(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}"}
    command = [sys.executable, "-c", DYING_SERVER]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        options = Options(report_dir=tmp_path, token_env="VOICEOS_TOKEN", seed=1, fuzzing=False)
        result = run(Target("a test's", url, TOKEN), options)
    assert result.verdict == "untestable"
    assert "The target was lost on the way" in (result.reason or "")


def test_an_engine_that_fails_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(report_dir=tmp_path, token_env="VOICEOS_TOKEN", seed=1, fuzzing=False)
    with served() as target:
        assert run(target, options).verdict == "conforms"
        monkeypatch.setattr(engine, "_arguments", lambda *_: ("run", "--no-such-option"))
        result = run(target, options)
    assert result.verdict == "untestable"
    assert "The engine did not do its work" in (result.reason or "")


def test_a_run_is_stopped_at_its_time_limit(tmp_path: Path) -> None:
    with served() as target:
        options = Options(report_dir=tmp_path, token_env="VOICEOS_TOKEN", seed=1, time_limit=2.5)
        result = run(target, options)
    assert result.verdict == "untestable"
    assert "not done after 2.5 s" in (result.reason or "")


def test_a_token_that_cannot_be_sent_is_a_usage_error(tmp_path: Path) -> None:
    code, said = finish(tmp_path / "report", "--url=http://127.0.0.1:8000", token="tökén")
    assert code == USAGE
    assert "the token cannot be sent" in said
    assert "Traceback" not in said
    assert not (tmp_path / "report").exists()


def test_the_token_is_not_in_the_targets_repr() -> None:
    assert TOKEN not in repr(Target("a test's", "http://127.0.0.1", TOKEN))


def test_ctrl_c_leaves_no_process_behind(tmp_path: Path) -> None:
    with start(tmp_path, token=None) as process:
        children = wait_for_children(process.pid)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 2
    assert psutil.wait_procs(children, timeout=10)[1] == []


INTERRUPTING = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "contract_tests.result.result":
            try:
                os.kill(os.getpid(), signal.SIGINT)
            except KeyboardInterrupt as error:  # as pydantic does while it makes a model
                raise ImportError("an error of its own") from error

sys.meta_path.insert(0, Interrupting())
"""


def test_ctrl_c_while_the_suite_is_imported_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "interrupting.py").write_text(INTERRUPTING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    code, said = finish(tmp_path / "report", "-p", "interrupting", token=None)
    assert (code, said.strip()) == (2, "interrupted: nothing is claimed")


def wait_for_children(pid: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 30
    while not (children := psutil.Process(pid).children(recursive=True)):
        assert time.monotonic() < deadline, "the engine did not start"
        time.sleep(0.05)
    return children


def test_every_check_of_the_engine_is_made(contract: Contract) -> None:
    import contract_tests.engine.registered  # noqa: F401, PLC0415 - registers what it defines
    import schemathesis.checks  # noqa: PLC0415 - the engine is slow to import

    schemathesis.checks.load_all_checks()

    settings = tomllib.loads((ROOT / "schemathesis.toml").read_text())
    off = {name for name, setting in settings["checks"].items() if setting.get("enabled") is False}
    several_operations = {"use_after_free", "ensure_resource_availability", "object_level_authorization"}
    headers = {"response_headers_conformance", "missing_required_header"}
    assert len(contract.operations) == 1
    assert "parameters" not in contract.value(OPERATION)
    names = set(schemathesis.checks.CHECKS.get_all_names()) - several_operations - headers - off - {"max_response_time"}
    assert names == set(CHECKS) - {NO_ANSWER}


@pytest.mark.parametrize(("name", "model"), [("result", Result), ("finding", FindingFile)])
def test_the_schema_of_a_report_is_what_is_committed(name: str, model: type[BaseModel]) -> None:
    committed: dict[str, Any] = json.loads((ROOT / "contract_tests" / "result" / f"{name}.schema.json").read_text())
    assert committed == model.model_json_schema()
    jsonschema_rs.meta.validate(committed)
