"""Debian's Chromium, without a window, and pages opened in it from files."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import sync_playwright

from scripts.chromium.installation import BY_HAND, find_chromium
from scripts.redocly.installation import package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

_TIMEOUT: Final = 20_000
"""How long anything in a page may take, in milliseconds."""


@dataclass
class Opened:
    """A page that is open, and what it did that nobody may see."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """The errors and warnings of its console, and its dialogs."""
    requests: list[str] = field(default_factory=list)
    """The URLs that it asked for."""

    def find_inaccessible(self) -> list[str]:
        """The serious and critical complaints of axe-core about the page as it is now."""
        self.page.evaluate((package("axe-core") / "axe.min.js").read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = (each for each in found["violations"] if each["impact"] in {"serious", "critical"})
        return [f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in grave for node in each["nodes"][:3]]

    def unfold_everything(self) -> None:
        """Opens all that can be unfolded."""
        self.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")

    @property
    def scrolls_sideways(self) -> bool:
        """True if the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium for as long as the block runs. Without one, the test is skipped, and fails in CI."""
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(BY_HAND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, file: Path, anchor: str = "", **options: Any) -> Iterator[Opened]:  # noqa: ANN401 - Playwright's
    """A page from a file, in a window of its own, without a network. `options` are those of the window."""
    with browser.new_context(offline=True, **options) as context:
        context.set_default_timeout(_TIMEOUT)
        found = Opened(context.new_page())
        found.page.on("console", lambda said: found.complaints.append(said.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.on("dialog", lambda dialog: found.complaints.append(dialog.message))
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.goto(f"{file.as_uri()}{anchor}")
        yield found
