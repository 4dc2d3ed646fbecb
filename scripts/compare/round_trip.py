"""Reads JSON bodies with the classes of a package, and writes what these would send. For a process of its own.

It needs nothing but the package, whose classes must have `from_dict` and `to_dict`. Each line of the input is a JSON
array of a class's name and a body; each line of the output an object with either `value` or `error`.
"""

import importlib
import json
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says for the module that the only argument names."""
    (name,) = sys.argv[1:] if argv is None else argv
    module = importlib.import_module(name)
    for line in sys.stdin:
        kind, body = json.loads(line)
        try:
            result = {"value": getattr(module, kind).from_dict(body).to_dict()}
        except Exception as error:  # noqa: BLE001 - whatever a package raises is the result
            result = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(result, default=str))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
