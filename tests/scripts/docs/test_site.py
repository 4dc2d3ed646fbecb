"""The site has every guide, its links lead somewhere, and it is replaced as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

import scripts.docs.__main__ as command
from scripts.docs.guides import Guide, render_guide
from scripts.docs.navigation import REFERENCE, REPORT, SECTIONS
from scripts.docs.site import SiteError, make_site, read_guides, read_linked_files, read_report
from scripts.redocly.node import RedoclyError
from spec.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DRAWN: Final = "<p>the reference</p>"
"""Stands for what Redoc draws."""


@pytest.fixture(scope="module")
def guides() -> Sequence[Guide]:
    """The real guides, which take half a second to render."""
    return read_guides(ROOT)


@pytest.fixture(scope="module")
def site(guides: Sequence[Guide]) -> Mapping[str, bytes]:
    """The site of the real guides."""
    return site_of(guides)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redoc, which draws a sentence in no time."""
    monkeypatch.setattr(command, "build_reference", lambda _: DRAWN)


@pytest.fixture
def _rendered(monkeypatch: pytest.MonkeyPatch, guides: Sequence[Guide]) -> None:
    """Guides that the command need not render."""
    monkeypatch.setattr(command, "read_guides", lambda _: guides)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A folder with the report of a run."""
    folder = tmp_path / "contract-report"
    (folder / "findings").mkdir(parents=True)
    (folder / "index.html").write_text('<a href="findings/1.json">1</a><a href="../secret">x</a><a href="#top">y</a>')
    (folder / "findings" / "1.json").write_text("{}")
    (folder / "other.har").touch()
    (tmp_path / "secret").touch()
    return folder


def site_of(guides: Sequence[Guide], *others: Guide, report: Mapping[str, bytes] | None = None) -> Mapping[str, bytes]:
    """A site of guides, with others in the places of some."""
    by_source = {guide.source: guide for guide in others}
    files = read_linked_files(ROOT, guides)
    return make_site([by_source.get(each.source, each) for each in guides], DRAWN, files, report or {})


def make(output: Path, *options: str) -> int:
    return command.main([f"--output={output}", *options])


def test_every_guide_stands_in_the_navigation_once() -> None:
    sources = [source for sources in SECTIONS.values() for source in sources]
    assert len(sources) == len({*sources})
    guides = [str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")]
    assert {*guides, "README.md"} <= {*sources}


def test_every_page_leads_to_every_other_and_to_the_reference(site: Mapping[str, bytes]) -> None:
    page = site["docs/client.html"].decode()
    for link in ("../index.html", "recordings.html", "../spec/CHANGELOG.html", f"../{REFERENCE}"):
        assert f'<a href="{link}">' in page


def test_the_navigation_marks_the_page_itself(site: Mapping[str, bytes]) -> None:
    assert '<a href="client.html" aria-current="page">' in site["docs/client.html"].decode()


def test_files_that_guides_name_are_in_the_site(site: Mapping[str, bytes]) -> None:
    assert site["spec/openapi.yaml"] == (ROOT / "spec" / "openapi.yaml").read_bytes()


@pytest.mark.parametrize("link", ["nowhere.md", "../README.md#nowhere", "../../outside.txt"])
def test_a_link_that_leads_nowhere_is_told(guides: Sequence[Guide], link: str) -> None:
    with pytest.raises(SiteError, match=r"^docs/client\.html links to .*, which the site does not have$"):
        site_of(guides, render_guide("docs/client.md", f"# Client\n\n[x]({link})"))


def test_a_title_is_text(guides: Sequence[Guide]) -> None:
    page = site_of(guides, render_guide("docs/client.md", "# A <b> & c"))["index.html"].decode()
    assert ">A &lt;b&gt; &amp; c</a>" in page


def test_the_last_report_is_in_the_site_with_the_files_that_it_links_to(guides: Sequence[Guide], report: Path) -> None:
    assert {*read_report(report)} == {REPORT, "contract-report/findings/1.json"}
    site = site_of(guides, report=read_report(report))
    assert f'<a href="{REPORT}">Last report</a>' in site["index.html"].decode()


def test_without_a_report_nothing_leads_to_one(site: Mapping[str, bytes], tmp_path: Path) -> None:
    assert read_report(tmp_path) == {}
    assert "Last report" not in site["index.html"].decode()


@pytest.mark.usefixtures("drawn")
def test_the_site_is_written_and_replaced(tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "site"
    assert make(output, f"--report-dir={report}") == 0
    assert (output / REPORT).is_file()
    assert make(output, f"--report-dir={tmp_path}") == 0
    assert (output / REFERENCE).read_text() == DRAWN
    assert not (output / REPORT).exists()
    assert {path.name for path in tmp_path.iterdir()} == {"site", "contract-report", "secret"}
    said = capsys.readouterr().out
    assert "report     none yet: `nox -s contract` writes one" in said
    assert f"open {output}/index.html in a browser" in said


@pytest.mark.usefixtures("drawn")
def test_a_folder_that_holds_no_site_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").touch()
    assert make(tmp_path) == 1
    assert "it holds no site, and would be lost. Choose another folder" in capsys.readouterr().err
    assert (tmp_path / "mine").exists()


def test_a_folder_in_no_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(tmp_path / "a" / "b") == 1
    assert "there is no folder" in capsys.readouterr().err


@pytest.mark.usefixtures("_rendered")
@pytest.mark.parametrize(
    ("error", "code"), [(RedoclyError("Redocly CLI is not installed."), 1), (OSError("no space left"), 1)]
)
def test_a_run_that_fails_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    assert replace_failing(tmp_path / "site", monkeypatch, error) == code
    assert (tmp_path / "site" / REFERENCE).read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "site"]


@pytest.mark.slow
@pytest.mark.usefixtures("_rendered")
def test_ctrl_c_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert replace_failing(tmp_path / "site", monkeypatch, KeyboardInterrupt()) == 130
    assert (tmp_path / "site" / REFERENCE).read_bytes() == b"old"


@pytest.mark.slow
@pytest.mark.usefixtures("_rendered")
def test_a_failure_is_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "site"
    replace_failing(output, monkeypatch, RedoclyError("Redocly CLI is not installed."))
    said = capsys.readouterr().err
    assert said == f"Redocly CLI is not installed.\n\nno site was made: {output} is as it was\n"


def replace_failing(output: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """Replaces a site while Redoc fails."""

    def fail(_: object) -> str:
        raise error

    command.write_site(output, {REFERENCE: b"old"})
    monkeypatch.setattr(command, "build_reference", fail)
    return make(output)
