"""What a run would send, found out without a target: the same run against a server that turns everything away."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse

from contract_tests.plan.schedule import prepare
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.target.limits import FREE
from contract_tests.target.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.plan.schedule import Schedule
    from contract_tests.target.limits import Limits
    from contract_tests.target.options import Options

_TOKEN: Final = "rehearsal"  # noqa: S105 - guards nothing


@dataclass(frozen=True)
class Rehearsal:
    """How many requests a run takes. Fuzzing is left out: its requests depend on the answers."""

    valid: int
    invalid: int


def rehearse(options: Options, limits: Limits = FREE) -> tuple[Schedule, Rehearsal]:
    """The schedule of a run against a target with these limits, and the numbers of its requests."""
    preparation = prepare(options, limits)
    with TemporaryDirectory(prefix="rehearsal-") as folder, _refusing() as url:
        quiet = replace(options, report_dir=Path(folder), fuzzing=False)
        result = run(Target("a server that refuses", url, _TOKEN, limits), quiet, preparation=preparation)
    valid = sum(len(plan.bodies) for plan in preparation.schedule.plans.values())
    return preparation.schedule, Rehearsal(valid, result.requests - valid)


@contextmanager
def _refusing() -> Iterator[str]:
    with running(JSONResponse({"detail": []}, 422)) as url:
        yield url
