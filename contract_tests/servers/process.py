"""The embedded mock's process: serves the mock until the run ends it, or is gone."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from contract_tests.runtime.child import end_with_parent
from contract_tests.runtime.serving import running
from spec.paths import GENERATED

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def main(channel: Connection) -> None:
    """Serves the mock; takes the token that it accepts, and gives its URL."""
    sys.path.append(str(GENERATED))
    from contract_tests.servers.mock import create_app, judge_with_token  # noqa: PLC0415 - it imports generated code

    with running(create_app(judge_with_token(channel.recv()))) as url:
        channel.send(url)
        end_with_parent(channel, lambda _: None)
        threading.Event().wait()
