"""The processes that run against many broken servers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import psutil

from contract_tests.kills.kill import Kill
from contract_tests.kills.pool import run_all

if TYPE_CHECKING:
    import pytest

OUTCOME = Kill(fault="a fault", expected=None, caught_by=(), requests=0, calls=0, seconds=0)


def come_to(outcome: Kill) -> Kill:
    return outcome


def test_no_process_of_the_pool_has_the_users_token_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEOS_TOKEN", "the-users-own")
    before = set(psutil.Process().children(recursive=True))
    outcomes = run_all([partial(come_to, OUTCOME)] * 2, workers=1)
    assert next(outcomes) == OUTCOME
    started = set(psutil.Process().children(recursive=True)) - before
    assert started
    assert not [process for process in started if "the-users-own" in process.environ().values()]
    assert list(outcomes) == [OUTCOME]
