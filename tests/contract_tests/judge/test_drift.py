"""Additive drift as findings: one a field, where it violates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import NOTHING, Record
from contract_tests.judge.stream import Stream
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.run.replay_judging import judge_replay
from tests.support.exchanges import call
from tests.support.results import ACCEPTANCE, HERE, OPTIONS, result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.result.result import Result
    from spec.json_value import Json

STRICT = replace(OPTIONS, strict=True)


def call_of(number: int, **changes: Json) -> Exchange:
    """A call that creates a conversation of its own."""
    return call(id=str(number), uri=f"/conversations/{number}", **changes)


DRIFTING = (call_of(1), call_of(2, region="eu"), call_of(3, region="us", cost=1))


def strictly(contract: Contract, *exchanges: Exchange) -> Result:
    """The result of a run with `--strict`."""
    return result_of(contract, *exchanges, options=STRICT)


def test_without_strict_drift_is_listed_and_makes_no_finding(contract: Contract) -> None:
    result = result_of(contract, *DRIFTING)
    assert (result.verdict, result.findings, len(result.tolerated_additions)) == ("conforms", (), 2)


def test_strictly_each_field_is_a_finding_with_its_count_and_first_exchange(contract: Contract) -> None:
    result = strictly(contract, *DRIFTING)
    told = [(each.number, each.headline, each.count, each.exchanges) for each in result.findings]
    assert result.verdict == "violates"
    assert told == [
        (1, 'Responses have a field "region", which the spec does not have', 2, (2,)),
        (2, 'Responses have a field "cost", which the spec does not have', 1, (3,)),
    ]
    assert all("--replay" in each.reproduce for each in result.findings)


def test_what_findings_tell_is_not_told_beside_them(contract: Contract) -> None:
    result = strictly(contract, *DRIFTING)
    assert (len(result.additions), result.tolerated_additions) == (2, ())


def test_drift_is_no_consequence_of_a_graver_failure(contract: Contract) -> None:
    result = strictly(contract, call(region="eu", type="web_call"))
    assert [each.gravity for each in result.findings] == ["response", "drift"]


def test_a_baseline_accepts_drift(contract: Contract) -> None:
    findings = strictly(contract, *DRIFTING).findings
    accepted = {each.key: ACCEPTANCE for each in findings}
    assert result_of(contract, *DRIFTING, options=STRICT, accepted=accepted).verdict == "conforms"


def test_the_new_field_is_marked_in_the_response(contract: Contract) -> None:
    result = strictly(contract, call(agent_config={"mood": 1}))
    assert [part for each in result.findings for failure in each.failures for part in failure.parts] == [
        "/agent_config/mood"
    ]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(call(region="us"), "stands"), (call(zone=1), "gone"), (call(), "gone")],
    ids=["the field", "another field", "no field"],
)
def test_a_replay_looks_for_the_same_field(contract: Contract, answer: Exchange, verdict: str) -> None:
    finding = strictly(contract, *DRIFTING).findings[0]
    assert judge_replay(contract, finding, Record((answer,)), lambda: None).verdict == verdict


def test_a_recording_tells_the_same_however_it_is_judged(contract: Contract) -> None:
    fields: list[dict[str, Json]] = [{}, {}, {"region": "eu"}, {}, {"region": "us", "cost": 1}, {"cost": 2}]
    exchanges = [call_of(number, **each) for number, each in enumerate(fields)]
    whole = result_of(contract, *exchanges, options=STRICT, reads=False)
    stream = Stream(contract)
    for each in exchanges:
        stream.judge(replace(each, omitted=frozenset(("credentials",))))
    evidence = Evidence(NOTHING, stream.judged(), None, {}, tallies=stream.tallies)
    streamed = conclude(contract, evidence, HERE, STRICT, 1.0)
    assert told(streamed) == told(whole)


def told(result: Result) -> list[tuple[str, int, tuple[int, ...]]]:
    """Each finding of drift: its key, how often it came, and where first."""
    return [(each.key, each.count, each.exchanges) for each in result.findings if each.gravity == "drift"]
