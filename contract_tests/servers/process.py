"""The embedded mock's process: serves the mock until the run ends it, or is gone."""

from __future__ import annotations

import sys
import threading
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Final

from contract_tests.runtime.child import end_with_parent
from contract_tests.runtime.serving import running
from spec.paths import GENERATED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from multiprocessing.connection import Connection
    from types import ModuleType

_PACKAGES: Final = {"voiceos_client", "voiceos_models"}


class GeneratedPackages:
    """A finder of the generated packages, where they are not installed. It finds nothing else in generated/."""

    @staticmethod
    def find_spec(name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """The place of a generated package, as `sys.meta_path` asks for it."""
        return PathFinder.find_spec(name, [str(GENERATED)]) if name in _PACKAGES else None


def main(channel: Connection) -> None:
    """Serves the mock; takes the token that it accepts, and gives its URL."""
    sys.meta_path.append(GeneratedPackages)
    from contract_tests.servers.mock import create_app, judge_with_token  # noqa: PLC0415 - it imports generated code

    with running(create_app(judge_with_token(channel.recv()))) as url:
        channel.send(url)
        end_with_parent(channel, lambda _: None)
        threading.Event().wait()
