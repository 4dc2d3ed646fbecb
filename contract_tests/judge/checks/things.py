"""Checks of things over time: what was created is found and listed, keeps its updates, and is gone once deleted.

No source says so of an API. It is what HTTP's methods are for (RFC 9110, section 9.3; RFC 5789). It is advice to a
server that finds whatever it is asked for, for it may have no memory and need none. A contract has these checks as far
as it has operations for them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from contract_tests.contract.paths import is_within
from contract_tests.judge.check import KEPT, NOT_JUDGED, Check, Problem
from contract_tests.judge.memory import FORGOTTEN, spell_id
from contract_tests.judge.things import (
    GONE,
    MISSED,
    are_found_by_rule,
    text_of_last,
    text_of_unknown,
    texts_of,
)
from spec.reader import ABSENT, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.contract.things import Things
    from contract_tests.exchange.exchange import Exchange, Part
    from contract_tests.judge.check import CheckResult
    from contract_tests.judge.memory import Memory
    from contract_tests.judge.seen import Seen
    from spec.json_value import Json

    Kept = tuple[Json, Exchange]
    """A value of a memory, with the exchange that had it."""

_PAGE: Final = 10
"""No page of a list is shorter than this and still not the last."""
_MORE: Final = ("has_more", "hasMore", "next", "next_page", "nextPage", "next_cursor", "nextCursor", "next_page_token")
"""The fields of a list that say that there is more of it."""


def thing_checks(contract: Contract) -> tuple[Check, ...]:
    """The checks that a contract has operations for."""
    room = {
        created_is_found: any(each.read and not are_found_by_rule(contract, each) for each in contract.things),
        created_is_listed: any(each.list for each in contract.things),
        updated_is_kept: any(each.read and each.updates for each in contract.things),
        deleted_is_gone: any(each.read and each.delete for each in contract.things),
    }
    return tuple(_check(contract, function) for function, has_room in room.items() if has_room)


def _check(contract: Contract, function: Callable[[Things, Seen, Memory], CheckResult]) -> Check:
    def ask(seen: Seen, memory: Memory) -> CheckResult:
        asked = [each for each in contract.things if seen.operation in (each.read, each.list)]
        found = [function(things, seen, memory) for things in asked if seen.sent.validity == "valid"]
        return next((each for each in found if each is not None), NOT_JUDGED)

    ask.__doc__ = function.__doc__
    reads: frozenset[Part] = frozenset(("response body",) if function in {updated_is_kept, created_is_listed} else ())
    name = function.__name__
    return Check(name, "record", "responses", "inferred", reads, "response", False, ask)  # noqa: FBT003 - its fields


def created_is_found(things: Things, seen: Seen, memory: Memory) -> CheckResult:
    """A created thing is found as long as it is not deleted."""
    if seen.operation != things.read or are_found_by_rule(seen.contract, things):
        return NOT_JUDGED
    kept = memory.last(texts_of(things, _variables(seen)).is_there)
    if kept is None or kept[0] is not True:
        return NOT_JUDGED
    if seen.status in GONE:
        if _is_gone_with_another(things, seen, memory):
            return NOT_JUDGED
        standing: Standing = "inferred" if things.is_stated else "advice"  # names may have led to another thing
        return _fails(standing, f"The thing that {things.create.label} created is not found ({seen.status})", kept)
    return KEPT if seen.response.is_success else NOT_JUDGED


def deleted_is_gone(things: Things, seen: Seen, memory: Memory) -> CheckResult:
    """A deleted thing is not found any more."""
    if seen.operation != things.read or things.delete is None:
        return NOT_JUDGED
    kept = memory.last(texts_of(things, _variables(seen)).is_there)
    if kept is None or kept[0] is not False:
        return NOT_JUDGED
    if seen.response.is_success:
        headline = f"The thing that {things.delete.label} deleted is still found ({seen.status})"
        return _fails(_standing(things, memory), headline, kept)
    return KEPT if seen.status in GONE else NOT_JUDGED


def updated_is_kept(things: Things, seen: Seen, memory: Memory) -> CheckResult:
    """A field that was updated no longer has its value from before."""
    if seen.operation != things.read or not seen.response.is_success or not isinstance(seen.response_body, dict):
        return NOT_JUDGED
    kept = memory.last(texts_of(things, _variables(seen)).updated)
    if kept is None or not kept[0]:
        return NOT_JUDGED
    for name, (before, after) in kept[0].items():
        if seen.response_body.get(name) == before:
            told = f"Received: {json.dumps(before)}\nSent in the update: {json.dumps(after)}"
            standing, read = _standing(things, memory), memory.last(texts_of(things, _variables(seen)).fields)
            return _fails(standing, f"{name} is as it was before the update", read, kept, detail=told)
    return KEPT


def created_is_listed(things: Things, seen: Seen, memory: Memory) -> CheckResult:
    """The thing created last is listed, where the list is whole."""
    if seen.operation != things.list or not seen.response.is_success:
        return NOT_JUDGED
    kept = memory.last(text_of_last(things, _variables(seen)))
    listed = _listed(seen)
    if kept is None or listed is None or not _is_there(things, kept[0], memory):
        return NOT_JUDGED
    identifiers = [value_or_absent(each, f"/{things.field}") for each in listed]
    if ABSENT in identifiers:
        return NOT_JUDGED  # the items are no things, or do not tell their ids there
    created = spell_id(kept[0][things.id.name])
    if created in map(spell_id, identifiers):
        return KEPT
    return _fails(_standing(things, memory), f"The thing that {things.create.label} created is not listed", kept)


def _is_gone_with_another(things: Things, seen: Seen, memory: Memory) -> bool:
    """Tells whether something was deleted within which the thing stood."""
    above = (each for each in seen.contract.things if each != things and is_within(things.path, each.path))
    kept = (memory.last(texts_of(each, _variables(seen)).is_there) for each in above)
    return any(each is not None and each[0] is False for each in kept)


def _is_there(things: Things, variables: Json, memory: Memory) -> bool:
    kept = memory.last(texts_of(things, variables).is_there)
    return kept is not None and kept[0] is True


def _listed(seen: Seen) -> list[Json] | None:
    """The items of a list; None where there may be more of them elsewhere."""
    body = seen.response_body
    arrays = [body] if isinstance(body, list) else [each for each in _fields(body).values() if isinstance(each, list)]
    is_part = seen.request.query or seen.headers.all("Link") or any(_fields(body).get(name) for name in _MORE)
    return arrays[0] if len(arrays) == 1 and len(arrays[0]) < _PAGE and not is_part else None


def _fields(body: Json) -> dict[str, Json]:
    return body if isinstance(body, dict) else {}


def _variables(seen: Seen) -> Json:
    return seen.sent.parameters.values.get("path")


def _standing(things: Things, memory: Memory) -> Standing:
    """The standing of a failure: advice, unless the server did not find any thing that nobody created."""
    found = memory.last(text_of_unknown(things))
    return "inferred" if found and found[0] == MISSED else "advice"


def _fails(standing: Standing, headline: str, *kept: Kept | None, detail: str = "") -> CheckResult:
    """The problem with a thing, which the exchanges must come before that told of it."""
    earlier = tuple(each[1] for each in kept if each and each[1] is not FORGOTTEN)
    return (Problem(headline, detail, earlier=earlier, standing=standing),)
