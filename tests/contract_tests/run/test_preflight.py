"""Finding out whether a target can be tested, with a request that can ring nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from starlette.responses import Response

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.exchange.marks import EXCHANGE_ID, MARK, NO_RESPONSE
from contract_tests.guard.guard import PREFLIGHT, Door
from contract_tests.plan.schedule import make_schedule
from contract_tests.run import preflight
from contract_tests.run.preflight import find_obstacle
from contract_tests.runtime.serving import running
from tests.conftest import ROOT
from tests.support.applications import Application
from tests.support.exchanges import write_contract
from tests.support.results import in_words, result_of
from tests.support.sockets import silent

if TYPE_CHECKING:
    from pathlib import Path

URL, PLACEHOLDER = "https://target.test/v1", "placeholder-0a"
CALLS = "/conversations/create_phone_call"


def obstacle(contract: Contract, answer: Response, timeout: float = 0.0) -> str | None:
    """The obstacle, where the guard answers so."""
    return asked(contract, Application(lambda _request, _body: answer), timeout)


def asked(contract: Contract, guard: Application, timeout: float = 0.0) -> str | None:
    with running(guard) as url:
        return find_obstacle(contract, Door(url, PLACEHOLDER), URL, timeout)


def test_it_asks_with_the_token_and_a_body_that_the_spec_refuses(contract: Contract) -> None:
    guard = Application(lambda _request, _body: Response(status_code=422))
    assert asked(contract, guard) is None
    ((request, body),) = guard.seen
    assert (request.method, request.url.path, body) == ("POST", CALLS, b"{}")
    assert request.headers["authorization"] == f"Bearer {PLACEHOLDER}"
    assert request.headers[EXCHANGE_ID] == PREFLIGHT


@pytest.mark.parametrize("status", [200, 204, 400, 409, 500, 501])
def test_any_answer_of_the_server_itself_is_no_obstacle(contract: Contract, status: int) -> None:
    assert obstacle(contract, Response(status_code=status)) is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "The target refuses the token"),
        (403, "The target refuses the token"),
        (404, "The target has no such endpoint"),
        (405, "The target has no such endpoint"),
        (307, "The target redirects to 'https://elsewhere.test/'"),
        (429, "The target takes no more requests for now"),
        (502, "The target is out of order"),
        (503, "The target is out of order"),
        (504, "The target is out of order"),
    ],
)
def test_an_obstacle_is_told_with_the_answer_and_what_to_do(contract: Contract, status: int, reason: str) -> None:
    said = obstacle(contract, Response(status_code=status, headers={"location": "https://elsewhere.test/"})) or ""
    assert said.startswith(f"{reason}: it answers {status} to POST {URL}{CALLS}")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("cannot be reached: no route", "cannot be reached: no route. Is the server running, and the address right?"),
        ("does not speak HTTP: bad line", "does not speak HTTP: bad line. Is the port right?"),
        ("does not answer: nothing came", "does not answer: nothing came."),
    ],
)
def test_trouble_that_the_guard_tells_of_is_told_with_advice(contract: Contract, trouble: str, said: str) -> None:
    answer = Response(f"the target {trouble}", 502, {MARK: NO_RESPONSE})
    assert obstacle(contract, answer, timeout=30.0) == f"{URL} {said}"


def test_a_target_that_is_out_of_order_is_asked_again_until_it_works(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "_PAUSE", 0.0)
    statuses = iter([503, 502, 504, 422])
    guard = Application(lambda _request, _body: Response(status_code=next(statuses)))
    assert asked(contract, guard, timeout=60.0) is None
    assert len(guard.seen) == 4


def test_a_target_that_never_answers_is_given_up(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "_GRACE", 0.05)
    with silent() as url:
        said = find_obstacle(contract, Door(url, PLACEHOLDER), URL, 0.01)
    assert said == f"{URL} does not answer: no response came within 0.01 s."


def test_where_an_empty_object_is_valid_the_target_is_only_asked_whether_it_is_there(tmp_path: Path) -> None:
    document = (ROOT / "tests" / "data" / "things.yaml").read_text().replace("required: [colour]", "required: []")
    (tmp_path / "spec.yaml").write_text(document)
    guard = Application(lambda _request, _body: Response(json.dumps({}), 404))
    assert asked(read_contract(tmp_path / "spec.yaml"), guard) is None
    ((request, _),) = guard.seen
    assert (request.method, request.url.path) == ("OPTIONS", "/")


DIGEST = """\
openapi: 3.1.0
info: {title: Digest, version: 1.0.0}
paths:
  /a: {get: {security: [{old: []}], responses: {'200': {description: Fine.}}}}
  /b: {get: {SECURITY, responses: {'200': {description: Fine.}}}}
components:
  securitySchemes:
    old: {type: http, scheme: digest}
    new: {type: http, scheme: bearer}
"""


def test_a_scheme_that_no_request_can_serve_is_an_obstacle_without_any_request(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, DIGEST.replace("SECURITY", "security: [{old: []}]"))
    guard = Application(lambda _request, _body: Response(status_code=422))
    told = asked(contract, guard)
    assert told == "No request can have the credentials that the spec asks for: http digest (old)."
    assert not guard.seen


def test_a_refusal_of_basic_credentials_says_how_they_are_written(tmp_path: Path) -> None:
    path = "  /a: {post: {requestBody: {required: true, content: {application/json: {schema: {minProperties: 1}}}}, "
    operation = f"{path}security: [{{basic: []}}], responses: {{'200': {{description: Fine.}}}}}}}}"
    schemes = "components: {securitySchemes: {basic: {type: http, scheme: basic}}}"
    text = f"openapi: 3.1.0\ninfo: {{title: Basic, version: 1.0.0}}\npaths:\n{operation}\n{schemes}\n"
    told = obstacle(write_contract(tmp_path, text), Response(status_code=401)) or ""
    assert told.startswith("The target refuses the token")
    assert told.endswith("so it must be USER:PASSWORD.")


def test_a_call_that_may_not_be_made_is_not_risked(contract: Contract) -> None:
    guard = Application(lambda _request, _body: Response(status_code=404))
    with running(guard) as url:
        assert find_obstacle(contract, Door(url, PLACEHOLDER), URL, 10.0, has_calls=False) is None
    ((request, _),) = guard.seen
    assert (request.method, request.url.path) == ("OPTIONS", "/")


def test_an_operation_that_no_request_can_serve_is_left_out_and_named(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, DIGEST.replace("SECURITY", "security: [{new: []}]"))
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    assert {each.operation.label for each in schedule.requests} == {"GET /b"}
    result = result_of(contract, schedule=schedule)
    assert "GET /a (no request can have its credentials: http digest (old))" in in_words(result.untried)
