"""The guard's proxy in this process, in front of a target that answers as a test says."""

from __future__ import annotations

import asyncio
import json
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from msgspec import structs

from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.marks import EXCHANGE_ID, MARK, NO_CALL_LEFT, NO_RESPONSE, NOT_SENT
from contract_tests.guard import proxy
from contract_tests.guard.errand import Errand
from contract_tests.guard.proxy import MAX_VOLUME, Proxy
from contract_tests.guard.upstream import Outcome, Upstream
from contract_tests.run import sending
from contract_tests.target.costs import Costs
from contract_tests.target.limits import FREE, Limits, NumberRule
from spec.paths import ROOT, SPEC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contract_tests.contract.contract import Contract

TOKEN, PLACEHOLDER, PREFLIGHT = "the-right-token", "placeholder-0a", "preflight-0a"
NUMBER, ALIAS = "+4915112345678", "**********5678"
LISTED = Limits({"/to_number": NumberRule(frozenset({NUMBER}))}, aliases={ALIAS: NUMBER})
PATH = "/conversations/create_phone_call"


def fine(status: int = 200, *fields: tuple[str, str], body: bytes = b"fine") -> Outcome:
    return Outcome(Response(status, Headers(fields), body))


class Target(Upstream):
    """A target that answers as it is told, after every request that can be under way at once has come."""

    def __init__(self, answer: Callable[[Request], Outcome]) -> None:
        super().__init__("http://target.invalid")
        self.answer = answer
        self.seen: list[Request] = []
        self.repeatable: list[bool] = []

    async def send(self, request: Request, _limit: float, *, may_repeat: bool = False) -> Outcome:
        self.repeatable.append(may_repeat)
        self.seen.append(request)
        await asyncio.sleep(0)
        return self.answer(request)


@dataclass
class Guarded:
    """A proxy in front of a target, and what it keeps."""

    answer: Callable[[Request], Outcome] = lambda _: fine()
    limits: Limits = FREE
    max_calls: int | None = None
    token: str = TOKEN
    max_wait: float = 60.0
    costs: Costs = field(default_factory=lambda: Costs(()))
    kept: list[Exchange] = field(default_factory=list)
    spec: Path = SPEC

    def __post_init__(self) -> None:
        self.target = Target(self.answer)
        errand = Errand("http://target.invalid", self.limits, self.max_calls, 2, self.spec, self.max_wait, self.costs)
        disguise = Disguise(PLACEHOLDER, self.token, self.limits.aliases)
        self.proxy = Proxy(errand, disguise, self.kept.append, self.target, PREFLIGHT)

    def post(
        self, *bodies: object, at_once: bool = False, headers: dict[str, str] | None = None
    ) -> list[httpx.Response]:
        """The answers to requests with these bodies, one after the other or all at once."""
        return asyncio.run(self._post(bodies or (b"",), OURS | (headers or {}), at_once))

    def read(self) -> httpx.Response:
        """The answer to a request for a conversation."""
        return self.send("GET", "/conversations/1")

    def send(self, method: str, path: str, body: object = b"") -> httpx.Response:
        """The answer to a request."""

        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(self.proxy)
            async with httpx.AsyncClient(transport=transport, base_url="http://guard", headers=OURS) as client:
                return await client.request(method, path, content=_bytes(body), headers=_TYPE if body else {})

        return asyncio.run(request())

    async def _post(self, bodies: tuple[object, ...], headers: dict[str, str], at_once: bool) -> list[httpx.Response]:  # noqa: FBT001 - of a test
        transport = httpx.ASGITransport(self.proxy)
        async with httpx.AsyncClient(transport=transport, base_url="http://guard", headers=headers) as client:
            posts = [client.post(PATH, content=_bytes(body), headers=_TYPE) for body in bodies]
            return list(await asyncio.gather(*posts)) if at_once else [await post for post in posts]


OURS = {"Authorization": f"Bearer {PLACEHOLDER}", MARK: PLACEHOLDER}
_TYPE = {"Content-Type": "application/json"}


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def marks(answers: list[httpx.Response]) -> list[str | None]:
    return [answer.headers.get(MARK) for answer in answers]


def limits_of(guarded: Guarded) -> list[str | None]:
    return [exchange.refusal.limit if exchange.refusal else None for exchange in guarded.kept]


# ------------------------------------------------------------------------------------------------------------ exchanges


def test_an_exchange_is_kept_as_it_was_and_tells_no_secret() -> None:
    guarded = Guarded(lambda _: fine(207, ("X-Echo", TOKEN), body=TOKEN.encode()))
    (answer,) = guarded.post(b"body", headers={EXCHANGE_ID: "e-1"})
    (kept,) = guarded.kept
    assert guarded.target.seen[0].headers.first("Authorization") == f"Bearer {TOKEN}"
    assert (answer.status_code, answer.text, answer.headers["x-echo"]) == (207, "[masked]", "[masked]")
    assert (kept.id, kept.request.target, kept.request.body) == ("e-1", PATH, b"body")
    assert kept.request.headers.first("authorization") == "Bearer {token}"
    assert kept.request.headers.first(EXCHANGE_ID) is None
    assert kept.response == Response(207, Headers([("X-Echo", TOKEN)]), TOKEN.encode())
    assert repr(kept.response) == repr(Response(207, Headers([("X-Echo", "[masked]")]), b"[masked]"))
    assert TOKEN not in repr(kept)


def test_an_exchange_is_kept_before_it_is_answered() -> None:
    guarded = Guarded()
    sent: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: object) -> None:
        sent.append(len(guarded.kept))

    fields = [(b"host", b"guard"), (MARK.lower().encode(), PLACEHOLDER.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": fields}
    scope["server"] = ("guard", None)
    asyncio.run(guarded.proxy(scope, receive, send))
    assert sent[0] == 1


def test_trouble_is_told_without_the_token() -> None:
    guarded = Guarded(lambda _: Outcome(trouble=f"does not speak HTTP: {TOKEN}"))
    (answer,) = guarded.post()
    assert (answer.headers[MARK], answer.text) == (NO_RESPONSE, "the target does not speak HTTP: [masked]")
    assert (guarded.kept[0].response, guarded.kept[0].trouble) == (None, "does not speak HTTP: [masked]")


def test_a_listed_number_is_known_by_its_alias_alone() -> None:
    guarded = Guarded(lambda request: fine(body=request.body + b" 49 151 12345678"), LISTED)
    (answer,) = guarded.post({"to_number": ALIAS})
    assert guarded.target.seen[0].body == json.dumps({"to_number": NUMBER}).encode()
    assert answer.text == f'{{"to_number": "{ALIAS}"}} [{ALIAS}]'
    assert NUMBER not in repr(guarded.kept)


# ------------------------------------------------------------------------------------------------------------ strangers


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({MARK: ""}, "secret"),
        ({MARK: "placeholder-0b"}, "secret"),
        ({"Host": "evil.example"}, "host"),
        ({"Host": "localhost"}, "host"),
        ({"Host": "guard:80"}, "host"),
        ({"Origin": "https://evil.example"}, "web page"),
        ({"Origin": "null"}, "web page"),
        ({"Origin": "http://guard"}, "web page"),
    ],
)
def test_a_request_that_is_not_the_runs_spends_nothing(changed: dict[str, str], why: str) -> None:
    guarded = Guarded(max_calls=1)
    (answer,) = guarded.post(headers=changed)
    assert (answer.status_code, answer.headers[MARK]) == (403, NOT_SENT)
    assert why in answer.text
    assert (guarded.kept, guarded.target.seen) == ([], [])
    assert marks(guarded.post()) == [None]


def test_a_secret_that_comes_twice_is_none() -> None:
    fields = [(b"host", b"guard"), *[(MARK.lower().encode(), PLACEHOLDER.encode())] * 2]
    assert proxy.find_stranger({"server": ("guard", None), "headers": fields}, PLACEHOLDER)


def test_the_secret_goes_no_further() -> None:
    guarded = Guarded()
    guarded.post()
    assert PLACEHOLDER not in repr(guarded.kept)
    assert guarded.kept[0].request.headers.all(MARK) == []


# ------------------------------------------------------------------------------------------------------------- refusals


def test_a_request_that_must_not_go_out_is_not_sent() -> None:
    guarded = Guarded(limits=LISTED)
    assert marks(guarded.post({"to_number": "+15551234567"})) == [NOT_SENT]
    assert guarded.target.seen == []
    assert limits_of(guarded) == ["numbers"]
    assert not guarded.kept[0].may_have_rung


def test_a_preflight_is_held_to_the_limits_too() -> None:
    guarded = Guarded(limits=LISTED)
    guarded.post({"to_number": "+15551234567"}, headers={EXCHANGE_ID: PREFLIGHT})
    assert guarded.target.seen == []


def test_a_credential_that_is_to_be_wrong_is_never_the_right_one() -> None:
    guarded = Guarded(token="12345678")
    assert marks(guarded.post(headers={"Authorization": f"Bearer {PLACEHOLDER.swapcase()}"})) == [NOT_SENT]
    assert (guarded.target.seen, limits_of(guarded)) == ([], ["credentials"])


def test_a_kind_of_violation_is_not_paid_for_a_fourth_time() -> None:
    guarded = Guarded(limits=LISTED)
    callers: list[object] = [[1], [], {}, True, [2]]
    wrong = [{"to_number": NUMBER, "from_number": caller} for caller in callers]
    right, other = {"to_number": NUMBER, "from_number": "a"}, {"to_number": NUMBER}
    answers = guarded.post(*wrong, right, other)
    assert marks(answers) == [None, None, None, NOT_SENT, NOT_SENT, None, None]
    assert limits_of(guarded)[3:5] == ["kind", "kind"]


def test_a_target_that_reaches_nobody_is_given_up() -> None:
    guarded = Guarded(lambda _: Outcome(trouble="cannot be reached", reached_nobody=True))
    assert marks(guarded.post(*[b""] * 7)) == [NO_RESPONSE] * 5 + [NOT_SENT] * 2
    assert limits_of(guarded)[5:] == ["lost", "lost"]


def test_a_target_that_answers_now_and_then_is_not_given_up() -> None:
    outcomes = iter([*[Outcome(trouble="is silent", timed_out=True)] * 4, fine()] * 2)
    guarded = Guarded(lambda _: next(outcomes))
    assert marks(guarded.post(*[b""] * 10)) == ([NO_RESPONSE] * 4 + [None]) * 2


def test_no_more_is_read_of_a_target_beyond_the_volume() -> None:
    guarded = Guarded()
    guarded.target.volume = MAX_VOLUME - 1
    guarded.post()
    guarded.target.volume = MAX_VOLUME
    assert marks(guarded.post()) == [NOT_SENT]
    assert limits_of(guarded) == [None, "volume"]


def test_a_request_that_http_cannot_carry_was_not_sent_and_costs_nothing() -> None:
    guarded = Guarded(lambda _: Outcome(unsendable="HTTP cannot carry it"), max_calls=1)
    assert marks(guarded.post(b"", b"")) == [NOT_SENT, NOT_SENT]
    assert limits_of(guarded) == ["protocol", "protocol"]


# --------------------------------------------------------------------------------------------------------------- budget


@pytest.mark.parametrize("status", [200, 500])
def test_requests_that_cost_nothing_spend_no_budget(contract: Contract, status: int) -> None:
    guarded = Guarded(lambda _: fine(status), max_calls=1, costs=Costs(contract.operations))
    guarded.post(b"")
    answers = [guarded.read() for _ in range(3)]
    assert marks(answers) == [None] * 3
    assert [each.may_have_rung for each in guarded.kept] == [True, False, False, False]
    assert marks(guarded.post(b"")) == [NO_CALL_LEFT]


def test_what_may_ring_is_sent_once_whatever_becomes_of_its_connection(contract: Contract) -> None:
    guarded = Guarded(costs=Costs(contract.operations))
    guarded.post(b"")
    guarded.read()
    assert guarded.target.repeatable == [False, True]


@pytest.mark.parametrize("status", [200, 204, 302, 500, 503])
def test_requests_under_way_together_do_not_overshoot_the_budget(status: int) -> None:
    guarded = Guarded(lambda _: fine(status), max_calls=5)
    answers = guarded.post(*[b""] * 40, at_once=True)
    assert len(guarded.target.seen) == sum(each.may_have_rung for each in guarded.kept) == 5
    assert marks(answers).count(NO_CALL_LEFT) == limits_of(guarded).count("budget") == 35


def test_requests_that_are_turned_away_cost_nothing() -> None:
    guarded = Guarded(lambda _: fine(422), max_calls=1)
    assert [answer.status_code for answer in guarded.post(*[b""] * 20, at_once=True)] == [422] * 20


def test_a_refused_connection_costs_nothing_and_a_broken_reply_does() -> None:
    nobody = Guarded(lambda _: Outcome(trouble="cannot be reached", reached_nobody=True), max_calls=1)
    broken = Guarded(lambda _: Outcome(trouble="status 422 came, and then the reply broke off"), max_calls=1)
    assert marks(nobody.post(b"", b"")) == [NO_RESPONSE, NO_RESPONSE]
    assert marks(broken.post(b"", b"")) == [NO_RESPONSE, NO_CALL_LEFT]


def test_a_preflight_costs_a_call_only_if_it_is_accepted() -> None:
    def rang(outcome: Outcome) -> bool:
        guarded = Guarded(lambda _: outcome)
        guarded.post(b"{}", headers={EXCHANGE_ID: PREFLIGHT})
        return guarded.kept[0].may_have_rung

    outcomes = [fine(), fine(503), fine(422), Outcome(trouble="is silent", timed_out=True)]
    assert [rang(outcome) for outcome in outcomes] == [True, False, False, False]


@pytest.mark.parametrize(
    ("exchange_id", "body"),
    [("preflight", b"{}"), ("preflight-1", b"{}"), (PREFLIGHT, b"{ }"), (f"{PREFLIGHT}0", b"{}")],
)
def test_only_what_has_the_runs_own_mark_is_a_preflight(exchange_id: str, body: bytes) -> None:
    guarded = Guarded(lambda _: fine(503), max_calls=1)
    guarded.post(body, body, headers={EXCHANGE_ID: exchange_id})
    assert [each.is_preflight for each in guarded.kept] == [False, False]
    assert [each.refusal is None for each in guarded.kept] == [True, False]


def test_the_mark_of_preflights_is_told_to_nobody() -> None:
    guarded = Guarded()
    guarded.post(b"{}", headers={EXCHANGE_ID: PREFLIGHT})
    assert guarded.kept[0].is_preflight
    assert PREFLIGHT not in str(guarded.kept[0])


def test_a_failure_of_the_guard_counts_as_the_budget_has_it() -> None:
    def fail(request: Request) -> Outcome:
        raise RuntimeError(request.method)

    guarded = Guarded(fail, max_calls=1)
    guarded.post(b"", b"")
    assert limits_of(guarded) == ["protocol", "budget"]
    assert [each.may_have_rung for each in guarded.kept] == [True, False]


# ---------------------------------------------------------------------------------------------------------- Retry-After


def later(seconds: str, status: int = 429) -> Outcome:
    return fine(status, ("Retry-After", seconds))


@pytest.mark.parametrize("status", [429, 503])
def test_a_request_is_sent_again_after_the_time_that_the_target_asks_for(status: int) -> None:
    outcomes = iter([later("0", status), later("0", status), fine()])
    guarded = Guarded(lambda _: next(outcomes))
    assert [answer.status_code for answer in guarded.post()] == [200]
    assert len(guarded.target.seen) == 3


def test_each_of_its_exchanges_is_kept_and_tells_whether_it_was_the_last() -> None:
    outcomes = iter([later("0"), fine()])
    guarded = Guarded(lambda _: next(outcomes))
    guarded.post()
    assert [(each.response and each.response.status, each.again_after) for each in guarded.kept] == [
        (429, 0.0),
        (200, None),
    ]


@pytest.mark.parametrize(("status", "calls"), [(429, 1), (503, 2)])
def test_each_of_its_exchanges_counts_by_its_own_response(status: int, calls: int) -> None:
    outcomes = iter([later("0", status), fine(), fine(), fine()])
    guarded = Guarded(lambda _: next(outcomes), max_calls=2)
    guarded.post(b"1", b"2", b"3")
    made = [each for each in guarded.kept if each.may_have_rung]
    assert len(made) == 2
    assert sum(each.request.body == b"1" for each in made) == calls


def test_a_request_is_sent_four_times_at_most() -> None:
    guarded = Guarded(lambda _: later("0"))
    assert [answer.status_code for answer in guarded.post()] == [429]
    assert len(guarded.target.seen) == 4
    assert [each.again_after for each in guarded.kept] == [0, 0, 0, None]


@pytest.mark.parametrize("seconds", ["61", "3600", "soon", "-1", "", "Tue, 30 Feb 2026 09:30:00 GMT"])
def test_a_time_beyond_bounds_is_not_waited_for(seconds: str) -> None:
    guarded = Guarded(lambda _: later(seconds))
    assert [answer.status_code for answer in guarded.post()] == [429]
    assert len(guarded.target.seen) == 1


def test_a_preflight_is_answered_at_once() -> None:
    guarded = Guarded(lambda _: later("0"))
    guarded.post(b"{}", headers={EXCHANGE_ID: PREFLIGHT})
    assert len(guarded.target.seen) == 1


def test_the_longest_way_of_a_request_fits_into_what_the_senders_wait_for_the_guard() -> None:
    longest = (1 + proxy.MAX_RETRIES) * proxy.REQUEST_TIMEOUT
    schemathesis = tomllib.loads((ROOT / "schemathesis.toml").read_text())
    assert longest < sending.TIMEOUT < schemathesis["request-timeout"]


# ---------------------------------------------------------------------------------------------------------- a run's end


def test_a_stopped_guard_sends_nothing_more() -> None:
    guarded = Guarded()
    guarded.proxy.stop()
    assert marks(guarded.post(b"", b"")) == [NOT_SENT, NOT_SENT]
    assert (guarded.target.seen, limits_of(guarded)) == ([], ["lost", "lost"])


def test_a_stopped_guard_waits_for_no_retry_after() -> None:
    def stop(_request: Request) -> Outcome:
        guarded.proxy.stop()
        return later("20")

    guarded = Guarded(stop)
    assert marks(guarded.post()) == [NOT_SENT]
    assert len(guarded.target.seen) == 1
    assert limits_of(guarded) == [None, "lost"]


def test_a_request_that_waited_for_a_call_is_not_sent_after_the_stop() -> None:
    def stop(_request: Request) -> Outcome:
        guarded.proxy.stop()
        return fine(422)

    guarded = Guarded(stop, max_calls=1)
    guarded.post(*[b""] * 3, at_once=True)
    assert len(guarded.target.seen) == 1
    assert sorted(map(str, limits_of(guarded))) == ["None", "lost", "lost"]


def test_on_another_machine_nothing_is_changed_or_deleted_but_what_the_run_created() -> None:
    created = fine(201, ("Content-Type", "application/json"), body=b'{"id": "new"}')
    spec = ROOT / "tests" / "zoo" / "things.yaml"
    elsewhere = structs.replace(LISTED, is_elsewhere=True)
    guarded = Guarded(lambda request: created if request.method == "POST" else fine(204), limits=elsewhere, spec=spec)
    guarded.send("DELETE", "/things/new")
    guarded.send("POST", "/things", {"name": "a"})
    for method, path in (
        *(("DELETE", path) for path in ("/things/new", "/things/new", "/things/old", "/things", "/things/ne")),
        *((method, f"/things/{name}") for method in ("PATCH", "PUT") for name in ("new", "old")),
    ):
        guarded.send(method, path, {"name": "b"})
    assert limits_of(guarded) == [
        *("numbers", None),
        *(None, None, "numbers", "numbers", "numbers"),
        *(None, "numbers", None, "numbers"),
    ]
