"""Links that lead nowhere are found, and so is whatever a browser would load from elsewhere."""

from __future__ import annotations

import pytest

from scripts.docs.links import find_broken_links, find_loads_from_elsewhere, local_links


def broken(link: str) -> list[str]:
    """The broken links of a page `docs/a.html` with one link, beside a page and a picture."""
    site = {
        "docs/a.html": f'<h1 id="here">A</h1><a href="{link}">x</a>'.encode(),
        "b.html": b'<h2 id="there">B</h2>',
        "docs/c d.png": b"",
    }
    return find_broken_links(site, ["docs/a.html"])


@pytest.mark.parametrize(
    "link", ["../b.html", "../b.html#there", "#here", "c%20d.png", "https://example.com/x", "data:,"]
)
def test_a_link_that_leads_somewhere_is_none(link: str) -> None:
    assert broken(link) == []


@pytest.mark.parametrize("link", ["b.html", "../b.html#nowhere", "#there", "/b.html", "../../b.html", "d.png"])
def test_a_link_that_leads_nowhere_is_found(link: str) -> None:
    assert broken(link) == [f"docs/a.html links to {link}, which the site does not have"]


@pytest.mark.parametrize(
    "element",
    [
        '<script src="{}"></script>',
        '<link rel="stylesheet" href="{}">',
        '<img src="{}">',
        '<img srcset="{}">',
        '<iframe src="{}"></iframe>',
        '<form action="{}"></form>',
    ],
)
def test_what_a_browser_loads_from_elsewhere_is_found(element: str) -> None:
    for url in ("https://cdn.example.com/a", "//cdn.example.com/a"):
        assert find_loads_from_elsewhere(element.format(url)) == [url]
    assert find_loads_from_elsewhere(element.format("a/b.css") + element.format("data:,")) == []


def test_a_link_to_another_site_loads_nothing() -> None:
    assert find_loads_from_elsewhere('<a href="https://example.com">there</a>') == []


def test_local_links_are_those_of_this_site() -> None:
    assert local_links('<a href="a.html#b">a</a><a href="https://example.com">b</a><img src="c.png">') == [
        "a.html#b",
        "c.png",
    ]
