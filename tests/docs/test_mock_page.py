"""The commands of the page about the mock do as it says."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from contract_tests.servers.control import REQUESTS
from contract_tests.servers.lives import Pace
from contract_tests.servers.mock import PATH
from contract_tests.servers.preferences import APPLIED
from spec.paths import SPEC
from spec.reader import read_spec
from tests.docs.pages import PAGES, blocks
from tests.support.readme_run import ADDRESS

if TYPE_CHECKING:
    from contract_tests.servers.on_demand import MockServer

PAGE: Final = "docs/mock.md"
CURL: Final = [line for block in blocks(PAGE, "sh") for line in block.splitlines() if line.startswith("curl ")]
HEADERS: Final = {"Authorization": "Bearer mock-token"}
NUMBERS: Final = {"from_number": "+12025550142", "to_number": "+12025550143"}


def run(mock: MockServer, part: str, **changes: str) -> Any:  # noqa: ANN401 - JSON
    """The answer to the page's first curl command that has a part."""
    command = next(line for line in CURL if part in line).replace(ADDRESS, mock.url)
    for old, new in changes.items():
        command = command.replace(old.replace("_", "-"), new)
    done = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True)
    return json.loads(done.stdout) if done.stdout else None


def test_a_call_is_placed_and_read(mock: MockServer) -> None:
    begun = run(mock, PATH)
    assert begun["status"] == "queued"
    assert run(mock, "/conversations/an-id", an_id=begun["id"])["id"] == begun["id"]


def test_the_next_answer_is_ordered_and_forgotten(mock: MockServer) -> None:
    assert run(mock, "/_mock/next") is None
    assert run(mock, PATH) == {"detail": "Failed on demand"}
    run(mock, "/_mock/next")
    assert run(mock, "/_mock/reset") is None
    assert run(mock, PATH)["status"] == "queued"


def test_what_was_sent_can_be_seen(mock: MockServer) -> None:
    run(mock, PATH)
    assert [each["path"] for each in run(mock, "/_mock/requests")] == [PATH]
    assert run(mock, "/_mock/webhooks") == []


def test_webhooks_are_tried(mock: MockServer) -> None:
    """The mock calls itself, as nobody else listens here."""
    mock.pace = Pace(0, 3600)
    begun = run(mock, "/hook", **{"http://127.0.0.1:9000": mock.url})
    told = {each["url"]: each for each in run(mock, "/_mock/webhooks")}
    assert begun["status"] == "started"
    assert "--deliver-to example.com" in told["https://example.com/hook"]["problem"]


def test_a_client_may_prefer_a_422(mock: MockServer) -> None:
    assert "detail" in run(mock, "Prefer: code=422")


@pytest.mark.parametrize("preference", ["code=422", "example=no_token", "dynamic=true", "status=ended"])
def test_a_preference_of_the_table_is_honoured(mock: MockServer, preference: str) -> None:
    assert f"| `{preference}` |" in PAGES[PAGE]
    answer = httpx.post(f"{mock.url}{PATH}", json=NUMBERS, headers=HEADERS | {"Prefer": preference})
    assert answer.headers[APPLIED] == preference


def test_the_reason_that_the_page_shows_is_that_of_the_mock(mock: MockServer) -> None:
    (shown,) = (json.loads(block) for block in blocks(PAGE, "json"))
    httpx.post(f"{mock.url}{PATH}", json={**NUMBERS, "to_number": 1}, headers=HEADERS)
    (told,) = httpx.get(f"{mock.url}{REQUESTS}").json()
    assert told["reasons"] == [shown]
    assert f":{read_spec(SPEC).place(shown['spec'].split(' ')[1]).line} " in shown["spec"]


def test_the_page_has_the_times_of_the_mock() -> None:
    assert Pace() == Pace(ring=2, talk=10)
    assert "rings for\ntwo seconds" in PAGES[PAGE] or "rings for two seconds" in PAGES[PAGE]
    assert "ten seconds later" in PAGES[PAGE]
