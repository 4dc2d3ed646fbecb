"""Causes on the page: the spec's line, the marked exchange, and no more than there is room for."""

from __future__ import annotations

import doctest
import json
from random import Random
from string import ascii_letters
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.report.page import causes
from contract_tests.report.page.allowance import allow
from contract_tests.report.page.causes import Cause, line_of, quote_spec, show_causes
from contract_tests.report.page.page import make_page
from tests.support.exchanges import altering, post, sent
from tests.support.pages import lax_result, with_findings
from tests.support.results import result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Finding

MOST = 3_000_000
"""How large a page may be, in bytes."""


@pytest.fixture(scope="module")
def shown() -> tuple[Cause, ...]:
    result = lax_result()
    assert result.spec
    return show_causes(result, result.findings, result.spec.text.split("\n"), allow(14))


def marked(cause: Cause) -> list[str]:
    """The marked lines of the response."""
    assert cause.response
    assert cause.response.body
    return [line.text.strip() for chunk in cause.response.body.chunks for line in chunk.lines if line.is_marked]


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(causes).failed == 0


def test_the_line_of_the_spec_is_quoted_with_those_around_it() -> None:
    quoted = quote_spec(["a", "b", "c", "d"], 2, context=1)
    assert [(line.number, line.text, line.is_meant) for line in quoted] == [
        (1, "a", False),
        (2, "b", True),
        (3, "c", False),
    ]


@pytest.mark.parametrize("location", ["spec.yaml:0", "spec.yaml:9", "spec.yaml", "spec.yaml:x", "spec.yaml:²"])
def test_a_location_that_the_page_has_no_line_for_is_quoted_not_at_all(location: str) -> None:
    assert line_of(location, ["one", "two"]) is None
    assert quote_spec(["one"], None, 3) == ()


def test_the_broken_part_of_a_response_is_marked(shown: tuple[Cause, ...]) -> None:
    by_headline = {cause.headline.partition(" (")[0]: cause for cause in shown}
    assert marked(by_headline["A response is wrong at status"]) == ['"status": "calling",']
    assert '"provider" is missing' in marked(
        by_headline["A response lacks phone_call.provider, phone_call.to_number and phone_call.from_number"]
    )


def test_a_headline_that_says_it_all_is_not_repeated(shown: tuple[Cause, ...]) -> None:
    assert {cause.details for cause in shown if cause.check == "response_schema_conformance"} >= {()}


def test_each_cause_tells_where_it_was_first_seen(shown: tuple[Cause, ...]) -> None:
    assert all(cause.seen for cause in shown)


def test_a_finding_without_a_response_is_shown(contract: Contract) -> None:
    (exchange,) = sent(altering(uri=1), post())
    result = result_of(contract, exchange)
    silent = structs.replace(result.findings[0].example, response=None)
    finding = structs.replace(result.findings[0], examples=(silent,))
    assert "<b>received</b> nothing" in make_page(structs.replace(result, findings=(finding,)))


def lengthened(finding: Finding, random: Random) -> Finding:
    """A finding with long texts that no two findings share, so that they cannot be packed."""

    def text(length: int) -> str:
        return "".join(random.choices(ascii_letters + '"<', k=length))

    request = structs.replace(finding.example.request, body=f'["{text(1000)}"]')
    example = structs.replace(finding.example, request=request, sent=text(500))
    longer = {"detail": text(1000), "headline": text(300), "sent_for": (text(500),) * 30, "examples": (example,)}
    return structs.replace(finding, **longer)


@pytest.mark.slow
def test_a_page_of_two_thousand_findings_is_smaller_than_three_megabytes() -> None:
    random = Random(1)  # noqa: S311 - variety, not secrecy
    result = with_findings(lax_result(), 2_000)
    findings = tuple(lengthened(finding, random) for finding in result.findings)
    assert len(make_page(structs.replace(result, findings=findings)).encode()) < MOST


@pytest.mark.slow
def test_a_page_of_a_hundred_findings_with_long_bodies_is_as_small() -> None:
    result = with_findings(lax_result(), 100)
    body = {"body": json.dumps(["x" * 90] * 200)}
    findings = tuple(
        structs.replace(
            finding,
            examples=(structs.replace(finding.example, request=structs.replace(finding.example.request, **body)),),
        )
        for finding in result.findings
    )
    assert len(make_page(structs.replace(result, findings=findings)).encode()) < MOST
