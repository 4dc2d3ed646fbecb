"""The page as a file: everything is escaped, and nothing is asked of anybody."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec import structs

from contract_tests.report.page.page import make_page
from contract_tests.result.part import decode_part, encode_part
from contract_tests.result.result import Result
from contract_tests.run.recording import judge_recording
from contract_tests.target.options import Options
from contract_tests.traffic.sources import find_sources
from tests.support.exchanges import conforming, post, sent
from tests.support.pages import HOSTILE, hostile, lax_result, shortened, with_findings, with_past
from tests.support.recordings import make_entry, with_response
from tests.support.results import result_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract


class Elements(HTMLParser):
    """The elements of a page, with their attributes, and all text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & {*self.open}:
            self.text += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.found if (value := attributes.get(attribute)) is not None]


@pytest.fixture(scope="module")
def page() -> str:
    return make_page(with_past(lax_result()))


@pytest.fixture(scope="module")
def elements(page: str) -> Elements:
    return Elements(page)


@pytest.fixture(scope="module")
def attacked() -> str:
    """A page with hostile texts. It has some statements of each kind, for all of them take long to read."""
    return make_page(hostile(shortened(with_past(lax_result()))))


def test_hostile_texts_in_every_field_make_no_element_and_no_attribute(elements: Elements, attacked: str) -> None:
    found = Elements(attacked)
    assert {tag for tag, _ in found.found} <= {tag for tag, _ in elements.found}
    assert sum(tag == "script" for tag, _ in found.found) == 1
    assert not found.values("onerror")
    assert HOSTILE.partition("'")[0] in found.text


def test_hostile_texts_that_are_folded_away_are_escaped_too() -> None:
    page = make_page(with_findings(hostile(shortened(with_past(lax_result()))), 101))
    assert "<img" not in page
    assert page.count("<script") == 2  # the data is one


def test_unprintable_characters_are_spelled_out(page: str, attacked: str) -> None:
    assert "\x1b" not in attacked
    assert "\u202e" not in attacked
    assert r"\x1b[2J\u202e" in attacked
    assert page.replace("\n", "").isprintable()


@pytest.mark.slow
def test_the_page_names_no_other_place(page: str, elements: Elements) -> None:
    assert {link for link in elements.values("href") if not link.startswith(("#", "findings/"))} == {
        "data:,",
        "result.json",
    }
    assert not elements.values("src")
    assert "url(" not in page
    assert "@import" not in page


def test_the_policy_lets_nothing_work_but_the_pages_own_style_and_script(page: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    for kind, tag in (("style", "style"), ("script", "script")):
        (own,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{kind}-src &#39;sha256-{digest}&#39;" in policy
    assert policy.startswith("default-src 'none'")


@pytest.mark.slow
def test_no_attribute_holds_a_style_or_a_script(elements: Elements) -> None:
    attributes = {name for _, found in elements.found for name in found}
    assert not {name for name in attributes if name == "style" or name.startswith("on")}


def test_every_anchor_leads_to_a_place_of_the_page_and_no_two_places_share_a_name(elements: Elements) -> None:
    names = elements.values("id")
    assert len(names) == len({*names})
    assert {link[1:] for link in elements.values("href") if link.startswith("#")} <= {*names}


@pytest.mark.slow
def test_the_page_tells_what_changed_since_the_earlier_run_and_what_is_accepted(elements: Elements) -> None:
    text = elements.text
    assert "1 new, 12 unchanged, 1 gone" in text
    assert "The server was slow" in text
    assert "different specs" in text
    assert "accepted until 2026-12-31 (mended in the next release)" in text
    assert "3 runs from 2026-01-30 to 2026-01-31" in text


@pytest.mark.slow
def test_a_run_without_a_past_tells_of_none() -> None:
    names = Elements(make_page(lax_result())).values("id")
    assert not {"changes", "trend"} & {*names}


def test_the_page_is_made_from_the_result_alone(page: str) -> None:
    written = encode_part(with_past(lax_result()))
    read = decode_part(written, Result)
    assert make_page(read) == page


@pytest.mark.parametrize("verdict", ["conforms", "incomplete", "untestable"])
def test_a_result_without_findings_has_a_page(contract: Contract, verdict: str) -> None:
    result = structs.replace(result_of(contract, *sent(conforming(), post())), verdict=verdict)
    text = Elements(make_page(shortened(result))).text
    assert "Causes" not in text
    assert "Never tried, or withheld" in text


def test_a_result_of_an_earlier_version_has_a_page(contract: Contract) -> None:
    new = {"timeline", "contract", "pairs", "spec", "settings", "versions", "date"}
    result = result_of(contract, *sent(conforming(), post()))
    old = {name: value for name, value in msgspec.to_builtins(result).items() if name not in new}
    assert "Keeps the contract" in make_page(msgspec.convert(old, type(result)))


def judged_recording(folder: Path) -> Result:
    entries = [make_entry(), with_response(status=500)]
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "t"}, "entries": entries}}))
    return judge_recording(find_sources([str(path)]), Options(folder / "report", "VOICEOS_TOKEN", seed=1))


@pytest.mark.slow
def test_a_recording_has_the_same_page(tmp_path: Path) -> None:
    result = judged_recording(tmp_path)
    text = Elements((tmp_path / "report" / "index.html").read_text()).text
    assert result.findings[0].headline in text
    assert "requests judged" in text
    assert "times are not known" in text
