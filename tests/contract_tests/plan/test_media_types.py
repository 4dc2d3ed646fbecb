"""Bodies under every media type that the spec has for an operation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from contract_tests.contract.contract import Contract
from contract_tests.judge.seen_request import see_request
from contract_tests.plan.schedule import make_schedule
from spec.reader import parse_spec
from tests.support.drawn_schemas import contract_of
from tests.support.zoo_runs import contract_of as zoo_contract_of
from tests.support.zoo_runs import schedule_of

if TYPE_CHECKING:
    from contract_tests.plan.schedule import Schedule

UNSENDABLE = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /xml: {post: {requestBody: {required: true, content: {application/xml: {example: {a: 1}}}}}}
  /optional: {post: {requestBody: {content: {multipart/form-data: {}}}}}
"""
MEDIA_TYPES = (("~1xml", "application~1xml"), ("~1optional", "multipart~1form-data"))


def validities(contract: Contract, schedule: Schedule) -> set[str]:
    seen = [see_request(contract, planned.request) for planned in schedule.valid]
    return {each.validity for each in seen if each}


def test_a_body_is_sent_and_judged_under_the_media_type_that_the_spec_has() -> None:
    media_type = "application/vnd.a+json; version=1"
    contract = contract_of({"A": {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}}}, media_type)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    assert {planned.request.headers.first("Content-Type") for planned in schedule.valid} == {media_type}
    assert validities(contract, schedule) == {"valid"}


def test_every_media_type_of_an_operation_gets_valid_requests() -> None:
    schedule = schedule_of("several_media_types")
    sent = {planned.request.headers.media_type for planned in schedule.valid}
    main, *others = [each.media_type for each in zoo_contract_of("several_media_types").operations[0].contents]
    assert main == "application/json"
    assert sent == {main, *others}
    assert [*schedule.plans] == ["POST /things", *(f"POST /things with {each}" for each in others)]
    assert validities(zoo_contract_of("several_media_types"), schedule) == {"valid"}


def test_a_body_that_cannot_be_made_is_untried_and_told() -> None:
    contract = Contract(parse_spec(Path("spec.yaml"), UNSENDABLE))
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    untried = {name: [(str(each), each.pointer) for each in plan.untried] for name, plan in schedule.plans.items()}
    xml, multipart = (f"/paths/{path}/post/requestBody/content/{name}" for path, name in MEDIA_TYPES)
    assert untried == {
        "POST /xml": [(f"the body: any of application/xml (the spec has no example that is a text: {xml})", xml)],
        "POST /optional": [],
        "POST /optional with multipart/form-data": [
            (f"the body: any of multipart/form-data (the spec has no schema and no example: {multipart})", multipart)
        ],
    }
    assert [planned.operation.path for planned in schedule.valid if planned.draft] == ["/optional"]
