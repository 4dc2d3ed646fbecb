"""The known limits of clients, and the table of what each can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scripts.clients.judging import Verdict

LIMITS: Final[Mapping[tuple[str, str], str]] = {
    ("voiceos 0.8.1.3, the vendor's SDK", "configure"): (
        "its document is older and has no hooks and no temperature, and its `from_dict` leaves the metadata out"
    ),
    ("openapi-generator for Python", "configure"): (
        "its class for a union of known names and any string takes itself for the first member, and parses without end"
    ),
}
"""The reasons why a client cannot do a step, by its title and the step."""


class Tried(NamedTuple):
    """A client, as it was tried."""

    title: str
    verdicts: tuple[Verdict, ...]
    unavailable: str | None = None
    """Why it could not be tried here."""
    broken: str | None = None
    """Why it could not be made, or what its program said when it failed."""


def is_as_known(tried: Tried, limits: Mapping[tuple[str, str], str]) -> bool:
    """Tells whether a client can do all steps but those that it is known not to do. One that was not tried may."""
    return not tried.broken and all(
        ((tried.title, each.step) in limits) == (each.problem is not None) for each in tried.verdicts
    )


def describe(tried: Sequence[Tried], steps: Mapping[str, str], limits: Mapping[tuple[str, str], str]) -> str:
    """The table: for each client, what it can do, and why it cannot do the rest."""
    return "\n".join(line for each in tried for line in (*_describe(each, steps, limits), ""))


def _describe(tried: Tried, steps: Mapping[str, str], limits: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield tried.title
    if tried.unavailable:
        yield f"  not tried: {tried.unavailable}"
    if tried.broken:
        yield f"  broken: {tried.broken}"
    for verdict in tried.verdicts:
        yield f"  {'no ' if verdict.problem else 'yes'}  {steps[verdict.step]}"
        if verdict.problem:
            yield f"       {verdict.problem}"
            yield f"       {_reason(limits.get((tried.title, verdict.step)))}"
        elif (tried.title, verdict.step) in limits:
            yield "       this was a known limit: remove it from scripts/clients/limits.py"


def _reason(known: str | None) -> str:
    return f"because {known}" if known else "this is new: mend it, or give the reason in scripts/clients/limits.py"
