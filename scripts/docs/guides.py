"""Guides in Markdown, rendered to HTML, with links that lead to the pages of the site."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

from scripts.docs.navigation import site_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token


@dataclass(frozen=True)
class Guide:
    """A guide, rendered."""

    source: str
    """Its path in the repository, such as `docs/client.md`."""
    title: str
    html: str
    links: tuple[str, ...]
    """The paths in the repository of the files that it links to or shows, in its order."""

    @property
    def path(self) -> str:
        """Its path in the site."""
        return site_path(self.source)


def render_guide(source: str, text: str) -> Guide:
    """Renders the Markdown of a guide. Each heading gets the anchor that GitHub gives it. HTML is shown as text."""
    tokens = _markdown().parse(text)
    title = _set_anchors(tokens)
    links = tuple(dict.fromkeys(_lead_to_pages(source, tokens)))
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    return Guide(source, title or source, _reachable(html), links)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _set_anchors(tokens: list[Token]) -> str:
    """Gives each heading its anchor, and returns the text of the first."""
    seen, texts = Counter[str](), list[str]()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            texts.append(_text(inline.children or []))
            anchor = re.sub(r"[^\w -]", "", texts[-1]).lower().replace(" ", "-")
            opening.attrSet("id", f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            seen[anchor] += 1
    return next(iter(texts), "")


def _reachable(html: str) -> str:
    """The HTML with code and tables that the keyboard can scroll. A guide's text has no such tags: it is escaped."""
    return re.sub("<(pre|table)>", r'<\1 tabindex="0">', html)


def _text(children: Iterable[Token]) -> str:
    return "".join(child.content for child in children if child.type in {"text", "code_inline"})


def _lead_to_pages(source: str, tokens: Iterable[Token]) -> Iterator[str]:
    """Makes local links lead to the pages of the site, and yields the files of the repository that they name."""
    folder = posixpath.dirname(site_path(source)) or "."
    for token in (child for parent in tokens for child in parent.children or ()):
        key = {"link_open": "href", "image": "src"}.get(token.type, "")
        name, mark, anchor = str(token.attrGet(key) or "").partition("#")
        if name and not urlsplit(name).scheme:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
            token.attrSet(key, f"{posixpath.relpath(site_path(file), folder)}{mark}{anchor}")
            yield file
