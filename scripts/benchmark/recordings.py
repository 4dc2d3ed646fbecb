"""Times the judging of a recording beside `redocly drift` and a bare loop, on 40,000 entries with 500 tokens.

The bare loop reads each line and both its bodies as JSON, validates the bodies with jsonschema-rs, and does no more.
The commands run in turn, as often as `--pairs` says, and the table has the medians. Read the ratios, which are taken
pair by pair: the seconds are this machine's. CPU is that of the command and of all its processes. "net" is the rate
without what a recording of one entry costs. `--memory` shows the largest memory instead, of this project's processes
together, for 20,000 entries and for 80,000.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
import uuid
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psutil

from scripts.environment import tool_environment
from scripts.redocly.installation import cli
from scripts.redocly.node import RedoclyError, node_folder
from spec.output import say
from spec.paths import ROOT, SPEC
from spec.reader import read_spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENTRIES: Final = 40_000
_TOKENS: Final = 500
_FOR_MEMORY: Final = (20_000, 80_000)
_PAUSE: Final = 0.05
"""The time between two looks at the memory, in seconds."""
WORKED: Final = (0, 1, 8)
"""The exit codes of commands that did their work: `redocly drift` and we tell by some of them what was found."""
ALONE: Final = "ours, 1 process"
START: Final = "ours, 1 entry"
_BARE: Final = """
import sys
import jsonschema_rs, msgspec, yaml
spec, recording = sys.argv[1:]
document = yaml.load(open(spec), yaml.CSafeLoader)
path = next(iter(document["paths"]))
def validator(place):
    schema = {"$ref": f"#/paths/{path.replace('/', '~1')}/post/{place}/content/application~1json/schema", **document}
    return jsonschema_rs.validator_for(schema, validate_formats=True)
sent, received, decode = validator("requestBody"), validator("responses/200"), msgspec.json.decode
for line in open(recording, "rb"):
    entry = decode(line)
    sent.is_valid(decode(entry["request"]["postData"]["text"]))
    received.is_valid(decode(entry["response"]["content"]["text"]))
"""


class Cost(NamedTuple):
    """The cost of a command, in seconds."""

    wall: float
    cpu: float


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code: 0, or 1 if a command cannot run."""
    options = _parse(argv)
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        if options.memory:
            say(describe_memory({count: _measure_memory(folder, count) for count in _FOR_MEMORY}))
            return 0
        try:
            rounds = _time_rounds(folder, options.entries, options.pairs)
        except (RedoclyError, subprocess.CalledProcessError) as error:
            say(str(error), file=sys.stderr)
            return 1
    say(describe(rounds, options.entries))
    return 0


def _time_rounds(folder: Path, entries: int, pairs: int) -> list[dict[str, Cost]]:
    """The costs of all commands, by their names, as often as asked for."""
    recording, single, spec = (folder / name for name in ("traffic.ndjson", "single.ndjson", "openapi.yaml"))
    spec.write_bytes(SPEC.read_bytes())
    write_entries(recording, entries)
    write_entries(single, 1)
    commands = _commands(recording, single, spec, folder)
    return [{name: _time(command, folder) for name, command in commands.items()} for _ in range(pairs)]


def write_entries(path: Path, count: int) -> None:
    """Writes a recording of so many entries."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(entry)}\n" for entry in make_entries(count))


def make_entries(count: int) -> Iterator[dict[str, Any]]:
    """Exchanges that conform, as entries of HAR: the examples of the spec's first operation, with ids of their own."""
    document = read_spec(SPEC).document
    path, item = next(iter(document["paths"].items()))
    operation = item["post"]
    sent, received = _examples(operation["requestBody"]), _examples(operation["responses"]["200"])
    url, names = f"{document['servers'][0]['url']}{path}", [*sent]
    for number in range(count):
        name = names[number % len(names)]
        answer = received[name] | {"id": uuid.uuid4().hex}
        yield _make_entry(url, sent[name], answer, f"token-{number % _TOKENS:08}-of-the-benchmark")


def _examples(message: dict[str, Any]) -> dict[str, Any]:
    examples = message["content"]["application/json"]["examples"]
    return {name: example["value"] for name, example in examples.items()}


def describe(rounds: Sequence[dict[str, Cost]], entries: int) -> str:
    """A line for each command with medians: seconds, entries a second of CPU, and the ratios to the first command."""
    rows = [f"{entries} entries, {len(rounds)} rounds; the ratios are those to the first line, of time and of CPU"]
    for name in rounds[0]:
        wall, cpu = (median(getattr(each[name], kind) for each in rounds) for kind in Cost._fields)
        ratios = [
            median(getattr(each[name], kind) / getattr(_first(each), kind) for each in rounds) for kind in Cost._fields
        ]
        rate = f"{entries / cpu:8.0f} entries/s of CPU" if name != START else ""
        rows.append(f"{name:16} {wall:7.2f} s {cpu:7.2f} s CPU {ratios[0]:6.2f} {ratios[1]:6.2f} {rate}")
    net = median(entries / (each[ALONE].cpu - each[START].cpu) for each in rounds)
    return "\n".join([*rows, f"{ALONE}, net of its start and end: {net:.0f} entries/s of CPU"])


def _first(costs: dict[str, Cost]) -> Cost:
    return next(iter(costs.values()))


def describe_memory(peaks: dict[int, float]) -> str:
    """A line for each number of entries, and how many times the first one's memory the last one takes."""
    first, *_, last = peaks.values()
    lines = [f"{count:7} entries: at most {peak:6.1f} MiB" for count, peak in peaks.items()]
    return "\n".join([*lines, f"ratio {last / first:.2f}"])


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.benchmark.recordings",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--entries", type=int, default=_ENTRIES, metavar="N", help="how many; default: 40000")
    parser.add_argument("--pairs", type=int, default=3, metavar="N", help="how often each is timed; default: 3")
    parser.add_argument("--memory", action="store_true", help="measure memory instead of time")
    return parser.parse_args(argv)


def _commands(recording: Path, single: Path, spec: Path, folder: Path) -> dict[str, tuple[str, ...]]:
    judge = (sys.executable, "-m", "contract_tests.recordings", "--report-dir", str(folder / "report"))
    drift = (str(node_folder() / "bin" / "node"), str(cli()), "drift", str(recording), "--api", str(spec))
    return {
        "redocly drift": drift,
        "bare loop": (sys.executable, "-c", _BARE, str(spec), str(recording)),
        "ours": (*judge, str(recording)),
        ALONE: (*judge, str(recording), "--processes=1"),
        START: (*judge, str(single)),
    }


def _time(command: Sequence[str], folder: Path) -> Cost:
    """The cost of a command. Raises CalledProcessError unless it ends as one that did its work."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    ended = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, env=environment(), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if ended.returncode not in WORKED:
        raise subprocess.CalledProcessError(ended.returncode, command)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _measure_memory(folder: Path, entries: int) -> float:
    """The largest memory of the judging, in MiB: that of all its processes, each page once."""
    recording = folder / "traffic.ndjson"
    write_entries(recording, entries)
    command = (
        sys.executable,
        "-m",
        "contract_tests.recordings",
        str(recording),
        "--report-dir",
        str(folder / "report"),
    )
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory(psutil.Process(process.pid)))
            time.sleep(_PAUSE)
    return peak / 2**20


def _memory(process: psutil.Process) -> int:
    """The bytes of a process and of all below it. Pages that several share count once, a part for each."""
    try:
        return sum(each.memory_full_info().pss for each in (process, *process.children(recursive=True)))
    except psutil.Error:  # one has just ended
        return 0


def environment() -> dict[str, str]:
    """The environment of the commands that are timed."""
    return tool_environment(PYTHONPATH=f"{ROOT}:{ROOT / 'generated'}", REDOCLY_TELEMETRY="off")


def _make_entry(url: str, sent: object, received: object, token: str) -> dict[str, Any]:
    sent_text, received_text = json.dumps(sent), json.dumps(received)
    kind = {"name": "content-type", "value": "application/json"}
    return {
        "startedDateTime": "2026-01-31T09:30:00.000Z",
        "request": {
            "method": "POST",
            "url": url,
            "headers": [kind, {"name": "authorization", "value": f"Bearer {token}"}],
            "bodySize": len(sent_text),
            "postData": {"mimeType": "application/json", "text": sent_text},
        },
        "response": {
            "status": 200,
            "headers": [kind],
            "content": {"size": len(received_text), "mimeType": "application/json", "text": received_text},
        },
    }


if __name__ == "__main__":
    raise SystemExit(main())
