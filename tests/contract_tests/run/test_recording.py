"""Recorded traffic is judged as a run is, and none of its secrets is shown."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from contract_tests.exchange.masking import Mask
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge as judge_exchanges
from contract_tests.kills.kill import TOKEN, catalogue
from contract_tests.report.terminal import describe_findings, describe_verdict
from contract_tests.result.part import encode_part
from contract_tests.result.result import Reading
from contract_tests.run.recording import judge_recording
from contract_tests.servers.mock import PATH
from contract_tests.target.options import Options
from contract_tests.target.settings import read_fields
from contract_tests.target.target import missing_references
from contract_tests.traffic.sources import find_sources
from spec.paths import ROOT
from tests.support.exchanges import CALL, post, sent
from tests.support.recordings import (
    REQUEST,
    SECRET,
    as_entry,
    field,
    make_entry,
    make_read_entry,
    with_answer,
    with_request,
    with_response,
)

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Finding, Result

pytestmark = pytest.mark.usefixtures("_without_the_page")

SCHEMA = jsonschema_rs.validator_for(
    json.loads((ROOT / "contract_tests" / "result" / "result.schema.json").read_text())
)

REFERENCES = missing_references(Options(Path(), "VOICEOS_TOKEN", seed=1), read_fields())


def write(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "t"}, "entries": entries}}))
    return path


def judge(folder: Path, *entries: dict[str, Any], url: str | None = None) -> Result:
    path = write(folder, *entries)
    options = Options(folder / "report", "VOICEOS_TOKEN", seed=1, url=url)
    result = judge_recording(find_sources([str(path)]), options, REFERENCES)
    written = json.loads((folder / "report" / "result.json").read_text())
    SCHEMA.validate(written)
    return result


def test_a_recording_of_a_server_that_conforms_conforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("something is sent"))
    result = judge(tmp_path, make_entry(), make_entry(CALL), make_entry({}), make_read_entry())
    assert (result.verdict, result.requests, result.calls) == ("conforms", 4, 2)
    assert {tally.name for tally in result.checks if tally.passed} >= {
        "documented_request_accepted",
        "invalid_request_refused",
        "response_schema_conformance",
        "id_is_new",
        "phone_call_present",
    }
    kept = {fact.name for fact in result.facts if fact.kept}
    assert {"ConversationResponse.id", "ConversationStatus", "HTTPValidationError.detail"} - kept == {
        "HTTPValidationError.detail"
    }


@pytest.mark.parametrize(
    ("entry", "check", "pointer"),
    [
        (with_response(status=418), "status_code_conformance", "/responses"),
        (with_response(status=500), "not_a_server_error", ""),
        (
            with_response(headers=[field("content-type", "text/html")]),
            "content_type_conformance",
            "/responses",
        ),
        (
            with_response(content={"mimeType": "application/json", "text": '{"x": NaN}'}),
            "response_is_json",
            "",
        ),
        (
            with_answer(lambda answer: answer.update(status="live")),
            "response_schema_conformance",
            "/components/schemas/ConversationStatus/enum",
        ),
        (
            with_answer(lambda answer: answer.update(started_at="yesterday")),
            "response_schema_conformance",
            "/components/schemas/ConversationResponse/properties/started_at/format",
        ),
        (
            with_request(postData={"text": '{"from_number": 1, "to_number": ""}'}, bodySize=-1),
            "invalid_request_refused",
            "/components/schemas/CreateCall/properties/from_number/type",
        ),
        (with_response(status=422, content={"text": '{"detail": []}'}), "documented_request_accepted", "/requestBody"),
        (with_request(postData={"text": "{"}, bodySize=1), "malformed_json_refused", "/requestBody"),
        (
            with_request(headers=[field("content-type", "text/plain")]),
            "undocumented_media_type_refused",
            "/requestBody",
        ),
        (with_answer(lambda answer: answer.update(phone_call=None)), "phone_call_present", "/x-rules/2"),
    ],
)
def test_a_breach_is_found_by_the_check_of_a_run(
    tmp_path: Path, entry: dict[str, Any], check: str, pointer: str
) -> None:
    result = judge(tmp_path, entry, make_entry())  # the second one shows that the account has the numbers
    operation = "/paths/~1conversations~1create_phone_call/post"
    (finding,) = (finding for finding in result.findings if check in finding.checks)
    (failure,) = (each for each in (*finding.failures, *finding.consequences) if each.check == check)
    assert result.verdict == "violates"
    assert failure.pointer in {pointer, f"{operation}{pointer}"}
    assert finding.example.sent == "log.entries[0]"
    assert (tmp_path / "report" / "findings" / "1.json").exists()


def test_an_id_that_comes_twice_is_found_with_both_requests(tmp_path: Path) -> None:
    twice = [with_answer(lambda answer: answer.update(id="1")) for _ in range(2)]
    (finding,) = judge(tmp_path, *twice).findings
    assert (finding.check, len(finding.example.before)) == ("id_is_new", 1)


def test_a_finding_far_into_a_recording_is_told_with_its_place(tmp_path: Path) -> None:
    broken = with_answer(lambda answer: answer.update(status="live"))
    result = judge(tmp_path, *(make_entry() for _ in range(30)), broken)
    (finding,) = result.findings
    assert finding.exchanges == (31,)
    assert [sighting.request for sighting in result.timeline.sightings] == [31]


def test_an_undocumented_field_is_additive_drift(tmp_path: Path) -> None:
    result = judge(tmp_path, with_answer(lambda answer: answer.update(new=1)), make_read_entry())
    assert (result.verdict, [addition.field for addition in result.additions]) == ("conforms", ["new"])


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_that_the_token_or_the_hour_may_be_the_cause_of_is_not_held_against_the_request(
    tmp_path: Path, status: int
) -> None:
    entry = with_response(status=status, content={"text": '{"detail": "no"}'})
    assert {finding.check for finding in judge(tmp_path, entry).findings} <= {"challenge_with_401"}


@pytest.mark.parametrize("status", [200, 401, 302])
def test_no_secret_of_a_recording_is_written_or_printed(tmp_path: Path, status: int) -> None:
    entry = with_answer(lambda answer: answer.update(status="live"))
    entry["request"]["url"] = f"https://user:{SECRET}@api.voiceos.io{PATH}?api_key={SECRET}"
    entry["response"]["headers"] += [field("Location", f"https://h/?code={SECRET}")]
    entry["response"]["status"] = status
    result = judge(tmp_path, make_entry(), entry)
    assert result.findings or result.additions
    said = describe_findings(list(result.findings)) + describe_verdict(result, tmp_path)
    written = [file.read_text() for file in (tmp_path / "report").rglob("*.json")]
    assert written
    assert not any(SECRET in text for text in [said, *written])


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer  ", ""])
@pytest.mark.parametrize("echoed", [SECRET, SECRET.upper(), SECRET.encode().hex()])
def test_no_token_of_a_recording_is_told_where_a_server_echoes_it(tmp_path: Path, scheme: str, echoed: str) -> None:
    entry = with_answer(lambda answer: answer.update(status=f"live {echoed}", id=5))
    entry["request"]["headers"] = [field("content-type", "application/json")]
    entry["response"]["headers"] += [field("Server", echoed)]
    asking = make_entry(url="https://cdn.example/x")
    asking["request"]["headers"] = [field("authorization", f"{scheme}{SECRET}")]
    result = judge(tmp_path, entry, asking)
    assert result.verdict == "violates"
    written = "".join(file.read_text() for file in (tmp_path / "report").rglob("*.json"))
    assert "live [masked]" in written
    assert echoed not in written


def test_a_recording_whose_tokens_were_taken_out_is_judged_as_it_is(tmp_path: Path) -> None:
    entry = make_entry()
    entry["request"]["headers"].append(field("Authorization", "Bearer e"))
    assert judge(tmp_path, entry, make_read_entry()).verdict == "conforms"


def test_a_recording_is_named_with_what_was_read_of_it(tmp_path: Path) -> None:
    result = judge(tmp_path, make_entry(), make_read_entry(), make_entry(url="https://cdn.example/x"))
    numbers = "2 recorded requests, 1 accepted, 1 of 3 entries skipped (1 another host)"
    last = describe_verdict(result, tmp_path).splitlines()[-1]
    assert last.startswith(f"conforms: the recording traffic.har; {numbers}, 0 findings, ")


def test_a_recording_that_is_not_about_the_contract_is_untestable(tmp_path: Path) -> None:
    result = judge(tmp_path, make_entry(url="https://staging.example/conversations/create_phone_call"))
    assert result.verdict == "untestable"
    assert result.reason
    assert "Nothing of the recording traffic.har is about the contract" in result.reason
    assert "Its hosts: staging.example (1)." in result.reason
    assert "--url" in result.reason


def test_a_recording_without_any_response_is_untestable(tmp_path: Path) -> None:
    result = judge(tmp_path, with_response(status=0))
    assert result.verdict == "untestable"
    assert result.reason == "The recording traffic.har holds no response to the requests that are about the contract."


def test_a_recording_without_any_body_is_untestable(tmp_path: Path) -> None:
    entry = with_request(postData=None, bodySize=-1)
    entry["response"]["content"] = {"size": -1}
    result = judge(tmp_path, entry, entry)
    assert result.verdict == "untestable"
    assert result.reason
    assert result.reason.startswith("The recording holds no body of the requests and responses")


def test_a_recording_without_any_body_may_still_violate(tmp_path: Path) -> None:
    entry = with_request(postData=None, bodySize=-1)
    entry["response"] |= {"status": 500, "content": {"size": -1}}
    assert judge(tmp_path, entry).verdict == "violates"


HEADERS = """
openapi: 3.1.0
info: {title: Another, version: 1.0.0}
servers: [{url: 'https://api.voiceos.io'}]
paths:
  /things:
    get:
      responses:
        '200':
          description: A.
          headers:
            X-Left: {required: true, schema: {type: integer}}
          content: {application/json: {schema: {type: integer}}}
"""


def judge_headers(folder: Path, *headers: dict[str, str]) -> Result:
    """The result of a recording whose one response has these fields, by a spec that documents one."""
    spec = folder / "openapi.yaml"
    spec.write_text(HEADERS)
    request = {"method": "GET", "url": "https://api.voiceos.io/things"}
    fields = [field("Content-Type", "application/json"), *headers]
    response = {"status": 200, "headers": fields, "content": {"text": "5"}}
    path = write(folder, {"request": request, "response": response})
    return judge_recording(find_sources([str(path)]), Options(folder / "report", seed=1, spec=spec))


def test_documented_header_fields_are_judged_by_their_values(tmp_path: Path) -> None:
    assert judge_headers(tmp_path, field("X-Left", "7")).verdict == "conforms"


def test_a_header_field_that_is_wrong_is_told_without_its_value(tmp_path: Path) -> None:
    (finding,) = judge_headers(tmp_path, field("X-Left", SECRET)).findings
    assert (finding.check, finding.detail) == ("response_headers_conformance", "Received: X-Left: [masked]")
    assert SECRET not in encode_part(finding)


def test_only_what_is_shown_is_searched_for_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # So that the time grows with the entries, and not with the entries times the tokens.
    monkeypatch.setattr(Mask, "_spans", lambda *_: pytest.fail("a text is searched"))
    entries = [make_entry() for _ in range(50)]
    for number, entry in enumerate(entries):
        entry["request"]["headers"].append(field("Authorization", f"Bearer token-number-{number}"))
    assert judge(tmp_path, *entries, make_read_entry()).verdict == "conforms"


def test_entries_are_judged_at_another_url_where_one_is_given(tmp_path: Path) -> None:
    entries = [make_entry(), make_entry(url=f"https://staging.example{PATH}")]
    result = judge(tmp_path, *entries, url="https://staging.example")
    assert (result.url, result.requests) == ("https://staging.example", 1)


def test_a_recording_tells_how_much_of_it_was_read(tmp_path: Path) -> None:
    cut_off = with_response(content={"size": 9000, "text": '{"uri": '})
    result = judge(tmp_path, make_entry(), cut_off, make_read_entry(), make_entry(url="https://cdn.example/x"))
    assert result.verdict == "conforms"
    assert result.recording == Reading(entries=4, skipped={"another host": 1}, not_judged={"no whole response body": 1})


def kinds(findings: tuple[Finding, ...]) -> set[tuple[str, str, int]]:
    return {(finding.check, finding.pointer, finding.count) for finding in findings}


@pytest.mark.parametrize(
    "fault",
    [
        "200 status (ConversationStatus/enum): an undocumented member",
        "200 comes as text/html",
        "the body of 200 is with NaN",
        "a call gets 201",
        "a wrong body gets 500",
        "a number to ring given as a number accepted",
        "the answer has one id for all",
        "the answer has no phone call",
    ],
)
def test_exchanges_and_their_recording_are_judged_alike(contract: Contract, tmp_path: Path, fault: str) -> None:
    requests = [post(), post({}), post(CALL | {"to_number": 5}), post(b"{"), post()]
    exchanges = sent(catalogue()[fault].make_app(TOKEN), *requests, token=TOKEN)
    found = find_findings(contract, judge_exchanges(contract, exchanges), Circumstances(str))
    assert catalogue()[fault].caught_by in {check for finding in found for check in finding.checks}
    assert kinds(judge(tmp_path, *map(as_entry, exchanges)).findings) == kinds(found)


def refused(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """A valid request that was refused."""
    return make_entry(body) | {"response": with_response(status=status)["response"]}


NUMBERS = {name: REQUEST[name] for name in ("from_number", "to_number")}
AGENT = NUMBERS | {"agent_id": "agent_8c1f"}
CREDENTIAL = AGENT | {"agent_config": {"voice": {"provider": "playht", "credential_id": "c-1"}}}
WITHOUT_AGENT = NUMBERS | {"agent_config": {}}
REMEDIES = (
    " Perhaps the account does not have what stands at /agent_id; --agent-id ID gives what it has."
    " Perhaps the account does not have what stands at /from_number; --from-number NUMBER gives what it has."
)


@pytest.mark.parametrize("status", [404, 422])
@pytest.mark.parametrize("body", [AGENT, CREDENTIAL], ids=["agent", "credential"])
def test_a_value_that_the_account_may_not_have_is_no_breach(tmp_path: Path, status: int, body: dict[str, Any]) -> None:
    result = judge(tmp_path, refused(status, body), make_entry(WITHOUT_AGENT), make_read_entry())
    assert (result.verdict, result.findings) == ("conforms", ())
    assert result.recording
    (why,) = result.recording.not_judged
    assert why.startswith("refused, perhaps because the account does not have what stands at /agent")


def test_a_value_that_was_accepted_once_is_known(tmp_path: Path) -> None:
    result = judge(tmp_path, refused(404, AGENT), make_entry(AGENT))
    (finding,) = result.findings
    failures = (*finding.failures, *finding.consequences)
    assert [each.check for each in failures] == ["documented_request_accepted", "status_code_conformance"]


def test_a_value_that_an_option_gives_is_known(tmp_path: Path) -> None:
    options = Options(tmp_path / "report", "VOICEOS_TOKEN", seed=1, agent_id="agent_8c1f")
    path = write(tmp_path, refused(422, AGENT), make_entry(WITHOUT_AGENT))
    references = missing_references(options, read_fields())
    assert judge_recording(find_sources([str(path)]), options, references).verdict == "violates"


@pytest.mark.parametrize(("status", "remedies"), [(401, ""), (404, REMEDIES), (422, REMEDIES)])
def test_a_recording_in_which_nothing_is_accepted_does_not_conform(tmp_path: Path, status: int, remedies: str) -> None:
    result = judge(tmp_path, refused(status, AGENT))
    assert (result.verdict, [each for each in result.findings if not each.is_warning]) == ("incomplete", [])
    assert result.reason == (
        f"POST /conversations/create_phone_call: no valid request was accepted (the server answered {status} once)."
        f"{remedies}\nGET /conversations/{{id}}: no valid request was accepted."
    )


def test_an_entry_that_cannot_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    result = judge(tmp_path, {"request": 5}, make_entry())
    assert result.recording
    why = "no exchange that can be read: log.entries[0].request: Expected `object`, got `int`"
    assert result.recording.skipped == {why: 1}


def test_neither_the_name_of_a_recording_nor_its_url_tells_secrets(tmp_path: Path) -> None:
    path = write(tmp_path, with_response(status=500)).rename(tmp_path / "+16067078089.har")
    url = "https://user:a-hidden-word@api.voiceos.io"
    options = Options(tmp_path / "report", "VOICEOS_TOKEN", seed=1, url=url, recording=(str(path),))
    result = judge_recording(find_sources([str(path), str(path)]), options, REFERENCES)
    assert (result.verdict, result.url) == ("violates", "https://api.voiceos.io")
    for file in (tmp_path / "report").rglob("*.*"):
        assert "6067078089" not in file.read_text()
        assert "a-hidden-word" not in file.read_text()


def without_body(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry whose recorder lost the body of the response."""
    return entry | {"response": entry["response"] | {"content": {"size": 900, "mimeType": "application/json"}}}


def test_a_recording_whose_only_bodies_were_lost_is_untestable(tmp_path: Path) -> None:
    result = judge(tmp_path, without_body(make_read_entry()))
    assert (result.verdict, result.findings) == ("untestable", ())
    assert result.obstacle
    assert "no body" in result.obstacle


def test_an_operation_of_whose_responses_no_body_was_recorded_is_untried(tmp_path: Path) -> None:
    lost = without_body(make_read_entry())
    result = judge(tmp_path, make_entry(), make_entry(CALL), lost)
    assert result.verdict == "incomplete"
    assert "GET /conversations/{id}: responses (the recording holds no whole body of any)" in map(str, result.untried)
    assert judge(tmp_path, make_entry(), make_entry(CALL), lost, make_read_entry()).verdict == "conforms"
