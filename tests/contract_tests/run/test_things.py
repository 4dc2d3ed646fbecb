"""A whole run by a document with links: Schemathesis follows them too, through the guard and within the budget."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.any_spec import create_app
from contract_tests.servers.stateful import Stateful
from contract_tests.target.options import Options
from contract_tests.target.target import Target
from tests.conftest import TOKEN
from tests.support.results import in_words
from tests.support.zoo_runs import ZOO, contract_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.things import Things
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
    assert any("stateful" in each and "the limit of calls is reached" in each for each in in_words(result.untried))


class Refusing(Counting):
    """A server that wrongly refuses updates of one kind, and forgets what is deleted."""

    def update(self, things: Things, asked: Asked, identifier: str) -> Answer:
        """Refuses the greatest number of pieces."""
        if self._sent(asked).get("pieces") == 9:
            return self.refuse(asked, self.documented(asked.operation, (HTTPStatus.UNPROCESSABLE_ENTITY,)))
        return super().update(things, asked, identifier)


@pytest.mark.slow
@pytest.mark.parametrize(("max_calls", "has_cause"), [(None, True), (25, False)])
def test_a_refused_update_is_narrowed_on_a_thing_created_anew_within_the_budget(
    tmp_path: Path, max_calls: int | None, *, has_cause: bool
) -> None:
    server = Refusing(contract_of("things"), TOKEN)
    result = run_against(server, tmp_path, max_calls)
    causes = [each.due_to for each in result.findings if each.check == "documented_request_accepted"]
    assert [[choice.words for choice in due_to] for due_to in causes] == [["pieces: maximum 9"] if has_cause else []]
    assert max_calls is None or result.calls == server.accepted_changes <= max_calls
    assert server.kept(server.contract.things[0]) == {} or max_calls
