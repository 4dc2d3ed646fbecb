"""From causes to findings: each in words, with all that it takes to see it again, the gravest first."""

from __future__ import annotations

import base64
from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from contract_tests.contract.contract import STANDINGS
from contract_tests.exchange.veiled import shown_bytes, shown_text
from contract_tests.judge.causes import GRAVITIES, find_causes
from contract_tests.judge.creations import Creations
from contract_tests.judge.one_place import way_of
from contract_tests.judge.scope import find_scope
from contract_tests.judge.wording import SHOWN
from contract_tests.result.result import Choice, Example, Failure, Finding, ReceivedResponse, SentRequest
from spec.reader import pointer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.exchange.exchange import Exchange, Request
    from contract_tests.judge.causes import Cause
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.occurrence import NarrowedChoice, Occurrence

_UNKNOWN: Final = "a request of another tool"
_EXAMPLES: Final = 3


class Circumstances(Struct, frozen=True):
    """Facts about a run that its findings tell and that follow from no exchange."""

    command: Callable[[int], str]
    """Gives the command that shows a finding again, by its number from 1."""
    purposes: Mapping[str, str] = field(default_factory=dict)
    """The purpose of each request, in words, by the exchange's id."""
    choices: Mapping[str, tuple[NarrowedChoice, ...]] = field(default_factory=dict)
    """The choices that an exchange's failures are due to, by its id, where that was found out."""
    warnings: frozenset[Standing] = frozenset()
    """The standings of findings that violate nothing."""


def find_findings(contract: Contract, judged: Sequence[Judged], circumstances: Circumstances) -> tuple[Finding, ...]:
    """Everything that the exchanges hold against the target: one finding a cause, the gravest first, warnings last."""
    causes = find_causes(judged, circumstances.choices)
    creations = Creations(contract, (each.exchange for each in judged))
    weighed = sorted((_Weighed(contract, each, circumstances, creations) for each in causes), key=attrgetter("weight"))
    return tuple(each.finding(number) for number, each in enumerate(weighed, 1))


class _Weighed(Struct, frozen=True):
    """A cause on its way to becoming a finding."""

    contract: Contract
    cause: Cause
    circumstances: Circumstances
    creations: Creations

    @property
    def weight(self) -> tuple[bool, int, int, int, int]:
        """Sorts the gravest first: violations, then by gravity, standing, how often, and where it showed first."""
        own = self.cause.own
        gravity = min(GRAVITIES.index(each.failure.gravity) for each in own)
        standing = STANDINGS.index(self._standing)
        return self._is_warning, gravity, standing, -_count(own), own[0].place

    @property
    def _standing(self) -> Standing:
        return self.contract.strongest(map(self._standing_of, self.cause.own))

    def _standing_of(self, occurrence: Occurrence) -> Standing:
        return occurrence.failure.standing or self.contract.standing(occurrence.failure.pointer)

    @property
    def _is_warning(self) -> bool:
        everything = (*self.cause.own, *self.cause.consequences)
        return all(self._standing_of(each) in self.circumstances.warnings for each in everything)

    def finding(self, number: int) -> Finding:
        """The finding, with its number."""
        examples = self._examples()
        main = examples[0].failure
        scope = find_scope(self.contract, self.cause)
        pointer = scope.pointer if scope else main.pointer
        return Finding(
            number=number,
            key=self.cause.key,
            gravity=GRAVITIES[self.weight[1]],
            check=main.check,
            headline=scope.headline if scope else main.headline,
            detail=scope.detail if scope else main.detail or main.headline,
            pointer=pointer,
            location=self.contract.locate(pointer),
            standing=self._standing,
            is_warning=self._is_warning,
            witness=main.witness,
            operation=examples[0].judged.seen.operation.label,
            count=_count(self.cause.own),
            exchanges=tuple(place + 1 for place in _places(self.cause.own)),
            sent_for=tuple(dict.fromkeys(map(self._purpose, self.cause.own))),
            due_to=tuple(map(self._choice, examples[0].choices)),
            failures=tuple(self._failures(self.cause.own)),
            consequences=tuple(self._failures(self.cause.consequences)),
            examples=tuple(map(self._example, examples)),
            reproduce=self.circumstances.command(number),
        )

    def _examples(self) -> list[Occurrence]:
        """The most telling exchanges, each with another purpose."""
        ranked = sorted(self.cause.own, key=self._rank)
        by_purpose = {self._purpose(each): each for each in reversed(ranked)}
        return sorted(by_purpose.values(), key=self._rank)[:_EXAMPLES]

    def _rank(self, occurrence: Occurrence) -> tuple[bool, int, bool, bool, int, int]:
        """Sorts the most telling first: with narrowed choices, of the surest standing, with a valid request, small.

        A request about one thing comes after those that need none: a replay may find the thing in another state.
        """
        standing = STANDINGS.index(self._standing_of(occurrence))
        seen = occurrence.judged.seen
        is_invalid, is_of_a_thing = seen.sent.validity != "valid", "{" in seen.operation.path
        return not occurrence.choices, standing, is_invalid, is_of_a_thing, len(seen.request.body), occurrence.place

    def _purpose(self, occurrence: Occurrence) -> str:
        return self.circumstances.purposes.get(occurrence.judged.exchange.id, _UNKNOWN)

    def _choice(self, choice: NarrowedChoice) -> Choice:
        return Choice(words=choice.words, pointer=choice.pointer, location=self.contract.locate(choice.pointer))

    def _failures(self, occurrences: Iterable[Occurrence]) -> Iterable[Failure]:
        """The failures by statement, in the order in which they show."""
        groups: defaultdict[tuple[str, ...], list[Occurrence]] = defaultdict(list)
        for each in occurrences:
            groups[each.failure.check, each.failure.pointer, each.failure.missing or "", each.failure.kind].append(each)
        return (self._failure(group) for group in groups.values())

    def _failure(self, group: Sequence[Occurrence]) -> Failure:
        first = group[0].failure
        return Failure(
            check=first.check,
            headline=first.headline,
            pointer=first.pointer,
            missing=first.missing,
            location=self.contract.locate(first.pointer),
            standing=self._standing_of(group[0]),
            parts=tuple(dict.fromkeys(pointer_of(way_of(part)) for each in group for part in each.parts)),
            count=_count(group),
        )

    def _example(self, occurrence: Occurrence) -> Example:
        exchange, earlier = occurrence.judged.exchange, occurrence.failure.earlier
        made = self.creations.behind([*earlier, exchange])
        return Example(
            exchange=occurrence.place + 1,
            sent=self._purpose(occurrence),
            made_by=tuple(_sent_request(each.request) for each in made),
            before=tuple(_sent_request(each.request) for each in earlier),
            request=_sent_request(exchange.request),
            response=_received_response(exchange),
        )


def _count(occurrences: Iterable[Occurrence]) -> int:
    """How many exchanges show a failure, those that the kept ones stand for included."""
    return sum({each.place: each.failure.times or each.judged.times for each in occurrences}.values())


def _places(occurrences: Iterable[Occurrence]) -> list[int]:
    """The places of the exchanges in the record, each once."""
    return sorted({each.place for each in occurrences})


def _sent_request(request: Request) -> SentRequest:
    shown = shown_bytes(request.body)
    text = _text(shown)
    return SentRequest(
        method=request.method,
        base_url=request.base_url,
        target=request.target,
        headers=request.headers,
        body=base64.b64encode(shown).decode() if text is None else text,
        body_is_base64=text is None,
    )


def _received_response(exchange: Exchange) -> ReceivedResponse | None:
    if exchange.response is None:
        return None
    body = shown_bytes(exchange.response.body)[:SHOWN].decode(errors="backslashreplace")
    headers = tuple((shown_text(name), shown_text(value)) for name, value in exchange.response.headers)
    return ReceivedResponse(status=exchange.response.status, headers=headers, body=body)


def _text(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
