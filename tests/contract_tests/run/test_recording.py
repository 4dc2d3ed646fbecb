"""Recorded traffic held against the contract: what is judged, what is passed over, and what is never shown."""

from __future__ import annotations

import copy
import json
import socket
import time
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from contract_tests.run.recording import judge_recording
from contract_tests.run.suite import run
from contract_tests.servers.mock import PATH, ReceivedRequest, judge_body, respond_with_conversation
from contract_tests.target.options import SPEC, Options
from contract_tests.traffic.har import read_har
from tests.conftest import ROOT
from tests.contract_tests.run.test_suite import (
    CONFORMS,
    UNTESTABLE,
    USAGE,
    VIOLATES,
    finish,
    served,
    with_undocumented_member,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contract_tests.result.result import Result
    from spec.json_value import Json

SECRET = "a-secret-that-nobody-may-see"  # noqa: S105 - what the tests look for
HOST = "https://api.voiceos.io"
REQUEST = json.loads((ROOT / "spec" / "samples" / "create_phone_call.request.json").read_text())
SCHEMA = json.loads((ROOT / "contract_tests" / "result" / "result.schema.json").read_text())


def field(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def make_entry(body: Json = REQUEST, url: str = f"{HOST}{PATH}") -> dict[str, Any]:
    """An exchange as a browser records it, with a server that conforms."""
    text = json.dumps(body)
    judged: Any = judge_body(ReceivedRequest((("content-type", "application/json"),), text.encode()))
    answer = judged if hasattr(judged, "status") else respond_with_conversation(judged)
    answered = json.dumps(answer.body)
    secrets = [field("Authorization", f"Bearer {SECRET}"), field("Cookie", SECRET), field("X-Odd-Token", SECRET)]
    return {
        "startedDateTime": "2026-01-31T09:30:00.000Z",
        "_resourceType": "fetch",
        "request": {
            "method": "POST",
            "url": url,
            "httpVersion": "http/2.0",
            "headers": [field(":authority", "api.voiceos.io"), field("content-type", "application/json"), *secrets],
            "cookies": [field("session", SECRET)],
            "bodySize": len(text),
            "postData": {"mimeType": "application/json", "text": text},
        },
        "response": {
            "status": answer.status,
            "headers": [field("content-type", "application/json"), field("Set-Cookie", SECRET)],
            "content": {"size": len(answered), "mimeType": "application/json", "text": answered},
        },
    }


def with_answer(change: Callable[[dict[str, Any]], object], body: Json = REQUEST) -> dict[str, Any]:
    """An exchange whose response has another JSON body."""
    entry = make_entry(body)
    answer = json.loads(entry["response"]["content"]["text"])
    change(answer)
    text = json.dumps(answer)
    entry["response"]["content"] |= {"text": text, "size": len(text)}
    return entry


def with_response(**changes: Json) -> dict[str, Any]:
    entry = make_entry()
    entry["response"] |= changes
    return entry


def with_request(**changes: Json) -> dict[str, Any]:
    entry = make_entry()
    entry["request"] |= changes
    return entry


def write(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "t"}, "entries": entries}}))
    return path


def judge(folder: Path, *entries: dict[str, Any], url: str | None = None, spec: Path | None = None) -> Result:
    path = write(folder, *entries)
    options = Options(folder / "report", "VOICEOS_TOKEN", seed=1, spec=spec or SPEC)
    result = judge_recording(path, read_har(path), url, options)
    written = json.loads((folder / "report" / "result.json").read_text())
    jsonschema_rs.validator_for(SCHEMA).validate(written)
    return result


def test_a_recording_of_a_server_that_conforms_conforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("something is sent"))
    result = judge(tmp_path, make_entry(), make_entry(REQUEST | {"agent_config": None}), make_entry({}))
    assert (result.verdict, result.requests, result.calls) == ("conforms", 3, 2)
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
        (with_answer(lambda answer: answer.update(phone_call=None)), "phone_call_present", "/responses"),
    ],
)
def test_what_breaks_the_contract_is_found_by_the_check_of_a_run(
    tmp_path: Path, entry: dict[str, Any], check: str, pointer: str
) -> None:
    result = judge(tmp_path, entry)
    operation = "/paths/~1conversations~1create_phone_call/post"
    found = {finding.check: finding for finding in result.findings}
    assert result.verdict == "violates"
    assert found[check].pointer in {pointer, f"{operation}{pointer}"}
    assert found[check].sent == "log.entries[0]"
    assert (tmp_path / "report" / "findings" / "1.json").exists()


def test_an_id_that_comes_twice_is_found_with_both_requests(tmp_path: Path) -> None:
    twice = [with_answer(lambda answer: answer.update(id="1")) for _ in range(2)]
    (finding,) = judge(tmp_path, *twice).findings
    assert (finding.check, len(finding.before)) == ("id_is_new", 1)


def test_an_undocumented_field_is_additive_drift(tmp_path: Path) -> None:
    result = judge(tmp_path, with_answer(lambda answer: answer.update(new=1)))
    assert (result.verdict, [addition.field for addition in result.additions]) == ("conforms", ["new"])


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_that_the_token_or_the_hour_may_be_the_cause_of_is_not_held_against_the_request(
    tmp_path: Path, status: int
) -> None:
    entry = with_response(status=status, content={"text": '{"detail": "no"}'})
    checks = {finding.check for finding in judge(tmp_path, entry).findings}
    assert checks <= {"status_code_conformance"}
    assert bool(checks) == (status == 429)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://other.example/conversations/create_phone_call", "another host"),
        ("https://api.voiceos.io.example/conversations/create_phone_call", "another host"),
        ("https://api.voiceos.io:8443/conversations/create_phone_call", "another host"),
        ("https://api.voiceos.io/conversations", "another path"),
        ("https://api.voiceos.io/v1/conversations/create_phone_call", "another path"),
        ("data:text/plain,hello", "no URL of a server"),
        ("https://[::1/", "no URL of a server"),
    ],
)
def test_what_is_not_about_the_contract_is_counted_as_skipped(tmp_path: Path, url: str, why: str) -> None:
    result = judge(tmp_path, make_entry(), make_entry(url=url))
    assert result.recording
    assert (result.requests, result.recording.entries, result.recording.skipped) == (1, 2, {why: 1})


def test_another_method_is_counted_as_skipped(tmp_path: Path) -> None:
    result = judge(tmp_path, make_entry(), with_request(method="OPTIONS"))
    assert result.recording
    assert result.recording.skipped == {"another method": 1}


@pytest.mark.parametrize(
    ("url", "recorded"),
    [
        (None, "https://API.voiceos.io:443/conversations/create_phone_call"),
        (None, "http://api.voiceos.io/conversations/create_phone_call?x=1#y"),
        ("https://staging.example/v1/", "https://staging.example/v1/conversations/create_phone_call"),
        ("http://[::1]:8000", "http://[::1]:8000/conversations/create_phone_call"),
    ],
)
def test_a_servers_address_may_be_written_in_several_ways(tmp_path: Path, url: str | None, recorded: str) -> None:
    assert judge(tmp_path, make_entry(url=recorded), url=url).requests == 1


def test_a_url_takes_the_place_of_the_specs_servers(tmp_path: Path) -> None:
    assert judge(tmp_path, make_entry(), url="https://staging.example").verdict == "untestable"


@pytest.mark.parametrize(
    ("servers", "url"),
    [
        ("[{url: /v2}]", "http://any.example/v2/things/7"),
        ("[{url: 'https://{region}.example/{stage}', variables: {}}]", "https://eu.example/dev/things/7"),
        ("[]", "http://any.example/things/7"),
    ],
)
def test_servers_may_be_relative_or_have_variables(tmp_path: Path, servers: str, url: str) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(
        "openapi: 3.1.0\n"
        "info: {title: Another, version: 1.0.0}\n"
        f"servers: {servers}\n"
        "paths:\n"
        "  /things/{id}:\n"
        "    get: {responses: {'200': {description: A., content: {application/json: {schema: {type: integer}}}}}}\n"
        "  /things/none: {get: {responses: {'200': {description: B.}}}}\n"
    )
    entry = make_entry(url=url)
    entry["request"] |= {"method": "GET", "postData": None, "bodySize": 0}
    result = judge(tmp_path, entry, spec=spec)
    assert {finding.check for finding in result.findings} == {"response_schema_conformance"}
    assert result.findings[0].operation == "GET /things/{id}"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (with_response(content={"size": 9000, "mimeType": "application/json"}), "no whole response body"),
        (with_response(content={"size": 9000, "text": '{"uri": '}), "no whole response body"),
        (with_request(postData={"text": '{"from'}, bodySize=9000), "no whole request body"),
        (with_response(status=0), "no response"),
        ({key: value for key, value in make_entry().items() if key != "response"}, "no response"),
        (with_response(headers=[], content={"size": -1, "text": "{"}), "no response header fields"),
    ],
)
def test_what_was_not_recorded_whole_is_counted_and_violates_nothing(
    tmp_path: Path, entry: dict[str, Any], what: str
) -> None:
    result = judge(tmp_path, make_entry(), entry)
    assert result.recording
    assert (result.verdict, result.recording.not_judged) == ("conforms", {what: 1})


def test_no_secret_of_a_recording_is_written_or_printed(tmp_path: Path) -> None:
    entry = with_answer(lambda answer: answer.update(status="live"))
    entry["request"]["url"] = f"https://user:{SECRET}@api.voiceos.io{PATH}?api_key={SECRET}"
    for status in (200, 401, 302):
        entry["response"]["headers"] += [field("Location", f"https://h/?code={SECRET}")]
        entry["response"]["status"] = status
        path = write(tmp_path, make_entry(), copy.deepcopy(entry))
        code, said = finish(
            tmp_path / "report", f"--recording={path}", "--strict", "-vv", "--tb=long", "-l", token=None
        )
        assert code == VIOLATES
        assert SECRET not in said
    written = [file.read_text() for file in (tmp_path / "report").rglob("*.json")]
    assert len(written) >= 2
    assert not any(SECRET in text for text in written)


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
    assert judge(tmp_path, entry).verdict == "conforms"


def test_a_recording_has_a_runs_face(tmp_path: Path) -> None:
    path = write(tmp_path, make_entry(), make_entry(url="https://cdn.example/x"))
    code, said = finish(tmp_path / "report", f"--recording={path}", token=None)
    assert code == CONFORMS, said
    assert "at the recording traffic.har" in said
    numbers = "1 recorded requests, 1 accepted, 1 of 2 entries skipped (1 another host)"
    assert said.strip().splitlines()[-1].startswith(f"conforms: the recording traffic.har; {numbers}, 0 findings, ")


def test_a_recording_that_is_not_about_the_contract_is_untestable(tmp_path: Path) -> None:
    path = write(tmp_path, make_entry(url="https://staging.example/conversations/create_phone_call"))
    code, said = finish(tmp_path / "report", f"--recording={path}", token=None)
    assert code == UNTESTABLE
    assert "Nothing of the recording is about the contract" in said
    assert "Its hosts: staging.example (1)." in said
    assert "--url" in said


@pytest.mark.parametrize(
    ("content", "said"), [("{", "is no HAR file: the file: Invalid JSON"), (None, "cannot be read")]
)
def test_a_recording_that_cannot_be_read_is_a_usage_error(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "traffic.har"
    if content:
        path.write_text(content)
    code, printed = finish(tmp_path / "report", f"--recording={path}", token=None)
    assert code == USAGE
    assert said in printed
    assert "Traceback" not in printed
    assert not (tmp_path / "report").exists()


def test_a_run_and_its_recording_find_the_same(tmp_path: Path) -> None:
    with served(respond=with_undocumented_member) as target:
        found = run(target, Options(tmp_path / "run", "VOICEOS_TOKEN", seed=1, fuzzing=False))
    har = tmp_path / "run" / "schemathesis.har.json"
    options = Options(tmp_path / "recording", "VOICEOS_TOKEN", seed=1)
    entries = read_har(har)
    door = entries[0].request.url.removesuffix(PATH)  # the engine knows the guard alone
    judged = judge_recording(har, entries, door, options)
    assert found.findings
    assert {(finding.check, finding.pointer) for finding in judged.findings} == {
        (finding.check, finding.pointer) for finding in found.findings
    }


def test_a_long_recording_takes_little_more_than_its_reading(tmp_path: Path) -> None:
    """Some 25 times as long, whatever the machine, and no more where there are more entries."""
    path = write(tmp_path, *(make_entry(REQUEST | {"agent_id": str(number)}) for number in range(2000)))
    options = Options(tmp_path / "report", "VOICEOS_TOKEN", seed=1)
    started = time.process_time()
    entries = read_har(path)
    read = time.process_time()
    result = judge_recording(path, entries, None, options)
    assert result.requests == 2000
    assert (time.process_time() - read) / (read - started) < 40
