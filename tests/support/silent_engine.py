"""An engine that sends nothing, for tests that ask nothing about Schemathesis, which takes a second to import."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from contract_tests.engine.engine import EngineRun
from contract_tests.engine.report import EngineReport
from contract_tests.run import suite

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class SilentEngine:
    """Stands in for an `Engine`: it is done at once, has sent nothing and has nothing to say."""

    def begin(self, *_: object, **_options: object) -> None:
        """Takes its job."""

    def let_send(self) -> None:
        """Sends nothing."""

    def wait(self, _deadline: float) -> int:
        """The exit code of a run without a finding."""
        return 0

    def end(self, exit_code: int | None, _report_dir: Path) -> EngineRun:
        """An empty report."""
        return EngineRun(exit_code, "", EngineReport())


def leave_schemathesis_out(patch: pytest.MonkeyPatch) -> None:
    """Has runs send our own requests alone. Everything else, guard and target included, is as always."""
    patch.setattr(suite, "engine", lambda: nullcontext(SilentEngine()))
