"""Recordings whose entries repeat, so that the judgement of one depends on those before."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.traffic.sources import find_sources
from tests.support.recordings import REQUEST, make_entry, make_read_entry, with_answer, with_response

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.traffic.sources import Source


def write(folder: Path, *entries: dict[str, Any], name: str = "traffic.ndjson") -> Source:
    """Writes entries as lines of a recording."""
    (folder / name).write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    (source,) = find_sources([str(folder / name)])
    return source


def _update(changes: dict[str, Any], answer: dict[str, Any]) -> None:
    answer.update(changes)


ENTRIES: Final = (
    make_entry(),
    make_entry(REQUEST | {"agent_config": None}),
    make_entry({}),
    make_entry(url="https://other.example/x"),
    with_answer(lambda answer: answer.update(id="1")),
    with_answer(lambda answer: answer.update(id="1")),
    with_answer(lambda answer: answer.update(status="live")),
    with_answer(lambda answer: answer.update(new=1)),
    with_response(status=500),
)
QUEUED: Final = {"status": "queued", "started_at": None, "ended_at": None, "ended_reason": None, "cost_breakdown": None}
STARTED: Final = QUEUED | {"status": "started", "started_at": "2026-01-31T09:30:00Z"}
REPEATED: Final = (
    make_entry(REQUEST | {"agent_config": {"metadata": {"mood": "calm"}}}),
    make_entry(REQUEST | {"mood": "calm"}),
    with_answer(lambda answer: answer.update(mood="calm")),
    *(with_answer(partial(_update, state | {"id": "1"})) for state in (QUEUED, STARTED)),
    *(make_read_entry(id=name, **state) for name in "12" for state in (QUEUED, STARTED)),
    make_read_entry(id="1") | {"response": with_response(status=404)["response"]},
)
"""Entries whose judgement depends on those before: their ids, states and undocumented fields come again."""
MANY: Final = (*ENTRIES, *REPEATED, *ENTRIES[::-1], *REPEATED)
"""An id comes several times among them, in several chunks."""
