"""Pages of results, for tests: of a run against the lax server, of many findings, of hostile texts."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import structs

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import Exchange
from contract_tests.kills.in_process import send_all_in_process
from contract_tests.result.baseline import Acceptance, AcceptedCause, BaselineUse
from contract_tests.result.compare import compare
from contract_tests.result.course import Power
from contract_tests.result.coverage import SpecText
from contract_tests.result.earlier import EarlierReport
from contract_tests.result.history_file import make_line, tell_history
from contract_tests.result.part import decode_part, encode_part
from contract_tests.result.result import Addition, Result
from spec.paths import SPEC
from tests.conftest import TOKEN
from tests.support.lax_server import make_lax_app
from tests.support.results import result_of
from tests.support.schedules import our_schedule

if TYPE_CHECKING:
    from contract_tests.plan.schedule import Schedule
    from contract_tests.result.coverage import Body
    from contract_tests.result.result import Finding

HOSTILE: Final = '</script></pre><img src=x onerror="hacked=1"><script>hacked=1</script>{{7*7}}\'"\x1b[2J\u202e'
"""A text that would run a script, end an element, be a template, or turn letters around."""
CHOSEN: Final = frozenset(("verdict", "gravity", "standing", "kind", "key", "number", "met"))
"""Fields of results that have a few values, or that tests compare."""
_PARTS: Final = 6
_LINES: Final = 170
POWER: Final = Power(caught=799, faults=811, max_calls=None, date="2026-01-31", commit="1a2b3c4")


@cache
def lax_run() -> Result:
    """The result of all our requests to the lax server, one after the other: so it is the same each time."""
    contract = read_contract(SPEC)
    schedule = our_schedule()
    exchanges = asyncio.run(_send(schedule))
    return result_of(contract, *exchanges, schedule=schedule)


@cache
def lax_result() -> Result:
    """The same result, with a field that the spec does not have, and with the power of such runs."""
    result = lax_run()
    addition = Addition(field="agent", pointer="/components/schemas/Voice", location="spec/openapi.yaml:9", count=3)
    return structs.replace(result, power=POWER, additions=(addition,))


def with_findings(result: Result, number: int) -> Result:
    """The result with as many findings, which are those that it has, again and again."""
    every = (result.findings[index % len(result.findings)] for index in range(number))
    findings = tuple(structs.replace(each, number=place) for place, each in enumerate(every, 1))
    return structs.replace(result, findings=findings)


def with_past(result: Result) -> Result:
    """The result beside an earlier run by another spec, with causes of each kind, an accepted one, and a history.

    The second cause is new, the last is accepted, and an entry of the baseline is over.
    """
    first, second, *others, last = result.findings
    known = structs.replace(second, key="not there any more", headline="The server was slow")
    before = _at(result, 30, spec_sha256="another", findings=(first, known, *others, last))
    acceptance = Acceptance(reason="mended in the next release", until=date(2026, 12, 31))
    accepted = structs.replace(last, accepted=acceptance)
    now = _at(result, 31, findings=(first, second, *others, accepted))
    lines = [make_line(before), make_line(_at(before, 30, verdict="untestable", findings=()))]
    comparison = compare(now, decode_part(encode_part(before), EarlierReport))
    gone = comparison.gone or comparison.unseen
    parts = {
        "comparison": structs.replace(comparison, gone=gone, unseen=gone),
        "history": tell_history(now, "history.jsonl", lines),
        "baseline": _out_of_date(first),
    }
    return structs.replace(now, **parts)


def _at(result: Result, day: int, **parts: Any) -> Result:  # noqa: ANN401 - of any field
    return structs.replace(result, date=f"2026-01-{day} 09:30", **parts)


def _out_of_date(finding: Finding) -> BaselineUse:
    fields = {name: getattr(finding, name) for name in ("key", "check", "pointer", "headline")}
    entry = AcceptedCause(reason="soon", until=date(2026, 1, 1), shown_by=(), **fields)
    return BaselineUse(path="accepted.json", expired=(entry,), unused=(), unseen=())


def shortened(result: Result) -> Result:
    """The result with a few statements and lines of each kind, for what takes long on a long page."""
    operations = tuple(
        structs.replace(operation, bodies=tuple(map(_shortened_body, operation.bodies)))
        for operation in result.contract
    )
    lines = result.spec.text.split("\n")[:_LINES] if result.spec else []
    spec = SpecText(path="spec/openapi.yaml", text="\n".join(lines))
    return structs.replace(result, contract=operations, spec=spec)


def _shortened_body(body: Body) -> Body:
    return structs.replace(body, parts=body.parts[:_PARTS])


def hostile(result: Result) -> Result:
    """The result with a hostile text in every field that holds a text."""
    return msgspec.convert(_hostile(msgspec.to_builtins(result, builtin_types=(date,)), ""), Result)


def _hostile(value: Any, name: str) -> Any:  # noqa: ANN401 - of any field
    if isinstance(value, dict):
        keys = (HOSTILE if name in {"versions", "reports", "skipped", "not_judged"} else key for key in value)
        return {key: _hostile(each, str(own)) for key, (own, each) in zip(keys, value.items(), strict=True)}
    if isinstance(value, list | tuple):
        return [_hostile(each, name) for each in value]
    if isinstance(value, str) and name not in CHOSEN:
        return f"{HOSTILE}:34" if name == "location" else HOSTILE
    return value


async def _send(schedule: Schedule) -> list[Exchange]:
    sent = send_all_in_process(make_lax_app(), schedule.requests, TOKEN)
    identified = zip(schedule.requests, [each async for each in sent], strict=True)
    return [_identified(exchange, planned.id, place) for place, (planned, exchange) in enumerate(identified)]


def _identified(exchange: Exchange, exchange_id: str, place: int) -> Exchange:
    is_call = exchange.response is None or exchange.response.status // 100 != 4  # noqa: PLR2004 - of client errors
    return Exchange(exchange.request, exchange.response, exchange_id, exchange.trouble, None, is_call, at=place / 100)
