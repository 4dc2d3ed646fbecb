"""The causes on the page: each finding with the spec's line, its exchange, and the command that shows it again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.report.page.allowance import Allowance, cut
from contract_tests.report.page.body import ShownBody, show_body
from contract_tests.report.page.past import say_age
from contract_tests.report.terminal import describe_leniency
from contract_tests.result.finding_file import FOLDER
from contract_tests.result.words import is_said
from spec.reader import pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contract_tests.result.course import Sighting
    from contract_tests.result.part import Standing
    from contract_tests.result.result import Choice, Example, Failure, Finding, Result, SentRequest
    from contract_tests.result.terms import Gravity

SOURCES: Final[Mapping[Standing, str]] = {
    "documented": "the vendor's documentation says so",
    "sdk": "the vendor's SDK says so",
    "inferred": "our reading of the sources, or a MUST of HTTP",
    "advice": "nobody demands it",
}
"""Who makes a statement, by its standing."""
_OF_REQUESTS: Final = frozenset(("refusal", "acceptance"))
"""The gravities of findings whose broken parts are parts of the request's body."""
_OF_VALID: Final = frozenset(("refusal", "response"))
"""The gravities of findings that valid requests show, so that it says little what each was for."""
_PLACE: Final = re.compile(r"\([^()]*\)")


class SpecLine(Struct, frozen=True):
    """A line of the spec."""

    number: int
    text: str
    is_meant: bool = False


class Message(Struct, frozen=True):
    """A request or a response as it is shown."""

    start: str
    """Its first line: method and path, or the status."""
    headers: tuple[tuple[str, str], ...]
    body: ShownBody | None


class Cause(Struct, frozen=True):
    """A finding as it is shown."""

    number: int
    headline: str
    operation: str
    gravity: Gravity
    standing: Standing
    source: str
    is_warning: bool
    age: str
    """How long it has been there, as far as that is known."""
    accepted: str
    """Why it violates nothing for now, and until when; empty unless the baseline accepts it."""
    check: str
    witness: str | None
    count: int
    details: tuple[str, ...]
    location: str
    line: int | None
    """The number of the spec's line, if the page has its text."""
    pointer: str
    excerpt: tuple[SpecLine, ...]
    due_to: tuple[Choice, ...]
    consequences: tuple[str, ...]
    more_consequences: int
    sent_for: tuple[str, ...]
    more_sent_for: int
    seen: Sighting | None
    sent: str
    before: tuple[Message, ...]
    request: Message
    response: Message | None
    command: str
    file: str


def show_causes(
    result: Result, findings: Sequence[Finding], lines: Sequence[str], allowance: Allowance
) -> tuple[Cause, ...]:
    """Some findings of a result as they are shown. `lines` are those of the spec."""
    seen = {sighting.finding: sighting for sighting in result.timeline.sightings}
    ages = {finding.number: say_age(result, finding) for finding in findings}
    return tuple(_show(each, ages[each.number], seen.get(each.number), lines, allowance) for each in findings)


def _show(finding: Finding, age: str, seen: Sighting | None, lines: Sequence[str], room: Allowance) -> Cause:
    example, line = finding.example, line_of(finding.location, lines)
    others = [] if finding.gravity in _OF_VALID else [each for each in finding.sent_for if each != example.sent]
    consequences = [f"{cut(each.headline, room.headline)} ({each.check})" for each in _each_once(finding.consequences)]
    request, response = _show_example(finding, example, room)
    return Cause(
        number=finding.number,
        headline=cut(finding.headline, room.headline),
        operation=finding.operation,
        gravity=finding.gravity,
        standing=finding.standing,
        source=SOURCES[finding.standing],
        is_warning=finding.is_warning,
        age=age,
        accepted=cut(describe_leniency(finding), room.detail) if finding.accepted else "",
        check=finding.check,
        witness=finding.witness,
        count=finding.count,
        details=_details(finding, room),
        location=finding.location,
        line=line,
        pointer=finding.pointer,
        excerpt=quote_spec(lines, line, room.context),
        due_to=finding.due_to[: room.items],
        consequences=tuple(consequences[: room.items]),
        more_consequences=max(0, len(consequences) - room.items),
        sent_for=tuple(cut(purpose, room.words) for purpose in others[: room.items]),
        more_sent_for=max(0, len(others) - room.items),
        seen=seen,
        sent=cut(example.sent, room.words),
        before=tuple(_request(each, (), room) for each in (*example.made_by, *example.before)),
        request=request,
        response=response,
        command=finding.reproduce,
        file=f"{FOLDER}/{finding.number}.json",
    )


def _each_once(failures: Iterable[Failure]) -> list[Failure]:
    """The failures, one of each check and headline."""
    return list({(each.check, each.headline): each for each in failures}.values())


def _details(finding: Finding, room: Allowance) -> tuple[str, ...]:
    """The lines of what is broken that the headline does not say."""
    return () if is_said(finding.detail, finding.headline) else tuple(cut(finding.detail, room.detail).split("\n"))


def line_of(location: str, lines: Sequence[str]) -> int | None:
    """The number of the line that a location names; None where the page does not have it."""
    number = location.rpartition(":")[2]
    return int(number) if number.isdecimal() and 0 < int(number) <= len(lines) else None


def quote_spec(lines: Sequence[str], line: int | None, context: int) -> tuple[SpecLine, ...]:
    """A line of the spec with those around it."""
    if line is None:
        return ()
    first, last = max(1, line - context), min(len(lines), line + context)
    return tuple(SpecLine(number, cut(lines[number - 1], 200), number == line) for number in range(first, last + 1))


def _show_example(finding: Finding, example: Example, room: Allowance) -> tuple[Message, Message | None]:
    """The request and the response, with the broken parts marked where they are."""
    parts = tuple(dict.fromkeys(part for failure in finding.failures for part in failure.parts))
    is_of_request = finding.gravity in _OF_REQUESTS
    due = tuple(place_of(choice.words) for choice in finding.due_to)
    request = _request(example.request, (*due, *(parts if is_of_request else ())), room)
    if example.response is None:
        return request, None
    response = example.response
    body = show_body(response.body, () if is_of_request else parts, room.body) if response.body else None
    return request, Message(f"{response.status}", _headers(response.headers, room), body)


def _request(sent: SentRequest, parts: Iterable[str], room: Allowance) -> Message:
    body = show_body(sent.readable_body, parts, room.body) if sent.body else None
    return Message(f"{sent.method} {cut(sent.target, room.headline)}", _headers(sent.headers, room), body)


def _headers(headers: Iterable[tuple[str, str]], room: Allowance) -> tuple[tuple[str, str], ...]:
    shown = list(headers)[: room.items]
    return tuple((cut(name, room.words), cut(value, room.words)) for name, value in shown)


def place_of(words: str) -> str:
    """The JSON Pointer of the place that a choice names: `agent.voice(Azure).tags[0]: empty string`.

    >>> place_of('agent.voice(Azure).tags[0]: empty string')
    '/agent/voice/tags/0'
    """
    place = _PLACE.sub("", words.partition(": ")[0])
    return "" if place == "the body" else pointer_of(re.findall(r"[^.\[\]]+", place))
