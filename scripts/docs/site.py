"""The files of the site, made of the guides, the reference and the last report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import dirname, relpath
from typing import TYPE_CHECKING, Final

import jinja2
from markupsafe import Markup

from scripts.docs.guides import Guide, render_guide
from scripts.docs.links import find_broken_links, local_links, target_of
from scripts.docs.navigation import REFERENCE, REPORT, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FOLDER: Final = Path(__file__).parent
_MARKDOWN: Final = ".md"


class SiteError(Exception):
    """The site cannot be made. `str()` is the whole message for the user."""


@dataclass(frozen=True)
class Entry:
    """A line of the navigation, with its address as seen from the page that shows it."""

    title: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Section:
    """A part of the navigation."""

    title: str
    entries: tuple[Entry, ...]


def read_guides(root: Path) -> list[Guide]:
    """The guides of a repository, rendered, in the order of the navigation.

    Raises:
        OSError: a guide that the navigation names cannot be read.
    """
    sources = [source for sources in SECTIONS.values() for source in sources]
    return [render_guide(source, (root / source).read_text(encoding="utf-8")) for source in sources]


def read_linked_files(root: Path, guides: Iterable[Guide]) -> dict[str, bytes]:
    """The files of the repository that guides link to or show and that are no guides, by their paths."""
    links = {link for guide in guides for link in guide.links if not link.endswith(_MARKDOWN)}
    inside = sorted(link for link in links if ".." not in PurePosixPath(link).parts)
    return {link: (root / link).read_bytes() for link in inside if (root / link).is_file()}


def read_report(folder: Path) -> dict[str, bytes]:
    """The page of the last report, and the files beside it that it links to, by their paths in the site.

    Nothing if no run wrote a report.
    """
    page = folder / PurePosixPath(REPORT).name
    if not page.is_file():
        return {}
    names = {target_of("", link.partition("#")[0]) for link in local_links(page.read_text(encoding="utf-8"))}
    beside = [name for name in sorted(names) if not name.startswith("..") and (folder / name).is_file()]
    return {f"{dirname(REPORT)}/{name}": (folder / name).read_bytes() for name in dict.fromkeys([page.name, *beside])}


def make_site(
    guides: Iterable[Guide], reference: str, files: Mapping[str, bytes], report: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The files of the site, by their paths.

    Raises:
        SiteError: a link of a guide leads nowhere.
    """
    guides = list(guides)
    pages = {guide.path: _page(guide, guides, has_report=bool(report)).encode() for guide in guides}
    site = {**files, **report, **pages, REFERENCE: reference.encode()}
    if broken := find_broken_links(site, pages):
        raise SiteError("\n".join(broken))
    return site


def _page(guide: Guide, guides: Iterable[Guide], *, has_report: bool) -> str:
    """The whole page of a guide."""
    folder = dirname(guide.path) or "."
    return _template().render(
        guide=guide,
        content=Markup(guide.html),  # noqa: S704 - rendered by markdown-it, which lets no HTML of a guide through
        home=relpath("index.html", folder),
        sections=[*_api(folder, has_report=has_report), *_sections(guide, guides, folder)],
        site_title=next(each.title for each in guides if each.path == "index.html"),
        style=Markup((_FOLDER / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
    )


def _api(folder: str, *, has_report: bool) -> list[Section]:
    """The section of the pages that are no guides."""
    pages = {"Reference": REFERENCE, **({"Last report": REPORT} if has_report else {})}
    return [
        Section("API", tuple(Entry(title, relpath(path, folder), is_current=False) for title, path in pages.items()))
    ]


def _sections(current: Guide, guides: Iterable[Guide], folder: str) -> list[Section]:
    """The sections of guides."""
    known = {guide.source: guide for guide in guides}
    return [
        Section(
            title,
            tuple(
                Entry(known[source].title, relpath(known[source].path, folder), is_current=source == current.source)
                for source in sources
            ),
        )
        for title, sources in SECTIONS.items()
    ]


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(_FOLDER)
    environment = jinja2.Environment(autoescape=True, loader=loader, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.get_template("page.html.j2")
