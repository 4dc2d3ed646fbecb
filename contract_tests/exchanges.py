"""What was sent and what came back, read from the engine's record of a run (its NDJSON report)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A request as it was sent; what authorizes it is masked."""

    method: str
    url: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header field, whatever the case of its name."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True)
class Response:
    """A response as it came."""

    status: int
    headers: Headers
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is a 2xx."""
        return self.status // 100 == 2  # noqa: PLR2004 - the first digit of 2xx


@dataclass(frozen=True)
class Failure:
    """What one of the engine's checks says against an exchange."""

    check: str
    title: str
    message: str


@dataclass(frozen=True)
class Exchange:
    """One request, its response if there was one, and what the engine's checks made of them."""

    label: str
    """The operation that it is about, as `POST /path`."""
    expectation: Literal["positive", "negative"]
    """Whether the engine made the request to be accepted or to be turned away."""
    description: str
    request: Request
    response: Response | None
    passed: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Record:
    """All exchanges of a run in their order, and what the engine itself stumbled over."""

    exchanges: tuple[Exchange, ...] = ()
    errors: tuple[str, ...] = ()


def read_record(path: Path, descriptions: Mapping[str, str]) -> Record:
    """Reads an NDJSON report; what a killed engine left half written is passed over.

    `descriptions` says what cases are for, by their id, of which the report itself does not.
    """
    exchanges: list[Exchange] = []
    errors: list[str] = []
    for kind, event in _events(path):
        if kind == "ScenarioFinished":
            exchanges.extend(_exchanges(event, descriptions))
        elif kind in {"NonFatalError", "FatalError"}:
            errors.append(_error_text(event))
    return Record(tuple(exchanges), tuple(dict.fromkeys(errors)))


def _events(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if not path.exists():
        return
    with path.open() as file:
        for line in file:
            try:
                event = json.loads(line)
            except ValueError:
                return
            yield next(iter(event.items()))


def _exchanges(event: dict[str, Any], descriptions: Mapping[str, str]) -> Iterator[Exchange]:
    recorder = event["recorder"]
    cases, checks = recorder.get("cases", {}), recorder.get("checks", {})
    for case_id, interaction in recorder.get("interactions", {}).items():
        meta = cases.get(case_id, {}).get("value", {}).get("meta", {})
        results = checks.get(case_id, [])
        yield Exchange(
            label=recorder["label"],
            expectation=meta.get("generation", {}).get("mode", "positive"),
            description=descriptions.get(case_id) or _description(meta),
            request=_request(interaction["request"]),
            response=_response(interaction.get("response")),
            passed=tuple(result["name"] for result in results if result["status"] == "success"),
            failures=tuple(_failure(result) for result in results if result["status"] == "failure"),
        )


def _description(meta: dict[str, Any]) -> str:
    """What the engine says of a case; what its checks send by themselves comes without."""
    return meta.get("phase", {}).get("data", {}).get("description") or "a probe by a check"


def _request(data: dict[str, Any]) -> Request:
    return Request(data["method"], data["uri"], _headers(data.get("headers")), _bytes(data.get("body")))


def _response(data: dict[str, Any] | None) -> Response | None:
    if not data:
        return None
    return Response(data["status_code"], _headers(data.get("headers")), _bytes(data.get("content")))


def _failure(result: dict[str, Any]) -> Failure:
    failure = result["failure_info"]["failure"]
    return Failure(result["name"], failure["title"], failure.get("message", ""))


def _headers(data: dict[str, list[str]] | None) -> Headers:
    return tuple((name, value) for name, values in (data or {}).items() for value in values)


def _bytes(data: dict[str, str] | None) -> bytes:
    return base64.b64decode(data["$base64"]) if data else b""


def _error_text(event: dict[str, Any]) -> str:
    value = event.get("value") or event.get("exception") or {}
    return f"{value.get('type', 'Error')}: {value.get('message', '')}".strip()
