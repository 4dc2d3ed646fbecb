"""The built site in Chromium: it shows rules, standings and names of unions, and asks for nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from scripts.docs.__main__ import main
from scripts.docs.annotated import annotate
from scripts.docs.links import find_loads_from_elsewhere
from scripts.docs.navigation import REFERENCE
from scripts.docs.reference import build_reference
from spec.reader import read_spec
from tests.support.browser import Opened, chromium, opened
from tests.support.minimal import MINIMAL
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow
OPERATION: Final = "#/conversations/create_phone_call"
"""Redoc's anchor of the operation."""
GREETING: Final = "https://github.com/Redocly/redoc"
"""Stands in the one line that Redoc writes to the console."""
STOPPED: Final = "violates the following Content Security Policy directive"
HOSTILE: Final = "<img src=x onerror=alert(1)><script>alert(2)</script><img src=https://example.com/a.png>"
GUIDES: Final = ["index.html", "docs/client.html"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as the command makes it, with a page of a hostile spec beside its folder."""

    def fill(folder: Path) -> None:
        assert main([f"--output={folder / 'site'}", f"--report-dir={folder}"]) == 0
        spec = folder / "openapi.yaml"
        spec.write_text(MINIMAL.replace("description: Made.", f"description: '{HOSTILE}'"), encoding="utf-8")
        (folder / "hostile.html").write_text(build_reference(annotate(read_spec(spec))), encoding="utf-8")

    return shared_folder(tmp_path_factory, "site", fill) / "site"


@pytest.fixture(scope="module")
def browser(site: Path) -> Iterator[Browser]:
    assert site.is_dir()  # made before: while a browser is open, its event loop runs, and no other can
    with chromium() as found:
        yield found


def complaints(found: Opened) -> list[str]:
    """The complaints about a page, without Redoc's greeting."""
    return [said for said in found.complaints if GREETING not in said]


def wait_for(found: Opened, text: str) -> None:
    """Waits until a page shows a text."""
    found.page.get_by_text(text).first.wait_for()


def test_no_page_names_a_file_of_another_host_to_load(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        styles = re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)
        assert find_loads_from_elsewhere(text) == [], page
        assert not any(re.search(r"@import|url\((?![\"']?(?:data:|#))", style) for style in styles), page
    assert "cdn.redoc.ly" not in (site / REFERENCE).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*GUIDES, REFERENCE])
def test_a_page_asks_for_nothing_outside_the_site(browser: Browser, site: Path, name: str) -> None:
    with opened(browser, site / name) as found:
        found.page.wait_for_load_state("networkidle")
        assert complaints(found) == []
        assert [url for url in found.requests if not url.startswith(f"{site.as_uri()}/")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_can_be_read_on_a_phone_and_by_all(browser: Browser, site: Path, name: str, scheme: str) -> None:
    with opened(browser, site / name, viewport={"width": 360, "height": 740}, color_scheme=scheme) as found:
        assert not found.scrolls_sideways
        assert found.find_inaccessible() == []


def test_the_reference_shows_rules_standings_examples_and_the_names_of_unions(browser: Browser, site: Path) -> None:
    with opened(browser, site / REFERENCE, OPERATION) as found:
        wait_for(found, "ended_at is null while the conversation has not ended")
        wait_for(found, "Standing: documented, format sdk.")
        wait_for(found, "The call with a stored agent is queued")
        found.page.get_by_text("Show 9 properties").first.click()
        found.page.get_by_text("Show 7 properties").first.click()
        for name in ("playht", "elevenlabs", "azure", "deepgram", "rime", "PlayhtVoiceModel"):
            wait_for(found, name)
        assert (found.requests, complaints(found)) == ([(site / REFERENCE).as_uri()], [])


def test_the_reference_leads_to_the_guides_and_the_spec(browser: Browser, site: Path) -> None:
    with opened(browser, site / REFERENCE) as found:
        links = found.page.locator("nav.site a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert links
    assert [link for link in links if not (site / link).is_file()] == []


def test_a_description_runs_no_script_and_loads_nothing(browser: Browser, site: Path) -> None:
    page = site.parent / "hostile.html"
    with opened(browser, page) as found:
        wait_for(found, "Small")
        found.page.wait_for_load_state("networkidle")
        assert [said for said in complaints(found) if STOPPED not in said] == []
        for url in {*found.requests} - {page.as_uri()}:
            assert any(url in said for said in complaints(found)), "the policy did not stop it"
