"""Sets the client beside another package for the same API: what survives a parse and a dump.

Both get the same bodies: instances of the spec, and of the spec that a newer server may have, in which every
enumeration has one member more and every object one field. The other package must have classes of the same names, with
`from_dict` and `to_dict`.

exit codes:
  0  compared
  1  one of the packages cannot be run, or the spec cannot be read
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.fidelity.instances import Instances, sample
from scripts.fidelity.sameness import Json, holds
from scripts.fidelity.subjects import CLIENT, subjects
from spec.reader import Spec, SpecError, read_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
BODIES: Final = 400
"""How many bodies each row of the table is about."""
_WORKER: Final = Path(__file__).with_name("round_trip.py")


@dataclass(frozen=True)
class Package:
    """A package to compare: how the table calls it, its module of classes, and the Python that has it."""

    title: str
    module: str
    python: str


@dataclass(frozen=True)
class Row:
    """A row of the table: what is counted, the bodies, and whether the outcome of one counts."""

    title: str
    bodies: tuple[tuple[str, Json], ...]
    counts: Callable[[Json, dict[str, Json]], bool]

    def of(self, package: Package) -> int:
        """How many of the bodies the package passes.

        Raises:
            subprocess.CalledProcessError: the package cannot be run.
        """
        lines = "".join(f"{json.dumps(body)}\n" for body in self.bodies)
        command = [package.python, "-P", str(_WORKER), package.module]
        done = subprocess.run(command, input=lines, check=True, capture_output=True, text=True)  # noqa: S603 - our own
        outcomes = map(json.loads, done.stdout.splitlines())
        return sum(self.counts(body, outcome) for (_, body), outcome in zip(self.bodies, outcomes, strict=True))


def rows(spec: Spec) -> list[Row]:
    """The rows of the table, the same for the same spec and code."""
    requests = _bodies(spec, are_requests=True)
    responses = _bodies(spec, are_requests=False)
    newer = _bodies(replace(spec, document=newer_document(spec.document)), are_requests=False)
    return [
        Row("documented requests kept intact", requests, _is_kept),
        Row("documented requests with null sent with every null", tuple(filter(_has_null, requests)), _keeps_nulls),
        Row("documented responses parsed", responses, lambda _, outcome: "value" in outcome),
        Row("responses of a newer server kept whole", newer, _is_kept),
    ]


def newer_document(document: Json) -> Json:
    """The document of a newer server: each enumeration has a further member, each object a further field."""
    newer = deepcopy(document)
    for node in _walk(newer):
        if isinstance(node.get("enum"), list):
            node["enum"] = [*node["enum"], "newer_member"]
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            node["properties"]["newer_field"] = {"type": "string"}
    return newer


def table(rows: Sequence[Row], packages: Sequence[Package]) -> str:
    """The table, in Markdown."""
    lines = [["", *(package.title for package in packages)], ["---", *["---:"] * len(packages)]]
    lines += [[row.title, *(f"{row.of(package)} of {len(row.bodies)}" for package in packages)] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code."""
    options = _parse(argv)
    packages = [
        Package(options.title, options.module, options.python),
        Package(CLIENT.partition(".")[0], CLIENT, sys.executable),
    ]
    try:
        print(table(rows(read_spec(options.spec)), packages))
    except (OSError, SpecError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["it said nothing"])[-1]
        print(f"{error.cmd[-1]} cannot be used by {error.cmd[0]}: {last}", file=sys.stderr)
        return 1
    return 0


def _bodies(spec: Spec, *, are_requests: bool) -> tuple[tuple[str, Json], ...]:
    """Valid bodies of the spec's first request or its first response, none with a field that the spec does not name.

    They differ from each other, and each has an object in it: others ask little of a package.
    """
    subject = next((subject for subject in subjects(spec) if subject.is_request is are_requests), None)
    if subject is None:
        kind = "request" if are_requests else "response"
        raise spec.error(
            [spec.problem("/paths", f"has no {kind} whose schema is a component: there is nothing to compare")]
        )
    drawn = sample(Instances(spec, unknown=False).of(subject.pointer), 6 * BODIES)
    telling = {json.dumps(body, sort_keys=True): body for body in drawn if _has_object(body)}
    valid = [(subject.name, body) for body in telling.values() if subject.validator.is_valid(body)]
    return tuple(valid[:BODIES])


def _has_object(body: Json) -> bool:
    return isinstance(body, dict) and any(isinstance(value, dict) and value for value in body.values())


def _is_kept(body: Json, outcome: dict[str, Json]) -> bool:
    return "value" in outcome and holds(outcome["value"], body)


def _keeps_nulls(body: Json, outcome: dict[str, Json]) -> bool:
    return "value" in outcome and _null_paths(outcome["value"]) >= _null_paths(body)


def _has_null(named: tuple[str, Json]) -> bool:
    return bool(_null_paths(named[1]))


def _null_paths(value: Json, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """The paths that lead to null."""
    if value is None:
        return {path}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {found for key, inner in items for found in _null_paths(inner, (*path, key))}


def _walk(node: Json) -> Iterator[dict[str, Json]]:
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _walk(inner)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--title", required=True, help="how the table calls the other package")
    parser.add_argument("--module", required=True, help="its module of classes")
    parser.add_argument("--python", required=True, help="the Python that has it")
    parser.add_argument("--spec", type=Path, default=ROOT / "spec" / "openapi.yaml", help="default: spec/openapi.yaml")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
