"""JSON bodies under another name than `application/json`."""

from __future__ import annotations

from http import HTTPStatus

from contract_tests.exchange.exchange import Exchange, Response
from contract_tests.judge.seen import see
from contract_tests.plan.schedule import make_schedule
from tests.support.drawn_schemas import contract_of


def test_a_body_is_sent_and_judged_under_the_media_type_that_the_spec_has() -> None:
    media_type = "application/vnd.a+json; version=1"
    contract = contract_of({"A": {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}}}, media_type)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    assert {planned.request.headers.first("Content-Type") for planned in schedule.valid} == {media_type}
    seen = [see(contract, Exchange(planned.request, Response(HTTPStatus.OK))) for planned in schedule.valid]
    assert {each.validity for each in seen if each} == {"valid"}
