"""The table of the comparison: how many bodies each package keeps."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs

from scripts.compare.bodies import newer_document, valid_bodies
from scripts.fidelity.sameness import holds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spec.json_value import Json
    from spec.reader import Spec

_WORKER: Final = Path(__file__).with_name("round_trip.py")


@dataclass(frozen=True)
class Package:
    """A package to compare: its title in the table, its module of classes, and the Python that has it installed."""

    title: str
    module: str
    python: str


@dataclass(frozen=True)
class Row:
    """A row of the table: its title, its bodies by class name, and the test that each body's outcome must pass."""

    title: str
    bodies: tuple[tuple[str, Json], ...]
    passes: Callable[[Json, dict[str, Json]], bool]

    def count(self, package: Package) -> int:
        """The number of bodies that the package passes.

        Raises:
            subprocess.CalledProcessError: the package cannot be run.
        """
        lines = "".join(f"{json.dumps(body)}\n" for body in self.bodies)
        command = [package.python, "-P", str(_WORKER), package.module]
        done = subprocess.run(command, input=lines, check=True, capture_output=True, text=True)  # noqa: S603 - our own
        outcomes = map(json.loads, done.stdout.splitlines())
        return sum(self.passes(body, outcome) for (_, body), outcome in zip(self.bodies, outcomes, strict=True))


def rows(spec: Spec) -> list[Row]:
    """The rows of the table. They are the same for the same spec and code."""
    requests = valid_bodies(spec, "request")
    responses = valid_bodies(spec, "response")
    newer = valid_bodies(structs.replace(spec, document=newer_document(spec.document)), "response")
    return [
        Row("documented requests kept intact", requests, _is_kept),
        Row("documented requests with null sent with every null", tuple(filter(_has_null, requests)), _keeps_nulls),
        Row("documented responses parsed", responses, lambda _, outcome: "value" in outcome),
        Row("responses of a newer server kept whole", newer, _is_kept),
    ]


def table(rows: Sequence[Row], packages: Sequence[Package]) -> str:
    """The table in Markdown, with a column for each package."""
    lines = [["", *(package.title for package in packages)], ["---", *["---:"] * len(packages)]]
    lines += [[row.title, *(f"{row.count(package)} of {len(row.bodies)}" for package in packages)] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _is_kept(body: Json, outcome: dict[str, Json]) -> bool:
    return "value" in outcome and holds(outcome["value"], body)


def _keeps_nulls(body: Json, outcome: dict[str, Json]) -> bool:
    return "value" in outcome and _null_paths(outcome["value"]) >= _null_paths(body)


def _has_null(named: tuple[str, Json]) -> bool:
    return bool(_null_paths(named[1]))


def _null_paths(value: Json, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """The paths of all nulls in a JSON value."""
    if value is None:
        return {path}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {found for key, inner in items for found in _null_paths(inner, (*path, key))}
