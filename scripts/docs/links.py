"""The links of pages of HTML: where they lead, and what a browser would load from elsewhere."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LOADING: Final = {"src", "srcset", "poster", "data", "action", "formaction", "background"}
"""Attributes whose URL a browser asks for."""
_HERE: Final = {"", "data", "blob"}


@dataclass
class _Found(HTMLParser):
    """The anchors and URLs of a page."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes down what an element has."""
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif name == "href" and value:
                (self.loads if tag == "link" else self.links).append(value)
            elif name in _LOADING and value:
                self.loads.append(value)


def local_links(page: str) -> list[str]:
    """The links and the loaded files of a page that lead to no other host, in its order."""
    found = _read(page)
    return [link for link in [*found.links, *found.loads] if not _is_elsewhere(link)]


def find_loads_from_elsewhere(page: str) -> list[str]:
    """The URLs of other hosts that a browser asks for when it opens a page, by its elements."""
    return [url for url in _read(page).loads if _is_elsewhere(url)]


def find_broken_links(site: Mapping[str, bytes], paths: Iterable[str]) -> list[str]:
    """The local links of some pages of a site that lead to no file or to no anchor, each as a sentence."""
    pages = {path: _read(content.decode()) for path, content in site.items() if path.endswith(".html")}
    return [
        f"{path} links to {link}, which the site does not have"
        for path in paths
        for link in dict.fromkeys([*pages[path].links, *pages[path].loads])
        if not _is_elsewhere(link) and not _leads_somewhere(site, pages, path, link)
    ]


def _leads_somewhere(site: Mapping[str, bytes], pages: Mapping[str, _Found], path: str, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = target_of(path, name) if name else path
    if link.startswith("data:") or anchor.startswith("/"):  # a place that Redoc's script makes
        return True
    return target in site and (not anchor or target not in pages or unquote(anchor) in pages[target].anchors)


def target_of(path: str, link: str) -> str:
    """The path in the site that a link of a page leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(link)))


def _is_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.netloc) or parts.scheme not in _HERE


def _read(page: str) -> _Found:
    found = _Found()
    found.feed(page)
    return found
