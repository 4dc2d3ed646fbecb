"""The schedule of a run, and what `--max-calls` leaves of it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import yaml

from contract_tests.contract.contract import Contract
from contract_tests.kills.kill import whole_schedule
from contract_tests.plan.schedule import PlannedRequest, Schedule, at_once, make_schedule, reserve_of
from contract_tests.run.completeness import find_withheld, tally_operations
from contract_tests.run.dry_run import find_unplanned
from contract_tests.run.evidence import Evidence
from contract_tests.target.created import FOREIGN
from contract_tests.target.limits import Limits
from contract_tests.target.target import ENOUGH_CALLS
from spec.reader import parse_spec
from tests.support.schedules import our_schedule
from tests.support.zoo_runs import ZOO, contract_of, schedule_of

LABEL = "POST /conversations/create_phone_call"
ANOTHER = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /a:
    get: {}
    post: {requestBody: {$ref: '#/components/requestBodies/A'}}
  /b:
    post: {requestBody: {$ref: '#/components/requestBodies/A'}}
components:
  requestBodies:
    A: {content: {application/json: {schema: {type: object, properties: {kind: {enum: [x, y, z]}}}}}}
"""

schedule = partial(make_schedule, all_known_names=False, seed=1, max_calls=None)


@pytest.fixture(scope="module")
def whole() -> Schedule:
    return our_schedule()


@pytest.fixture(scope="module")
def another() -> Contract:
    return Contract(parse_spec(Path("spec.yaml"), ANOTHER))


@pytest.mark.slow
def test_planned_requests_come_first_and_in_order(whole: Schedule) -> None:
    bodies = whole.plans[LABEL].bodies
    planned = whole.valid[: len(bodies)]
    assert [request.draft for request in planned] == list(bodies)
    assert [json.loads(request.request.body) for request in planned] == [body.body for body in bodies]
    assert whole.requests == (*whole.valid, *whole.invalid, *whole.spare)


def paid(schedule: Schedule) -> list[PlannedRequest]:
    """The valid requests, each of which may be a call."""
    return [request for request in schedule.all_valid if request.operation.costs]


def varied(whole: Schedule) -> dict[str, PlannedRequest]:
    """The requests after the planned ones, by their purpose."""
    return {request.purpose: request for request in whole.valid if request.draft is None}


def test_a_planned_request_is_sent_in_other_spellings_of_http(whole: Schedule) -> None:
    spelled = varied(whole)
    same = spelled["the same planned request once more"].request
    other = spelled["a planned request as Application/JSON"].request
    assert other.headers == (("Authorization", "Bearer {token}"), ("Content-Type", "Application/JSON"))
    parameter = spelled["a planned request as application/json; charset=utf-8"].request
    assert parameter.headers.first("Content-Type") == "application/json; charset=utf-8"
    json_otherwise = spelled["a planned request in another spelling of JSON"].request.body
    assert not json_otherwise.isascii()
    assert json.loads(json_otherwise) in [json.loads(each.request.body) for each in paid(whole) if each.draft]
    assert spelled["a planned request in chunks"].request.is_chunked
    lower = spelled["a planned request with the scheme in lower case"].request
    assert lower.headers.first("Authorization") == "bearer {token}"
    assert {each.body for each in (other, parameter, lower)} == {same.body}


@pytest.mark.parametrize("max_calls", [5, 8, 20])
def test_no_operation_gets_its_second_helping_of_the_calls_before_each_had_one(max_calls: int) -> None:
    contract = contract_of("things")
    made = schedule(contract, max_calls=max_calls)
    planned = Counter(each.operation.label for each in made.valid if each.operation.costs and each.draft)
    whole = Counter(each.operation.label for each in schedule_of("things").valid if each.draft)
    hungry = [label for label in planned if planned[label] < whole[label]]
    assert {*planned} == {"POST /things", "PATCH /things/{thing_id}", "DELETE /things/{thing_id}"}
    assert max(planned.values()) - min((planned[label] for label in hungry), default=max(planned.values())) <= 1


def test_what_costs_nothing_is_planned_whole_whatever_the_limit() -> None:
    contract = contract_of("things")
    free = [
        [each.request for each in made.valid if not each.operation.costs]
        for made in (schedule(contract, max_calls=1), schedule_of("things"))
    ]
    assert free[0] == free[1] != []
    assert {request.method for request in free[0]} == {"GET"}


def test_deletions_are_the_last_valid_requests() -> None:
    methods = [each.operation.method for each in schedule_of("things").valid]
    assert "DELETE" in methods
    assert methods == sorted(methods, key="DELETE".__eq__)


@pytest.mark.parametrize("method", ["patch", "put"])
def test_updates_come_after_what_creates_and_reads_wherever_the_spec_has_them(method: str) -> None:
    document = yaml.safe_load((ZOO / "things.yaml").read_text())
    collection, thing = document["paths"].items()
    thing[1][method] = thing[1].pop("patch")
    document["paths"] = dict([(thing[0], dict(reversed(thing[1].items()))), collection])
    contract = Contract(parse_spec(Path("spec.yaml"), yaml.safe_dump(document, sort_keys=False)))
    methods = list(dict.fromkeys(each.operation.method for each in schedule(contract).valid))
    assert methods[-2:] == [method.upper(), "DELETE"]
    assert {*methods[:-2]} == {"POST", "GET"}


def test_the_same_call_is_made_twice_and_the_first_again_at_the_end(whole: Schedule) -> None:
    planned = [request.request for request in whole.valid if request.draft]
    assert varied(whole)["the same planned request once more"].request in planned
    (last,) = whole.spare
    assert (last.purpose, last.request) == ("the first planned request again at the end", whole.valid[0].request)
    assert whole.requests[-1] == last


def test_two_that_differ_are_to_be_sent_at_once(whole: Schedule) -> None:
    (second,) = [index for index, request in enumerate(whole.valid) if request.is_beside_previous]
    one, other = whole.valid[second - 1 : second + 1]
    assert one.purpose == "the first of two requests at once"
    assert one.request != other.request
    # Each has what the other's answer would contradict, whichever is mixed up.
    first, second_body = (json.loads(each.request.body)["agent_config"] for each in (one, other))
    assert [name for name in first.keys() & second_body.keys() if first[name] != second_body[name]]


def test_requests_that_are_sent_at_once_stand_together(whole: Schedule) -> None:
    groups = list(at_once(whole.requests))
    assert [planned for group in groups for planned in group] == list(whole.requests)
    (pair,) = [group for group in groups if len(group) > 1]
    assert [each.is_beside_previous for each in pair] == [False, True]


def test_a_run_makes_few_calls(whole: Schedule) -> None:
    assert len(paid(whole)) <= 60
    assert len(paid(whole_schedule(1, all_known_names=True))) <= 150


def test_it_says_what_each_request_is_for(whole: Schedule) -> None:
    total = len(whole.plans[LABEL].bodies)
    purposes = [request.purpose for request in paid(whole) if request.draft]
    assert purposes == [f"planned request {number} of {total}" for number in range(1, total + 1)]
    assert {"a truncated body", "from_number: null", "GET, which the path does not have"} <= {
        request.purpose for request in whole.invalid
    }


def test_ids_are_unique_and_tell_valid_from_invalid(whole: Schedule) -> None:
    assert [request.id for request in whole.valid[:2]] == ["valid-1", "valid-2"]
    assert [request.id for request in whole.invalid[:2]] == ["invalid-1", "invalid-2"]
    assert len({request.id for request in whole.requests}) == len(whole.requests)


def test_a_valid_request_is_sent_as_json_with_the_token(contract: Contract, whole: Schedule) -> None:
    first = whole.valid[0]
    assert first.operation == contract.operation(LABEL)
    assert (first.request.method, first.request.target) == ("POST", "/conversations/create_phone_call")
    assert first.request.headers == (("Authorization", "Bearer {token}"), ("Content-Type", "application/json"))
    assert first.request.body.isascii()


@pytest.mark.slow
def test_the_same_arguments_make_the_same_schedule(contract: Contract, whole: Schedule) -> None:
    assert schedule(contract) == whole


def test_a_limit_cuts_the_plan_and_names_what_it_leaves_out(whole: Schedule) -> None:
    plan, cut = whole.plans[LABEL], our_schedule(5).plans[LABEL]
    assert [body.body for body in cut.bodies] == [body.body for body in plan.bodies[:5]]
    tried = {choice for body in plan.bodies for choice in body.tries}
    assert set(cut.untried) == tried - {choice for body in cut.bodies for choice in body.tries}


def test_the_proposed_limit_has_room_for_everything() -> None:
    assert our_schedule(5).enough_calls == ENOUGH_CALLS


def test_a_schedule_knows_how_many_calls_are_enough(another: Contract) -> None:
    whole, cut = schedule(another), schedule(another, max_calls=2)
    assert whole.enough_calls is None
    assert cut.enough_calls
    enough = cut.enough_calls
    assert schedule(another, max_calls=enough).all_valid == whole.all_valid
    assert enough - reserve_of(enough) == len(paid(whole)) > enough - 1 - reserve_of(enough - 1)


@pytest.mark.parametrize(
    ("max_calls", "at_first", "spare"),
    [(1, 1, 0), (2, 1, 1), *(pytest.param(*each, marks=pytest.mark.slow) for each in ((5, 3, 2), (11, 8, 3)))],
)
def test_a_fifth_of_the_calls_is_kept_for_invalid_requests(
    whole: Schedule, max_calls: int, at_first: int, spare: int
) -> None:
    cut = our_schedule(max_calls)
    assert (len(paid(cut)) - len(cut.spare), len(cut.spare)) == (at_first, spare)
    assert [each.request for each in paid(cut)] == [each.request for each in whole.valid[:max_calls]]
    assert cut.requests == (*cut.valid, *cut.invalid, *cut.spare)


def test_operations_share_the_calls_before_any_is_cut(another: Contract) -> None:
    whole = [request.operation.label for request in paid(schedule(another)) if request.draft]
    assert whole == sorted(whole)
    assert set(whole) == {"POST /a", "POST /b"}
    cut = schedule(another, max_calls=5)
    assert [each.operation.label for each in paid(cut)] == ["POST /a", "POST /a", "POST /b", "POST /a", "POST /b"]
    assert [request.operation.label for request in cut.spare] == ["POST /a", "POST /b"]
    assert all(cut.plans[label].untried for label in ("POST /a", "POST /b"))


def test_an_operation_that_costs_nothing_is_tried_with_any_limit(another: Contract) -> None:
    made = schedule(another, max_calls=1)
    assert [request.request.target for request in made.valid if request.operation.method == "GET"] == ["/a"]


def test_the_word_of_the_target_says_what_costs(another: Contract) -> None:
    made = schedule(replace(another, costs={"POST /b": False}), max_calls=1)
    assert [plan.untried for plan in (made.plans["POST /b"], made.plans["GET /a"])] == [(), ()]


def test_an_operation_that_gets_no_call_is_cut_whole(another: Contract) -> None:
    made = schedule(another, max_calls=1)
    assert [request.operation.label for request in paid(made)] == ["POST /a"]
    assert made.plans["POST /b"].bodies == ()
    assert made.plans["POST /b"].untried


def test_a_thorough_schedule_has_every_combination_of_three(another: Contract) -> None:
    thorough = schedule(another, thorough=True)
    assert all(plan.triples.covered == plan.triples.total for plan in thorough.plans.values())


def test_numbers_run_over_all_operations(another: Contract) -> None:
    made = schedule(another)
    assert [request.id for request in made.valid] == [f"valid-{number}" for number in range(1, len(made.valid) + 1)]


def test_other_methods_are_tried_once_a_path(another: Contract) -> None:
    tried = [
        each.request for each in schedule(another).invalid if each.purpose.endswith("which the path does not have")
    ]
    assert [(request.method, request.target) for request in tried] == [
        *(("PUT", "/a"), ("DELETE", "/a"), ("OPTIONS", "/a"), ("PATCH", "/a")),
        *(("GET", "/b"), ("PUT", "/b"), ("DELETE", "/b"), ("OPTIONS", "/b"), ("PATCH", "/b")),
    ]


SETTINGS = """\
openapi: 3.1.0
info: {title: Settings, version: 1.0.0}
paths:
  /things:
    post:
      responses:
        '201': {description: Made., content: {application/json: {schema: {properties: {id: {type: string}}}}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    patch: {}
  /settings/{key}:
    parameters: [{name: key, in: path, required: true, schema: {type: string}}]
    get: {}
    put: {}
"""


def test_what_another_machine_has_and_nothing_creates_is_not_changed() -> None:
    settings = Contract(parse_spec(Path("spec.yaml"), SETTINGS))
    for is_elsewhere, foreign in ((False, []), (True, ["PUT /settings/{key}"])):
        made = schedule(settings, limits=Limits(is_elsewhere=is_elsewhere))
        assert [each.label for each in made.foreign] == foreign
        sent = {each.operation.label for each in made.requests if each.request.method == each.operation.method}
        assert sent == {each.label for each in settings.operations} - {*foreign}
        unplanned = [f"{label}: {FOREIGN}" for label in foreign]
        assert [each for each in find_unplanned(settings, made) if FOREIGN in each] == unplanned
        evidence = Evidence(schedule=made)
        assert [*map(str, find_withheld(settings, evidence))] == [f"{label} ({FOREIGN})" for label in foreign]
        remedies = {each.label: each.remedies for each in tally_operations(settings, evidence, {}) if each.remedies}
        assert remedies == dict.fromkeys(foreign, (f"It is withheld: {FOREIGN}.",))


NEGOTIATED = """\
openapi: 3.1.0
info: {title: Books, version: 1.0.0}
paths:
  /one: {get: {responses: {'200': {description: A, content: {application/json: {}}}}}}
  /several: {get: {responses: {'200': {description: A, content: {application/json: {}, text/csv: {}, image/*: {}}}}}}
"""


def test_a_response_is_asked_for_in_each_of_its_media_types() -> None:
    made = schedule(Contract(parse_spec(Path("spec.yaml"), NEGOTIATED)))
    asked = [(each.operation.path, each.request.headers.first("Accept")) for each in made.valid]
    assert asked == [(path, None) for path in ("/one", "/several")] + [
        ("/several", media_type) for media_type in ("application/json", "text/csv")
    ]
