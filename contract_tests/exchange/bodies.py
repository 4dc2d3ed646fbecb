"""Bodies read as JSON."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.strict_json import BeyondReachError, parse_json, parse_leniently

if TYPE_CHECKING:
    from spec.json_value import Json

NOT_JSON: Final = object()
"""The value of a body that is no JSON."""
_MARK: Final = "\ue000"
"""A character of no meaning. It stands in place of what is no JSON: a NaN, a wrong byte, a control character."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REMEMBERED: Final = 64
"""How many bodies are remembered: several checks read the same one, and a server repeats its refusals."""


def read_json(body: bytes) -> Json:
    """The body as JSON, or `NOT_JSON`. It is not to be changed, for others may be given the same."""
    value, error = read_strictly(body)
    return NOT_JSON if error and not isinstance(error, BeyondReachError) else value


@lru_cache(_REMEMBERED)
def read_strictly(body: bytes) -> tuple[Json, ValueError | None]:
    """The body as JSON, and what is wrong with it by the letter (see `parse_json`). It is not to be changed.

    Where a reader may refuse the text, and no validator could take its value, the value is `NOT_JSON`.
    """
    try:
        return parse_json(body), None
    except BeyondReachError as error:
        return _read_leniently(body), error
    except ValueError as error:
        return None, error


def _read_leniently(body: bytes) -> Json:
    try:
        return parse_leniently(body)
    except ValueError:
        return NOT_JSON


def read_marked(body: bytes) -> Json:
    """The body as lenient readers take it, with a mark in place of what is no JSON; `NOT_JSON` if they do not either.

    Lenient readers take NaN and Infinity, bytes that are no UTF-8, and control characters.
    """
    marked = _CONTROL.sub(_MARK, body.decode(errors="replace").replace("\ufffd", _MARK))
    try:
        value: Json = json.loads(marked, parse_constant=lambda _: _MARK)
    except (ValueError, RecursionError):
        return NOT_JSON
    return value if is_marked(value) else NOT_JSON


def is_marked(value: Json) -> bool:
    """Tells whether a value that lenient readers take has a mark.

    >>> [is_marked(read_marked(body)) for body in (b'{"x": NaN}', b"{")]
    [True, False]
    """
    return value is not NOT_JSON and _MARK in json.dumps(value, ensure_ascii=False)
