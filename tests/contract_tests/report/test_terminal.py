"""Findings and verdicts in words, as the user reads them. `-- --rewrite-golden` writes the golden files anew."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from msgspec import structs

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.credentials import AUTHORIZATION
from contract_tests.exchange.exchange import Exchange, Refusal, Request
from contract_tests.exchange.headers import Headers
from contract_tests.judge.checks import checks_of
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge
from contract_tests.judge.occurrence import NarrowedChoice
from contract_tests.judge.witness import hear_witness
from contract_tests.report.terminal import describe_finding, describe_references, describe_start, describe_verdict
from contract_tests.result.result import Coverage, Reading
from contract_tests.result.scope import LeftOut
from spec.paths import SPEC
from tests.support.exchanges import AUTHORIZED, CALL, CONVERSATION, JSON, answer, call, post, read, write_contract
from tests.support.golden import without_seconds
from tests.support.report_results import named
from tests.support.results import ELSEWHERE, OPTIONS, result_of, without_places
from tests.support.stock_checks import statement

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Finding
    from tests.support.golden import Golden

REFUSED: Final = {"detail": "No"}
WITH_AGENT: Final = CALL | {"agent_id": "agent_1"}
CONFIGURED: Final = CALL | {"agent_config": {"prompt": "Be brief."}}
PROMPT, VOICE = (
    NarrowedChoice(f"a {name}", f"/components/schemas/AgentConfiguration/properties/{name}")
    for name in ("prompt", "voice")
)
STARTED, EARLIER = "2026-01-31T09:30:00Z", "2026-01-31T09:29:00Z"
THINGS: Final = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get: {responses: {'200': {description: Some., headers: {X-Left: {required: true, schema: {type: integer}}}}}}
"""


COST: Final = {
    "total": 0.05,
    "voice": {"provider": "playht", "cost": 0.02, "characters": 28},
    "transcriber": {"provider": "deepgram", "cost": 0.01, "seconds": 2.5},
    "language_model": {"provider": "openai", "cost": 0.01, "input_tokens": 120, "output_tokens": 9},
    "agent": {"provider": "voiceos", "cost": 0.01, "seconds": 30},
}


def ended(**changes: object) -> Exchange:
    """A call whose conversation has ended."""
    ending = {"status": "ended", "started_at": STARTED, "ended_at": STARTED, "ended_reason": "user_ended"}
    return call(**(ending | {"cost_breakdown": COST} | changes))


def other_method(method: str, status: int, allow: str) -> Exchange:
    return Exchange(
        Request(method, post().target, AUTHORIZED), answer(REFUSED, status, Headers([*JSON, ("Allow", allow)]))
    )


# What shows each check, by its name.
TRIPPED: Final[dict[str, list[Exchange]]] = {
    "documented_request_accepted": [Exchange(post(WITH_AGENT), answer({"detail": []}, 422))],
    "invalid_request_refused": [call({"from_number": 1, "to_number": ""})],
    "malformed_json_refused": [Exchange(post(b'{"from_number": NaN}'), answer(CONVERSATION))],
    "undocumented_media_type_refused": [
        Exchange(
            post(headers=Headers([*AUTHORIZED.without(["Content-Type"]), ("Content-Type", "text/plain")])),
            answer(CONVERSATION),
        )
    ],
    "ignored_auth": [Exchange(post(headers=JSON), answer(CONVERSATION))],
    "authorization_required": [
        Exchange(post(headers=Headers([(AUTHORIZATION, "Bearer {token:prefix}"), *JSON])), answer({"detail": []}, 422))
    ],
    "challenge_with_401": [Exchange(post(headers=JSON), answer({"detail": "Invalid token"}, 401))],
    "unsupported_method": [other_method("DELETE", 200, "POST")],
    "allow_header_conformance": [other_method("OPTIONS", 405, "GET, HEAD")],
    "undocumented_fields_accepted": [call(), Exchange(post(CALL | {"mood": "fine"}), answer({"detail": []}, 422))],
    "answers_every_request": [Exchange(post(), trouble="broke off its reply")],
    "not_a_server_error": [Exchange(post(), answer({"detail": "boom"}, 500))],
    "status_code_conformance": [Exchange(post(), answer(CONVERSATION, 201))],
    "content_type_conformance": [
        Exchange(post(), answer(CONVERSATION, headers=Headers([("Content-Type", "text/html")])))
    ],
    "response_headers_conformance": [Exchange(Request("GET", "/things", AUTHORIZED), answer(b""))],
    "response_is_json": [Exchange(post(), answer(json.dumps(CONVERSATION).encode()[:-1] + b', "x": NaN}'))],
    "response_keys_are_unique": [
        Exchange(post(), answer(b'{"type": "web_call", ' + json.dumps(CONVERSATION).encode()[1:]))
    ],
    "response_schema_conformance": [call(status="live")],
    "no_redirect_to_another_origin": [
        Exchange(post(), answer(b"", 308, Headers([("Location", "https://elsewhere.example/")])))
    ],
    "agent_id_null_without_stored_agent": [call(agent_id="agent_1")],
    "agent_id_echoed": [call(WITH_AGENT, agent_id="other")],
    "phone_call_present": [call(phone_call=None)],
    "phone_call_numbers_echoed": [
        call(phone_call={"provider": "twilio", "from_number": "+12025550143", "to_number": "+12025550142"})
    ],
    "type_is_outbound_phone_call": [call(type="web_call")],
    "configuration_used": [call(CONFIGURED, agent_config={"prompt": "Be long."})],
    "id_is_new": [call(WITH_AGENT, agent_id="agent_1"), call()],
    "conversation_found": [call(), Exchange(read().request, answer({"detail": "No such conversation"}, 404))],
    "conversation_asked_for": [replace(read(), response=read("2").response)],
    "ended_for_good": [ended(), read(status="started")],
    "started_for_good": [call(status="started"), read()],
    "ended_at_null_until_ended": [call(ended_at=STARTED)],
    "ended_at_set_when_ended": [ended(ended_at=None)],
    "ended_at_not_before_started_at": [ended(ended_at=EARLIER)],
    "ended_reason_only_when_ended": [call(ended_reason="unknown")],
    "cost_breakdown_set_when_ended": [ended(cost_breakdown=None)],
}


@cache
def voiceos() -> Contract:
    return read_contract(SPEC)


def purposed(exchanges: list[Exchange]) -> list[Exchange]:
    return [replace(each, id=f"planned request {number} of 9") for number, each in enumerate(exchanges, 1)]


def first_finding(contract: Contract, exchanges: list[Exchange], check: str) -> Finding:
    """The finding by a check that some exchanges show."""
    return next(each for each in result_of(contract, *purposed(exchanges)).findings if check in each.checks)


def compare(golden: Golden, name: str, text: str) -> None:
    """Compares with the golden file of a name, or writes it."""
    golden(f"terminal/{name}", without_seconds(without_places(voiceos(), text)) + "\n")


def test_every_check_has_its_words() -> None:
    assert list(TRIPPED) == [check.name for check in checks_of(voiceos())]


def test_a_conforming_conversation_shows_no_check() -> None:
    assert result_of(voiceos(), call()).verdict == "conforms"
    assert result_of(voiceos(), ended(id="2")).verdict == "conforms"


@pytest.mark.parametrize("check", TRIPPED)
def test_a_finding_in_words(golden: Golden, tmp_path_factory: pytest.TempPathFactory, check: str) -> None:
    contract = voiceos()
    if check == "response_headers_conformance":
        contract = write_contract(tmp_path_factory.mktemp("spec"), THINGS)
    said = describe_finding(first_finding(contract, TRIPPED[check], check))
    compare(golden, f"finding-{check}", said.replace(f"{contract.spec.path.parent}/", ""))


def test_a_narrowed_finding_in_words(golden: Golden) -> None:
    judged = judge(voiceos(), purposed([call(status="live"), call(status="live", id="2")]))
    ids = {each.exchange.id: each.exchange.id for each in judged}
    circumstances = Circumstances("again {}".format, ids, {judged[1].exchange.id: (PROMPT, VOICE)})
    compare(golden, "finding-narrowed", describe_finding(find_findings(voiceos(), judged, circumstances)[0]))


def test_a_finding_of_the_other_witness_in_words(golden: Golden) -> None:
    judged = hear_witness(judge(voiceos(), [replace(call(), id="1")]), [statement("use_after_free")])
    circumstances = Circumstances(str, {"1": "planned request 1 of 9"})
    compare(golden, "finding-witness", describe_finding(find_findings(voiceos(), judged, circumstances)[0]))


def test_a_warning_in_words(golden: Golden) -> None:
    result = result_of(voiceos(), *purposed([call(type="web_call")]), target=ELSEWHERE)
    compare(golden, "finding-warning", describe_finding(result.findings[0]))


def test_no_server_commands_the_terminal(golden: Golden) -> None:
    broken = [Exchange(post(), answer(b"\x1b[2J\r\nconforms: \x07" + b"x" * 900))]
    said = describe_finding(first_finding(voiceos(), broken, "response_is_json"))
    compare(golden, "finding-control-characters", said)


def test_a_test_names_its_findings_in_a_line() -> None:
    findings = result_of(voiceos(), call(uri=1, account_id=2, status="live")).findings
    assert describe_references(findings[:1]) == f"finding 1: {findings[0].headline}"
    assert describe_references(findings) == f"findings 1, 2 and 3, such as: {findings[0].headline}"


def test_a_body_that_is_no_utf_8_is_shown_readably(golden: Golden) -> None:
    body = b'{"from_number": "+12025550142", "to_number": "+12025550143", "x": "\xff"}'
    compare(
        golden, "finding-no-utf-8", describe_finding(first_finding(voiceos(), [call(body)], "malformed_json_refused"))
    )


def test_the_first_line_of_a_run(golden: Golden) -> None:
    compare(golden, "start", describe_start(voiceos(), "the embedded mock", 7))


def withheld(limit: str, purpose: str, reason: str) -> Exchange:
    refusal = Refusal(limit, reason)  # type: ignore[arg-type] # a test's own rows
    return Exchange(post(), id=purpose, refusal=refusal)


VERDICTS: Final = {
    "conforms": lambda: result_of(voiceos(), call()),
    "conforms-with-drift": lambda: result_of(voiceos(), call(region="eu")),
    "conforms-with-warnings": lambda: result_of(voiceos(), *purposed([call(type="web_call")]), target=ELSEWHERE),
    "violates": lambda: result_of(voiceos(), *purposed([call(status="live", uri=1), call(phone_call=None, id="2")])),
    "violates-by-drift": lambda: result_of(voiceos(), call(region="eu"), options=replace(OPTIONS, strict=True)),
    "incomplete": lambda: result_of(
        voiceos(),
        call(),
        withheld("budget", "planned request 2 of 9", "no call is left"),
        withheld("numbers", "a number to ring given as a number", "5 is not on the list"),
    ),
    "incomplete-by-calls": lambda: structs.replace(
        result_of(voiceos(), call(), withheld("budget", "planned request 2 of 9", "no call is left")), enough_calls=75
    ),
    "incomplete-and-allowed": lambda: result_of(
        voiceos(),
        call(),
        withheld("budget", "planned request 2 of 9", "no call is left"),
        options=replace(OPTIONS, allow_partial=True),
    ),
    "untestable": lambda: result_of(voiceos(), obstacle="http://127.0.0.1:8000 cannot be reached."),
    "stopped": lambda: result_of(voiceos(), call(status="live"), obstacle="The run was interrupted."),
    "recording": lambda: structs.replace(
        result_of(voiceos(), call()),
        target="the recording traffic.har",
        recording=Reading(
            entries=9, skipped={"another host": 6, "another path": 1}, not_judged={"no whole response body": 1}
        ),
    ),
    "recording-of-nothing-else": lambda: structs.replace(
        result_of(voiceos(), call()),
        target="the recording traffic.har",
        recording=Reading(entries=1, skipped={}, not_judged={}),
    ),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_a_verdict_in_words(golden: Golden, name: str) -> None:
    said = describe_verdict(VERDICTS[name](), Path("contract-report"))
    compare(golden, f"verdict-{name}", said)


def test_combinations_are_told_only_where_there_are_any() -> None:
    result = structs.replace(named("incomplete"), combinations=Coverage(tried=0, total=0))
    assert "combinations" not in describe_verdict(result, Path("contract-report"))


def test_a_line_for_a_reason_continues_beneath_itself() -> None:
    sizes = (LeftOut(operation=None, thing=f"size: {number}", reason="no") for number in range(40))
    result = structs.replace(named("incomplete"), withheld=tuple(sizes))
    said = describe_verdict(result, Path("contract-report"), width=40)
    assert "\nwithheld from this target (40):\n  no (40): size: 0; size: 1; size: 2 and\n    37 more\n" in said


@pytest.mark.parametrize("width", [60, 100, 200])
def test_a_verdict_fits_the_terminal(golden: Golden, width: int) -> None:
    result = structs.replace(named("compared"), target="http://127.0.0.1:8000")
    said = describe_verdict(result, Path("contract-report"), width)
    lines = [line for line in said.splitlines() if not line.startswith("  again ")]
    assert max(map(len, lines)) <= width
    compare(golden, f"width-{width}", said)


def test_a_command_to_copy_is_in_one_line() -> None:
    finding = named("violates").findings[0]
    assert finding.reproduce in describe_finding(finding, width=60)


@pytest.mark.parametrize("name", ["compared", "accepted", "out-of-date"])
def test_a_verdict_beside_earlier_runs_in_words(golden: Golden, name: str) -> None:
    compare(golden, f"verdict-{name}", describe_verdict(named(name), Path("contract-report")))
