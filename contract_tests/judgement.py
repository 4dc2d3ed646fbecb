"""From exchanges to findings and tallies: pure functions of a record of a run and the contract."""

from __future__ import annotations

import base64
import json
import shlex
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.instance import Breach, find_breaches, find_kept, value_at
from contract_tests.options import ROOT
from contract_tests.result import CheckTally, FactTally, Finding, ReceivedResponse, SentRequest
from contract_tests.rules import STANDINGS
from contract_tests.strict_json import BeyondReachError, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract import Contract, Fact, Operation
    from contract_tests.exchanges import Exchange, Failure, Record
    from contract_tests.options import Options

NO_ANSWER: Final = "answers_every_request"
"""The check that a request gets an HTTP response at all."""
_SHOWN_BODY: Final = 2_000
_RESPONSE_SCHEMA: Final = "response_schema_conformance"
_INVALID_ACCEPTED: Final = "negative_data_rejection"
_INVALID_GIVEN_ACCEPTED: Final = "invalid_request_refused"
_CREDENTIALS: Final = {"authorization_required", "ignored_auth"}
_NOT_JSON: Final = object()
_VALID_REFUSED: Final = "documented_request_accepted"
# Which part of an operation a check holds a server to, for what it finds to name a line.
_PARTS: Final = {
    "status_code_conformance": "responses",
    "content_type_conformance": "responses",
    "response_headers_conformance": "responses",
    _RESPONSE_SCHEMA: "responses",
    _INVALID_ACCEPTED: "requestBody",
    _INVALID_GIVEN_ACCEPTED: "requestBody",
    _VALID_REFUSED: "requestBody",
    "positive_data_acceptance": "requestBody",
    "malformed_json_refused": "requestBody",
    "undocumented_media_type_refused": "requestBody",
    **dict.fromkeys(STANDINGS, "responses"),
}
# Headers that curl sets by itself, or that must not be repeated.
_OWN_HEADERS: Final = {"authorization", "content-length", "host", "connection", "accept-encoding", "user-agent"}


@dataclass(frozen=True)
class _Observation:
    """One thing wrong with one exchange; those that differ in nothing but the exchange are one finding."""

    check: str
    headline: str
    detail: str
    pointer: str
    exchange: Exchange

    @property
    def kind(self) -> tuple[str, str, str]:
        return (self.check, self.headline, self.pointer)


def find_findings(contract: Contract, record: Record, options: Options, url: str) -> tuple[Finding, ...]:
    """Everything that the run holds against the target at the URL, each way of breaking the contract once."""
    groups: dict[tuple[str, str, str], list[_Observation]] = defaultdict(list)
    for exchange in record.exchanges:
        for observation in _observe(contract, exchange):
            groups[observation.kind].append(observation)
    return tuple(_finding(contract, group, options, url) for group in groups.values())


def tally_checks(names: tuple[str, ...], record: Record) -> tuple[CheckTally, ...]:
    """How often each of the named checks passed and failed."""
    passed = Counter(check for exchange in record.exchanges for check in exchange.passed)
    failed = Counter(failure.check for exchange in record.exchanges for failure in exchange.failures)
    passed[NO_ANSWER] = sum(exchange.response is not None for exchange in record.exchanges)
    failed[NO_ANSWER] = len(record.exchanges) - passed[NO_ANSWER]
    return tuple(CheckTally(name=name, passed=passed[name], failed=failed[name]) for name in names)


def tally_facts(contract: Contract, record: Record) -> tuple[FactTally, ...]:
    """What the run says of each documented fact."""
    kept: Counter[Fact] = Counter()
    breaches: dict[Fact, dict[str, None]] = defaultdict(dict)
    members = _Members()
    facts = {(fact.pointer, fact.name if fact.kind == "required" else None): fact for fact in contract.facts}
    for exchange in record.exchanges:
        operation = contract.operation(exchange.label)
        for pointer, name in _kept_by_response(contract, operation, exchange):
            if fact := facts.get((pointer, name)):
                kept[fact] += 1
        for pointer, name, text in _broken_by(contract, operation, exchange):
            if fact := facts.get((pointer, name)):
                breaches[fact][text] = None
        members.note(contract, operation, exchange)
    for pointer, text in members.refused():
        breaches[facts[pointer, None]][text] = None
    for pointer, number in members.accepted().items():
        kept[facts[pointer, None]] += number
    return tuple(_fact_tally(contract, fact, kept[fact], tuple(breaches[fact])) for fact in contract.facts)


def _observe(contract: Contract, exchange: Exchange) -> Iterator[_Observation]:
    operation = contract.operation(exchange.label)
    if exchange.response is None:
        headline = "A request gets no HTTP response"
        yield _Observation(NO_ANSWER, headline, "The connection broke or timed out.", operation.pointer, exchange)
    for failure in exchange.failures:
        yield from _observe_failure(contract, operation, exchange, failure)


def _observe_failure(
    contract: Contract, operation: Operation, exchange: Exchange, failure: Failure
) -> Iterator[_Observation]:
    """What one failed check says; for one that concerns a schema, each keyword that is broken by itself."""
    breaches = _breaches_behind(contract, operation, exchange, failure)
    for breach in breaches:
        yield _Observation(failure.check, _words(failure)[0], _describe(breach), breach.pointer, exchange)
    if not breaches:
        pointer = f"{operation.pointer}/{_PARTS.get(failure.check, '')}".rstrip("/")
        title, message = _words(failure)
        headline = title if exchange.response is None else f"{title} ({exchange.response.status})"
        yield _Observation(failure.check, headline, message or title, pointer, exchange)


def _words(failure: Failure) -> tuple[str, str]:
    """Headline and detail of what a check says: of our own checks, the engine knows the detail alone."""
    message = failure.message.strip()
    if not failure.title.startswith("Custom check failed"):
        return failure.title, message
    headline, _, detail = message.partition("\n")
    return (headline, detail.strip()) if detail else (failure.check.replace("_", " "), message)


def _breaches_behind(contract: Contract, operation: Operation, exchange: Exchange, failure: Failure) -> list[Breach]:
    if failure.check == _RESPONSE_SCHEMA:
        return _response_breaches(contract, operation, exchange)
    if failure.check in {_INVALID_ACCEPTED, _INVALID_GIVEN_ACCEPTED}:
        return _request_breaches(contract, operation, exchange)
    return []


def _response_breaches(contract: Contract, operation: Operation, exchange: Exchange) -> list[Breach]:
    pointer = operation.response_pointer(exchange.response.status) if exchange.response else None
    body = _json(exchange.response.body) if exchange.response else _NOT_JSON
    return find_breaches(contract.validator(pointer), body) if pointer and body is not _NOT_JSON else []


def _request_breaches(contract: Contract, operation: Operation, exchange: Exchange) -> list[Breach]:
    body = _json(exchange.request.body)
    if operation.body is None or body is _NOT_JSON:
        return []
    return find_breaches(contract.validator(operation.body), body)


def _kept_by_response(contract: Contract, operation: Operation, exchange: Exchange) -> Iterator[tuple[str, str | None]]:
    """The required fields and enumerations that a response keeps, as pointer of the keyword and name of the field."""
    pointer = operation.response_pointer(exchange.response.status) if exchange.response else None
    body = _json(exchange.response.body) if exchange.response else _NOT_JSON
    if pointer is None or body is _NOT_JSON:
        return
    for kept in find_kept(contract.validator(pointer), body):
        statement = contract.value(kept.pointer)
        if kept.pointer.endswith("/enum"):
            yield kept.pointer, None
        # Judged by the schema as a whole: jsonschema-rs reports no `required` of its own where two fields are.
        elif isinstance(statement, dict) and isinstance(statement.get("required"), list):
            yield from ((f"{kept.pointer}/required", name) for name in statement["required"])


def _broken_by(contract: Contract, operation: Operation, exchange: Exchange) -> Iterator[tuple[str, str | None, str]]:
    """The facts that an exchange breaks: in its response, or because an invalid request was accepted."""
    failed = {failure.check for failure in exchange.failures}
    if _RESPONSE_SCHEMA in failed:
        for breach in _response_breaches(contract, operation, exchange):
            yield breach.pointer, breach.missing, f"in a response: {_describe(breach)}"
    if failed & {_INVALID_ACCEPTED, _INVALID_GIVEN_ACCEPTED}:
        for breach in _request_breaches(contract, operation, exchange):
            yield breach.pointer, breach.missing, f"in an accepted request: {_describe(breach)}"


class _Members:
    """Which members of the request's enumerations were sent in valid requests, and what became of those requests."""

    def __init__(self) -> None:
        self._accepted: Counter[tuple[str, str]] = Counter()
        self._refused: list[set[tuple[str, str]]] = []

    def note(self, contract: Contract, operation: Operation, exchange: Exchange) -> None:
        """Takes a request into account if it is valid and was judged as such."""
        body = _json(exchange.request.body)
        judged = {*exchange.passed, *(failure.check for failure in exchange.failures)}
        if not (
            operation.body and exchange.response and exchange.expectation == "positive" and _VALID_REFUSED in judged
        ):
            return
        validator = contract.validator(operation.body)
        kept = find_kept(validator, body) if body is not _NOT_JSON and validator.is_valid(body) else []
        members = {
            (keyword.pointer, json.dumps(value_at(body, keyword.location)))
            for keyword in kept
            if keyword.pointer.endswith("/enum")
        }
        if exchange.response.is_success:
            self._accepted.update(members)
        else:
            self._refused.append(members)

    def accepted(self) -> Counter[str]:
        """How many accepted requests held a member, by enumeration."""
        numbers: Counter[str] = Counter()
        for (pointer, _), number in self._accepted.items():
            numbers[pointer] += number
        return numbers

    def refused(self) -> list[tuple[str, str]]:
        """The members that a refusal must be due to, each with its enumeration.

        A refusal is put down to a member if that is the only one of the request that was never accepted elsewhere.
        """
        suspects = (members - self._accepted.keys() for members in self._refused)
        blamed = dict.fromkeys(next(iter(members)) for members in suspects if len(members) == 1)
        return [(pointer, f"a valid request with {member} was refused") for pointer, member in blamed]


def _fact_tally(contract: Contract, fact: Fact, kept: int, breaches: tuple[str, ...]) -> FactTally:
    return FactTally(
        kind=fact.kind,
        name=fact.label,
        pointer=fact.pointer,
        location=locate(contract, fact.pointer),
        standing=contract.standing(fact.pointer),
        kept=kept,
        breaches=breaches,
    )


def _finding(contract: Contract, group: list[_Observation], options: Options, url: str) -> Finding:
    first = min(group, key=lambda observation: len(observation.exchange.request.body))
    exchange = first.exchange
    return Finding(
        check=first.check,
        headline=first.headline,
        detail=first.detail,
        pointer=first.pointer,
        location=locate(contract, first.pointer),
        standing=STANDINGS.get(first.check) or contract.standing(first.pointer),
        count=len(group),
        sent=exchange.description,
        request=_sent_request(exchange),
        response=_received_response(exchange),
        reproduce=_reproduce(first, options, url),
    )


def _sent_request(exchange: Exchange) -> SentRequest:
    request = exchange.request
    text = _text(request.body)
    return SentRequest(
        method=request.method,
        url=request.url,
        headers=tuple(header for header in request.headers if header[0].lower() != "authorization"),
        body=base64.b64encode(request.body).decode() if text is None else text,
        body_is_base64=text is None,
    )


def _received_response(exchange: Exchange) -> ReceivedResponse | None:
    if exchange.response is None:
        return None
    body = exchange.response.body[:_SHOWN_BODY].decode(errors="replace")
    return ReceivedResponse(status=exchange.response.status, headers=exchange.response.headers, body=body)


def locate(contract: Contract, pointer: str) -> str:
    """Where a pointer leads, as `path:line`; the path as from the repository's root, where the spec is below it."""
    path = contract.spec.path.resolve()
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown}:{contract.place(pointer).line}"


def _reproduce(observation: _Observation, options: Options, url: str) -> str:
    """A command that shows the finding again. What was sent in the token's place is masked, so that is run again."""
    masked = observation.exchange.request.header("authorization") is not None
    if observation.check in _CREDENTIALS and masked:
        return f"pytest contract_tests --url {url} --seed {options.seed} -k {observation.check}"
    return _curl(observation.exchange, options.token_env)


def _curl(exchange: Exchange, token_env: str) -> str:
    """A command for a POSIX shell that sends the same bytes again."""
    request = exchange.request
    words = ["curl", "-ig", *(["-I"] if request.method == "HEAD" else ["-X", request.method]), shlex.quote(request.url)]
    if request.header("content-type") is None:
        words += ["-H", "'Content-Type:'"]
    for name, value in request.headers:
        if name.lower() not in _OWN_HEADERS:
            words += ["-H", shlex.quote(f"{name}: {value}")]
    if request.header("authorization") is not None:
        words += ["-H", f'"Authorization: Bearer ${token_env}"']
    text = _text(request.body)
    if text is None or text.startswith("@"):
        encoded = base64.b64encode(request.body).decode()
        return f"echo {encoded} | base64 -d | {' '.join(words)} --data-binary @-"
    return " ".join([*words, "--data-binary", shlex.quote(text)] if text else words)


def _describe(breach: Breach) -> str:
    message = breach.message if len(breach.message) <= _SHOWN_BODY else f"{breach.message[:_SHOWN_BODY]}…"
    return f"{breach.location or 'the body'}: {message}"


def _json(body: bytes) -> object:
    """The body as JSON, or `_NOT_JSON`."""
    try:
        return parse_json(body)
    except BeyondReachError:
        return json.loads(body)
    except ValueError:
        return _NOT_JSON


def _text(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
