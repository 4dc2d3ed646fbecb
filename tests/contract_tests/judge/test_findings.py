"""Findings: each way of breaking the contract once, with all that it takes to see it again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge
from contract_tests.judge.occurrence import NarrowedChoice
from contract_tests.judge.tallies import tally
from contract_tests.judge.witness import NAME, hear_witness
from contract_tests.kills.kill import TOKEN, catalogue
from contract_tests.result.finding_file import requests_of
from tests.support.exchanges import AUTHORIZED, CALL, altering, answer, call, conforming, post, read, responding, sent
from tests.support.stock_checks import statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.result.result import FactTally, Finding
    from contract_tests.servers.answer import Answer

PROMPT = NarrowedChoice("a prompt", "/components/schemas/AgentConfiguration/properties/prompt")
LONG = CALL | {"agent_config": {"prompt": "x" * 100}}


def found(contract: Contract, *exchanges: Exchange, warnings: frozenset[Standing] = frozenset()) -> tuple[Finding, ...]:
    circumstances = Circumstances("again {}".format, choices={"1": (PROMPT,)}, warnings=warnings)
    return find_findings(contract, judge(contract, exchanges), circumstances)


def test_failures_that_differ_in_nothing_but_the_exchange_are_one_finding(contract: Contract) -> None:
    (finding,) = found(contract, *sent(altering(uri=1), post(LONG), post(), post(LONG)))
    assert (finding.check, finding.count) == ("response_schema_conformance", 3)
    assert finding.pointer == "/components/schemas/ConversationResponse/properties/uri/type"
    assert finding.location.startswith("spec/openapi.yaml:")


def test_a_finding_shows_the_smallest_request_that_it_comes_with(contract: Contract) -> None:
    (finding,) = found(contract, *sent(altering(uri=1), post(LONG), post(), post(LONG)))
    assert requests_of(finding)[0].body == post().body


def test_a_finding_shows_a_request_that_needs_nothing_created_before(contract: Contract) -> None:
    begun = {"status": "started", "ended_at": "2100-01-31T09:30:00Z"}
    (finding,) = found(contract, read(**begun), call(**begun))
    assert finding.example.request.method == "POST"


def test_ways_of_breaking_the_contract_are_told_apart_and_numbered(contract: Contract) -> None:
    findings = found(contract, *sent(altering(status="live", uri=1), post()))
    assert [finding.reproduce for finding in findings] == ["again 1", "again 2"]
    assert len({finding.pointer for finding in findings}) == 2


@pytest.mark.parametrize(("body", "is_base64"), [(b"\xff", True), (b'"\0"', True), ('{"a": "ü"}'.encode(), False)])
def test_a_request_is_kept_byte_for_byte(contract: Contract, body: bytes, is_base64: bool) -> None:  # noqa: FBT001 - a row's column
    finding, *_ = found(contract, Exchange(post(body), answer({"detail": "boom"}, 500)))
    (request,) = requests_of(finding)
    assert finding.example.request.body_is_base64 == is_base64
    assert (request.body, request.headers, request.target) == (body, AUTHORIZED, post().target)


def test_an_id_that_comes_twice_is_shown_with_both_requests(contract: Contract) -> None:
    (finding,) = found(contract, *sent(altering(id="1"), post(LONG), post()))
    assert [request.body for request in requests_of(finding)] == [post(LONG).body, post().body]


def test_a_finding_names_the_choices_that_were_narrowed(contract: Contract) -> None:
    first, second = (replace(each, id=str(number)) for number, each in enumerate(sent(altering(uri=1), post(), post())))
    (finding,) = found(contract, first, second)
    assert [choice.words for choice in finding.due_to] == ["a prompt"]


def test_our_own_reading_violates_nothing_where_that_is_said(contract: Contract) -> None:
    exchanges = sent(altering(phone_call=None, type="web_call"), post())
    assert {
        finding.check: finding.is_warning for finding in found(contract, *exchanges, warnings=frozenset(["inferred"]))
    } == {
        "phone_call_present": False,  # documented
        "type_is_outbound_phone_call": True,  # inferred
    }
    assert not any(finding.is_warning for finding in found(contract, *exchanges))


def test_a_finding_of_the_witness_alone_says_so(contract: Contract) -> None:
    judged = judge(contract, [replace(sent(conforming(), post())[0], id="1")])
    (finding,) = find_findings(contract, hear_witness(judged, [statement("use_after_free")]), Circumstances(str))
    assert (finding.check, finding.witness, finding.count) == ("use_after_free", NAME, 1)


def test_a_check_is_tallied_once_an_exchange_however_many_problems_it_has(contract: Contract) -> None:
    judged = judge(contract, sent(altering(status="live", uri=1), post(), post()))
    tallies = {each.name: (each.passed, each.failed) for each in tally(contract, judged).checks()}
    assert tallies["response_schema_conformance"] == (0, 2)
    assert tallies["not_a_server_error"] == (2, 0)
    assert tallies["malformed_json_refused"] == (0, 0)


def facts_of(
    contract: Contract, exchanges: list[Exchange], choices: Mapping[str, tuple[NarrowedChoice, ...]] | None = None
) -> tuple[FactTally, ...]:
    judged = judge(contract, exchanges)
    findings = find_findings(contract, judged, Circumstances(str, choices=choices or {}))
    return tally(contract, judged).facts(findings)


def without_id(given: Answer) -> Answer:
    del given.body["id"]
    return given


def test_a_broken_fact_is_told_with_what_breaks_it(contract: Contract) -> None:
    (fact,) = [fact for fact in facts_of(contract, sent(responding(without_id), post())) if fact.breaches]
    assert (fact.name, fact.breaches, fact.findings) == (
        "ConversationResponse.id",
        ("A response lacks id (200)",),
        (1,),
    )


def test_a_broken_fact_names_each_finding_that_breaks_it_though_they_say_the_same(contract: Contract) -> None:
    judged = judge(contract, sent(responding(without_id), post()))
    (finding,) = find_findings(contract, judged, Circumstances(str))
    of_another_operation = structs.replace(finding, number=2)
    facts = tally(contract, judged).facts([finding, of_another_operation])
    (fact,) = [fact for fact in facts if fact.breaches]
    assert (fact.breaches, fact.findings) == (("A response lacks id (200)",), (1, 2))


def test_a_fact_that_is_met_only_where_something_else_is_wrong_is_not_judged(contract: Contract) -> None:
    facts = {fact.name: fact for fact in facts_of(contract, sent(altering(uri=1), post(), post()))}
    assert (facts["ConversationResponse.id"].kept, facts["ConversationResponse.id"].not_judged) == (0, 2)
    assert (facts["ConversationCost.total"].kept, facts["ConversationCost.total"].not_judged) == (0, 0)


def azure_refused(contract: Contract, *due_to: NarrowedChoice) -> list[FactTally]:
    """The facts that are broken where a transcriber by Azure is refused, which is due to some choices."""
    app = catalogue()["a transcriber by Azure refused"].make_app(TOKEN)
    body = CALL | {"agent_config": {"transcriber": {"provider": "azure"}}}
    (exchange,) = sent(app, post(body), token=TOKEN)
    facts = facts_of(contract, [replace(exchange, id="1")], {"1": due_to})
    return [fact for fact in facts if fact.breaches]


def test_an_enumeration_is_broken_by_a_refusal_that_is_due_to_its_member(contract: Contract) -> None:
    pointer = "/components/schemas/AzureTranscriber/properties/provider/enum"
    (fact,) = azure_refused(contract, NarrowedChoice('provider: "azure"', pointer))
    assert (fact.pointer, fact.breaches) == (
        pointer,
        ('A documented request is refused (422), due to provider: "azure"',),
    )


def test_an_enumeration_is_not_broken_by_a_refusal_that_is_due_to_something_else(contract: Contract) -> None:
    assert azure_refused(contract) == []
    assert azure_refused(contract, PROMPT) == []


def test_responses_of_different_statuses_that_are_no_json_are_told_apart(contract: Contract) -> None:
    exchanges = [Exchange(post(body), answer(b"{", status)) for body, status in ((CALL, 200), ({}, 422))]
    headlines = {finding.headline for finding in found(contract, *exchanges) if finding.check == "response_is_json"}
    assert {headline.partition(":")[0] for headline in headlines} == {
        "A response is no JSON (200)",
        "A response is no JSON (422)",
    }
