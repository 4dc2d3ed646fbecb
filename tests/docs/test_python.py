"""The Python code of the README and of docs/ runs, and does what the pages say."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.servers.lives import Pace
from scripts.compare.bodies import BODIES
from tests.docs.pages import PAGES, blocks

if TYPE_CHECKING:
    from contract_tests.servers.on_demand import MockServer

GUIDE = "docs/client.md"
WITH_CODE = [page for page in PAGES if blocks(page, "python")]


def execute(page: str) -> dict[str, Any]:
    """Runs a page's code from its first block to its last; the names that it defines."""
    names: dict[str, Any] = {}
    for block in blocks(page, "python"):
        exec(block, names)  # noqa: S102 - our own
    return names


@pytest.fixture
def uses(mock: MockServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(mock, "pace", Pace(ring=0, talk=0))  # so that nothing waits for the end of a call
    names = execute(GUIDE)
    names["printed"] = capsys.readouterr().out
    assert len(mock.calls) == 1
    return names


def report(uses: dict[str, Any]) -> str:
    return str(asyncio.run(uses["report"](uses["call"])))


@pytest.mark.usefixtures("mock")
@pytest.mark.parametrize("page", WITH_CODE)
def test_the_code_of_a_page_runs(page: str) -> None:
    assert execute(page)


@pytest.mark.parametrize("page", WITH_CODE)
def test_a_test_on_a_page_passes(page: str, mock: MockServer) -> None:
    names = execute(page)
    for test in [value for name, value in names.items() if name.startswith("test_")]:
        mock.reset()
        test(mock)


def test_the_guides_have_code() -> None:
    assert WITH_CODE == [GUIDE, "docs/test-your-own-code.md"]
    assert "def test_" in PAGES["docs/test-your-own-code.md"]


def test_a_call_with_a_stored_agent(uses: dict[str, Any], mock: MockServer) -> None:
    assert re.fullmatch(r"[0-9a-f]{32} (queued|started|ended)\n", uses["printed"])
    assert mock.calls[0].agent_id == "agent_8c1f"


def test_the_price_of_a_conversation_is_known_once_it_has_ended(uses: dict[str, Any], mock: MockServer) -> None:
    assert uses["price"](uses["answer"]) == 0.05
    assert len(mock.calls) == 1


def test_a_call_with_an_agent_described_on_the_spot_a_tool_and_a_webhook(
    uses: dict[str, Any], mock: MockServer
) -> None:
    assert re.fullmatch(r"a call was placed: [0-9a-f]{32}", report(uses))
    sent = mock.calls[-1].model_dump(mode="json", exclude_unset=True)["agent_config"]
    assert sent["voice"] == {"provider": "playht", "model": "susan", "speed": 1.1}
    assert sent["max_duration_seconds"] is None
    (tool,) = sent["language_model"]["tools"]
    assert (tool["type"], tool["function"]["name"], tool["function"]["parameters"]["required"]) == (
        "function",
        "book_visit",
        ["day"],
    )
    (webhook,) = sent["webhooks"]
    assert (webhook["events"], webhook["method"]) == (["conversation:ended"], "POST")


def test_every_error_is_handled(uses: dict[str, Any], mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    mock.refuse("to_number", message="No such number")
    assert report(uses) == "['body', 'to_number']: No such number"
    mock.fail(520)
    assert report(uses) == "a call may have been placed: status 520, the contract does not name status 520"
    mock.change(status="paused")
    assert report(uses) == "a call was placed; its status paused is new to the contract"
    mock.answer(403, {"detail": "Expired"})
    assert report(uses) == "no call was placed: {'detail': 'Expired'}"
    monkeypatch.setenv("VOICEOS_BASE_URL", "http://127.0.0.1:1")
    assert report(uses) == "no call was placed: the server cannot be reached"


def test_the_comparison_is_about_as_many_bodies_as_the_command_takes() -> None:
    ours = re.findall(r"\| (\d+) of (\d+) \|$", PAGES[GUIDE], re.MULTILINE)
    assert len(ours) == 4
    assert all(kept == tried for kept, tried in ours)
    assert [int(tried) for _, tried in ours].count(BODIES) == 3  # the fourth row is about those with null
