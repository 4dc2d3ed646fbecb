"""The page in Chromium, as people use it. Each test opens it from its file, without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from contract_tests.report.files import prepare_folder, write_result
from contract_tests.report.page.page import make_page
from contract_tests.result.part import decode_part
from contract_tests.result.result import Result
from tests.contract_tests.report.page.test_page import judged_recording
from tests.support.browser import Opened, chromium, opened
from tests.support.exchanges import conforming, post, sent
from tests.support.pages import hostile, lax_result, shortened, with_findings, with_past
from tests.support.results import result_of
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Finding

pytestmark = pytest.mark.slow  # Chromium takes ten seconds of a processor to start
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 740}}
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
}
MANY: Final = 300
"""Findings enough for most of them to be folded away into data."""
PAGES: Final = ("lax/short", "recording/report/index", "conforms", "lax/index")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, contract: Contract) -> Path:
    """Pages: `lax/` and a short one of that, `recording/report/`, and of other results."""

    def fill(folder: Path) -> None:
        prepare_folder(folder / "lax")
        write_result(folder / "lax", lax_result())
        (folder / "recording").mkdir()
        judged_recording(folder / "recording")
        kept = result_of(contract, *sent(conforming(), post()))
        short = shortened(with_past(lax_result()))
        pages = {"conforms": kept, "hostile": hostile(short), "lax/short": short}
        pages["many"] = with_findings(short, MANY)
        pages["hostile-many"] = with_findings(hostile(short), 101)
        for name, result in pages.items():
            (folder / f"{name}.html").write_text(make_page(result), encoding="utf-8")

    return shared_folder(tmp_path_factory, "pages", fill)


@pytest.fixture(scope="module")
def first(folder: Path) -> Finding:
    """The first finding of `lax/`."""
    return decode_part((folder / "lax" / "result.json").read_bytes(), Result).findings[0]


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    assert folder.is_dir()  # made before: while a browser is open, its event loop runs, and no other can
    with chromium() as found:
        yield found


@pytest.fixture
def lax(browser: Browser, folder: Path) -> Iterator[Opened]:
    with opened(browser, folder / "lax" / "short.html") as found:
        yield found


def is_open(opened: Opened, selector: str) -> bool:
    return bool(opened.page.eval_on_selector(selector, "found => found.open"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_for_anything_and_complains_of_nothing(browser: Browser, folder: Path, name: str) -> None:
    file = folder / f"{name}.html"
    with opened(browser, file) as found:
        found.unfold_everything()
        assert (found.requests, found.complaints) == ([file.as_uri()], [])


def test_a_page_of_two_thousand_findings_asks_nobody_and_complains_of_nothing(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "many.html"
    file.write_text(make_page(with_findings(lax_result(), 2_000)), encoding="utf-8")
    with opened(browser, file) as found:
        found.unfold_everything()
        assert (found.requests, found.complaints) == ([file.as_uri()], [])


@pytest.mark.parametrize(("name", "last"), [("hostile", 13), ("hostile-many", 101)])
def test_hostile_texts_do_nothing(browser: Browser, folder: Path, name: str, last: int) -> None:
    file = folder / f"{name}.html"
    with opened(browser, file) as found:
        found.unfold_everything()
        found.page.locator(f"#finding-{last} .message").first.wait_for()  # the last may be folded away into data
        found.page.fill("#filter", "hacked")
        assert found.page.evaluate("typeof hacked") == "undefined"
        assert (found.requests, found.complaints) == ([file.as_uri()], [])
        assert not found.scrolls_sideways


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_serious_keeps_anybody_from_reading_the_page(browser: Browser, folder: Path, look: str) -> None:
    with opened(browser, folder / "lax" / "short.html", **LOOKS[look]) as found:
        found.unfold_everything()
        assert found.find_inaccessible() == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_need_not_scroll_sideways(browser: Browser, folder: Path, name: str) -> None:
    with opened(browser, folder / f"{name}.html", **PHONE) as found:
        found.unfold_everything()
        assert not found.scrolls_sideways


def test_the_verdict_and_the_first_cause_are_open_at_once(lax: Opened) -> None:
    assert lax.page.locator("h1").inner_text() == "Breaks the contract"
    assert is_open(lax, "#finding-1")
    assert not is_open(lax, "#finding-2")


def test_a_link_to_a_cause_unfolds_it(lax: Opened) -> None:
    lax.page.click("#verdict a[href='#finding-7']")
    assert lax.page.locator("#finding-7 .message").first.is_visible()
    lax.page.click("#finding-7 > summary")
    lax.page.click("#verdict a[href='#finding-7']")  # a second time, though the address stays the same
    assert lax.page.locator("#finding-7 .message").first.is_visible()


@pytest.mark.parametrize(("anchor", "shown"), [("#finding-9", "#finding-9 .message"), ("#L166", "#L166")])
def test_an_address_with_an_anchor_opens_what_it_names(browser: Browser, folder: Path, anchor: str, shown: str) -> None:
    with opened(browser, folder / "lax" / "short.html", anchor) as found:
        assert found.page.locator(shown).first.is_visible()
        assert found.page.locator(shown).first.evaluate("found => found.getBoundingClientRect().top < innerHeight")


def test_a_quoted_line_leads_to_the_spec(lax: Opened) -> None:
    lax.page.click("#finding-1 figcaption a.place")
    line = lax.page.evaluate("location.hash")
    assert lax.page.locator(line).is_visible()


def test_links_to_files_lead_to_files_that_are_there(lax: Opened, folder: Path) -> None:
    links = lax.page.eval_on_selector_all("a", "every => every.map(each => each.getAttribute('href'))")
    files = [link for link in links if not link.startswith("#")]
    assert files
    assert all((folder / "lax" / file).is_file() for file in files)


def test_copy_puts_the_whole_command_on_the_clipboard(lax: Opened, first: Finding) -> None:
    lax.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lax.page.click("#finding-1 .copy")
    lax.page.locator("#finding-1 .copy", has_text="Copied").wait_for()
    assert lax.page.evaluate("navigator.clipboard.readText()") == first.reproduce


def test_without_a_clipboard_the_command_is_selected(lax: Opened, first: Finding) -> None:
    lax.page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(Error('no')))")
    lax.page.click("#finding-1 .copy")
    lax.page.locator("#finding-1 .copy", has_text="Selected").wait_for()
    assert lax.page.evaluate("String(getSelection())") == first.reproduce


def test_the_filter_leaves_the_causes_that_have_its_words(lax: Opened) -> None:
    lax.page.fill("#filter", "TYPE_IS_OUTBOUND phone_call")
    assert lax.page.locator("#shown").inner_text() == "1 shown"
    assert lax.page.locator(".cause:visible").count() == 1
    lax.page.fill("#filter", "")
    assert lax.page.locator("#shown").inner_text() == "13 shown"


def test_a_link_to_a_cause_that_the_filter_hides_shows_it(lax: Opened) -> None:
    lax.page.fill("#filter", "credentials")
    lax.page.click("#verdict a[href='#finding-4']")
    assert lax.page.locator("#finding-4").is_visible()


def test_all_causes_unfold_and_fold_at_once(lax: Opened) -> None:
    lax.page.click("#unfold")
    assert lax.page.locator(".cause[open]").count() == 13
    lax.page.click("#fold")
    assert lax.page.locator(".cause[open]").count() == 0


def test_statements_that_were_never_tried_can_be_shown_alone(lax: Opened) -> None:
    lax.page.check("input[value=never]")
    assert lax.page.locator("#tree .claims li.never:visible").count() > 5
    assert lax.page.locator("#tree .claims li.kept:visible").count() == 0


def test_the_keyboard_alone_is_enough(lax: Opened) -> None:
    keyboard = lax.page.keyboard
    keyboard.press("Tab")
    assert lax.page.evaluate("document.activeElement.className") == "skip"
    keyboard.press("Enter")
    assert lax.page.evaluate("document.activeElement.id") == "main"
    lax.page.focus("#fold")
    for key in ("Tab", "Enter"):
        keyboard.press(key)
    assert not is_open(lax, "#finding-1")
    for key in ("Tab", "Space"):
        keyboard.press(key)
    assert is_open(lax, "#finding-2")
    assert lax.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_print_unfolds_the_causes_and_leaves_out_what_nobody_can_click(lax: Opened) -> None:
    lax.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    lax.page.emulate_media(media="print")
    assert lax.page.locator(".cause .headers pre").last.is_visible()
    assert not any(lax.page.locator(each).is_visible() for each in ("nav", ".controls >> nth=0", ".copy >> nth=0"))
    lax.page.emulate_media(media="screen")
    lax.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert lax.page.locator(".cause[open]").count() == 1


def test_the_page_becomes_a_document_of_some_pages(lax: Opened) -> None:
    document = lax.page.pdf(format="A4")
    assert document.startswith(b"%PDF")
    assert 3 <= document.count(b"/Type /Page\n") + document.count(b"/Type /Page/") <= 60


def test_without_scripts_everything_can_be_read(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "lax" / "short.html", java_script_enabled=False) as found:
        found.page.click("#finding-3 > summary")
        assert found.page.locator("#finding-3 .message").first.is_visible()


def test_the_last_of_many_causes_unfolds(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "many.html", f"#finding-{MANY}") as found:
        found.page.locator(f"#finding-{MANY} .message").first.wait_for()
        assert found.page.locator(f"#finding-{MANY} .again code").inner_text()
        assert found.page.locator(".cause").count() == MANY


def test_the_filter_finds_words_that_are_folded_away(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "many.html") as found:
        found.page.evaluate("unpacked")
        found.page.fill("#filter", "malformed_json_refused")
        assert found.page.locator("#shown").inner_text() == f"{len(range(12, MANY + 1, 13))} shown"
