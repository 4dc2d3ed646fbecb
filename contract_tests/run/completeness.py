"""Gaps of a run: what keeps it from saying that a target conforms, though nothing was found."""

from __future__ import annotations

from collections import Counter, defaultdict
from http import HTTPStatus
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.exchange.exchange import Exchange, Response
from contract_tests.judge.checks import checks_of
from contract_tests.judge.memory import WholeMemory
from contract_tests.judge.seen import seen_by
from contract_tests.plan.shapes import Triples
from contract_tests.result.result import Coverage
from contract_tests.result.scope import LeftOut, OperationTally, unmade
from contract_tests.target.created import FOREIGN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.check import Check
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.seen import Seen
    from contract_tests.plan.choices import Choice
    from contract_tests.plan.plan import Plan
    from contract_tests.plan.schedule import Schedule
    from contract_tests.run.evidence import Evidence

_CUTTING: Final = {"budget", "lost", "volume"}
"""The limits that leave a run incomplete. The others hold in every run against a target."""
_NO_CALL_LEFT: Final = "no call is left, so Schemathesis was ended"
_UNKNOWN: Final = "requests of Schemathesis"


def find_untried(contract: Contract, evidence: Evidence, settings: Mapping[str, str]) -> Iterator[LeftOut]:
    """The choices, requests and checks that a limit cut off, or that came to nothing otherwise.

    `settings` has the options that give a target its references, by the references' places.
    """
    if evidence.schedule:
        yield from _name_choices(evidence.schedule, _cut_off)
    yield from _find_refused(contract, evidence, cut=True)
    yield from _find_ended(evidence)
    yield from _find_unrecorded(evidence)
    if evidence.schedule:
        yield from _find_unserved(evidence.schedule)
        yield from _find_put_off(evidence)
        yield from _find_unknown_references(evidence, settings)
    if evidence.schedule and not evidence.obstacle:
        yield from _find_unproven(evidence)
        yield from _find_unmade_checks(contract, evidence)


def _find_ended(evidence: Evidence) -> Iterator[LeftOut]:
    """The operations for which Schemathesis made no further requests, for want of calls."""
    for label in evidence.ended:
        yield LeftOut(operation=label, thing="further requests of Schemathesis", reason=_NO_CALL_LEFT)


def _find_unrecorded(evidence: Evidence) -> Iterator[LeftOut]:
    """The responses of operations that the spec gives a body, and a recording never."""
    accepted = [each for each in evidence.judged if each.exchange.is_accepted and _has_documented_body(each.seen)]
    whole = {each.seen.operation.label for each in accepted if "response body" not in each.exchange.omitted}
    for label in dict.fromkeys(each.seen.operation.label for each in accepted):
        if label not in whole:
            yield LeftOut(operation=label, thing="responses", reason="the recording holds no whole body of any")


def _has_documented_body(seen: Seen) -> bool:
    return bool(seen.operation.responses.get(seen.operation.response_key(seen.status) or ""))


def find_enough_calls(evidence: Evidence, max_calls: int | None) -> int | None:
    """The limit of calls that would try everything.

    None where the run's own limit, `max_calls`, cut nothing off, or was already that high.
    """
    schedule = evidence.schedule
    if not schedule or schedule.enough_calls is None or max_calls is None or max_calls >= schedule.enough_calls:
        return None
    was_refused = any(each.refusal and each.refusal.limit == "budget" for each in evidence.record.withheld)
    was_cut = any(not choice.reason for _, plan in schedule.all_plans for choice in plan.untried)
    return schedule.enough_calls if was_refused or was_cut else None


def _find_unserved(schedule: Schedule) -> Iterator[LeftOut]:
    """The operations that ask for credentials which no request can have."""
    for operation in schedule.operations:
        if not operation.is_servable:
            reason = f"no request can have its credentials: {operation.unserved}"
            yield LeftOut(operation=operation.label, thing=None, reason=reason)


def find_withheld(contract: Contract, evidence: Evidence) -> Iterator[LeftOut]:
    """The choices and requests that the target is never sent."""
    if evidence.schedule:
        for each in evidence.schedule.foreign:
            yield LeftOut(operation=each.label, thing=None, reason=FOREIGN)
        yield from _name_choices(evidence.schedule, attrgetter("withheld"))
        yield from _name_choices(evidence.schedule, _impossible)
    for limit in evidence.limits_of_engine:
        yield LeftOut(operation=limit.operation, thing=limit.requests, reason=limit.reason)
    yield from _find_refused(contract, evidence, cut=False)


def _cut_off(plan: Plan) -> Iterator[Choice]:
    """The choices that a limit of the run keeps out."""
    return (choice for choice in plan.untried if not choice.reason)


def _impossible(plan: Plan) -> Iterator[Choice]:
    """The choices that no valid body was found for: whatever the run's limits are, none would be sent."""
    return (choice for choice in plan.untried if choice.reason)


def _name_choices(schedule: Schedule, choices_of: Callable[[Plan], Iterable[Choice]]) -> Iterator[LeftOut]:
    """Choices of the plans in words."""
    for label, plan in schedule.all_plans:
        for choice in choices_of(plan):
            yield LeftOut(operation=label, thing=choice.words, reason=choice.reason or None)


def tally_operations(contract: Contract, evidence: Evidence, settings: Mapping[str, str]) -> Iterator[OperationTally]:
    """How each operation that was tested answered valid requests. If none was accepted, with the remedies.

    `settings` has the options that give a target its references, by the references' places.
    """
    asked: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in filter(_is_valid, evidence.judged):
        asked[each.seen.operation.label].append(each)
    tested = evidence.schedule.operations if evidence.schedule else contract.operations
    held = {operation.label for operation in tested}
    foreign = {operation.label for operation in evidence.schedule.foreign} if evidence.schedule else set()
    # A shard's requests lead to others, along links: these may be for operations of other shards.
    for label in (each.label for each in contract.operations if each.label in held or each.label in asked):
        tally = _tally(label, asked[label], settings)
        yield structs.replace(tally, remedies=(f"It is withheld: {FOREIGN}.",)) if label in foreign else tally


def _tally(label: str, asked: Sequence[Judged], settings: Mapping[str, str]) -> OperationTally:
    statuses: Counter[str] = Counter()
    for each in asked:
        statuses.update({str(each.seen.status): each.times} if each.exchange.response else {})
    accepted = sum(each.times for each in asked if each.exchange.response and each.seen.takes_the_request)
    remedies = () if accepted else tuple(_find_remedies(asked, settings))
    return OperationTally(label=label, accepted=accepted, answers=dict(statuses), remedies=remedies)


def _is_valid(judged: Judged) -> bool:
    """Tells whether a request asks for an operation, with nothing wrong that can be told."""
    seen = judged.seen
    return seen.sent.has_its_method and seen.sent.has_the_token and seen.sent.validity == "valid"


def _find_remedies(asked: Iterable[Judged], settings: Mapping[str, str]) -> Iterator[str]:
    """The options by which requests may be accepted, since the account perhaps does not have what they name."""
    places = dict.fromkeys(place for each in asked for place in each.unknown)
    yield from (f"Perhaps {_describe_lack(place, settings[place])}." for place in places)


def _describe_lack(place: str, setting: str) -> str:
    return f"the account does not have what stands at {place}; {setting} gives what it has"


def _find_put_off(evidence: Evidence) -> Iterator[LeftOut]:
    """The requests that the server put off: of those, nothing is claimed."""
    answered = (each for each in evidence.judged if each.exchange.response and each.exchange.again_after is None)
    put_off = [each for each in answered if each.seen.is_of_the_moment]
    return _group(evidence, ((each, f"the server answered {each.seen.status}: {_remedy(each)}") for each in put_off))


def _group(evidence: Evidence, reasons: Iterable[tuple[Judged, str]]) -> Iterator[LeftOut]:
    """Requests that count as untried for the same reason: the first one of an operation, and how many more."""
    groups: defaultdict[tuple[str, str], list[Judged]] = defaultdict(list)
    for each, reason in reasons:
        groups[each.seen.operation.label, reason].append(each)
    for (label, reason), those in groups.items():
        more = f" and {len(those) - 1} more" if len(those) > 1 else ""
        yield LeftOut(operation=label, thing=f"{_purpose(evidence, those[0].exchange)}{more}", reason=reason)


def _remedy(judged: Judged) -> str:
    if judged.seen.status == HTTPStatus.PAYMENT_REQUIRED:
        return "top up the account"
    return "run again later, or with a lower --max-calls or a longer --max-wait"


def _find_unknown_references(evidence: Evidence, settings: Mapping[str, str]) -> Iterator[LeftOut]:
    """The requests that were refused perhaps because the account does not have what they name."""
    doubts = (
        (each, _doubt(each.seen.status, place, settings[place])) for each in evidence.judged for place in each.unknown
    )
    return _group(evidence, doubts)


def _doubt(status: int, place: str, setting: str) -> str:
    return f"the server answered {status}: perhaps {_describe_lack(place, setting)}"


def find_combinations(evidence: Evidence) -> Coverage | None:
    """The combinations of three choices that went out as planned; None where nothing was planned."""
    if not evidence.schedule or not evidence.schedule.plans:
        return None
    proven = _proven(evidence)
    covered = {label: Triples(plan.shapes) for label, plan in evidence.schedule.plans.items()}
    for planned in evidence.schedule.all_valid:
        if planned.draft and planned.id in proven:
            covered[planned.plan].remember(planned.draft.shape)
    triples = covered.values()
    return Coverage(tried=sum(each.covered for each in triples), total=sum(each.total for each in triples))


def _find_unproven(evidence: Evidence) -> Iterator[LeftOut]:
    """The planned requests that did not go out as planned, for whatever reason: of them nothing may be claimed."""
    done = _proven(evidence) | {each.id for each in evidence.record.withheld}
    for planned in evidence.schedule.all_valid if evidence.schedule else ():
        if planned.id not in done:
            label = planned.operation.label
            yield LeftOut(operation=label, thing=planned.purpose, reason="it did not go out as planned")


def _proven(evidence: Evidence) -> set[str]:
    """The ids of the requests that went out and are valid by their bytes."""
    return {each.exchange.id for each in evidence.judged if each.seen.sent.validity == "valid"}


def _find_unmade_checks(contract: Contract, evidence: Evidence) -> Iterator[LeftOut]:
    """The checks that were not made, though a 2xx to one of the planned requests would have had them made."""
    made = frozenset[str]().union(*(each.made for each in evidence.judged))
    planned = evidence.schedule.requests if evidence.schedule else ()
    accepted = Response(HTTPStatus.OK)
    each_seen = [seen for each in planned if (seen := seen_by(contract, Exchange(each.request, accepted)))]
    for check in checks_of(contract):
        if check.name not in made and any(_would_be_made(check, seen) for seen in each_seen):
            yield unmade(check.name)


def _would_be_made(check: Check, seen: Seen) -> bool:
    return check.concerns(seen.operation, seen.exchange.is_accepted) and check.ask(seen, WholeMemory()) is not None


def _find_refused(contract: Contract, evidence: Evidence, *, cut: bool) -> Iterator[LeftOut]:
    """The requests that the guard did not let out: those that a limit of the run cut off, or the others."""
    for each in evidence.record.withheld:
        if each.refusal and (each.refusal.limit in _CUTTING) is cut:
            found = contract.paths.find(each.request.method, each.request.path)
            label = found.label if found else None
            yield LeftOut(operation=label, thing=_purpose(evidence, each), reason=each.refusal.reason)


def _purpose(evidence: Evidence, exchange: Exchange) -> str:
    return evidence.purposes.get(exchange.id, _UNKNOWN)
