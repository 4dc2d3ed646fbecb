"""Measures how a run grows with the operations of its spec: `nox -s benchmark -- --operations`.

Each row is a run against the mock of a made spec of small operations, half of which take a body. Read how
the columns grow from row to row: seconds must grow no faster than requests, nor requests than operations. The memory is
the most that the process of the suite had. The guard, Schemathesis and the server have processes of their own. On a
busy machine, read the processor time.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psutil

from scripts.environment import tool_environment
from scripts.serving_mock import TOKEN, NotServedError, serving_mock
from spec.output import say
from spec.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spec.json_value import Json

MAX_MEMORY: Final = 300
"""The most memory that a run may take, in MiB."""
_OPERATIONS: Final = (1, 10, 30, 100)
_TICK: Final = 0.2
_HEAD: Final = "operations | seconds | processor | requests | calls | memory of the parent"
_SMALL: Final[dict[str, Json]] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 40},
        "kind": {"enum": ["small", "large"]},
        "amount": {"type": "integer", "minimum": 0, "maximum": 1000},
        "note": {"type": ["string", "null"]},
    },
}
_IDENTIFIED: Final[dict[str, Json]] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
}


class Row(NamedTuple):
    """The measures of a run."""

    operations: int
    seconds: float
    processor: float
    """Seconds of processor time, of the suite with its guard and Schemathesis."""
    requests: int
    calls: int
    memory: float
    """In MiB, at its most."""
    gap: str | None
    """The reason why the run does not conform; None if it does."""


class BenchmarkError(Exception):
    """A process of the benchmark failed. `str()` has its last words."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says; returns the exit code: 0, or 1 if a run fails or takes too much memory."""
    options = _parse(argv)
    say(_HEAD)
    rows = []
    try:
        for operations in options.operations or _OPERATIONS:
            rows.append(measure(operations, options.workers))
            say(describe(rows[-1]))
    except (BenchmarkError, NotServedError) as error:
        say(f"{error}", file=sys.stderr)
        return 1
    return int(any(row.memory > MAX_MEMORY or row.gap is not None for row in rows))


def describe(row: Row) -> str:
    """A row of the table."""
    times = f"{row.operations:10} | {row.seconds:7.1f} | {row.processor:9.1f}"
    figures = f"{times} | {row.requests:8} | {row.calls:5} | {row.memory:16.0f} MiB"
    return f"{figures}  ({row.gap})" if row.gap else figures


def make_spec(operations: int) -> dict[str, Json]:
    """A spec with so many small operations: things that are made, and read by their ids."""
    paths: dict[str, Json] = {}
    for number in range(operations):
        kind = f"/things-{number // 2 + 1}"
        if number % 2 == 0:
            paths[kind] = {"post": _making()}
        else:
            paths[f"{kind}/{{id}}"] = {"get": _reading()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "security": [{"Bearer": []}],
        "paths": paths,
        "components": {
            "schemas": {"Wish": _SMALL, "Thing": _IDENTIFIED},
            "securitySchemes": {"Bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _making() -> dict[str, Json]:
    body: dict[str, Json] = {"required": True, "content": _json("Wish")}
    return {
        "requestBody": body,
        "responses": {"201": {"description": "Made.", "content": _json("Thing")}, **_refusals()},
    }


def _reading() -> dict[str, Json]:
    parameter: dict[str, Json] = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    found: dict[str, Json] = {"description": "Found.", "content": _json("Thing")}
    return {"parameters": [parameter], "responses": {"200": found, **_refusals()}}


def _json(schema: str) -> dict[str, Json]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _refusals() -> dict[str, Json]:
    return {status: {"description": "Refused."} for status in ("401", "404", "405", "415", "422")}


def measure(operations: int, workers: int) -> Row:
    """Runs the suite against the mock of so many operations. Raises BenchmarkError and NotServedError."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        spec = folder / "openapi.json"
        spec.write_text(json.dumps(make_spec(operations)))
        with serving_mock("--spec", str(spec)) as mock:
            command = [
                *(sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", "contract_tests", "-q", "--seed=1"),
                *(f"--spec={spec}", f"--url={mock.url}", "--rings-nobody", "--time-limit=3600"),
                *(f"--workers={workers}", f"--report-dir={folder}/report"),
            ]
            before = _spent()
            seconds, memory = _watch(command, folder / "log")
            processor = _spent() - before
        result = _read_result(folder)
    return Row(operations, seconds, processor, result["requests"], result["calls"], memory, _find_gap(result))


def _find_gap(result: dict[str, Any]) -> str | None:
    untried = (", ".join(filter(None, each.values())) for each in result["untried"])
    first = next(filter(None, [result["reason"], *untried]), "")
    return None if result["verdict"] == "conforms" else f"{result['verdict']}: {first}"


def _spent() -> float:
    """The processor time of all processes that have ended below this one, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _read_result(folder: Path) -> dict[str, Any]:
    try:
        result: dict[str, Any] = json.loads((folder / "report" / "result.json").read_text())
    except OSError as error:
        raise BenchmarkError(f"the suite wrote no report:\n{(folder / 'log').read_text()}") from error
    return result


def _watch(command: Sequence[str], log: Path) -> tuple[float, float]:
    """The seconds that a command takes, and the most memory that its process has, in MiB."""
    started, memory = time.monotonic(), 0
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, env=tool_environment(VOICEOS_TOKEN=TOKEN), stdout=output, stderr=subprocess.STDOUT
        ) as running,
    ):
        process = psutil.Process(running.pid)
        while running.poll() is None:
            with suppress(psutil.Error):
                memory = max(memory, process.memory_info().rss)
            with suppress(subprocess.TimeoutExpired):
                running.wait(_TICK)
    return time.monotonic() - started, memory / 2**20


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s benchmark -- --operations",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="as for the suite; default: 1")
    help_text = f"how many operations the specs have; default: {' '.join(map(str, _OPERATIONS))}"
    parser.add_argument("operations", type=int, nargs="*", metavar="N", help=help_text)
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
