"""Makes the site: the reference of the API, the guides, and the last report if there is one.

The site needs no server and no network: open site/index.html in a browser. Each run replaces it as a whole.

exit codes:
  0  the site was made
  1  it was not, and the old one is as it was: the spec is unsound, Redocly CLI failed, or a link leads nowhere
  130  interrupted
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.docs.annotated import annotate
from scripts.docs.navigation import REFERENCE
from scripts.docs.reference import build_reference
from scripts.docs.site import SiteError, make_site, read_guides, read_linked_files, read_report
from scripts.exit_codes import FAILED, FRESH, INTERRUPTED
from scripts.generate.folder_swap import replace_folder
from scripts.generate.soundness import find_mistakes
from scripts.redocly.node import RedoclyError
from spec.output import say
from spec.paths import ROOT, SPEC, short
from spec.reader import SpecError, read_spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    options = _parse(argv)
    started = time.monotonic()
    try:
        _check_output(options.output)
        write_site(options.output, _make(options.report_dir))
    except KeyboardInterrupt:
        say(f"\ninterrupted: {short(options.output)} is as it was", file=sys.stderr)
        return INTERRUPTED
    except (SpecError, RedoclyError, SiteError, OSError) as error:
        say(f"{error}\n\nno site was made: {short(options.output)} is as it was", file=sys.stderr)
        return FAILED
    say(f"\nopen {short(options.output / 'index.html')} in a browser ({time.monotonic() - started:.1f} s)")
    return FRESH


def write_site(output: Path, site: Mapping[str, bytes]) -> None:
    """Writes the files of a site into a folder, which they replace in one step."""
    with tempfile.TemporaryDirectory(prefix=".site-", dir=output.parent) as name:
        new = Path(name, "site")
        for path, content in site.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(content)
        replace_folder(output, new)


def _make(report_dir: Path) -> dict[str, bytes]:
    """The files of the site. Says what it is at."""
    spec = read_spec(SPEC)
    if problems := find_mistakes(spec):
        raise spec.error(problems)
    guides = read_guides(ROOT)
    say(f"guides     {len(guides)} pages")
    report = read_report(report_dir)
    say(f"report     {short(report_dir / 'index.html') if report else 'none yet: `nox -s contract` writes one'}")
    say(f"reference  {short(SPEC)}, version {spec.document['info']['version']}: Redoc draws it, which takes seconds")
    reference = build_reference(annotate(spec))
    return make_site(guides, reference, read_linked_files(ROOT, guides), report)


def _check_output(output: Path) -> None:
    """Raises OSError if the output holds anything but a site, which replacing it would destroy."""
    is_ours = output.is_dir() and ((output / REFERENCE).is_file() or not any(output.iterdir()))
    if output.exists() and not is_ours:
        raise FileExistsError(f"{short(output)} is refused: it holds no site, and would be lost. Choose another folder")
    if not output.parent.is_dir():
        raise FileNotFoundError(f"{short(output)} cannot be written: there is no folder {output.parent}")


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s docs --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--output", metavar="FOLDER", type=Path, default=ROOT / "site", help="the folder of the site (default: site)"
    )
    parser.add_argument(
        "--report-dir",
        metavar="FOLDER",
        type=Path,
        default=ROOT / "contract-report",
        help="the folder of the last report (default: contract-report)",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
