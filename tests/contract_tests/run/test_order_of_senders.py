"""Who sends when: our valid requests first; the engine beside our invalid ones, or after them."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.run import suite
from contract_tests.runtime.serving import running
from contract_tests.target.target import Target
from tests.conftest import TOKEN
from tests.support.applications import has_the_token
from tests.support.silent_engine import SilentEngine
from tests.support.things import options, things

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize(("max_calls", "waits"), [(None, False), (1000, True)])
def test_the_engine_waits_for_our_invalid_requests_where_calls_are_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_calls: int | None, *, waits: bool
) -> None:
    application, sent_before = things(), list[int]()

    class NotingEngine(SilentEngine):
        def let_send(self) -> None:
            sent_before.append(len(application.seen))

    monkeypatch.setattr(suite, "engine", lambda: nullcontext(NotingEngine()))
    with running(application) as url:
        suite.run(Target("a test's server", url, TOKEN), replace(options(tmp_path), max_calls=max_calls))
    (number,) = sent_before
    after = [has_the_token(request) for request, _ in application.seen[number:]]
    assert all(after) is waits
