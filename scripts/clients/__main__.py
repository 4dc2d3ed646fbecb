"""Makes real clients from the spec, has each place a call with the mock, and prints what each can do.

A client's limits that are known stand in this package with their reasons. Java is needed for openapi-generator; where
it is not installed, that client is listed as not tried.

exit codes:
  0  every client does what it is known to do
  1  a client does less or more than is known, or none can be made
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from scripts.clients.judging import STEPS, judge
from scripts.clients.limits import LIMITS, Tried, describe, is_as_known
from scripts.clients.workshop import CLIENTS, BrokenError, UnavailableError, Workshop, equip
from scripts.exit_codes import FAILED, FRESH
from scripts.redocly.node import RedoclyError
from scripts.serving_mock import NotServedError, serving_mock
from spec.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.clients.workshop import Client
    from spec.json_value import Json


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says, and returns the exit code."""
    options = _parse(argv)
    try:
        with TemporaryDirectory(prefix="clients-") as name, serving_mock("--ring", "0", "--talk", "0") as mock:
            folder = Path(name, "workshop")
            equip(folder)
            workshop = Workshop(folder, mock.url, options.sdk_python, options.generator_python)
            tried = [_try(client, workshop) for client in CLIENTS]
    except (OSError, RedoclyError, NotServedError) as error:
        say(f"{error}", file=sys.stderr)
        return FAILED
    say(describe(tried, STEPS, LIMITS))
    return FRESH if all(is_as_known(each, LIMITS) for each in tried) else FAILED


def _try(client: Client, workshop: Workshop) -> Tried:
    """The verdicts on a client, or why it cannot be made."""
    _forget(workshop.url)
    try:
        output = client.run(workshop)
    except UnavailableError as error:
        return Tried(client.title, (), unavailable=str(error))
    except BrokenError as error:
        return Tried(client.title, (), broken=str(error))
    calls = json.loads((workshop.folder / "calls.json").read_text(encoding="utf-8"))
    return Tried(client.title, judge(output, _received(workshop.url), calls))


def _forget(url: str) -> None:
    """Has the mock forget what it received."""
    request = urllib.request.Request(f"{url}/_mock/reset", b"{}", {"Content-Type": "application/json"})  # noqa: S310 - of the mock
    with urllib.request.urlopen(request):  # noqa: S310 - of the mock
        pass


def _received(url: str) -> list[Json]:
    """The bodies that the mock received."""
    with urllib.request.urlopen(f"{url}/_mock/requests") as response:  # noqa: S310 - of the mock
        return [json.loads(each["body"]) for each in json.load(response) if each["method"] == "POST"]


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s clients --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sdk-python", required=True, help="the Python interpreter that has the vendor's SDK")
    parser.add_argument("--generator-python", required=True, help="the one that has openapi-generator")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
