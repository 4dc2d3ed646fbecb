"""How often exchanges try, keep and violate each statement, and what the annotated contract tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from contract_tests.contract.statements import Key
from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.annotation import Told, annotate
from contract_tests.judge.judge import judge
from contract_tests.judge.tallies import tally
from contract_tests.result.result import Choice
from tests.support.exchanges import CALL, altering, answer, conforming, post, sent
from tests.support.results import result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.coverage import Statement

CONVERSATION = "/components/schemas/ConversationResponse"
STATUS = "/components/schemas/ConversationStatus/enum"
SPEED = "/components/schemas/PlayhtVoice/properties/speed"


def with_voice(**voice: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return CALL | {"agent_config": {"voice": {"provider": "playht", **voice}}}


def statement(
    contract: Contract, body: str, key: Key, *exchanges: Exchange, gaps: dict[Key, str] | None = None
) -> Statement:
    """A statement about a body, after some exchanges."""
    result = result_of(contract, *exchanges)
    tallies = tally(contract, judge(contract, exchanges))
    told = Told(tallies.statements, tallies.checks(), result.findings, gaps or {})
    operation, _ = annotate(contract, told)
    (found,) = (
        each
        for one in operation.bodies
        if one.name == body
        for part in one.parts
        for each in part.statements
        if each.pointer == key.pointer and (key.detail is None or key.detail in {each.words, each.kind})
        if key.detail is not None or each.kind not in {"null", "member"}
    )
    return found


def counts(found: Statement) -> tuple[int, int, int]:
    return found.tried, found.kept, found.violated


def test_a_required_field_of_a_response_is_kept_where_it_is_there(contract: Contract) -> None:
    key = Key(f"{CONVERSATION}/required", "uri")
    assert counts(statement(contract, "200", key, *sent(conforming(), post(), post()))) == (2, 2, 0)


def test_a_field_that_is_there_is_kept_though_another_is_wrong(contract: Contract) -> None:
    key = Key(f"{CONVERSATION}/required", "uri")
    assert counts(statement(contract, "200", key, *sent(altering(account_id=7), post()))) == (1, 1, 0)


def test_an_absent_required_field_is_a_violation_with_its_finding(contract: Contract) -> None:
    key = Key(f"{CONVERSATION}/required", "uri")
    found = statement(contract, "200", key, Exchange(post(), answer({"id": "1"})))
    assert counts(found) == (1, 0, 1)
    assert found.findings == (1,)


def test_of_an_enumeration_only_the_member_that_came_is_tried(contract: Contract) -> None:
    exchanges = sent(altering(status="queued"), post())
    assert counts(statement(contract, "200", Key(STATUS, '"queued"'), *exchanges)) == (1, 1, 0)
    never = statement(contract, "200", Key(STATUS, '"ended"'), *exchanges)
    assert (counts(never), never.gap) == ((0, 0, 0), "no response had it")


def test_another_value_violates_the_enumeration_and_tries_no_member(contract: Contract) -> None:
    exchanges = sent(altering(status="live"), post())
    assert counts(statement(contract, "200", Key(STATUS), *exchanges)) == (1, 0, 1)
    assert counts(statement(contract, "200", Key(STATUS, '"ended"'), *exchanges)) == (0, 0, 0)


def test_a_status_that_never_came_says_so(contract: Contract) -> None:
    key = Key("/components/schemas/ErrorResponse/required", "detail")
    found = statement(contract, "403", key, *sent(conforming(), post()))
    assert found.gap == "no response with the status 403 came"


@pytest.mark.parametrize(("speed", "expected"), [(5, (1, 1, 0)), (4, (0, 0, 0)), (6, (1, 1, 0)), (None, (0, 0, 0))])
def test_a_bound_of_requests_is_tried_at_the_bound_and_beyond_it(
    contract: Contract, speed: int | None, expected: tuple[int, int, int]
) -> None:
    exchanges = sent(conforming(), post(with_voice(speed=speed)))
    assert counts(statement(contract, "request", Key(f"{SPEED}/maximum"), *exchanges)) == expected


def test_a_bound_that_a_server_does_not_keep_is_violated(contract: Contract) -> None:
    accepted = Exchange(post(with_voice(speed=6)), sent(conforming(), post())[0].response)
    assert counts(statement(contract, "request", Key(f"{SPEED}/maximum"), accepted)) == (1, 0, 1)


def test_null_and_absent_fields_of_requests_are_tried(contract: Contract) -> None:
    exchanges = sent(conforming(), post(CALL | {"agent_id": None}), post())
    place = "/components/schemas/CreateCall/properties/agent_id"
    assert counts(statement(contract, "request", Key(f"{place}/type", "null"), *exchanges)) == (1, 1, 0)
    assert counts(statement(contract, "request", Key(place, "optional"), *exchanges)) == (1, 1, 0)


def test_a_valid_request_that_is_refused_was_tried_and_not_kept(contract: Contract) -> None:
    refused = Exchange(post(), answer({"detail": "no"}, 422))
    key = Key("/components/schemas/CreateCall/required", "to_number")
    assert counts(statement(contract, "request", key, refused)) == (1, 0, 0)


def test_the_reason_for_which_a_choice_was_withheld_is_told(contract: Contract) -> None:
    gaps = {Key(f"{SPEED}/maximum"): "withheld: not here"}
    found = statement(contract, "request", Key(f"{SPEED}/maximum"), *sent(conforming(), post()), gaps=gaps)
    assert found.gap == "withheld: not here"


def test_a_rule_is_counted_by_its_check(contract: Contract) -> None:
    result = result_of(contract, *sent(altering(ended_at="2026-01-31T09:30:00Z"), post()), reads=False)
    rules = {rule.words.partition(":")[0]: rule for rule in result.contract[0].rules}
    assert counts(rules["ended_at_null_until_ended"]) == (1, 0, 1)
    assert rules["ended_at_null_until_ended"].findings
    assert rules["ended_at_set_when_ended"].gap == "no response gave occasion to judge it"


def test_a_choice_that_a_server_refuses_is_violated_by_the_finding_that_is_due_to_it(contract: Contract) -> None:
    refused = Exchange(post(with_voice(speed=5)), answer({"detail": "no"}, 422))
    tallies = tally(contract, judge(contract, [refused]))
    (finding, *_) = result_of(contract, refused).findings
    choice = Choice(words="agent_config.voice(PlayhtVoice).speed: maximum 5", pointer=f"{SPEED}/maximum", location="")
    due = structs.replace(finding, due_to=(choice,))
    operation, _ = annotate(contract, Told(tallies.statements, tallies.checks(), [due], {}))
    (bound,) = (
        each for part in operation.bodies[0].parts for each in part.statements if each.pointer == f"{SPEED}/maximum"
    )
    assert (counts(bound), bound.findings) == ((1, 0, 1), (1,))
