"""The pure checks beside those that the engine makes: both say the same of what a run sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from starlette.responses import JSONResponse

from contract_tests.engine.engine import run_engine
from contract_tests.exchange.exchange import join
from contract_tests.guard.process import guarding
from contract_tests.guard.proxy import Errand
from contract_tests.judge.checks import BODY_CHECKS, PROBE_CHECKS, RESPONSE_CHECKS, judge
from contract_tests.judge.rules import make_rule_checks
from contract_tests.plan.schedule import prepare
from contract_tests.run.conclusion import CHECKS
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import (
    Answer,
    ReceivedRequest,
    create_app,
    judge_body,
    judge_with_token,
    respond_with_conversation,
)
from contract_tests.target.limits import FREE
from contract_tests.target.options import Options
from contract_tests.target.target import Target
from tests.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp
    from voiceos_models import CreateCall

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange

JSON = {"content-type": "application/json"}
# The engine makes these of some requests alone, by what it knows of how it made them; we make them of more.
WIDER = {"negative_data_rejection", "unsupported_method", "ignored_auth", "invalid_request_refused", "id_is_new"}
ALL = RESPONSE_CHECKS | BODY_CHECKS | PROBE_CHECKS | make_rule_checks()


def conforming() -> ASGIApp:
    return create_app(judge_with_token(TOKEN))


def answering_in_many_wrong_ways() -> ASGIApp:
    """Which way follows from the request's body."""

    def respond(call: CreateCall) -> Answer:
        answer = respond_with_conversation(call)
        text = json.dumps(answer.body).encode()
        wrong = (
            answer,
            Answer(200, answer.body | {"status": "live", "ended_at": "soon"}),
            Answer(200, {name: value for name, value in answer.body.items() if name != "id"}),
            Answer(201, answer.body),
            Answer(200, text, {"content-type": "text/html"}),
            Answer(200, text),
            Answer(200, text[:-1], JSON),
            Answer(200, text[:-1] + b', "x": NaN}', JSON),
            Answer(200, text.replace(b"outbound", b"outbound\xff"), JSON),
            Answer(500, {"detail": "boom"}),
            Answer(422, {"detail": []}),
            Answer(422, {"detail": "wrong"}),
            Answer(200, answer.body | {"phone_call": None, "agent_id": "other"}),
        )
        return wrong[crc32(call.model_dump_json().encode(errors="replace")) % len(wrong)]

    return create_app(judge_with_token(TOKEN), respond)


def accepting_too_much() -> ASGIApp:
    """No credentials, other media types, and what is wrong at the end of a body or in it."""

    def judge_loosely(request: ReceivedRequest) -> CreateCall | Answer:
        body = request.body.replace(b', "x": NaN', b"").replace(b'"to_number": null', b'"to_number": ""')
        return judge_body(ReceivedRequest((("content-type", "application/json"),), body))

    app = create_app(judge_loosely)
    app.add_exception_handler(405, not_found)
    return app


async def not_found(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Not here"}, 404)


def record(app: ASGIApp, folder: Path) -> tuple[Exchange, ...]:
    options = Options(report_dir=folder, token_env="VOICEOS_TOKEN", seed=1, fuzzing=False)
    preparation = prepare(options)
    with running(app) as url:
        target = Target("a test's", url, TOKEN)
        errand = Errand(url, FREE, None, options.connect_timeout, options.spec)
        with guarding(target, errand) as guard:
            cases = run_engine(target, guard.door, options, preparation.schedule, lambda _: None).cases
            return join(cases, guard.exchanges()).exchanges


@pytest.mark.parametrize("make_app", [conforming, answering_in_many_wrong_ways, accepting_too_much])
def test_the_engine_and_the_pure_checks_say_the_same(
    contract: Contract, tmp_path: Path, make_app: Callable[[], ASGIApp]
) -> None:
    exchanges = record(make_app(), tmp_path)
    assert len(exchanges) > 400
    for exchange in exchanges:
        by_engine = {failure.check for failure in exchange.failures}
        judged = {*exchange.passed, *by_engine}
        by_us = {failure.check for failure in judge(contract, exchange, ALL.items()).failures}
        assert by_engine - WIDER == by_us & judged - WIDER, exchange
        assert by_engine <= by_us | {"id_is_new"}, exchange
        assert not (by_us and make_app is conforming), exchange


def test_every_check_of_a_run_has_its_pure_form() -> None:
    assert set(ALL) == set(CHECKS) - {"answers_every_request"}
