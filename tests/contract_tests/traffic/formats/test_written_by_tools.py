"""Files that the tools themselves wrote are read: what was sent and came back is there, whole and without findings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from contract_tests.servers.mock import PATH
from contract_tests.traffic.sources import find_sources
from tests.conftest import TOKEN
from tests.support.browser import chromium
from tests.support.recordings import REQUEST, read_entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from contract_tests.traffic.entry import Entry

pytestmark = pytest.mark.slow
FETCH: Final = """async ([url, token, body]) => {
    const headers = {"Content-Type": "application/json", Authorization: `Bearer ${token}`};
    const response = await fetch(url, {method: "POST", headers, body});
    return await response.text();
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def call_in(path: Path, name: str) -> Entry:
    """The one call in a recording, which is recognized by its content."""
    (source,) = find_sources([str(path)])
    assert source.format.name == name
    (call,) = (entry for entry in read_entries(source) if entry and entry.method == "POST")
    return call


def assert_whole(call: Entry, url: str, answered: str) -> None:
    assert call.response
    assert call.headers
    assert call.response.headers
    assert (call.url, json.loads(call.body or b"")) == (url, REQUEST)
    assert (call.response.status, (call.response.body or b"").decode()) == (200, answered)
    assert call.headers.media_type == call.response.headers.media_type == "application/json"


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("traffic.har", {}),
        ("traffic.har", {"record_har_content": "attach"}),
        ("traffic.zip", {}),
        ("traffic.har", {"record_har_mode": "minimal", "record_har_content": "embed"}),
    ],
    ids=["bodies inside", "bodies in files beside", "bodies in a ZIP file", "minimal"],
)
def test_playwright(tmp_path: Path, mock_url: str, browser: Browser, name: str, settings: dict[str, Any]) -> None:
    context = browser.new_context(record_har_path=tmp_path / name, **settings)
    page = context.new_page()
    page.goto(f"{mock_url}/")
    answered = page.evaluate(FETCH, [f"{mock_url}{PATH}", TOKEN, json.dumps(REQUEST)])
    context.close()
    assert_whole(call_in(tmp_path / name, "har"), f"{mock_url}{PATH}", answered)
