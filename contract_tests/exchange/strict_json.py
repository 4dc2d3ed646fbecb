"""JSON by the letter of RFC 8259, and what of it no reader must take."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from spec.json_value import Json

MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that all readers of JSON agree on (RFC 8259, section 6)."""
MAX_DEPTH: Final = 100
"""How deeply arrays and objects may be nested."""


class BeyondReachError(ValueError):
    """The text is JSON, but a reader may refuse it (RFC 8259, section 9) or read it in ways of its own."""


class DuplicateKeyError(BeyondReachError):
    """An object of the text has a key twice, and readers differ on which value counts."""


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - JSON of any type
    """The value of a JSON text.

    Raises:
        BeyondReachError: nested more than `MAX_DEPTH` levels deep, a number beyond the doubles, half a surrogate pair,
            or a key twice in one object.
        ValueError: not UTF-8, or not JSON.
    """
    try:
        value = json.loads(
            body.decode(),
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_integer,
            object_pairs_hook=_without_duplicates,
        )
    except RecursionError as error:
        raise BeyondReachError(f"nested more than {MAX_DEPTH} levels deep") from error
    if _may_be_odd(body):
        _check_tree(value)
    return value


def parse_leniently(body: bytes) -> Any:  # noqa: ANN401 - JSON of any type
    """The value of a JSON text that a reader may refuse, as validators can take it: half a surrogate pair as `?`.

    Raises:
        ValueError: nested too deeply for them, a number of thousands of digits, or not JSON at all.
    """
    try:
        value = json.loads(json.dumps(json.loads(body), ensure_ascii=False).encode(errors="replace"))
    except RecursionError as error:
        raise BeyondReachError(f"nested more than {MAX_DEPTH} levels deep") from error
    _check_tree(value)
    return value


def has_large_integer(value: object) -> bool:
    """Tells whether a JSON value holds an integer that readers may round or refuse (RFC 8259, section 6)."""
    if isinstance(value, dict):
        return any(map(has_large_integer, value.values()))
    if isinstance(value, list):
        return any(map(has_large_integer, value))
    return isinstance(value, int) and abs(value) > MAX_INTEGER


def _may_be_odd(body: bytes) -> bool:
    """Tells whether the text may be nested too deeply or hold half a surrogate pair. It saves most texts a walk."""
    return body.count(b"[") + body.count(b"{") > MAX_DEPTH or b"\\ud" in body.lower()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BeyondReachError(f"{text[:40]} is beyond the range of a double")
    return value


def _integer(text: str) -> int:
    _finite(text)
    return int(text)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        twice = next(name for index, (name, _) in enumerate(pairs) if name in dict(pairs[:index]))
        raise DuplicateKeyError(f"an object has the key {twice!r} twice")
    return result


def _check_tree(value: object, depth: int = 1) -> None:
    if depth > MAX_DEPTH:
        raise BeyondReachError(f"nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list):
        for item in value:
            _check_tree(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_tree(item, depth + 1)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BeyondReachError("a string holds half a surrogate pair") from error


def spell(body: Json) -> str:
    """A JSON value as text, the same for whatever order its fields are in."""
    try:
        return msgspec.json.encode(body, order="deterministic").decode()
    except (msgspec.MsgspecError, OverflowError, RecursionError, UnicodeEncodeError):
        return json.dumps(body, sort_keys=True)
