"""Causes: each failure belongs to exactly one, and a consequence stands with what it comes from."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.credentials import AUTHORIZATION
from contract_tests.exchange.exchange import Exchange
from contract_tests.exchange.headers import Headers
from contract_tests.judge.causes import GRAVITIES, find_causes
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge
from contract_tests.judge.occurrence import NarrowedChoice
from contract_tests.judge.witness import hear_witness
from spec.paths import SPEC
from tests.support.exchanges import CALL, JSON, altering, answer, call, conforming, post, read, responding, sent
from tests.support.lax_server import make_lax_app
from tests.support.stock_checks import statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Finding
    from contract_tests.servers.answer import Answer

TYPED = Headers([(AUTHORIZATION, "Bearer {token}"), ("Content-Type", "text/plain")])
BODIES: list[Any] = [CALL, {}, CALL | {"to_number": 1}, [], CALL | {"agent_config": {"prompt": 1}}, b"{", b"NaN"]
REQUESTS = [
    *map(post, BODIES),
    post(headers=JSON),
    post(headers=TYPED),
    post(headers=Headers([(AUTHORIZATION, "Bearer {token:prefix}"), *JSON])),
    *(post(method=method) for method in ("PUT", "OPTIONS")),
]


def without_uri_and_id(given: Answer) -> Answer:
    del given.body["uri"], given.body["id"]
    return given


@cache
def contract_of_the_spec() -> Contract:
    return read_contract(SPEC)


@cache
def pool() -> tuple[Exchange, ...]:
    """Exchanges with broken servers, of each kind of request."""
    apps: list[ASGIApp] = [
        conforming(),
        make_lax_app(),
        altering(status="live", phone_call=None),
        responding(without_uri_and_id),
    ]
    answered = chain.from_iterable(sent(app, *REQUESTS) for app in apps)
    crashed = (Exchange(request, answer({"detail": "boom"}, status)) for request in REQUESTS for status in (500, 400))
    silent = (Exchange(request, trouble="broke off its reply") for request in REQUESTS[:2])
    everything = (*answered, *crashed, *silent)
    return tuple(replace(each, id=str(number)) for number, each in enumerate(everything))


RECORDS = st.lists(st.integers(0, 73), max_size=12).map(lambda places: [pool()[place] for place in places])
CHOICES = st.dictionaries(
    st.integers(0, 73).map(str),
    st.sampled_from(["/info", "/paths"]).map(lambda pointer: (NarrowedChoice("a", pointer),)),
)


def test_the_pool_is_as_large_as_is_drawn_from_it() -> None:
    assert len(pool()) == 74


@given(RECORDS, CHOICES)
def test_each_failure_belongs_to_exactly_one_cause(
    record: list[Exchange], choices: dict[str, tuple[NarrowedChoice, ...]]
) -> None:
    judged = judge(contract_of_the_spec(), record)
    causes = find_causes(judged, choices)
    told = Counter((each.place, each.failure) for cause in causes for each in (*cause.own, *cause.consequences))
    assert told == Counter((place, failure) for place, each in enumerate(judged) for failure in each.failures)


@given(RECORDS)
def test_each_check_that_failed_is_shown(record: list[Exchange]) -> None:
    judged = judge(contract_of_the_spec(), record)
    findings = find_findings(contract_of_the_spec(), judged, Circumstances(str))
    assert {check for finding in findings for check in finding.checks} == {
        failure.check for each in judged for failure in each.failures
    }


@given(RECORDS)
def test_findings_are_numbered_from_the_gravest_and_have_keys_of_their_own(record: list[Exchange]) -> None:
    findings = find_findings(contract_of_the_spec(), judge(contract_of_the_spec(), record), Circumstances(str))
    assert [finding.number for finding in findings] == list(range(1, len(findings) + 1))
    gravities = [GRAVITIES.index(finding.gravity) for finding in findings]
    assert gravities == sorted(gravities)
    assert len({finding.key for finding in findings}) == len(findings)


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_a_record_does_not_change_what_is_broken(record: list[Exchange], random: object) -> None:
    shuffled = list(record)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # Hypothesis's own
    assert keys(record) == keys(shuffled)


def keys(record: Sequence[Exchange]) -> set[str]:
    """The keys of what is broken, but for the one rule about what came before."""
    causes = find_causes(judge(contract_of_the_spec(), record), {})
    return {cause.key for cause in causes if "id_is_new" not in cause.key}


def found(contract: Contract, *exchanges: Exchange, **choices: tuple[NarrowedChoice, ...]) -> tuple[Finding, ...]:
    return find_findings(contract, judge(contract, exchanges), Circumstances(str, choices=choices))


def consequences(finding: Finding) -> list[str]:
    return [failure.check for failure in finding.consequences]


def test_an_undocumented_status_is_a_consequence_of_a_crash(contract: Contract) -> None:
    (finding,) = found(contract, Exchange(post(), answer({"detail": "boom"}, 500)))
    assert (finding.check, consequences(finding)) == ("not_a_server_error", ["status_code_conformance"])


def test_an_unchecked_value_and_its_echo_are_one_finding(contract: Contract) -> None:
    wrong = CALL | {"agent_config": {"webhooks": [{"events": [5], "url": "", "method": "GET"}]}}
    exchanges = sent(conforming(), post()) + sent(altering(agent_config=wrong["agent_config"]), post())
    accepted = Exchange(post(wrong), exchanges[1].response)
    (finding,) = found(contract, exchanges[0], accepted)
    assert finding.check == "invalid_request_refused"
    assert set(consequences(finding)) == {"response_schema_conformance"}


def test_a_response_that_is_wrong_after_valid_requests_too_is_a_finding_of_its_own(contract: Contract) -> None:
    accepted, valid = sent(make_lax_app(), post(CALL | {"to_number": 1}), post())
    both = {finding.check for finding in found(contract, accepted, valid)}
    assert {"invalid_request_refused", "response_schema_conformance"} <= both
    (alone,) = (each for each in found(contract, accepted) if each.check == "invalid_request_refused")
    assert "response_schema_conformance" in consequences(alone)


def test_an_authorization_hole_is_one_finding_whatever_the_credentials(contract: Contract) -> None:
    requests = [
        post(headers=Headers([(AUTHORIZATION, value), *JSON])) for value in ("Bearer x", "Bearer {token:prefix}")
    ]
    (finding,) = found(contract, *(Exchange(each, sent(conforming(), post())[0].response) for each in requests))
    assert (finding.gravity, finding.checks) == ("credentials", ("ignored_auth", "authorization_required"))


def test_media_types_are_one_finding(contract: Contract) -> None:
    (response,) = (each.response for each in sent(conforming(), post()))
    types = ("text/plain", "application/xml", "multipart/form-data")
    requests = [post(headers=Headers([TYPED[0], ("Content-Type", each)])) for each in types]
    (finding,) = (
        each
        for each in found(contract, *(Exchange(each, response) for each in requests))
        if each.gravity == "acceptance"
    )
    assert finding.count == 3


def test_a_rule_about_a_field_that_the_schema_finds_wrong_is_a_consequence(contract: Contract) -> None:
    (finding,) = found(contract, *sent(altering(phone_call={"provider": "twilio"}), post()))
    assert (finding.check, consequences(finding)) == ("response_schema_conformance", ["phone_call_numbers_echoed"])


def test_a_rule_about_another_field_is_a_finding_of_its_own(contract: Contract) -> None:
    checks = [finding.check for finding in found(contract, *sent(altering(phone_call=None, uri=1), post()))]
    assert checks == ["response_schema_conformance", "phone_call_present"]


def test_fields_that_are_only_ever_absent_together_are_one_finding(contract: Contract) -> None:
    (finding,) = found(contract, *sent(responding(without_uri_and_id), post(), post()))
    assert finding.headline == "A response lacks uri and id (200)"
    assert [failure.missing for failure in finding.failures] == ["uri", "id"]


@pytest.mark.parametrize("status", [422, 500])
def test_requests_that_fail_for_different_choices_are_different_findings(contract: Contract, status: int) -> None:
    one, other = (NarrowedChoice(name, "/info") for name in ("a voice", "a prompt"))
    bodies = (CALL, CALL | {"agent_id": "a"}, CALL | {"agent_id": "longer"})
    exchanges = [
        Exchange(post(body), answer({"detail": []}, status), id=str(number)) for number, body in enumerate(bodies)
    ]
    findings = found(contract, *exchanges, **{"1": (one,), "2": (other,)})
    due_to = {finding.example.exchange: [choice.words for choice in finding.due_to] for finding in findings}
    assert due_to == {1: [], 2: ["a voice"], 3: ["a prompt"]}


def test_a_statement_of_the_witness_about_a_crash_is_a_consequence(contract: Contract) -> None:
    judged = judge(contract, [Exchange(post(), answer({"detail": "boom"}, 500), id="1")])
    (finding,) = find_findings(contract, hear_witness(judged, [statement("use_after_free")]), Circumstances(str))
    assert "use_after_free" in consequences(finding)
    assert finding.witness is None


def test_a_warning_with_a_consequence_that_violates_is_no_warning(contract: Contract) -> None:
    twice = Headers([(AUTHORIZATION, "Bearer {token}"), (AUTHORIZATION, "Bearer x"), *JSON])
    (broken,) = sent(altering(uri=1), post())
    (finding,) = find_findings(
        contract,
        judge(contract, [Exchange(post(headers=twice), broken.response)]),
        Circumstances(str, warnings=frozenset(["advice"])),
    )
    assert (finding.standing, finding.is_warning) == ("advice", False)


def test_a_statement_that_two_operations_share_is_one_cause(contract: Contract) -> None:
    for changes in ({"status": "live"}, {"ended_at": "2026-01-31T09:30:00Z"}):
        found = find_findings(contract, judge(contract, [call(**changes), read(**changes)]), Circumstances(str))
        assert [finding.count for finding in found] == [2]


def test_a_statement_of_an_operation_s_own_is_a_cause_of_its_own(contract: Contract) -> None:
    odd = [replace(each, response=answer({}, 299)) for each in (call(), read())]
    found = find_findings(contract, judge(contract, odd), Circumstances(str))
    assert {finding.operation for finding in found} == {operation.label for operation in contract.operations}
