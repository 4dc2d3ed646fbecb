"""Words for a fault of the suite itself. They quote neither the error's text nor a value: either may hold a secret."""

from __future__ import annotations

import traceback
from pathlib import Path

from spec.paths import ROOT


def describe_crash(error: BaseException, task: str) -> str:
    """Where the suite failed over a task, and what to do. `task` is a noun, such as "the replay"."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(ROOT)]
    place = f", at {Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}" if ours else ""
    return (
        f"{task} failed by a fault of the suite ({type(error).__name__}{place}), so nothing is claimed.\n"
        "Report this line, and how you came to it. The error's own text is not shown, because it may hold a secret."
    )
