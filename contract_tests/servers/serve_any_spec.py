"""Serves a conforming server for any spec until Ctrl-C: `python -m contract_tests.servers.serve_any_spec FILE`.

It prints its address, and takes the token in the environment variable VOICEOS_TOKEN, by default `mock-token`.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contract_tests.contract.contract import read_contract
from contract_tests.runtime.serving import running
from contract_tests.servers.any_spec import AnySpec, create_app
from spec.output import say
from spec.reader import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence


_TOKEN: Final = "mock-token"  # noqa: S105 - of a server that guards nothing


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says; returns the exit code: 0 after Ctrl-C, 1 if the spec cannot be read."""
    (path,) = sys.argv[1:] if argv is None else argv
    try:
        contract = read_contract(Path(path))
    except SpecError as error:
        say(f"{error}", file=sys.stderr)
        return 1
    with running(create_app(AnySpec(contract, os.environ.get("VOICEOS_TOKEN") or _TOKEN))) as url:
        say(url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
