"""The news of live traffic has the words and the leniency of the result at its end, and tells each thing once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

from contract_tests.judge.stream import Stream
from contract_tests.run.live_news import News, Told
from tests.support.exchanges import call, post
from tests.support.results import ACCEPTANCE, ELSEWHERE, HERE, OPTIONS, result_of

if TYPE_CHECKING:
    import pytest

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.result.result import Addition, Finding, Result

STRICT = replace(OPTIONS, strict=True)


def news(contract: Contract, *exchanges: Exchange, **circumstances: object) -> list[Finding | Addition]:
    """All that is told while exchanges pass."""
    told: list[Finding | Addition] = []
    heard = Told(lambda _: None, told.append, told.append, lambda _: None, lambda: None, lambda _: None)
    given = {"options": OPTIONS, "target": HERE, "accepted": {}} | circumstances
    stream, teller = Stream(contract), News(contract, told=heard, **given)  # type: ignore[arg-type] # what a test gives
    for exchange in exchanges:
        stream.judge(exchange)
        teller.tell(stream, ["token-of-somebody"], is_end=True)
    return told


def told_at_the_end(contract: Contract, exchange: Exchange, **circumstances: object) -> Result:
    return result_of(contract, exchange, reads=False, **circumstances)  # type: ignore[arg-type] # what a test gives


def test_an_undocumented_field_is_told_once_and_without_a_token(contract: Contract) -> None:
    drifting = call(mood="calm", **{"of-token-of-somebody": 1})
    fields = [each.field for each in news(contract, drifting, drifting)]  # type: ignore[union-attr] # they are additions
    assert len(fields) == 2
    assert fields[0] == "mood"
    assert "token-of-somebody" not in fields[1]


def test_with_strict_an_undocumented_field_is_a_cause(contract: Contract) -> None:
    (told,) = news(contract, call(mood="calm"), options=STRICT)
    assert told.key == told_at_the_end(contract, call(mood="calm"), options=STRICT).findings[0].key  # type: ignore[union-attr]


def test_a_cause_warns_where_it_warns_at_the_end(contract: Contract) -> None:
    inferred = replace(call(), request=post(b"{}"))
    for target in (HERE, ELSEWHERE):
        told = news(contract, inferred, target=target)
        found = told_at_the_end(contract, inferred, target=target).findings
        assert [(each.key, each.is_warning) for each in told] == [(each.key, each.is_warning) for each in found]  # type: ignore[union-attr]


def test_an_accepted_cause_is_told_as_accepted(contract: Contract) -> None:
    (told,) = news(contract, call(status="paused"))
    (again,) = news(contract, call(status="paused"), accepted={told.key: ACCEPTANCE})  # type: ignore[union-attr]
    assert again.accepted == ACCEPTANCE  # type: ignore[union-attr]


def test_after_a_look_that_took_long_the_next_one_waits(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    heard = Told(lambda _: None, told.append, told.append, lambda _: None, lambda: None, lambda _: None)
    clock = iter([100.0, 101.0, 101.0, 119.0, 122.0, 122.0, 122.0])
    monkeypatch.setattr("contract_tests.run.live_news.time", SimpleNamespace(monotonic=lambda: next(clock)))
    stream, teller = Stream(contract), News(contract, OPTIONS, HERE, {}, heard)
    counts = []
    for field in ("a", "b", "c"):
        stream.judge(call(**{field: 1}))
        teller.tell(stream, [])
        counts.append(len(told))
    assert counts == [1, 1, 3]
