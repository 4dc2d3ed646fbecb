"""A whole run by a document with links: Schemathesis follows them too, through the guard and within the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.any_spec import create_app
from contract_tests.servers.stateful import Stateful
from contract_tests.target.options import Options
from contract_tests.target.target import Target
from tests.conftest import TOKEN
from tests.support.zoo_runs import ZOO, contract_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.result.result import Result
    from contract_tests.servers.answer import Answer
    from contract_tests.servers.any_spec import Asked


class Counting(Stateful):
    """A server that conforms, and counts what it was asked."""

    accepted_changes = 0

    async def reply(self, asked: Asked) -> Answer:
        """Answers as its parent does."""
        answer = await super().reply(asked)
        self.accepted_changes += answer.status // 100 == 2 and asked.operation.method != "GET"
        return answer


def run_against(server: Counting, folder: Path, max_calls: int | None) -> Result:
    options = Options(folder, seed=1, spec=ZOO / "things.yaml", max_calls=max_calls)
    with running(create_app(server)) as url:
        return run(Target("a server that remembers", url, TOKEN), options)


@pytest.mark.nightly
def test_schemathesis_follows_the_links_through_the_guard(tmp_path: Path) -> None:
    server = Counting(contract_of("things"), TOKEN)
    result = run_against(server, tmp_path, None)
    (stateful,) = [phase for phase in result.timeline.phases if phase.name == "stateful"]
    assert (result.verdict, result.calls) == ("conforms", server.accepted_changes)
    assert stateful.requests > stateful.calls > 0


@pytest.mark.slow
def test_the_budget_holds_for_the_links_that_schemathesis_follows(tmp_path: Path) -> None:
    server = Counting(contract_of("things"), TOKEN)
    result = run_against(server, tmp_path, 40)
    assert server.accepted_changes == result.calls == 40
    assert any("stateful" in each and "the limit of calls is reached" in each for each in result.untried)
