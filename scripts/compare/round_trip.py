"""Parses JSON bodies with the classes of a package, and prints their dumps. It runs in the Python that has the package.

It imports nothing else from outside the standard library. The classes must have `from_dict` and `to_dict`. Each line of
the input is a JSON array of a class name and a body. Each line of the output is an object with `value` or `error`.
"""

import importlib
import json
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes. The only argument names the module with the classes."""
    (name,) = sys.argv[1:] if argv is None else argv
    module = importlib.import_module(name)
    for line in sys.stdin:
        kind, body = json.loads(line)
        try:
            result = {"value": getattr(module, kind).from_dict(body).to_dict()}
        except Exception as error:  # noqa: BLE001 - any error of the package is a result
            result = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(f"{json.dumps(result, default=str)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
