"""Links of the pages lead somewhere, and the lines of the spec that they name are the right ones."""

from __future__ import annotations

import re

import pytest

from spec.reader import read_spec
from tests.conftest import ROOT
from tests.docs.pages import PAGES, anchors

LINKS = [
    (page, link)
    for page, text in {**PAGES, "ARCHITECTURE.md": "", "CONTRIBUTING.md": ""}.items()
    for link in re.findall(r"\]\(([^)]+)\)", text or (ROOT / page).read_text())
    if "://" not in link
]
PLACES = [
    (page, int(line), pointer)
    for page, text in PAGES.items()
    for line, pointer in re.findall(r"spec/openapi\.yaml:(\d+)(?::\d+)?  (/\S+)", text)
]


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_a_link_leads_to_a_page_and_a_heading_of_it(page: str, link: str) -> None:
    name, _, anchor = link.partition("#")
    target = (ROOT / page).parent / name if name else ROOT / page
    assert target.exists()
    assert not anchor or anchor in anchors(target)


def test_every_guide_is_linked_from_the_readme() -> None:
    linked = {link for page, link in LINKS if page == "README.md"}
    assert {page for page in PAGES if page.startswith("docs/")} <= linked


@pytest.mark.parametrize(("page", "line", "pointer"), PLACES)
def test_a_line_of_the_spec_is_where_the_page_says(page: str, line: int, pointer: str) -> None:
    assert read_spec(ROOT / "spec" / "openapi.yaml").places[pointer].line == line, page
