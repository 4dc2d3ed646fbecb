"""Guides become HTML: their headings have GitHub's anchors, and their links lead to pages of the site."""

from __future__ import annotations

import re

import pytest

from scripts.docs.guides import render_guide
from scripts.docs.navigation import SECTIONS, site_path
from spec.paths import ROOT
from tests.docs.pages import anchors

SOURCES = [source for sources in SECTIONS.values() for source in sources]


def html(text: str, source: str = "docs/guide.md") -> str:
    return render_guide(source, text).html


@pytest.mark.parametrize("source", SOURCES)
def test_headings_have_the_anchors_of_github(source: str) -> None:
    guide = render_guide(source, (ROOT / source).read_text(encoding="utf-8"))
    assert anchors(ROOT / source) <= {*re.findall(r'<h\d id="([^"]*)"', guide.html)}


def test_a_second_heading_of_the_same_words_has_another_anchor() -> None:
    assert re.findall(r'id="([^"]*)"', html("# Run `it`\n\n# Run it\n")) == ["run-it", "run-it-1"]


def test_the_first_heading_is_the_title() -> None:
    assert render_guide("a.md", "# Use the `client`\n\n## Set up\n").title == "Use the client"


@pytest.mark.parametrize(
    ("source", "link", "leads_to"),
    [
        ("README.md", "docs/client.md#errors", "docs/client.html#errors"),
        ("docs/client.md", "../README.md", "../index.html"),
        ("docs/client.md", "recordings.md", "recordings.html"),
        ("docs/client.md", "../spec/openapi.yaml", "../spec/openapi.yaml"),
        ("docs/client.md", "#errors", "#errors"),
        ("docs/client.md", "https://example.com/a.md", "https://example.com/a.md"),
    ],
)
def test_a_link_leads_to_the_page_of_the_site(source: str, link: str, leads_to: str) -> None:
    assert f'href="{leads_to}"' in html(f"[there]({link})", source)


def test_a_picture_stays_where_it_is() -> None:
    guide = render_guide("README.md", "![A page](docs/report.png)")
    assert ('src="docs/report.png"' in guide.html, guide.links) == (True, ("docs/report.png",))


def test_html_in_a_guide_is_shown_as_text() -> None:
    assert "<script" not in html("<script>alert(1)</script>\n\na <b onclick=x>b</b>")


def test_code_and_tables_can_be_scrolled_by_keyboard() -> None:
    assert html("```sh\nls\n```\n").startswith('<pre tabindex="0">')
    assert html("| a |\n|---|\n| b |\n").startswith('<table tabindex="0">')


def test_a_table_is_one() -> None:
    assert "<td>b</td>" in html("| a |\n|---|\n| b |\n")


def test_a_path_of_the_site_is_that_of_the_repository() -> None:
    assert [site_path(path) for path in ("README.md", "docs/a.md", "LICENSE")] == [
        "index.html",
        "docs/a.html",
        "LICENSE",
    ]
