"""Recordings of all formats, as their tools write them, give the same exchange."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema_rs
import pytest
import vcr
import yaml

from contract_tests.servers.mock import PATH
from contract_tests.traffic.entry import Entry, RecordedResponse
from contract_tests.traffic.formats.ndjson import write_entry
from contract_tests.traffic.formats.registry import FORMATS, recognize
from contract_tests.traffic.sources import RecordingError, find_sources
from spec.paths import ROOT
from tests.conftest import TOKEN
from tests.support.recordings import REQUEST, read_entries

if TYPE_CHECKING:
    from pathlib import Path

SENT, RECEIVED = '{"a": "ü"}', '{"id": "ü"}'
URL = "http://api.example/things?size=3"
SCHEMA = jsonschema_rs.validator_for(
    json.loads((ROOT / "contract_tests" / "traffic" / "exchange.schema.json").read_text())
)


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def har_entry() -> dict[str, Any]:
    fields = [{"name": "Content-Type", "value": "application/json"}]
    return {
        "request": {"method": "POST", "url": URL, "headers": fields, "postData": {"text": SENT}, "bodySize": 11},
        "response": {"status": 201, "headers": fields, "content": {"text": RECEIVED}},
    }


def ndjson() -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    return {
        "request": {"method": "POST", "url": URL, "headers": headers, "body": SENT},
        "response": {
            "status": 201,
            "headers": {"Content-Type": ["application/json"]},
            "body": base64.b64encode(RECEIVED.encode()).decode(),
            "encoding": "base64",
        },
    }


def cassette() -> dict[str, Any]:
    headers = {"Content-Type": ["application/json"]}
    request = {"method": "POST", "uri": URL, "headers": headers, "body": SENT}
    response = {"status": {"code": 201, "message": "Created"}, "headers": headers, "body": {"string": RECEIVED}}
    return {"version": 1, "interactions": [{"request": request, "response": response}]}


def newman() -> dict[str, Any]:
    header = [{"key": "Content-Type", "value": "application/json"}, {"key": "X", "value": "1", "disabled": True}]
    url = {
        "protocol": "http",
        "host": ["api", "example"],
        "path": ["things"],
        "query": [{"key": "size", "value": "3"}],
    }
    request = {"method": "POST", "url": url, "header": header, "body": {"mode": "raw", "raw": SENT}}
    response = {"code": 201, "header": header, "stream": {"type": "Buffer", "data": list(RECEIVED.encode())}}
    return {"collection": {}, "run": {"executions": [{"request": request, "response": response}]}}


def kong() -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    return {
        "latencies": {"request": 5},
        "request": {"method": "POST", "uri": "/things", "url": URL, "headers": headers, "body": SENT},
        "response": {"status": 201, "headers": headers, "body": RECEIVED},
    }


def envoy() -> dict[str, Any]:
    own = {":method": "POST", ":scheme": "http", ":authority": "api.example", ":path": "/things?size=3"}
    fields = [{"key": key, "value": value} for key, value in own.items()]
    content_type = {"key": "content-type", "value": "application/json"}
    sent = {"truncated": False, "as_bytes": base64.b64encode(SENT.encode()).decode()}
    return {
        "http_buffered_trace": {
            "request": {"headers": [*fields, content_type], "body": sent, "trailers": []},
            "response": {
                "headers": [{"key": ":status", "value": "201"}, content_type],
                "body": {"as_string": RECEIVED},
            },
        }
    }


def goreplay() -> bytes:
    sent, received = SENT.encode(), RECEIVED.encode()
    request = b"POST /things?size=3 HTTP/1.1\r\nHost: api.example\r\n"
    head = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    messages = [
        b"1 a1b2 1700000000\n" + request + head % len(sent) + sent,
        b"2 a1b2 1700000001\n" + b"HTTP/1.1 201 Created\r\n" + head % len(received) + received,
    ]
    return b"".join(message + "\n🐵🙈🙉\n".encode() for message in messages)


RECORDINGS = {
    "har": json.dumps({"log": {"version": "1.2", "entries": [har_entry()]}}).encode(),
    "har-lines": lines(har_entry()),
    "ndjson": lines(ndjson()),
    "vcr": yaml.safe_dump(cassette()).encode(),
    "newman": json.dumps(newman()).encode(),
    "kong": lines(kong()),
    "envoy": json.dumps(envoy(), indent=1).encode(),
    "goreplay": goreplay(),
}
"""A recording of the same exchange in each format."""


def entries_of(tmp_path: Path, content: bytes, form: str | None = None) -> list[Entry | None]:
    path = tmp_path / "recording"
    path.write_bytes(content)
    (source,) = find_sources([str(path)], form)
    return read_entries(source)


def one_of(tmp_path: Path, content: bytes) -> Entry:
    (entry,) = entries_of(tmp_path, content)
    assert entry
    return entry


def test_every_format_has_a_recording_here() -> None:
    # mitmproxy's own reader reads its files, and is not installed here.
    assert {each.name for each in FORMATS} == {*RECORDINGS, "mitmproxy"}


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_recognized_by_its_first_bytes(name: str) -> None:
    found = recognize(RECORDINGS[name])
    assert found
    assert found.name == name


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_same_exchange_is_read_in_every_format(tmp_path: Path, name: str) -> None:
    (entry,) = entries_of(tmp_path, RECORDINGS[name])
    assert entry
    assert (entry.method, entry.url, entry.body) == ("POST", URL, SENT.encode())
    assert entry.headers
    assert entry.headers.media_type == "application/json"
    assert isinstance(entry.response, RecordedResponse)
    assert (entry.response.status, entry.response.body) == (201, RECEIVED.encode())
    assert entry.response.headers
    assert entry.response.headers.media_type == "application/json"


def test_a_cassette_in_json_is_read_too(tmp_path: Path) -> None:
    assert entries_of(tmp_path, json.dumps(cassette()).encode()) == entries_of(tmp_path, RECORDINGS["vcr"])


def test_a_line_of_ndjson_keeps_its_schema() -> None:
    SCHEMA.validate(ndjson())
    assert not SCHEMA.is_valid({"request": {"method": "GET"}})


@pytest.mark.parametrize("name", ["har-lines", "ndjson", "kong"])
def test_a_line_that_cannot_be_read_does_not_spoil_the_others(tmp_path: Path, name: str) -> None:
    good = RECORDINGS[name]
    entries = entries_of(tmp_path, good + lines({"request": 5}) + good, name)
    assert [entry is not None for entry in entries] == [True, False, True]


def test_bodies_that_a_recorder_left_out_are_none(tmp_path: Path) -> None:
    without = kong()
    del without["request"]["body"], without["response"]["body"]
    (entry,) = entries_of(tmp_path, lines(without))
    assert entry
    assert entry.response
    assert (entry.body, entry.response.body) == (None, None)


@pytest.mark.parametrize(
    ("changes", "status", "body"),
    [
        ({"response": {"http_version": "HTTP/1.1", "status_code": 200, "content": RECEIVED}}, 200, RECEIVED),
        ({"response": {"status": {"code": 200}, "body": {"encoding": "UTF-8", "string": RECEIVED}}}, 200, RECEIVED),
        ({"response": {"status": {"code": 200}, "body": {"base64_string": "eyJhIjogMX0="}}}, 200, '{"a": 1}'),
        ({"response": {"status": {"code": 200}, "body": {"string": "\ufffd"}}}, 200, None),
    ],
    ids=["httpx of an older vcrpy", "Ruby", "base64", "replaced bytes"],
)
def test_cassettes_have_dialects(tmp_path: Path, changes: dict[str, Any], status: int, body: str | None) -> None:
    (interaction,) = cassette()["interactions"]
    entry = one_of(tmp_path, yaml.safe_dump({"interactions": [interaction | changes]}).encode())
    assert entry.response
    assert (entry.response.status, entry.response.body) == (status, None if body is None else body.encode())


@pytest.mark.parametrize(("body", "content"), [(SENT, SENT.encode()), (None, None), ({"a": 1}, None)])
def test_a_request_of_a_cassette_without_a_text_has_no_recorded_body(
    tmp_path: Path, body: object, content: bytes | None
) -> None:
    (interaction,) = cassette()["interactions"]
    changed = interaction | {"request": interaction["request"] | {"body": body}}
    entry = one_of(tmp_path, yaml.safe_dump({"interactions": [changed]}).encode())
    assert entry.body == content


def test_a_response_that_kong_gave_itself_is_none(tmp_path: Path) -> None:
    log = kong()
    log["response"]["headers"]["X-Kong-Response-Latency"] = "1"
    entry = one_of(tmp_path, lines(log))
    assert entry.response is None


def test_a_response_whose_bytes_newman_lost_has_no_recorded_body(tmp_path: Path) -> None:
    report = newman()
    report["run"]["executions"][0]["response"] |= {"stream": {"data": []}, "responseSize": 900}
    entry = one_of(tmp_path, json.dumps(report).encode())
    assert entry.response
    assert entry.response.body is None


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"encoding": "BASE64"}, RECEIVED.encode()),
        ({"encoding": "base64", "body": "?"}, None),
        ({"encoding": None, "body": "\ufffd"}, None),
        ({"encoding": "rot13"}, None),
    ],
)
def test_a_body_in_an_encoding_that_is_not_its_own_is_none(
    tmp_path: Path, changes: dict[str, Any], body: bytes | None
) -> None:
    line = ndjson()
    entry = one_of(tmp_path, lines(line | {"response": line["response"] | changes}))
    assert entry.response
    assert entry.response.body == body


@pytest.mark.parametrize("body", [SENT.encode(), b"\xff", "\ufffd".encode(), base64.b64encode(SENT.encode())])
def test_a_body_that_is_written_is_read_again(tmp_path: Path, body: bytes) -> None:
    written = write_entry(Entry("POST", URL, None, body, None))
    entry = one_of(tmp_path, written)
    assert entry.body == body


@pytest.mark.parametrize("number", ["9" * 5000, "1e" + "9" * 5000, "-" + "9" * 5000])
@pytest.mark.parametrize("name", sorted({"har", "newman", "kong", "ndjson", "har-lines"}))
def test_a_number_beyond_all_bounds_crashes_no_reader(tmp_path: Path, name: str, number: str) -> None:
    (tmp_path / "traffic").write_bytes(b'{"x": ' + number.encode() + b", " + RECORDINGS[name].lstrip()[1:])
    for form in (None, name):
        with suppress(RecordingError):
            read_entries(find_sources([str(tmp_path / "traffic")], form)[0])


def test_a_body_that_envoy_cut_short_is_none(tmp_path: Path) -> None:
    cut = envoy()
    cut["http_buffered_trace"]["response"]["body"]["truncated"] = True
    (entry,) = entries_of(tmp_path, json.dumps(cut).encode())
    assert entry
    assert entry.response
    assert entry.response.body is None


def test_a_body_that_breaks_off_in_a_capture_is_none(tmp_path: Path) -> None:
    (entry,) = entries_of(tmp_path, goreplay().replace(RECEIVED.encode(), b'{"id'))
    assert entry
    assert entry.response
    assert entry.response.body is None


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"is empty: nothing was recorded in it\."):
        entries_of(tmp_path, b"")


def test_a_file_of_no_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        RecordingError, match=r"is of no known format. Known are har, vcr, newman, .*--recording-format"
    ):
        entries_of(tmp_path, b"hello")


def test_a_cassette_that_vcrpy_wrote_is_read(tmp_path: Path, mock_url: str) -> None:
    path = tmp_path / "cassette.yaml"
    with vcr.use_cassette(str(path)):
        answered = httpx.post(f"{mock_url}{PATH}", json=REQUEST, headers={"Authorization": f"Bearer {TOKEN}"})
    (source,) = find_sources([str(path)])
    (entry,) = read_entries(source)
    assert source.format.name == "vcr"
    assert entry
    assert entry.response
    assert (entry.url, json.loads(entry.body or b"")) == (f"{mock_url}{PATH}", REQUEST)
    assert (entry.response.status, entry.response.body) == (200, answered.content)


def nested(levels: int) -> str:
    return '{"a": [' * (levels // 2) + "]}" * (levels // 2)


def with_deep_entry(name: str, levels: int) -> bytes:
    """A good entry, one with a part that is nested deep, and a good one again."""
    good, mark = RECORDINGS[name].decode(), '"MARK"'
    if name in {"har-lines", "ndjson", "kong", "envoy"}:
        value = json.loads(good)
        return f"{json.dumps(value)}\n{json.dumps(value | {'x': 'MARK'})}\n{json.dumps(value)}\n".replace(
            mark, nested(levels)
        ).encode()
    value = cassette() if name == "vcr" else json.loads(good)
    holder, key = {"har": (value.get("log"), "entries"), "newman": (value.get("run"), "executions")}.get(
        name, (value, "interactions")
    )
    holder[key] = [holder[key][0], holder[key][0] | {"x": "MARK"}, holder[key][0]]
    return json.dumps(value).replace(mark, nested(levels)).encode()


@pytest.mark.parametrize("name", [name for name in RECORDINGS if name != "goreplay"])
def test_an_entry_that_is_nested_too_deep_does_not_spoil_the_others(tmp_path: Path, name: str) -> None:
    entries = entries_of(tmp_path, with_deep_entry(name, 5_000), name)
    assert [entry is not None for entry in entries] == [True, False, True]


def test_a_cassette_in_yaml_that_is_nested_too_deep_is_refused_before_it_crashes_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "cassette.yaml"
    path.write_text(f"interactions:\n- x: {'[' * 100_000}{']' * 100_000}\n")
    (source,) = find_sources([str(path)])
    (error,) = source.format.read(source.content)
    assert str(error) == "it is neither YAML nor JSON: it is nested more than 512 levels deep"


def test_a_deep_value_is_not_looked_through_for_the_format() -> None:
    found = recognize(b'{"log": ' + b"[" * 60_000)
    assert found
    assert found.name == "har"


@pytest.mark.parametrize(
    "content",
    [
        b'interactions: [!"a hidden word" x]',
        b"interactions: [!hidden x]",
        b"interactions: [*hidden]",
        b'interactions: [!!int "hidden"]',
        b'interactions: [!!float "hidden"]',
        b'interactions: [!!timestamp "hidden"]',
        b'interactions: [!!bool "hidden"]',
        b"1 a1 1\nPOST hidden HTTP/9\r\n\r\n",
        b"1 a1 1\nPOST / HTTP/1.1\r\nHost: h\r\nhidden\r\n\r\n",
        b'{"request": {"method": "hidden", "url": hidden}}',
        b'{"request": {"method": "hidden", "url": ["hidden"]}}',
        b'{"log": {"entries": [hidden]}}',
        b'{"log": {"entries": [{"request": {"hidden": "hidden"}}]}}',
        b'{"run": {"executions": [{"request": "hidden"}]}}',
        b'{"request": {"url": ["hidden"]}, "latencies": {}}',
        b'{"http_buffered_trace": {"request": "hidden"}}',
    ],
)
def test_an_error_quotes_nothing_of_the_recording_and_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    form = None if recognize(content) else "ndjson"
    with pytest.raises(RecordingError) as error:
        entries_of(tmp_path, content, form)
    assert "hidden" not in str(error.value)
    assert "--recording-format" in str(error.value)
