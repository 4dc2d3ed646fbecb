"""The judging of a record as a stream comes to what the judging of a whole one comes to."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.exchange.exchange import Exchange, Request
from contract_tests.judge.annotation import Told, annotate
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import Judging, judge
from contract_tests.judge.kinds import EXAMPLES, MAX_KINDS, Kinds
from contract_tests.judge.memory import FORGOTTEN, BriefMemory
from contract_tests.judge.references import excuse_unknown_references
from contract_tests.judge.stream import Stream
from contract_tests.judge.tallies import tally
from contract_tests.kills.kill import catalogue
from contract_tests.servers.mock import create_app, judge_with_token
from tests.conftest import TOKEN
from tests.support.exchanges import CALL, answer, post, sent
from tests.support.lax_server import make_lax_app
from tests.support.schedules import our_schedule
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.tallies import Tallies
    from contract_tests.result.result import Finding

ASKED = {**CALL, "agent_id": "agent_1", "agent_config": {"prompt": "Be brief.", "initial_message": "Hello"}}
SEPARATOR = b"\n--\n"
TEXT = re.compile(rb'(?<=:)"[^"]*"')
TEXTS = ("", "agent_1", "Be brief.", "+12025550142", "2026-01-31T09:30:00Z", 'a "quote"', "ended", "twilio", "é", "\n")
"""Texts that stand elsewhere in the bodies, or that rules and enumerations name, among others."""
NOTHING = Circumstances(lambda _: "")
PLACES = ("/agent_id",)
SAMPLE = share_out([*catalogue()][::40], slow=4, default=2)


@pytest.fixture(scope="module")
def requests() -> tuple[Request, ...]:
    schedule = our_schedule()
    return tuple(planned.request for planned in schedule.requests[::6])


def as_recorded(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Exchanges as a recording has them, twice: what is learned of the first half is put to use in the second."""
    answered = [each for each in exchanges if each.response]
    return [
        replace(each, id=f"{half} {number}", omitted=frozenset(["credentials"]))
        for half in range(2)
        for number, each in enumerate(answered)
    ]


def findings_of(contract: Contract, judged: Sequence[Judged]) -> list[tuple[object, ...]]:
    return [_told(finding) for finding in find_findings(contract, judged, NOTHING)]


def _told(finding: Finding) -> tuple[object, ...]:
    failures = tuple((each.check, each.pointer, each.count) for each in finding.failures)
    return finding.key, finding.gravity, finding.standing, finding.count, failures


def streamed(contract: Contract, exchanges: Sequence[Exchange]) -> Stream:
    stream = Stream(contract, PLACES)
    for exchange in exchanges:
        stream.judge(exchange)
    return stream


def assert_alike(contract: Contract, exchanges: Sequence[Exchange]) -> None:
    stream = streamed(contract, exchanges)
    judged = excuse_unknown_references(judge(contract, exchanges), PLACES)
    whole = tally(contract, judge(contract, exchanges))
    assert stream.tallies.requests == whole.requests
    assert stream.tallies.checks() == whole.checks()
    assert stream.tallies.facts(()) == whole.facts(())
    assert stream.tallies.additions() == whole.additions()
    assert statements_of(contract, stream.tallies) == statements_of(contract, whole)
    assert findings_of(contract, stream.judged()) == findings_of(contract, judged)


def statements_of(contract: Contract, tallies: Tallies) -> list[tuple[object, ...]]:
    """What is known of statements, but for those whose count takes a look at each value."""
    operations = annotate(contract, Told(tallies.statements, tallies.checks(), (), {}))
    bodies = (body for operation in operations for body in operation.bodies)
    parts = ((body.name, part) for body in bodies for part in body.parts)
    return [
        (name, each.pointer, each.words, each.tried, each.kept, each.violated)
        for name, part in parts
        for each in part.statements
        if each.kind not in {"member", "bound"}
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLE)
def test_a_broken_server_is_judged_alike(contract: Contract, requests: Sequence[Request], name: str) -> None:
    exchanges = sent(catalogue()[name].make_app(TOKEN), *requests)
    assert_alike(contract, as_recorded(exchanges))


@pytest.mark.slow
def test_a_lax_server_is_judged_alike(contract: Contract, requests: Sequence[Request]) -> None:
    assert_alike(contract, as_recorded(sent(make_lax_app(), *requests)))


def test_an_exchange_like_one_that_broke_nothing_is_judged_the_quick_way(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    (exchange,) = as_recorded(sent(create_app(judge_with_token(TOKEN)), post()))[:1]
    stream = streamed(contract, [exchange])
    monkeypatch.setattr(Judging, "judge", lambda *_: pytest.fail("it is judged the slow way"))
    stream.judge(with_id(exchange, "another"))
    assert stream.tallies.requests == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b'"queued"', b'"ringing"'),
        lambda body: body.replace(b'"id"', b'"id":"first","id"'),
        lambda body: body.replace(b'"outbound_phone_call"', b'"inbound_phone_call"'),
        lambda body: body[:-1],
        lambda body: body.replace(b'"id"', b'"x":[' + b"[" * 200 + b"]" * 200 + b'],"id"'),
    ],
    ids=["a wrong member", "a key twice", "a broken rule", "cut off", "nested too deep"],
)
def test_what_breaks_something_is_never_judged_the_quick_way(
    contract: Contract, change: Callable[[bytes], bytes]
) -> None:
    good = as_recorded(sent(create_app(judge_with_token(TOKEN)), post()))[0]
    assert good.response
    bad = replace(good, id="bad", response=replace(good.response, body=change(good.response.body)))
    assert_alike(contract, [good, bad])


@pytest.mark.slow
def test_exchanges_that_differ_in_a_text_are_judged_alike(contract: Contract) -> None:
    good = as_recorded(sent(create_app(judge_with_token(TOKEN)), post(ASKED)))[0]
    changed = [_with_text(good, *each) for each in product(range(_count_texts(good)), TEXTS)]
    assert_alike(contract, [replace(each, id=str(number)) for number, each in enumerate([good, good, *changed[::3]])])


def _count_texts(exchange: Exchange) -> int:
    assert exchange.response
    return len(TEXT.findall(exchange.request.body + exchange.response.body))


def _with_text(exchange: Exchange, index: int, text: str) -> Exchange:
    """The exchange with another text in place of one of those in its bodies."""
    assert exchange.response
    sent_body, received = exchange.request.body, exchange.response.body
    bodies = sent_body + SEPARATOR + received
    here = list(TEXT.finditer(bodies))[index]
    bodies = bodies[: here.start()] + json.dumps(text).encode() + bodies[here.end() :]
    sent_body, _, received = bodies.partition(SEPARATOR)
    request = replace(exchange.request, body=sent_body)
    return replace(exchange, request=request, response=replace(exchange.response, body=received))


def test_of_a_million_alike_a_few_are_kept_and_all_are_counted(contract: Contract) -> None:
    wrong = as_recorded(sent(create_app(judge_with_token(TOKEN)), post()))[0]
    wrong = replace(wrong, response=answer({"status": "ringing"}))
    stream = streamed(contract, [replace(wrong, id=str(number)) for number in range(50)])
    assert len(stream.judged()) == EXAMPLES
    assert {finding.count for finding in find_findings(contract, stream.judged(), NOTHING)} == {50}


def test_kinds_without_end_are_told_apart_by_their_failures_alone(contract: Contract) -> None:
    (judged,) = judge(contract, [replace(post_refused(), id="1")])
    kinds = Kinds()
    for number in range(MAX_KINDS + 100):
        kinds.note(structs.replace(judged, place=number), number)
    kept = kinds.judged()
    assert len(kept) == MAX_KINDS + EXAMPLES
    assert sum(each.times for each in kept) == MAX_KINDS + 100


def post_refused() -> Exchange:
    return Exchange(post(), answer({"detail": []}, 422), omitted=frozenset(["credentials"]))


def with_id(exchange: Exchange, new: str) -> Exchange:
    """The exchange with another id of the conversation."""
    assert exchange.response
    body = json.loads(exchange.response.body)
    return replace(exchange, id=new, response=answer(body | {"id": new}, headers=exchange.response.headers))


def test_a_brief_memory_knows_that_a_value_was_there_and_forgets_who_had_it() -> None:
    memory = BriefMemory()
    exchanges = [Exchange(Request("GET", "/"), id=str(number)) for number in range(1500)]
    assert all(memory.first(("new", each.id), each) is each for each in exchanges)
    assert memory.first(("new", "1"), exchanges[1]) is exchanges[1]
    assert memory.first(("new", "1"), exchanges[2]) is exchanges[1]
    assert memory.first(("new", "1400"), exchanges[2]) is FORGOTTEN
    assert ("new", "1400") in memory
    assert ("new", "2000") not in memory
    assert ("old", "1400") not in memory
