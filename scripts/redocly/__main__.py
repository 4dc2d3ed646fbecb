"""Installs Redocly CLI, in the version that package-lock.json locks, into the Python environment that runs this.

Redocly CLI goes into a folder of the environment, and Node.js comes from the environment too. Nothing is added to this
repository, and the system's Node.js is not used. If the locked version is installed already, nothing happens.

exit codes:
  0  Redocly CLI is installed
  1  it could not be installed
  130  interrupted
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from scripts.exit_codes import FAILED, FRESH, INTERRUPTED
from scripts.redocly.installation import install
from scripts.redocly.node import RedoclyError
from spec.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    argparse.ArgumentParser(
        prog="python -m scripts.redocly", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(argv)
    try:
        install()
    except KeyboardInterrupt:
        say("\ninterrupted: run it again", file=sys.stderr)
        return INTERRUPTED
    except (RedoclyError, OSError) as error:
        say(f"Redocly CLI was not installed: {error}", file=sys.stderr)
        return FAILED
    return FRESH


if __name__ == "__main__":
    raise SystemExit(main())
