"""The built site in Chromium: it shows rules, standings and names of unions, and asks for nothing."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import sync_playwright

from scripts.docs.__main__ import main
from scripts.docs.annotated import annotate
from scripts.docs.links import find_loads_from_elsewhere
from scripts.docs.navigation import REFERENCE
from scripts.docs.reference import build_reference
from spec.reader import read_spec
from tests.support.minimal import MINIMAL
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

OPERATION: Final = "#/conversations/create_phone_call"
"""Redoc's anchor of the operation."""
HOSTILE: Final = "<img src=x onerror=alert(1)><script>alert(2)</script><img src=https://example.com/a.png>"


@dataclass
class Opened:
    """A page that is open, with what its user would not see."""

    page: Page
    errors: list[str] = field(default_factory=list)
    """The errors of its console, and its dialogs."""
    requests: list[str] = field(default_factory=list)
    """The URLs that it asked for. Its policy stops others before."""

    def wait_for(self, text: str) -> None:
        """Waits until the page shows a text."""
        self.page.get_by_text(text).first.wait_for()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as the command makes it, in a folder with a page of a hostile spec beside it."""

    def fill(folder: Path) -> None:
        assert main([f"--output={folder / 'site'}", f"--report-dir={folder}"]) == 0
        spec = folder / "openapi.yaml"
        spec.write_text(MINIMAL.replace("description: Made.", f"description: '{HOSTILE}'"), encoding="utf-8")
        (folder / "hostile.html").write_text(build_reference(annotate(read_spec(spec))), encoding="utf-8")

    return shared_folder(tmp_path_factory, "site", fill) / "site"


@pytest.fixture(scope="module")
def browser(site: Path) -> Iterator[Browser]:
    """Debian's Chromium. Without one, the test is skipped, and fails in CI."""
    assert site.is_dir()
    path = shutil.which("chromium")
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "No Chromium is installed: sudo apt-get install chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


def opened(browser: Browser, file: Path, anchor: str = "") -> Opened:
    """A page opened from its file, without a network."""
    found = Opened(browser.new_context(offline=True).new_page())
    found.page.on("console", lambda said: found.errors.append(said.text) if said.type == "error" else None)
    found.page.on("pageerror", lambda error: found.errors.append(str(error)))
    found.page.on("dialog", lambda dialog: found.errors.append(dialog.message))
    found.page.on("requestfinished", lambda one: found.requests.append(one.url))
    found.page.on("requestfailed", lambda one: found.requests.append(one.url) if one.failure != "csp" else None)
    found.page.goto(f"{file.as_uri()}{anchor}")
    return found


def test_no_page_names_a_file_of_another_host_to_load(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        styles = re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)
        assert find_loads_from_elsewhere(text) == [], page
        assert not any(re.search(r"@import|url\((?![\"']?(?:data:|#))", style) for style in styles), page
    assert "cdn.redoc.ly" not in (site / REFERENCE).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index.html", "docs/client.html", REFERENCE])
def test_a_page_asks_for_nothing(browser: Browser, site: Path, name: str) -> None:
    found = opened(browser, site / name)
    found.wait_for("VoiceOS")
    assert (found.requests, found.errors) == ([(site / name).as_uri()], [])


def test_the_reference_shows_rules_standings_examples_and_the_names_of_unions(browser: Browser, site: Path) -> None:
    found = opened(browser, site / REFERENCE, OPERATION)
    found.wait_for("ended_at is null while the conversation has not ended")
    found.wait_for("Standing: documented, format sdk.")
    found.wait_for("The call with a stored agent is queued")
    found.page.get_by_text("Show 9 properties").first.click()
    found.page.locator("text=Show 7 properties").first.click()
    for name in ("playht", "elevenlabs", "azure", "deepgram", "rime", "PlayhtVoiceModel"):
        found.wait_for(name)
    assert (found.requests, found.errors) == ([(site / REFERENCE).as_uri()], [])


def test_the_reference_leads_to_the_guides_and_the_spec(browser: Browser, site: Path) -> None:
    found = opened(browser, site / REFERENCE)
    links = found.page.locator("nav.site a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert links
    assert [link for link in links if not (site / link).is_file()] == []


def test_a_description_runs_no_script_and_loads_nothing(browser: Browser, site: Path) -> None:
    page = site.parent / "hostile.html"
    found = opened(browser, page)
    found.wait_for("Small")
    found.page.wait_for_load_state("networkidle")
    assert found.requests == [page.as_uri()]
    assert {said.partition(" ")[0] for said in found.errors} <= {"Loading", "Executing"}  # stopped by the policy
