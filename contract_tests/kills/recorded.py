"""The catalogue as recordings: what a recording of a whole run tells of each broken server."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from contract_tests.judge.checks import checks_of
from contract_tests.judge.checks.requests import allow_header_conformance, unsupported_method
from contract_tests.judge.checks.responses import answers_every_request
from contract_tests.judge.sketch import OMITTED
from contract_tests.kills.kill import catalogue, contract, hunt, run_on_the_mock, whole_schedule
from contract_tests.traffic.entry import Entry
from contract_tests.traffic.formats.format import Content
from contract_tests.traffic.formats.ndjson import read_ndjson, write_line
from contract_tests.traffic.traffic import Traffic

if TYPE_CHECKING:
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.kills.kill import Kill
    from contract_tests.plan.schedule import Schedule
    from contract_tests.servers.faults.fault import Fault

__all__ = ["kill_recorded", "run_on_the_mock"]

_OF_OTHER_METHODS: Final = {unsupported_method.name, allow_header_conformance.name}
_OTHER_METHODS: Final = "requests of undocumented methods are passed over"
_URL: Final = "http://recorded.example"


def kill_recorded(name: str, seed: int) -> Kill:
    """Records our own requests to the server with a fault, until the judge of recordings has the failure."""
    fault, started = catalogue()[name], time.monotonic()
    schedule = whole_schedule(seed, all_known_names=fault.concerns_known_names, thorough=fault.takes_three_choices)
    found = hunt(fault, schedule, as_recorded)
    why = None if found.is_caught else why_no_recording_shows(fault.caught_by) or _why_not_seen(fault, schedule)
    return found.model_copy(update={"seconds": round(time.monotonic() - started, 2), "why_not_shown": why})


def as_recorded(exchange: Exchange) -> Exchange | None:
    """The exchange as it is read from a line of NDJSON; None if a recording has nothing of it to judge."""
    request = replace(exchange.request, base_url=_URL)
    line = write_line(replace(exchange, request=request))
    (entry,) = read_ndjson(Content(lambda: BytesIO(line)))
    sketch = Traffic(contract(), _URL).take(exchange.id, entry) if isinstance(entry, Entry) else None
    return sketch.exchange() if sketch else None


def _why_not_seen(fault: Fault, schedule: Schedule) -> str | None:
    """The reason why recordings do not show a fault that credentials or other methods bring out; None of others."""
    if hunt(fault, schedule, _with_its_credentials).is_caught:
        return "the refusal may be due to the recorded credentials, which the reader replaces"
    return _OTHER_METHODS if hunt(fault, schedule, _of_any_method).is_caught else None


def _with_its_credentials(exchange: Exchange) -> Exchange | None:
    """The exchange as it is read, but for its credentials, which are as they were sent."""
    recorded = as_recorded(exchange)
    request = replace(exchange.request, base_url=_URL)
    return recorded and replace(recorded, request=request, omitted=frozenset())


def _of_any_method(exchange: Exchange) -> Exchange | None:
    """The exchange as it is read; one that is passed over, as it would be read."""
    return as_recorded(exchange) or replace(exchange, omitted=OMITTED)


@cache
def why_no_recording_shows(check: str) -> str | None:
    """The reason why recordings show nothing that a check would find; None if they do."""
    if check == answers_every_request.name:
        return "no response is recorded"
    if check in _OF_OTHER_METHODS:
        return _OTHER_METHODS
    reads = next(each.reads for each in checks_of(contract()) if each.name == check)
    return "no recording says which token was right" if "credentials" in reads else None
