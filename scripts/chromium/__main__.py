"""Installs Debian's Chromium where no Chromium is, for the tests that look at reports as people do.

That takes apt, and the rights of root or sudo without a password. Without these, it says how to install it by hand. The
tests that need it are then skipped; in CI they fail.

exit codes:
  0  a Chromium is there, or has to be installed by hand
  1  apt failed
  130  interrupted
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from scripts.chromium.installation import BY_HAND, ChromiumError, install
from scripts.exit_codes import FAILED, FRESH, INTERRUPTED
from spec.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    argparse.ArgumentParser(
        prog="python -m scripts.chromium", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(argv)
    try:
        if not install():
            say(BY_HAND, file=sys.stderr)
    except KeyboardInterrupt:
        say("\ninterrupted: run it again", file=sys.stderr)
        return INTERRUPTED
    except ChromiumError as error:
        say(str(error), file=sys.stderr)
        return FAILED
    return FRESH


if __name__ == "__main__":
    raise SystemExit(main())
