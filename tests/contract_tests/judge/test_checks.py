"""The checks: each is declared whole, each is tripped, and none asks what a request was sent for."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.checks import CHECKS, checks_of
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import Judging, judge
from contract_tests.judge.tallies import tally
from contract_tests.kills.kill import catalogue, kill_in_process
from contract_tests.report.terminal import describe_findings
from contract_tests.servers.answer import Answer
from contract_tests.servers.mock import PATH
from spec.paths import SPEC
from tests.support.exchanges import AUTHORIZED, JSON, failed, failures, post, responding, sent, write_contract

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.check import Check
    from contract_tests.judge.judge import Failure

# No response of the endpoint has documented header fields. This check has tests of its own, below.
WITHOUT_A_FAULT = {"response_headers_conformance"}
THINGS = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      responses:
        '200':
          description: Some.
          headers:
            X-Left: {required: true, schema: {type: integer, minimum: 0}}
            X-Kind: {schema: {type: string, enum: [new, old]}}
            X-Is-Last: {schema: {type: boolean}}
            Content-Type: {required: true, schema: {const: passed over}}
"""


def test_every_check_has_a_name_of_its_own() -> None:
    assert len({check.name for check in checks_of(voiceos())}) == len(checks_of(voiceos()))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_says_what_it_asks_in_a_sentence(check: Check) -> None:
    assert check.summary[0].isupper() or check.summary[0] == "`"
    assert check.summary.endswith(".")


def test_every_check_has_a_fault_and_every_fault_a_check() -> None:
    caught = {fault.caught_by for fault in catalogue().values()}
    assert caught == {check.name for check in checks_of(voiceos())} - WITHOUT_A_FAULT


@pytest.mark.parametrize(
    "name", [check.name for check in checks_of(read_contract(SPEC)) if check.name not in WITHOUT_A_FAULT]
)
def test_every_check_is_tripped_by_a_fault(name: str) -> None:
    fault = next(fault for fault in catalogue().values() if fault.caught_by == name)
    assert kill_in_process(fault.name, seed=1).is_caught


def with_headers(tmp_path: Path, *fields: tuple[str, str], method: str = "GET", status: int = 200) -> list[Failure]:
    """What is wrong with the header fields of a response to `/things`."""
    contract = write_contract(tmp_path, THINGS)
    exchange = Exchange(Request(method, "/things", AUTHORIZED), Response(status, Headers(fields)))
    return [found for found in failures(contract, exchange) if found.check == "response_headers_conformance"]


@pytest.mark.parametrize(
    "fields",
    [
        [("X-Left", "3")],
        [("x-left", "0"), ("X-KIND", "old"), ("X-Is-Last", "true")],
        [("X-Left", "3"), ("X-Other", "passed over")],
    ],
)
def test_documented_header_fields_conform(tmp_path: Path, fields: list[tuple[str, str]]) -> None:
    assert with_headers(tmp_path, *fields) == []


@pytest.mark.parametrize(
    ("fields", "headline", "pointer"),
    [
        ([], "A response has no field X-Left (200)", "/responses"),
        (
            [("X-Left", "-1")],
            "The field X-Left of a response breaks its schema (200)",
            "/responses/200/headers/X-Left/schema",
        ),
        (
            [("X-Left", "many")],
            "The field X-Left of a response breaks its schema (200)",
            "/responses/200/headers/X-Left/schema",
        ),
        (
            [("X-Left", "1"), ("X-Left", "2")],
            "The field X-Left of a response breaks its schema (200)",
            "/headers/X-Left/schema",
        ),
        (
            [("X-Left", "1"), ("X-Kind", "odd")],
            "The field X-Kind of a response breaks its schema (200)",
            "/headers/X-Kind/schema",
        ),
        (
            [("X-Left", "1"), ("X-Is-Last", "yes")],
            "The field X-Is-Last of a response breaks its schema (200)",
            "/headers/X-Is-Last/schema",
        ),
    ],
)
def test_header_fields_that_are_not_as_documented_are_found(
    tmp_path: Path, fields: list[tuple[str, str]], headline: str, pointer: str
) -> None:
    (failure,) = with_headers(tmp_path, *fields)
    assert failure.headline == headline
    assert failure.pointer.endswith(pointer)


@pytest.mark.parametrize("value", ["NaN", "9.9.9", "\xff", ""])
def test_a_header_field_that_stands_for_no_value_is_found(tmp_path: Path, value: str) -> None:
    (failure,) = with_headers(tmp_path, ("X-Left", value))
    assert failure.headline == "The field X-Left of a response breaks its schema (200)"


@pytest.mark.parametrize("value", ["[" * 50_000, "1e999", "9" * 5_000, '"\\ud800"'])
def test_a_header_field_that_readers_differ_on_is_let_pass(tmp_path: Path, value: str) -> None:
    assert with_headers(tmp_path, ("X-Left", value)) == []


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("POST", 200)])
def test_header_fields_are_asked_for_where_they_are_documented_alone(tmp_path: Path, method: str, status: int) -> None:
    assert with_headers(tmp_path, method=method, status=status) == []


@cache
def voiceos() -> Contract:
    return read_contract(SPEC)


@cache
def faulty_exchanges() -> tuple[Exchange, ...]:
    """Exchanges that fail in many ways, among them two that fail only beside an earlier one."""
    answered = count()

    def answer_wrongly(given: Answer) -> Answer:
        text = json.dumps(given.body).encode()
        wrong = [
            Answer(200, given.body | {"id": "1"}),
            Answer(200, given.body | {"id": "1", "status": "live", "ended_at": "soon"}),
            Answer(201, given.body),
            Answer(200, text, {"content-type": "text/html"}),
            Answer(200, text[:-1] + b', "x": NaN}', {"content-type": "application/json"}),
            Answer(500, {"detail": "boom"}),
            Answer(422, {"detail": "wrong"}),
            Answer(200, given.body | {"id": "1", "phone_call": None}),
        ]
        return wrong[next(answered) % len(wrong)]

    others = [post(b"{"), post({}), post(headers=JSON), post(method="PUT")]
    answers = sent(responding(answer_wrongly), *[post()] * 8, *others)
    return (*answers, Exchange(post(), trouble="broke off its reply"))


def told(found: Sequence[Failure]) -> list[tuple[Any, ...]]:
    """Failures without the ids of earlier exchanges."""
    return [
        (each.check, each.headline, each.detail, each.pointer, each.standing, each.missing, bool(each.earlier))
        for each in found
    ]


@given(st.lists(st.text(), min_size=13, max_size=13))
def test_the_judge_looks_at_no_id(names: list[str]) -> None:
    exchanges = faulty_exchanges()
    renamed = [replace(each, id=name) for each, name in zip(exchanges, names, strict=True)]
    assert told(failures(voiceos(), *renamed)) == told(failures(voiceos(), *exchanges))


def test_one_by_one_or_all_at_once_exchanges_are_judged_alike() -> None:
    judging = Judging(voiceos())
    one_by_one = [judged for exchange in faulty_exchanges() for judged in judging.judge([exchange])]
    assert one_by_one == judge(voiceos(), faulty_exchanges())
    assert len({failure.check for judged in one_by_one for failure in judged.failures}) >= 8


LATIN: Final = st.text(st.characters(max_codepoint=255), max_size=20)
FIELDS: Final = st.sampled_from([AUTHORIZATION, "Content-Type", "Location", "Allow", "X-Left", "Cookie", "Host"])
HEADERS: Final = st.lists(
    st.tuples(FIELDS, st.sampled_from([RIGHT, "application/json", "//[", "http://h:p/", "GET,,"]) | LATIN), max_size=4
).map(Headers)
BODIES: Final = st.sampled_from([b"{}", b"[[", b'{"detail": "\\ud800"}', b"9" * 5_000, b"[" * 9_999]) | st.binary()


@given(
    st.builds(
        Exchange,
        st.builds(
            Request,
            st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "put", ""]),
            LATIN.map(lambda query: f"{PATH}?{query}"),
            HEADERS,
            BODIES,
            st.just("http://server"),
        ),
        st.builds(Response, st.integers(0, 999), HEADERS, BODIES) | st.none(),
    )
)
def test_no_exchange_is_too_odd_to_be_judged(exchange: Exchange) -> None:
    judged = judge(voiceos(), [exchange, exchange])
    findings = find_findings(voiceos(), judged, Circumstances(str))
    tally(voiceos(), judged).facts(findings)
    describe_findings(findings)


def test_an_exchange_at_no_path_of_the_contract_is_passed_over(contract: Contract) -> None:
    assert judge(contract, [replace(faulty_exchanges()[0], request=Request("POST", "/elsewhere"))]) == []


@pytest.mark.parametrize("part", ["request body", "response headers", "response body"])
def test_a_check_that_needs_an_omitted_part_is_not_made(part: Any, contract: Contract) -> None:  # noqa: ANN401 - a Part
    needing = {check.name for check in checks_of(contract) if part in check.reads}
    omitting = [replace(each, omitted=frozenset([part])) for each in faulty_exchanges()]
    assert needing
    assert not needing & failed(contract, *omitting)


def test_silence_is_judged_by_the_one_check_that_is_about_it(contract: Contract) -> None:
    assert failed(contract, Exchange(post(), trouble="broke off its reply")) == {"answers_every_request"}
