"""HAR files as browsers, proxies and gateways write them, and what is wrong with some."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.traffic.sources import RecordingError, find_sources
from tests.support.recordings import read_entries, to_entry

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.traffic.entry import Entry

TEXT = '{"a": "ü"}'
BYTES = TEXT.encode()
FORM = "application/x-www-form-urlencoded"
GZIP = [{"name": "Content-Encoding", "value": "gzip"}]


def entries_of(path: Path) -> list[Entry | None]:
    (source,) = find_sources([str(path)], "har")
    return read_entries(source)


def read(tmp_path: Path, content: bytes | dict[str, Any]) -> list[Entry]:
    path = tmp_path / "traffic.har"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    entries = entries_of(path)
    assert None not in entries
    return [entry for entry in entries if entry]


def response_body(response: dict[str, Any]) -> bytes | None:
    entry = to_entry({"request": {"method": "GET", "url": ""}, "response": {"status": 200, **response}})
    assert entry.response
    return entry.response.body


def test_the_least_that_an_entry_must_have(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, {"log": {"entries": [{"request": {"method": "GET", "url": "http://h/"}}]}})
    assert (entry.body, entry.response) == (b"", None)


def test_fields_of_a_tool_and_null_are_passed_over(tmp_path: Path) -> None:
    request = {"method": "GET", "url": "http://h/", "headers": None, "postData": None, "_tool": {"x": 1}}
    response = {"status": 200, "headers": None, "content": None, "_error": "x"}
    (entry,) = read(
        tmp_path, {"log": {"version": "1.1", "_x": 1, "entries": [{"request": request, "response": response}]}}
    )
    assert (entry.headers, entry.body) == (None, b"")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, b'\xef\xbb\xbf{"log": {"entries": []}}') == []


def test_half_a_surrogate_pair_is_replaced_and_whole_ones_are_kept(tmp_path: Path) -> None:
    text = rb'{"log": {"entries": [{"request": {"method": "\ud800 \ud83d\ude00", "url": "\\ud800"}}]}}'
    (entry,) = read(tmp_path, text)
    assert (entry.method, entry.url) == ("\ufffd \U0001f600", "\\ud800")


def test_http_2s_own_fields_are_no_header_fields() -> None:
    fields = [{"name": ":path", "value": "/"}, {"name": "accept", "value": None}]
    assert to_entry({"request": {"method": "GET", "url": "", "headers": fields}}).headers == (("accept", ""),)


@pytest.mark.parametrize("value", ["application/json", "", None])
def test_a_media_type_that_is_listed_twice_or_without_a_value_is_one(value: str | None) -> None:
    names = [{"name": name, "value": value} for name in ("content-type", "Content-Type")]
    body = {"mimeType": "application/json", "text": TEXT}
    entry = to_entry({"request": {"method": "POST", "url": "", "headers": names, "postData": body}})
    assert entry.headers
    assert entry.headers.joined("Content-Type") == "application/json"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is no JSON: Expecting value: line 1 column 1"),
        (b'{"log": ', "it is no JSON: Expecting value: line 1 column 9"),
        (b"\xff\xfe", "it is no JSON"),
        (b"[]", "it has no log.entries"),
        (b"{}", "it has no log.entries"),
        (b'{"log": {}}', "it has no log.entries"),
        (b'{"log": {"entries": {"a": 1}}}', "it has no log.entries"),
        (
            b'{"log": {"entries": [{"request": {"method": "GET"}}]}}',
            r"log.entries\[0\].request: Object missing required field `url`",
        ),
        (
            b'{"log": {"entries": [{"request": {"method": "GET", "url": 1}}]}}',
            r"log.entries\[0\].request.url: Expected `str`, got `int`",
        ),
        (b'{"log": {"entries": [{"request": ' + b"[" * 1000, "it is no JSON"),
    ],
)
def test_a_file_that_is_no_har_is_told_with_the_place(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(RecordingError, match=f"traffic.har is not of the format har: {said}"):
        read(tmp_path, content)


def test_a_file_that_breaks_off_is_read_until_there(tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    path.write_bytes(b'{"log": {"entries": [{"request": {"method": "GET", "url": ""}}, {"request": {"meth')
    assert [entry is not None for entry in entries_of(path)] == [True, False]


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ({"size": len(BYTES), "text": TEXT}, BYTES),
        ({"text": TEXT}, BYTES),
        ({"size": -1, "text": TEXT}, BYTES),
        ({"size": len(TEXT), "text": TEXT}, BYTES),  # counted in characters
        ({"size": 4, "compression": len(BYTES) - 4, "text": TEXT}, BYTES),  # counted as it was sent
        ({"size": 40, "compression": len(BYTES) - 40, "text": TEXT}, BYTES),  # the same, longer when compressed
        ({"size": len(BYTES), "compression": 5, "text": TEXT}, BYTES),
        ({"text": base64.b64encode(b"\xff").decode(), "encoding": "base64"}, b"\xff"),
        ({"size": 0, "text": ""}, b""),
        ({"text": ""}, b""),
        ({"size": 0}, None),  # as tools write it whose body was lost
        ({"size": 900, "text": ""}, None),
        ({"size": 900, "text": TEXT}, None),
        ({"size": 900}, None),
        ({"size": str(len(BYTES)), "text": TEXT}, BYTES),
        ({"size": "900", "text": TEXT}, None),
        ({"text": TEXT, "encoding": "utf-8"}, BYTES),
        ({"text": TEXT, "encoding": "hex"}, None),
        ({"text": base64.b64encode(BYTES).decode()}, None),  # as nobody says
        ({"text": TEXT, "comment": "Response body is truncated"}, None),
        ({"text": "?", "encoding": "base64"}, None),
        ({"text": "ü===", "encoding": "base64"}, None),
        ({"text": '{"a": "\ufffd"}'}, None),  # what it stands for is lost
        ({}, None),
        (None, None),
    ],
)
def test_a_responses_body_is_taken_where_it_is_whole(content: dict[str, Any] | None, body: bytes | None) -> None:
    assert response_body({"content": content}) == body


@pytest.mark.parametrize(
    ("response", "body"),
    [
        ({"content": {"size": 0}, "bodySize": 0}, b""),
        ({"content": {"size": 0}, "bodySize": -1}, None),
        ({"content": {"size": 0}, "bodySize": 512}, None),
        ({"content": {"size": 0, "text": ""}, "bodySize": 512}, None),
        ({"content": {"size": 0}, "headers": [{"name": "content-length", "value": "0"}]}, b""),
        ({"status": 204, "content": {"size": -1}, "bodySize": -1}, b""),
        ({"content": None, "bodySize": 0}, None),
        ({"content": {"size": -1, "text": ""}, "bodySize": -1}, None),
        ({"content": {"size": 0, "text": ""}, "bodySize": 0}, b""),
        ({"content": {"size": 0}, "bodySize": 0, "_transferSize": 0}, None),  # it came from a cache
    ],
)
def test_a_response_without_text_is_empty_where_the_recorder_says_so(
    response: dict[str, Any], body: bytes | None
) -> None:
    assert response_body(response) == body


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (gzip.compress(BYTES, mtime=0), BYTES),
        (zlib.compress(BYTES), BYTES),
        (gzip.compress(BYTES, mtime=0)[:-9], None),
        (b"\x1b\xff of brotli", None),
        (gzip.compress(bytes(17 * 2**20), mtime=0), None),
        (BYTES, BYTES),
    ],
)
def test_a_body_that_was_recorded_compressed_is_decompressed_or_left_out(content: bytes, body: bytes | None) -> None:
    recorded = {"text": base64.b64encode(content).decode(), "encoding": "base64"}
    assert response_body({"headers": GZIP, "content": recorded}) == body


@pytest.mark.parametrize(
    "changes",
    [
        {"response": {"status": -1}},
        {"response": {"status": 0}},
        {"response": {"status": 101}},
        {"response": {"status": 304}},
        {"response": {"status": 307, "headers": [{"name": "non-authoritative-reason", "value": "HSTS"}]}},
        {"response": {"status": 307, "statusText": "Internal Redirect"}},
        {"response": {"status": 502, "statusText": "Fiddler - DNS Lookup Failed"}},
        {"response": {"status": None}},
        {"response": {"status": 10**20}},
        {"_wasFulfilled": True},
        {"response": None},
        {"_fromCache": "disk"},
        {"_fetchedViaServiceWorker": True},
    ],
)
def test_where_the_server_gave_no_response_there_is_no_answer(changes: dict[str, Any]) -> None:
    entry = {"request": {"method": "GET", "url": ""}, "response": {"status": 200}}
    assert to_entry(entry).response
    assert to_entry(entry | changes).response is None


def test_one_entry_that_cannot_be_read_does_not_spoil_the_others(tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    good = {"request": {"method": "GET", "url": ""}}
    path.write_text(json.dumps({"log": {"entries": [good, {"request": 5}, None, good]}}))
    assert [entry is not None for entry in entries_of(path)] == [True, False, False, True]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + "0" * 400, "NaN"])
@pytest.mark.parametrize("name", ["size", "compression"])
def test_a_number_beyond_all_bounds_is_none(tmp_path: Path, name: str, number: str) -> None:
    content = f'{{"text": "a", "size": 1, "{name}": {number}}}'
    response = f'{{"status": 200, "content": {content}}}'
    entry = f'{{"request": {{"method": "GET", "url": ""}}, "response": {response}}}'
    (read_entry,) = read(tmp_path, f'{{"log": {{"entries": [{entry}]}}}}'.encode())
    assert read_entry.response
    assert read_entry.response.body in {b"a", None}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([{"name": "content-length", "value": "9" * 5000}], BYTES),
        ([{"name": "content-length", "value": "900"}], None),
        ([{"name": "transfer-encoding", "value": "chunked"}], BYTES),
        ([*GZIP, {"name": "content-length", "value": "900"}], BYTES),
    ],
)
def test_the_length_that_a_response_names_counts_where_it_is_not_compressed(
    headers: list[dict[str, str]], body: bytes | None
) -> None:
    assert response_body({"headers": headers, "content": {"size": -1, "text": TEXT}}) == body


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        ({"postData": {"mimeType": "application/json", "text": TEXT}, "bodySize": len(BYTES)}, BYTES),
        ({"postData": {"text": TEXT}, "bodySize": -1}, BYTES),
        ({"postData": {"text": "/w==", "encoding": "base64"}}, b"\xff"),
        (
            {"postData": {"mimeType": FORM, "params": [{"name": "a b", "value": "ü"}, {"name": "c"}]}},
            b"a+b=%C3%BC&c=",
        ),
        ({"postData": {"mimeType": "multipart/form-data", "params": [{"name": "a", "value": "b"}]}}, None),
        ({"postData": {"mimeType": FORM, "params": []}}, None),
        ({"postData": {"mimeType": "application/json", "params": []}, "bodySize": -1}, None),
        ({"postData": {"mimeType": "application/json", "text": ""}, "bodySize": -1}, None),
        ({"postData": {"mimeType": "application/json", "text": ""}, "bodySize": 0}, b""),
        ({"postData": None, "bodySize": -1}, None),
        ({"postData": None, "headers": [{"name": "content-length", "value": "0"}]}, b""),
        ({"method": "GET", "bodySize": -1}, b""),
        ({"method": "GET", "bodySize": 5}, None),
        ({"postData": {"text": TEXT, "params": [{"name": "a", "value": "b"}]}}, BYTES),
        ({"bodySize": 0}, b""),
        ({"bodySize": 0, "headers": [{"name": "content-type", "value": "application/json"}]}, None),
        ({"bodySize": 0, "headers": [{"name": "Transfer-Encoding", "value": "chunked"}]}, None),
        ({"postData": {"text": TEXT}, "bodySize": "900"}, None),
        ({}, None),
        ({"bodySize": 900}, None),
        ({"postData": {"text": TEXT}, "bodySize": 900}, None),
        ({"postData": {"mimeType": "application/json"}, "headers": [{"name": "Content-Length", "value": "9"}]}, None),
        ({"postData": {"text": TEXT}, "headers": GZIP}, None),
    ],
)
def test_a_requests_body_is_taken_where_it_is_whole(request_: dict[str, Any], body: bytes | None) -> None:
    assert to_entry({"request": {"method": "POST", "url": "", **request_}}).body == body
