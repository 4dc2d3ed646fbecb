"""A fault: the mock with one thing wrong, what that breaks, and the check that must catch it. Ways to make one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from starlette.types import ASGIApp

from contract_tests.exchange.strict_json import parse_json
from contract_tests.servers.answer import Answer
from contract_tests.servers.mock import (
    Judge,
    ReceivedRequest,
    Respond,
    create_app,
    judge_with_token,
    respond_with_conversation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voiceos_models import CreateCall

    from spec.json_value import Json

MakeApp = Callable[[str], ASGIApp]
"""Makes a server, by the token that it takes."""

When = Callable[[dict[str, Any]], bool]
"""Tells whether a fault shows with a valid body."""

_REMEMBERED: Final = 4096
"""Of how many requests it is remembered what becomes of them."""


@dataclass(frozen=True)
class Fault:
    """A server that breaks one thing."""

    name: str
    """The one thing that is wrong with it, in words; unique."""
    caught_by: str
    """The check that must catch it."""
    make_app: MakeApp
    pointer: str | None = None
    """The statement of the spec that it breaks, where there is one."""
    concerns_known_names: bool = False
    """True if it takes a run that tries every known name to show."""
    takes_three_choices: bool = False
    """True if it shows only where three choices come together. A plan has all such combinations if it is thorough."""
    is_against_advice: bool = False
    """True if no source forbids it, so that the finding is advice."""


@cache
def judge_rightly(token: str) -> Judge:
    """The conforming judge. It remembers what becomes of requests, for the servers of the catalogue get the same ones.

    So nobody may change what it gives.
    """
    return lru_cache(_REMEMBERED)(judge_with_token(token))


def by_judging(make_judge: Callable[[str], Judge]) -> MakeApp:
    """A server that accepts and turns away as the judge for its token says."""
    return lambda token: create_app(make_judge(token))


def by_responding(respond: Respond) -> MakeApp:
    """A server that answers accepted requests so."""
    return lambda token: create_app(judge_rightly(token), respond)


def by_answering(alter: Callable[[Answer], Answer]) -> MakeApp:
    """A server that alters each of its answers, refusals too."""

    def make_app(token: str) -> ASGIApp:
        def judge(request: ReceivedRequest) -> CreateCall | Answer:
            judged = judge_rightly(token)(request)
            return alter(judged) if isinstance(judged, Answer) else judged

        return create_app(judge, lambda call: alter(respond_with_conversation(call)))

    return make_app


def at(body: Json, path: str) -> Json:
    """The value at a dotted path; None where nothing stands. A list is asked for its first item."""
    for name in path.split("."):
        body = body[0] if isinstance(body, list) and body else body
        body = body.get(name) if isinstance(body, dict) else None
    return body


def texts_in(body: Json) -> Iterator[str]:
    """Every string in a body, keys too."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        yield from itertools.chain(body, *map(texts_in, body.values()))
    elif isinstance(body, list):
        yield from itertools.chain(*map(texts_in, body))


def when_accepted(when: When, answer: Answer) -> MakeApp:
    """A server with an answer of its own to those valid requests."""

    def make_judge(token: str) -> Judge:
        def judge(request: ReceivedRequest) -> CreateCall | Answer:
            judged = judge_rightly(token)(request)
            return judged if isinstance(judged, Answer) or not when(parse_json(request.body)) else answer

        return judge

    return by_judging(make_judge)


def when_sent(pattern: re.Pattern[bytes]) -> MakeApp:
    """A server that crashes on bodies, wrong ones too, that match."""

    def make_judge(token: str) -> Judge:
        def judge(request: ReceivedRequest) -> CreateCall | Answer:
            judged = judge_rightly(token)(request)
            is_known = not isinstance(judged, Answer) or judged.status == 422  # noqa: PLR2004 - a wrong body
            return Answer(500, {"detail": "boom"}) if is_known and pattern.search(request.body) else judged

        return judge

    return by_judging(make_judge)


def reading(change: Callable[[ReceivedRequest], ReceivedRequest]) -> MakeApp:
    """A server that takes a request for another one."""
    return by_judging(lambda token: lambda request: judge_rightly(token)(change(request)))


def reading_body(pattern: bytes, replacement: bytes) -> MakeApp:
    """A server that takes what matches in a body for something else."""
    return reading(lambda request: ReceivedRequest(request.headers, re.sub(pattern, replacement, request.body)))


def tolerating(change: Callable[[bytes], bytes]) -> MakeApp:
    """A server that turns a wrong body away, unless it is right once it is changed."""

    def make_judge(token: str) -> Judge:
        def judge(request: ReceivedRequest) -> CreateCall | Answer:
            judged = judge_rightly(token)(request)
            again = judge_rightly(token)(ReceivedRequest(request.headers, change(request.body)))
            return again if isinstance(judged, Answer) and not isinstance(again, Answer) else judged

        return judge

    return by_judging(make_judge)


def answering_calls(change: Callable[[CreateCall, dict[str, Any]], object]) -> MakeApp:
    """A server that changes its conversations."""

    def respond(call: CreateCall) -> Answer:
        answer = respond_with_conversation(call)
        change(call, answer.body)
        return answer

    return by_responding(respond)


def at_status(status: int, answer: Answer | Callable[[Answer], Answer]) -> MakeApp:
    """A server with another answer in place of those of a status."""

    def alter(given: Answer) -> Answer:
        if given.status != status:
            return given
        return answer if isinstance(answer, Answer) else answer(given)

    return by_answering(alter)
