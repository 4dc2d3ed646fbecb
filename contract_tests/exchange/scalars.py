"""Values of parameters and header fields, which are sent as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.exchange.strict_json import BeyondReachError, parse_json

if TYPE_CHECKING:
    from spec.json_value import Json


def read_scalar(text: str, kind: str) -> Json:
    """The value that a text stands for where a kind of value (`integer`) belongs; the text itself if for none.

    Raises:
        BeyondReachError: readers may differ on the value.
    """
    if kind == "string":
        return text
    try:
        return parse_json(text.encode())
    except BeyondReachError:
        raise
    except ValueError:
        return text
