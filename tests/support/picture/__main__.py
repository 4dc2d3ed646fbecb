"""Draws the README's picture of a report: the page of a run against a server that a team wrote in a hurry.

exit codes:
  0  the picture is drawn
  1  no Chromium is installed
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.target.options import Options
from contract_tests.target.target import Target
from scripts.chromium.installation import BY_HAND, find_chromium
from spec.output import say
from spec.paths import ROOT, short
from tests.support.lax_server import make_lax_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import ViewportSize

PICTURE: Final = ROOT / "docs" / "report.png"
_WINDOW: Final[ViewportSize] = {"width": 1080, "height": 1180}
_TOKEN: Final = "aTokenForThePicture"  # noqa: S105 - of a server that lives as long as the run


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    picture = _parse(argv).output
    chromium = find_chromium()
    if chromium is None:
        say(BY_HAND)
        return 1
    logging.disable(logging.CRITICAL)  # the server crashes now and then, and says so
    with TemporaryDirectory() as folder:
        page = _test_the_lax_server(Path(folder))
        _draw(page, picture, chromium)
    say(f"drawn: {short(picture)}, {picture.stat().st_size} bytes")
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s picture --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--output", type=Path, default=PICTURE, metavar="FILE", help="write the picture there; default: docs/report.png"
    )
    return parser.parse_args(argv)


def _test_the_lax_server(folder: Path) -> Path:
    """The page of a run, with a seed so that it is the same each time."""
    with running(make_lax_app()) as url:
        options = Options(folder, "VOICEOS_TOKEN", seed=1, url=url, rings_nobody=True, fuzzing=False)
        run(Target("the server of a team in a hurry", url, _TOKEN), options)
    return folder / "index.html"


def _draw(page: Path, picture: Path, chromium: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        window = browser.new_page(viewport=_WINDOW, color_scheme="light")
        window.goto(page.as_uri())
        window.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
