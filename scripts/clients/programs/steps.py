"""The steps of a client's program, and how it tells of them: one line of JSON for each."""

import json
import os
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

BASE_URL = os.environ["VOICEOS_BASE_URL"]
TOKEN = os.environ["VOICEOS_TOKEN"]
CALLS: dict[str, Any] = json.loads(Path(__file__).with_name("calls.json").read_text(encoding="utf-8"))


def step(name: str, run: Callable[[], Any]) -> Any:  # noqa: ANN401 - JSON
    """Runs a step, and prints its value or why it failed. Returns the value, or None."""
    value = None
    try:
        value = run()
        told = {"step": name, "value": value}
    except Exception as error:  # noqa: BLE001 - any error of the client is a result
        told = {"step": name, "error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(f"{json.dumps(told, default=str)}\n")
    return value


def refuse_next() -> None:
    """Has the mock refuse the next request with a 422."""
    request = urllib.request.Request(  # noqa: S310 - of the mock
        f"{BASE_URL}/_mock/next", b'{"refuse": ["to_number"]}', {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request):  # noqa: S310 - of the mock
        pass
