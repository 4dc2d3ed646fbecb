"""JUnit XML, as GitHub, GitLab and Jenkins read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest

from contract_tests.report.junit import make_junit
from tests.support.exchanges import altering, post, sent
from tests.support.report_results import RESULTS, named
from tests.support.results import result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

ATTRIBUTES: Final[dict[str, tuple[set[str], set[str]]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"time", "skipped", "timestamp", "hostname", "id", "package"},
    ),
    "properties": (set(), set()),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name"}, {"classname", "time", "group"}),
    "failure": (set(), {"message", "type"}),
    "error": (set(), {"message", "type"}),
    "skipped": (set(), {"message", "type"}),
    "system-out": (set(), set()),
}
"""The attributes that an element must and may have by the schema of JUnit that Jenkins publishes."""
CHILDREN: Final[dict[str, set[str]]] = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out"},
    "properties": {"property"},
    "testcase": {"failure", "error", "skipped", "system-out"},
}
"""The elements that an element may hold by it."""
SECONDS: Final = re.compile(r"\d+(\.\d{1,3})?")


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def cases(text: str, outcome: str) -> dict[str, str]:
    """The reasons of the cases with an outcome, by the case's name."""
    found = ((case, case.find(outcome)) for case in read(text).iter("testcase"))
    return {str(case.get("name")): str(element.get("message")) for case, element in found if element is not None}


@pytest.mark.parametrize("name", RESULTS)
def test_the_document_is_as_the_schema_of_jenkins_says(name: str) -> None:
    for element in read(make_junit(named(name))).iter():
        required, optional = ATTRIBUTES[element.tag]
        assert required <= set(element.attrib) <= required | optional, element.tag
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set()), element.tag
        assert SECONDS.fullmatch(element.get("time", "0"))


@pytest.mark.parametrize("name", RESULTS)
def test_the_totals_are_those_of_the_cases(name: str) -> None:
    root = read(make_junit(named(name)))
    (suite,) = root
    counted = {what: str(len(list(root.iter(tag)))) for tag, what in (("failure", "failures"), ("error", "errors"))}
    counted |= {"tests": str(len(list(root.iter("testcase")))), "skipped": str(len(list(root.iter("skipped"))))}
    assert {name: suite.get(name) for name in counted} == counted


def test_there_is_a_case_for_each_check_and_each_fact() -> None:
    result = named("conforms")
    found = [(case.get("classname"), case.get("name")) for case in read(make_junit(result)).iter("testcase")]
    expected = {("contract.check", tally.name) for tally in result.checks}
    expected |= {(f"contract.{tally.kind}", tally.name) for tally in result.facts}
    assert len(found) == len(set(found))
    assert expected <= set(found)


def test_what_violates_is_a_failure_with_the_whole_finding() -> None:
    text = make_junit(named("violates"))
    assert set(cases(text, "failure")) == {"response_schema_conformance", "ConversationStatus"}
    failure = next(read(text).iter("failure"))
    assert "again     pytest contract_tests --replay contract-report/findings/" in str(failure.text)


def test_an_untestable_target_makes_each_case_an_error() -> None:
    text = make_junit(named("untestable"))
    assert {*cases(text, "error").values()} == {"http://127.0.0.1:8000 cannot be reached."}
    assert len(list(read(text).iter("error"))) == len(list(read(text).iter("testcase")))


NO_OCCASION = "not tried: nothing that was sent or came back gave occasion for it"


def test_what_was_not_tried_is_skipped_with_the_reason() -> None:
    text = make_junit(named("incomplete"))
    assert cases(text, "skipped")["EndedReason"] == "not tried: no response had it"
    assert cases(text, "skipped")["ignored_auth"] == NO_OCCASION
    assert cases(text, "skipped")["everything was tried"].startswith(
        "POST /conversations/create_phone_call: planned request 2 (no call is left)"
    )


def test_what_is_accepted_or_a_warning_is_skipped_with_the_reason() -> None:
    accepted = cases(make_junit(named("accepted")), "skipped")
    assert accepted["ConversationStatus"].startswith("accepted until 2026-12-31 (mended next week): finding ")
    warned = cases(make_junit(named("warned")), "skipped")
    assert warned["type_is_outbound_phone_call"].startswith("warning: finding 1: ")


def test_a_baseline_that_is_out_of_date_is_a_failure() -> None:
    failures = cases(make_junit(named("out-of-date")), "failure")
    assert failures["the baseline is up to date"].startswith(
        "accepted.json: accepted until 2026-01-01 (soon), and still there"
    )


def test_no_text_of_a_server_breaks_the_document(contract: Contract) -> None:
    text = make_junit(result_of(contract, *sent(altering(status="\x00\x1b]]>&<a>\uffff"), post())))
    assert "\\u001b]]>&<a>" in " ".join(cases(text, "failure").values())
