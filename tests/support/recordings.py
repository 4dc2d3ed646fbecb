"""Entries of recordings, as browsers and proxies write them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

import msgspec

from contract_tests.servers.mock import PATH, ReceivedRequest, judge_body, respond_with_conversation
from contract_tests.traffic.chunks import cut, results_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.har import HarEntry, HarFields
from contract_tests.traffic.judging import JudgedTraffic
from spec.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.exchange.headers import Headers
    from contract_tests.traffic.entry import Entry
    from contract_tests.traffic.sources import Source
    from spec.json_value import Json

SECRET: Final = "a-secret-that-nobody-may-see"  # noqa: S105 - what the tests look for
"""The token and all other secrets of an entry."""
HOST: Final = "https://api.voiceos.io"
REQUEST: Final = json.loads((ROOT / "spec" / "samples" / "create_phone_call.request.json").read_text())
"""The body of the request in an entry."""


def field(name: str, value: str) -> dict[str, str]:
    """A header field as HAR has it."""
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


def make_read_entry(**changes: Json) -> dict[str, Any]:
    """The reading of a conversation as a browser records it, with fields of the response changed."""
    entry = with_answer(lambda answer: answer.update(changes))
    body = json.loads(entry["response"]["content"]["text"])
    request = {"method": "GET", "url": f"{HOST}/conversations/{body['id']}", "headers": entry["request"]["headers"][2:]}
    return entry | {"request": request}


def to_entry(entry: dict[str, Any]) -> Entry:
    """An entry of HAR as its reader gives it."""
    return msgspec.convert(entry, HarEntry[HarFields], strict=False).entry(lambda _: None)


def read_entries(source: Source) -> list[Entry | None]:
    """All entries of a recording, with None for each that cannot be read. Raises RecordingError if none can."""
    results = [result for chunk in cut([source]) for _, result in results_of(source, chunk) if result is not None]
    errors = [result for result in results if isinstance(result, FormatError)]
    if errors and len(errors) == len(results):
        JudgedTraffic(errors={0: errors[0]}).require_readable([source])
    return [None if isinstance(result, FormatError) else result for result in results]


def with_answer(change: Callable[[dict[str, Any]], object], body: Json = REQUEST) -> dict[str, Any]:
    """An exchange whose response has another JSON body."""
    entry = make_entry(body)
    answer = json.loads(entry["response"]["content"]["text"])
    change(answer)
    text = json.dumps(answer)
    entry["response"]["content"] |= {"text": text, "size": len(text)}
    return entry


def with_response(**changes: Json) -> dict[str, Any]:
    """An exchange with parts of its response replaced."""
    entry = make_entry()
    entry["response"] |= changes
    return entry


def with_request(**changes: Json) -> dict[str, Any]:
    """An exchange with parts of its request replaced."""
    entry = make_entry()
    entry["request"] |= changes
    return entry


def as_entry(exchange: Exchange) -> dict[str, Any]:
    """An exchange as a proxy records it."""
    request, response = exchange.request, exchange.response
    assert response  # noqa: S101 - a recording of silence is another matter
    return {
        "request": {
            "method": request.method,
            "url": f"{HOST}{request.target}",
            "headers": _fields(request.headers),
            "postData": _content(request.body),
        },
        "response": {
            "status": response.status,
            "headers": _fields(response.headers),
            "content": _content(response.body),
        },
    }


def _fields(headers: Headers) -> list[dict[str, str]]:
    return [field(name, value) for name, value in headers]


def _content(body: bytes) -> dict[str, Any]:
    return {"text": base64.b64encode(body).decode(), "encoding": "base64", "size": len(body)}
