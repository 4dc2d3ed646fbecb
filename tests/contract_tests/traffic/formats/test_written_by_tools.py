"""Files that the tools themselves wrote are read: what was sent and came back is there, whole and without findings."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from contract_tests.servers.mock import PATH
from contract_tests.traffic.sources import find_sources
from scripts.environment import tool_environment
from scripts.redocly.installation import install_locked
from scripts.redocly.node import node_folder
from spec.paths import ROOT
from tests.conftest import TOKEN
from tests.support.browser import chromium
from tests.support.recordings import REQUEST, read_entries
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from contract_tests.traffic.entry import Entry

TOOLS: Final = ROOT / "tests" / "data" / "tools"
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


@pytest.mark.slow
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


@pytest.fixture(scope="module")
def newman(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with newman, which npm installs by its lock."""
    return shared_folder(tmp_path_factory, "newman", lambda folder: install_locked(TOOLS, folder / "newman")) / "newman"


def collection(url: str) -> dict[str, Any]:
    """A collection of Postman with one call."""
    fields = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    request = {
        "method": "POST",
        "url": url,
        "header": [{"key": key, "value": value} for key, value in fields.items()],
        "body": {"mode": "raw", "raw": json.dumps(REQUEST)},
    }
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return {"info": {"name": "calls", "schema": schema}, "item": [{"name": "call", "request": request}]}


@pytest.mark.nightly
def test_newman(tmp_path: Path, mock_url: str, newman: Path) -> None:
    (tmp_path / "collection.json").write_text(json.dumps(collection(f"{mock_url}{PATH}")))
    script = newman / "node_modules" / "newman" / "bin" / "newman.js"
    options = ("--reporters", "json", "--reporter-json-export", "traffic.json")
    command = (str(node_folder() / "bin" / "node"), str(script), "run", "collection.json", *options)
    subprocess.run(command, cwd=tmp_path, env=tool_environment(), check=True, capture_output=True)
    call = call_in(tmp_path / "traffic.json", "newman")
    assert call.response
    assert_whole(call, f"{mock_url}{PATH}", (call.response.body or b"").decode())
    assert json.loads(call.response.body or b"")["phone_call"]["to_number"] == REQUEST["to_number"]


@pytest.fixture(scope="module")
def mitmproxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with mitmproxy. It needs other versions of our dependencies, so it has an environment of its own."""
    return shared_folder(tmp_path_factory, "mitmproxy", _install_mitmproxy)


def _install_mitmproxy(folder: Path) -> None:
    environment, lock = folder / "environment", ROOT / "requirements" / "mitmproxy.txt"
    subprocess.run((sys.executable, "-m", "venv", str(environment)), check=True)  # that of the tests has no pip
    pip = (str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes")
    subprocess.run((*pip, "--requirement", str(lock), "--target", str(folder)), check=True)


@contextmanager
def recording(mitmproxy: Path, url: str, flows: Path) -> Iterator[str]:
    """Has mitmdump stand before a server and write what passes; gives its URL."""
    options = ("--mode", f"reverse:{url}", "--listen-host", "127.0.0.1", "--listen-port", "0", "-w", str(flows))
    command = (sys.executable, "-u", str(mitmproxy / "bin" / "mitmdump"), "--set", f"confdir={flows.parent}", *options)
    environment = tool_environment(PYTHONPATH=str(mitmproxy))
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            said = (re.search(r"listening at \S*?:(\d+)\.", line) for line in process.stdout)
            yield f"http://127.0.0.1:{next(found[1] for found in said if found)}"
        finally:
            process.send_signal(signal.SIGINT)


@pytest.mark.nightly
def test_mitmproxy(tmp_path: Path, mock_url: str, mitmproxy: Path) -> None:
    with recording(mitmproxy, mock_url, tmp_path / "flows") as url:
        httpx.post(f"{url}{PATH}", json=REQUEST, headers={"Authorization": f"Bearer {TOKEN}"})
    environment = tool_environment(PYTHONPATH=f"{mitmproxy}:{ROOT}:{ROOT / 'generated'}")
    options = ("--url", mock_url, "--report-dir", str(tmp_path / "report"), "--allow-partial")
    command = (sys.executable, "-m", "contract_tests.recordings", str(tmp_path / "flows"), *options)
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    result = json.loads((tmp_path / "report" / "result.json").read_text())
    assert (result["requests"], result["findings"], result["recording"]["not_judged"]) == (1, [], {})
