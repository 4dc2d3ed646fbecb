"""Schemathesis beside our judge: what it finds and the judge does not, is never swallowed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.judge import judge
from contract_tests.judge.witness import NAME, hear_witness
from contract_tests.kills.kill import TOKEN, catalogue
from tests.support.exchanges import AUTHORIZED, CALL, JSON, answer, conforming, post, sent, write_contract
from tests.support.stock_checks import ask_schemathesis, statement
from tests.support.zoo_runs import contract_of as zoo_contract_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Judged

REQUESTS = (post(), post({}), post(CALL | {"to_number": 5}), post(CALL | {"agent_config": {"voice": 1}}), post(b"{"))
OTHER_METHODS = (post(b"", method="PUT"), post(b"", method="OPTIONS"))
# One of each kind, with a check of Schemathesis that must see it, or the comparison would compare nothing.
FAULTS = {
    "a call gets 201": "status_code_conformance",
    "a wrong body gets 409": "status_code_conformance",
    "a wrong body gets 500": "not_a_server_error",
    "a wrong body gets 200": "negative_data_rejection",
    "200 comes as text/html": "content_type_conformance",
    "200 comes without a media type": "content_type_conformance",
    "the body of 200 is cut off": "response_schema_conformance",
    "the body of 200 is null": "response_schema_conformance",
    "the body of 422 is empty": "response_schema_conformance",
    "the errors of 422 are one text": "response_schema_conformance",
    "200 status (ConversationStatus/enum): an undocumented member": "response_schema_conformance",
    "a number to ring given as a number accepted": "negative_data_rejection",
    "nothing but two numbers refused": "positive_data_acceptance",
    "405 names no method": "unsupported_method",
    "405 names the wrong methods": "allow_header_conformance",
}


def judged_one(contract: Contract, request: Request, response: Response | None, id_: str = "1") -> Judged:
    trouble = None if response else "broke off its reply"
    (judged,) = judge(contract, [Exchange(request, response, id_, trouble=trouble)])
    return judged


def heard(judged: Judged, *checks: str) -> list[str]:
    """The checks that the judged exchange fails by the witness alone, of those that it says have failed."""
    (result,) = hear_witness([judged], map(statement, checks))
    return [failure.check for failure in result.failures if failure.witness]


def test_of_the_mock_neither_witness_says_anything(contract: Contract) -> None:
    for judged in judge(contract, sent(conforming(), *REQUESTS, *OTHER_METHODS)):
        assert judged.failures == ()
        assert ask_schemathesis(judged.seen) == []


@pytest.mark.parametrize(("name", "check"), FAULTS.items())
def test_our_judge_finds_all_that_schemathesis_finds(contract: Contract, name: str, check: str) -> None:
    exchanges = sent(catalogue()[name].make_app(TOKEN), *REQUESTS, *OTHER_METHODS, token=TOKEN)
    judged = judge(contract, (replace(each, id=str(number)) for number, each in enumerate(exchanges)))
    testimony = [each for one in judged for each in ask_schemathesis(one.seen)]
    assert check in {each.check for each in testimony}
    assert hear_witness(judged, testimony) == judged


def test_a_statement_that_the_judge_does_not_make_becomes_a_finding_with_its_witness(contract: Contract) -> None:
    judged = judged_one(contract, post(), sent(conforming(), post())[0].response)
    (result,) = hear_witness([judged], [statement("status_code_conformance")])
    (failure,) = result.failures
    assert (failure.check, failure.headline, failure.detail) == ("status_code_conformance", "A headline", "A detail")
    assert failure.witness == NAME
    assert failure.pointer == judged.seen.operation.pointer
    assert "status_code_conformance" in result.passed


def test_a_check_that_the_judge_does_not_have_is_heard(contract: Contract) -> None:
    judged = judged_one(contract, post(), sent(conforming(), post())[0].response)
    assert heard(judged, "use_after_free") == ["use_after_free"]


def test_a_statement_is_heard_of_its_own_exchange_alone(contract: Contract) -> None:
    judged = judged_one(contract, post(), answer({}), "2")
    assert heard(judged, "use_after_free") == []


@pytest.mark.parametrize(
    ("check", "request_", "response"),
    [
        ("negative_data_rejection", post({}), answer({})),
        ("negative_data_rejection", post(b"{"), answer({})),
        ("negative_data_rejection", post(headers=AUTHORIZED.without(["Content-Type"])), answer({})),
        ("negative_data_rejection", post(headers=JSON), answer({})),
        ("positive_data_acceptance", post(), answer({"detail": []}, 422)),
        ("missing_required_header", post(headers=JSON), answer({"detail": "No"}, 404)),
        ("ignored_auth", post(headers=JSON), answer({})),
        ("ignored_auth", post(headers=JSON), answer({"detail": "No"}, 404)),
        ("response_schema_conformance", post(), answer(b"{")),
        ("not_a_server_error", post(), answer({}, 500)),
    ],
)
def test_a_statement_that_the_judge_makes_in_other_words_is_passed_over(
    contract: Contract, check: str, request_: Request, response: Response
) -> None:
    assert heard(judged_one(contract, request_, response), check) == []


def test_403_is_a_right_answer_to_a_request_without_a_token(contract: Contract) -> None:
    judged = judged_one(contract, post(headers=JSON), answer({"detail": "No"}, 403))
    assert heard(judged, "missing_required_header", "use_after_free") == ["use_after_free"]


def test_a_request_that_is_valid_as_it_was_sent_may_be_accepted(contract: Contract) -> None:
    judged = judged_one(contract, post(), sent(conforming(), post())[0].response)
    assert heard(judged, "negative_data_rejection") == []


@pytest.mark.parametrize("check", ["positive_data_acceptance", "negative_data_rejection", "missing_required_header"])
def test_a_statement_is_overruled_for_the_written_reasons_alone(contract: Contract, check: str) -> None:
    refused = judged_one(contract, post({}), answer({"detail": []}, 422))
    assert heard(refused, check) == [check]


def test_a_statement_about_an_exchange_without_a_response_is_dropped(contract: Contract) -> None:
    judged = judged_one(contract, post(), None)
    assert heard(judged, "not_a_server_error", "use_after_free") == []


def test_credentials_of_which_it_sees_a_part_alone_are_credentials(contract: Contract) -> None:
    judged = judged_one(contract, post(), sent(conforming(), post())[0].response)
    assert heard(judged, "ignored_auth") == []


def test_a_method_that_nobody_implements_may_get_501(contract: Contract) -> None:
    judged = judged_one(contract, post(b"", method="PUT"), answer({}, 501))
    assert heard(judged, "not_a_server_error", "unsupported_method") == []


PATTERNS = """\
openapi: 3.1.0
info: {title: Words, version: 1.0.0}
paths:
  /words:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Word'}}}}
      responses: {'200': {description: Events., content: {text/event-stream: {schema: {type: string}}}}}
components:
  schemas:
    Word: {type: object, properties: {name: {type: string, pattern: '^\\p{Lu}'}, size: {type: integer}}}
"""


@pytest.mark.parametrize(
    ("body", "expected"), [({"name": "\u0157"}, []), ({"size": "a"}, ["positive_data_acceptance"])]
)
def test_it_is_not_heard_on_a_text_that_breaks_a_pattern(tmp_path: Path, body: object, expected: list[str]) -> None:
    request = Request("POST", "/words", JSON, json.dumps(body).encode())
    judged = judged_one(write_contract(tmp_path, PATTERNS), request, answer({}, 422))
    assert heard(judged, "positive_data_acceptance") == expected


def test_it_is_not_heard_on_the_schema_of_the_events_of_a_text(tmp_path: Path) -> None:
    response = Response(200, Headers([("Content-Type", "text/event-stream")]), b"data: 1\n\n")
    judged = judged_one(write_contract(tmp_path, PATTERNS), Request("POST", "/words", JSON, b"{}"), response)
    assert heard(judged, "response_schema_conformance") == []


@pytest.mark.parametrize("check", ["positive_data_acceptance", "negative_data_rejection"])
@pytest.mark.parametrize(
    ("name", "media_type", "body"),
    [
        ("form", "application/x-www-form-urlencoded", b"name=ab&size="),
        ("form", "application/x-www-form-urlencoded", b"name=ab&size=1&street=a"),
        ("xml", "application/xml", b"<other/>"),
    ],
)
def test_it_is_not_heard_on_a_body_that_servers_read_differently(
    name: str, media_type: str, body: bytes, check: str
) -> None:
    request = Request("POST", "/things", Headers([("Content-Type", media_type)]), body)
    assert heard(judged_one(zoo_contract_of(name), request, Response(422)), check) == []


def test_it_is_not_heard_on_a_text_that_it_writes_in_another_way_than_it_means() -> None:
    request = Request("POST", "/things", Headers([("Content-Type", "text/yaml")]), b'"\\xD5"\n')
    judged = judged_one(zoo_contract_of("text"), request, Response(422))
    assert heard(judged, "positive_data_acceptance", "negative_data_rejection") == ["negative_data_rejection"]
