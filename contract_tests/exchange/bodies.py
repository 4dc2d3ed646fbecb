"""Bodies read as JSON."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.strict_json import BeyondReachError, parse_json, parse_leniently

if TYPE_CHECKING:
    from spec.json_value import Json

NOT_JSON: Final = object()
"""The value of a body that is no JSON."""
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
