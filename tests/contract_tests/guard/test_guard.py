"""The guard as a process: what it is told, what it tells, and how it ends."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest
from starlette.responses import Response

from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Exchange, Request
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.marks import MARK, NOT_SENT
from contract_tests.exchange.veiled import shown_bytes
from contract_tests.guard.errand import Errand
from contract_tests.guard.guard import Guard, GuardError, guarding
from contract_tests.plan.requests import in_chunks
from contract_tests.run.sending import Sender
from contract_tests.runtime.child import Child
from contract_tests.runtime.serving import running
from contract_tests.target.costs import Costs
from contract_tests.target.limits import FREE
from contract_tests.target.target import Target, TargetError
from spec.paths import SPEC
from tests.conftest import TOKEN
from tests.support.applications import Application

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATH = "/conversations/create_phone_call"
REQUEST = Request("POST", PATH, Headers([(AUTHORIZATION, RIGHT), ("Content-Type", "application/json")]), b"{}")


@contextmanager
def guarded(url: str, token: str = TOKEN) -> Iterator[Guard]:
    with guarding(Target("a test's", url, token), Errand(url, FREE, None, 2, SPEC, 0, Costs(()))) as guard:
        yield guard


@pytest.fixture(scope="module")
def application() -> Application:
    return Application(lambda request, _body: Response(json.dumps(dict(request.headers))))


@pytest.fixture(scope="module")
def guard(application: Application) -> Iterator[Guard]:
    """A guard that the tests of this module share; each tells its exchanges by their ids."""
    with running(application) as url, guarded(url) as guard:
        yield guard


def test_a_request_reaches_the_target_with_the_token_and_is_kept_without_it(
    guard: Guard, application: Application
) -> None:
    with Sender(guard.door) as sender:
        answer = sender.send(REQUEST, "once")
    request, body = application.seen[-1]
    kept = guard.find("once")
    assert (request.headers["authorization"], body) == (f"Bearer {TOKEN}", b"{}")
    assert answer
    assert TOKEN not in answer.text + repr(kept)
    assert kept
    assert kept.response
    assert shown_bytes(kept.response.body).decode() == answer.text
    assert TOKEN in kept.response.body.decode()


def test_a_body_in_chunks_reaches_the_target_so_and_is_kept_so(guard: Guard, application: Application) -> None:
    with Sender(guard.door) as sender:
        sender.send(in_chunks(REQUEST), "chunked")
    incoming, body = application.seen[-1]
    assert (incoming.headers.get("transfer-encoding"), body) == ("chunked", REQUEST.body)
    assert "content-length" not in incoming.headers
    kept = guard.find("chunked")
    assert kept
    assert kept.request.is_chunked


def test_an_exchange_is_found_as_soon_as_it_is_answered(guard: Guard) -> None:
    with Sender(guard.door) as sender:
        for exchange_id in (f"soon-{number}" for number in range(100)):
            sender.send(REQUEST, exchange_id)
            assert guard.find(exchange_id)


def test_the_newest_exchange_of_an_id_is_found(guard: Guard) -> None:
    with Sender(guard.door) as sender:
        sender.send(REQUEST, "twice")
        guard.record()
        sender.send(Request("POST", PATH, body=b"second"), "twice")
        guard.record()
    found = guard.find("twice")
    assert found
    assert found.request.body == b"second"


def test_the_record_holds_every_exchange_in_its_order(guard: Guard) -> None:
    expected = [f"ordered-{number}" for number in range(20)]
    with Sender(guard.door) as sender:
        for exchange_id in expected:
            sender.send(REQUEST, exchange_id)
    assert [each.id for each in guard.record().exchanges if each.id.startswith("ordered")] == expected


def test_a_request_of_another_user_of_this_machine_is_refused(guard: Guard) -> None:
    before = guard.record()
    answer = httpx.post(f"{guard.door.url}{PATH}", content=b"{}", trust_env=False)
    assert (answer.status_code, answer.headers[MARK]) == (403, NOT_SENT)
    assert guard.record() == before


@pytest.mark.parametrize("token", ["tökén", "a b", "", "a\n"])
def test_a_token_that_cannot_be_sent_is_told_before_anything_is_started(token: str) -> None:
    with pytest.raises(TargetError, match="the token cannot be sent"), guarded("http://127.0.0.1:9", token):
        pass


def test_a_guard_that_is_killed_is_missed() -> None:
    before = set(psutil.Process().children())
    with guarded("http://127.0.0.1:9") as guard:
        with Sender(guard.door) as sender:
            sender.send(REQUEST, "first")
        told = guard.record().exchanges
        for process in set(psutil.Process().children()) - before:
            process.kill()
        with pytest.raises(GuardError, match="ended before the run did"):
            guard.record()
        assert guard.find("never") is None
        assert guard.told().exchanges == told
    assert [each.id for each in told] == ["first"]


def test_a_guard_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contract_tests.guard.guard.GUARD", "contract_tests.no_such_module")
    with pytest.raises(GuardError) as raised, guarded("http://127.0.0.1:9"):
        pass
    assert str(raised.value) == (
        "The guard did not start: ModuleNotFoundError: No module named 'contract_tests.no_such_module'"
    )


class LateChild(Child):
    """A guard's process whose word is heard only after a while."""

    def __init__(self, word: object) -> None:
        self._word = word

    def listen(self, hear: Callable[[object], None], note_end: Callable[[], None]) -> None:
        threading.Timer(0.05, hear, [self._word]).start()
        self._note_end = note_end


def test_an_exchange_that_is_heard_of_after_its_answer_is_found() -> None:
    guard = Guard(LateChild(Exchange(REQUEST, id="late")), "http://127.0.0.1:9", lambda _: None)
    assert guard.find("late")
