"""Times the judging of a recording beside `redocly drift` and a bare loop, on 40,000 entries with 500 tokens.

The bare loop reads each line and both its bodies as JSON, validates the bodies with jsonschema-rs, and does no more.
Read the ratios: the seconds are this machine's. CPU is that of the command and of all its processes.
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
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
_BARE: Final = """
import sys
import jsonschema_rs, msgspec, yaml
spec, recording = sys.argv[1:]
document = yaml.load(open(spec), yaml.CSafeLoader)
((path, item),) = document["paths"].items()
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
    """Does what the module's docstring says and returns the exit code: 0, or 1 if Redocly CLI is not installed."""
    entries = _parse(argv).entries
    with TemporaryDirectory(prefix="benchmark-") as folder:
        recording, spec = Path(folder, "traffic.ndjson"), Path(folder, "openapi.yaml")
        spec.write_bytes(SPEC.read_bytes())
        with recording.open("w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(entry)}\n" for entry in make_entries(entries))
        try:
            commands = _commands(recording, spec, Path(folder))
        except RedoclyError as error:
            say(str(error), file=sys.stderr)
            return 1
        costs = {name: _time(command, Path(folder)) for name, command in commands.items()}
    say(describe(costs, entries))
    return 0


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


def describe(costs: dict[str, Cost], entries: int) -> str:
    """A line for each command: seconds, entries a second of CPU, and how many times the first one's cost that is."""
    first = next(iter(costs.values()))
    lines = [
        f"{name:16} {cost.wall:7.2f} s {cost.cpu:7.2f} s CPU {entries / cost.cpu:8.0f} entries/s of CPU"
        f"  {cost.wall / first.wall:5.2f} {cost.cpu / first.cpu:5.2f}"
        for name, cost in costs.items()
    ]
    return "\n".join([f"{entries} entries; the last columns are ratios to the first line, of time and of CPU", *lines])


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.benchmark.recordings",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--entries", type=int, default=_ENTRIES, metavar="N", help="how many; default: 40000")
    return parser.parse_args(argv)


def _commands(recording: Path, spec: Path, folder: Path) -> dict[str, tuple[str, ...]]:
    judge = (sys.executable, "-m", "contract_tests.recordings", str(recording), "--report-dir", str(folder / "report"))
    drift = (str(node_folder() / "bin" / "node"), str(cli()), "drift", str(recording), "--api", str(spec))
    return {
        "redocly drift": drift,
        "bare loop": (sys.executable, "-c", _BARE, str(spec), str(recording)),
        "ours": judge,
        "ours, 1 process": (*judge, "--processes=1"),
    }


def _time(command: Sequence[str], folder: Path) -> Cost:
    environment = tool_environment(PYTHONPATH=f"{ROOT}:{ROOT / 'generated'}", REDOCLY_TELEMETRY="off")
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(  # noqa: S603 - our own commands; redocly drift and we exit with 1 for findings
        command, cwd=folder, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - started, cpu)


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
