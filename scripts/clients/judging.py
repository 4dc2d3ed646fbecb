"""The judgement of what a client's program printed, beside what the mock received."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from spec.json_value import Json

STEPS: Final[Mapping[str, str]] = {
    "place": "places a call and reads the answer",
    "configure": "sends an agent's configuration, and reads it in the answer",
    "read": "reads the conversation",
    "refused": "reads why a call was refused",
}
"""The steps of a program, in order, in words."""
REFUSED_AT: Final = ["body", "to_number"]
"""The field that the mock blames."""
_LONGEST: Final = 300


class Verdict(NamedTuple):
    """The judgement of a step."""

    step: str
    problem: str | None
    """Why the client cannot do it; None if it can."""


def judge(output: str, received: Sequence[Json], calls: Mapping[str, Json]) -> tuple[Verdict, ...]:
    """The judgement of every step, by a program's output, the bodies that the mock received, and those to send."""
    told = {line["step"]: line for line in map(json.loads, output.splitlines())}
    return tuple(Verdict(step, _problem(step, told, received, calls)) for step in STEPS)


def missing(wanted: Json, found: Json, way: str = "") -> Iterator[str]:
    """The places of a value that do not come back as they are wanted. Anything may stand beside them.

    >>> list(missing({"a": {"b": 1, "c": [2]}}, {"a": {"b": 1, "c": None}, "d": 3}))
    ['a.c']
    """
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from missing(value, found.get(name), f"{way}.{name}" if way else name)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, pair in enumerate(zip(wanted, found, strict=True)):
            yield from missing(*pair, f"{way}[{index}]")
    elif wanted != found:
        yield way


def _problem(
    step: str, told: Mapping[str, dict[str, Json]], received: Sequence[Json], calls: Mapping[str, Json]
) -> str | None:
    line = told.get(step, {"error": "the program ended before this step"})
    if "error" in line:
        return str(line["error"]).partition("\n")[0][:_LONGEST]
    value = line.get("value")
    match step:
        case "place":
            sent = _last_like(received, "agent_id")
            return _unlike("does not send", missing(calls["stored"], sent)) or _unless_ended(value)
        case "configure":
            return _problem_of_configuration(calls["inline"], _last_like(received, "agent_config"), value)
        case "read":
            placed = told.get("place", {}).get("value")
            return _unlike("does not read", missing(placed, value)) or _unless_ended(value)
    blamed = [error.get("loc") for error in value or [] if isinstance(error, dict)]
    return None if REFUSED_AT in blamed else f"read {json.dumps(value)[:_LONGEST]}"


def _problem_of_configuration(call: Json, sent: Json, read: Json) -> str | None:
    """The parts of a configuration that the client does not send; else those of the answer that it does not read."""
    return _unlike("does not send", missing(call, sent)) or _unlike(
        "does not read", missing(call["agent_config"], read)
    )


def _last_like(received: Sequence[Json], name: str) -> Json:
    """The last body with a field that is not null."""
    return next((body for body in reversed(received) if isinstance(body, dict) and body.get(name) is not None), None)


def _unlike(what: str, places: Iterable[str]) -> str | None:
    listed = [place or "the body" for place in places]
    return f"{what} {', '.join(listed)}" if listed else None


def _unless_ended(value: Json) -> str | None:
    is_whole = isinstance(value, dict) and value.get("id") and value.get("status") == "ended" and value.get("ended_at")
    return None if is_whole else f"read {json.dumps(value)[:_LONGEST]}"
