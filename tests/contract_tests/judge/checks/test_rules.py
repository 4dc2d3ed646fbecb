"""Rules as checks: those of the endpoint each take what conforms and find what breaks it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.exchange import Exchange, Request
from contract_tests.judge.checks.rules import echoes, rule_checks
from contract_tests.judge.judge import judge
from contract_tests.judge.tallies import tally
from tests.support.exchanges import AUTHORIZED, answer, failures, outcome, post, write_contract
from tests.support.json_texts import ODD_TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Failure

REQUEST: dict[str, Any] = {
    "from_number": "+12025550142",
    "to_number": "+12025550143",
    "agent_id": "agent_8c1f",
    "agent_config": {
        "prompt": "Be brief.",
        "voice": {"provider": "playht", "speed": 1},
        "hooks": [{"events": [], "instructions": []}],
        "webhooks": None,
    },
}
ANSWER: dict[str, Any] = {
    "id": "1",
    "type": "outbound_phone_call",
    "status": "ended",
    "started_at": "2026-01-31T09:30:00Z",
    "ended_at": "2026-01-31T10:30:00+01:00",
    "ended_reason": "user_ended",
    "agent_id": "agent_8c1f",
    "agent_config": {
        "prompt": "Be brief.",
        "voice": {"provider": "playht", "speed": 1.0, "new": 1},
        "hooks": [{"events": [], "instructions": [], "filter": None}],
        "webhooks": [],
    },
    "phone_call": {"from_number": "+12025550142", "to_number": "+12025550143"},
    "cost_breakdown": {"total": 0.05},
}
STARTED = {"status": "started", "ended_at": None, "ended_reason": None, "cost_breakdown": None}
OVER_TIME = {"conversation_found", "conversation_asked_for", "ended_for_good", "started_for_good"}
"""The rules of test_rules_over_time.py."""
# Each rule with changes to request and answer that break it.
BROKEN: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "ended_at_null_until_ended": [({}, {"status": "started"}), ({}, {"status": "queued"})],
    "agent_id_null_without_stored_agent": [({"agent_id": None}, {})],
    "agent_id_echoed": [({}, {"agent_id": "other"}), ({}, {"agent_id": None})],
    "phone_call_present": [({}, {"phone_call": None})],
    "phone_call_numbers_echoed": [
        ({}, {"phone_call": {"from_number": "+12025550142", "to_number": "+12025550199"}}),
        ({}, {"phone_call": {"to_number": "+12025550143"}}),
    ],
    "type_is_outbound_phone_call": [({}, {"type": "inbound_phone_call"}), ({}, {"type": "web_call"})],
    "ended_at_set_when_ended": [({}, {"ended_at": None})],
    "ended_at_not_before_started_at": [({}, {"ended_at": "2026-01-31T10:29:59+01:00"})],
    "ended_reason_only_when_ended": [({}, STARTED | {"ended_reason": "unknown"})],
    "cost_breakdown_set_when_ended": [({}, {"cost_breakdown": None})],
    "configuration_used": [
        ({}, {"agent_config": None}),
        ({"agent_config": {"max_duration_seconds": 60}}, {}),
        ({"agent_config": {"hooks": []}}, {}),
        ({"agent_config": {"voice": {"provider": "playht", "speed": 2}}}, {}),
        ({"agent_config": {"prompt": "Be long."}}, {}),
    ],
}


def broken(contract: Contract, name: str, request: dict[str, Any], response: dict[str, Any]) -> list[Failure]:
    """The failures by a rule, where request and response differ so from a pair that conforms."""
    exchange = Exchange(post(copy.deepcopy(REQUEST) | request), answer(copy.deepcopy(ANSWER) | response))
    return [failure for failure in failures(contract, exchange) if failure.check == name]


def with_ids(*ids: object) -> list[Exchange]:
    """Accepted calls whose conversations have these ids; of `...`, one without."""
    bodies = ({name: value for name, value in (ANSWER | {"id": each}).items() if value is not ...} for each in ids)
    return [Exchange(post(REQUEST), answer(body)) for body in bodies]


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_takes_what_conforms(contract: Contract, name: str) -> None:
    assert not broken(contract, name, {}, {})
    assert not broken(contract, name, {}, STARTED)


@pytest.mark.parametrize(
    ("name", "request_change", "answer_change"),
    [(name, *changes) for name, rows in BROKEN.items() for changes in rows],
)
def test_a_rule_finds_what_breaks_it(
    contract: Contract, name: str, request_change: dict[str, Any], answer_change: dict[str, Any]
) -> None:
    (failure,) = broken(contract, name, request_change, answer_change)
    assert failure.detail


def test_an_id_must_be_new(contract: Contract) -> None:
    first, *others = with_ids("a", "b", "a")
    (found,) = [failure for failure in failures(contract, first, *others) if failure.check == "id_is_new"]
    assert (found.earlier, found.detail) == ((first,), 'response.id is "a", as in an earlier exchange')


def test_answers_without_an_id_repeat_none(contract: Contract) -> None:
    assert "id_is_new" not in {failure.check for failure in failures(contract, *with_ids(..., ..., None, None))}


def test_every_rule_is_tested(contract: Contract) -> None:
    assert {rule.name for rule in contract.rules} == {*BROKEN, "id_is_new", *OVER_TIME}


def test_a_rule_has_the_standing_and_the_line_that_the_spec_gives_it(contract: Contract) -> None:
    (failure,) = broken(contract, "ended_at_set_when_ended", {}, {"ended_at": None})
    assert failure.standing == "inferred"
    assert contract.value(failure.pointer)["name"] == "ended_at_set_when_ended"
    assert {check.standing for check in rule_checks(contract)} == {"documented", "inferred"}


@pytest.mark.parametrize(
    "exchange",
    [
        Exchange(post(REQUEST), answer(ANSWER | {"phone_call": None}, 422)),
        Exchange(post({"to_number": "1"}), answer(ANSWER | {"phone_call": None})),
        Exchange(post(headers=AUTHORIZED.without(["Authorization"])), answer(ANSWER | {"phone_call": None})),
    ],
    ids=["refused", "accepted and invalid", "accepted without a token"],
)
def test_rules_are_about_accepted_valid_requests_alone(contract: Contract, exchange: Exchange) -> None:
    assert outcome(contract, "phone_call_present", exchange) == "is not made"


@pytest.mark.parametrize("body", [[], "queued", None, 5])
def test_rules_say_nothing_of_the_fields_of_what_is_no_object(contract: Contract, body: object) -> None:
    judged = judge(contract, [Exchange(post(REQUEST), answer(body))])
    assert not {*judged[0].made} & {*BROKEN}


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: text[:20].decode())
def test_json_that_validators_cannot_take_is_judged_all_the_same(contract: Contract, text: bytes) -> None:
    body = b'{"uri":' + text + b"}"
    (judged,) = judge(contract, [Exchange(post(body), answer(body))])
    assert "response_is_json" in judged.passed
    tally(contract, [judged]).facts(())


@pytest.mark.parametrize(
    ("asked", "used"),
    [
        (None, 5),
        ({"a": 1}, {"a": 1.0, "b": 2}),
        ({"a": {"b": None}}, {"a": {}}),
        ([1, {"a": None}], [1, {"a": 5}]),
        (2**60, 2**60 + 1),
        (10**400, 10**400 + 1),
    ],
)
def test_what_was_asked_for_is_echoed(asked: object, used: object) -> None:
    assert echoes(asked, used)


@pytest.mark.parametrize(
    ("asked", "used"),
    [
        (5, None),
        ({"a": 1}, {}),
        ({"a": 1}, [1]),
        ([1], [1, 2]),
        (["a", "b"], ["b", "a"]),
        (True, 1),
        (0, False),
        (2**53 - 1, 2**53 - 2),
        ("a", "A"),
    ],
)
def test_something_else_is_no_echo(asked: object, used: object) -> None:
    assert not echoes(asked, used)


PAIRS = """\
openapi: 3.1.0
info: {title: Pairs, version: 1.0.0}
security: [{Bearer: []}]
components: {securitySchemes: {Bearer: {type: http, scheme: bearer}}}
paths:
  /pairs:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {a: {}, c: {}}}}}}
      responses:
        '200':
          description: The pair.
          content:
            application/json:
              schema:
                type: object
                properties: {b: {}, when: {type: string, format: date-time}, items: {items: {type: object}}}
                x-rules: [{name: rule, says: the rule is kept, RULE}]
"""


def pair(tmp_path: Path, rule: str, response: object, request: object = None) -> tuple[str, list[Failure]]:
    """The outcome of a rule about a pair of bodies, and its failures."""
    contract = write_contract(tmp_path, PAIRS.replace("RULE", rule))
    content = post(request or {}).body
    exchange = Exchange(Request("POST", "/pairs", AUTHORIZED, content, "http://server"), answer(response))
    return outcome(contract, "rule", exchange), failures(contract, exchange)


@pytest.mark.parametrize(
    ("rule", "response", "expected"),
    [
        ("holds: response.b == 1", {"b": 1}, "passes"),
        ("holds: response.b == 1", {"b": 2}, "fails"),
        ("holds: response.b == null", {}, "passes"),
        ("holds: response.b.c.d == null", {"b": {"c": None}}, "passes"),
        ("when: response.b == 1, holds: response.b == 2", {"b": 3}, "is not made"),
        ("holds: response.b < 1", {"b": "a"}, "is not made"),
        ("holds: timestamp(response.when) < timestamp('2026-01-31T09:30:00Z')", {"when": "soon"}, "is not made"),
        ("holds: status == 200", {}, "passes"),
        ("holds: response == null", {}, "fails"),
        ("holds: 'size(response.items) == 1'", {"items": [1]}, "passes"),
        ("holds: 'response.items.all(i, i.a == null || i.a == 1)'", {"items": [{}, {"a": 1}]}, "passes"),
        ("holds: 'response.items.all(i, i.a == null || i.a == 1)'", {"items": [{}, {"a": 2}]}, "fails"),
    ],
)
def test_a_rule_is_judged_by_the_values_of_its_fields(
    tmp_path: Path, rule: str, response: object, expected: str
) -> None:
    assert pair(tmp_path, rule, response)[0] == expected


@pytest.mark.parametrize(
    ("rule", "response", "request_body", "detail"),
    [
        ("holds: response.b == request.a", {"b": "x"}, {"a": None}, 'response.b is "x", request.a is null'),
        ("when: response.b == true, holds: status == 201", {"b": True}, {}, "response.b is true, status is 200"),
        ("holds: 'echoes(request.a, response.b)'", {"b": {"c": 1}}, {"a": {"c": 2}}, "b.c is 1, and the request set 2"),
        (
            "holds: 'echoes(request.a, response.b)'",
            {"b": [None]},
            {"a": ["x"]},
            'b[0] is null, and the request set "x"',
        ),
        (
            "holds: 'status == 201 || echoes(request.a, response.b)'",
            {},
            {"a": 1},
            "b is absent, and the request set 1, status is 200",
        ),
        ("holds: response.b == request.a", {"b": "x"}, {}, 'response.b is "x", request.a is absent'),
        ("holds: response.b.c == 1", {"b": None}, {}, "response.b.c is absent"),
        (
            "holds: 'echoes(request.a, response.b)'",
            {"b": {"c": {}}},
            {"a": {"c": {"d": 1}}},
            "b.c.d is absent, and the request set 1",
        ),
        ("holds: response.b == 1", {"b": "x" * 99}, {}, f'response.b is "{"x" * 79}…'),
        ("holds: response.b == null || response.b.c == 1", {"b": {"c": 2}}, {}, "response.b.c is 2"),
        ("holds: 'response.items.all(i, i.a == 1)'", {"items": [{"a": 2}]}, {}, 'response.items is [{"a": 2}]'),
    ],
)
def test_a_broken_rule_is_told_with_the_values_of_its_fields(
    tmp_path: Path, rule: str, response: object, request_body: object, detail: str
) -> None:
    (failure,) = pair(tmp_path, rule, response, request_body)[1]
    assert (failure.headline, failure.detail) == (f"{detail}; the rule: the rule is kept", detail)


def test_a_rule_whose_condition_is_never_true_is_not_tried(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, PAIRS.replace("RULE", "when: response.b == 1, holds: response.b == 2"))
    exchange = Exchange(Request("POST", "/pairs", AUTHORIZED, b"{}", "http://server"), answer({"b": 3}))
    (counts,) = [counts for counts in tally(contract, judge(contract, [exchange])).checks() if counts.name == "rule"]
    assert (counts.passed, counts.failed) == (0, 0)


@pytest.mark.parametrize("when", ["is_new(request.a)", "previous(request.a, request.c) == null", "status == 422"])
def test_a_rule_about_acceptance_that_asks_about_more_than_the_request_is_a_check(tmp_path: Path, when: str) -> None:
    contract = write_contract(tmp_path, PAIRS.replace("RULE", f"when: '{when}', holds: status < 300"))
    refused = Exchange(Request("POST", "/pairs", AUTHORIZED, b'{"a": "x"}', "http://server"), answer({}, 422))
    assert outcome(contract, "rule", refused) == "fails"
