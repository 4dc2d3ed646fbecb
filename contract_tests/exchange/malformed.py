"""The malformed JSON that the suite sends: each body is a valid JSON object whose closing brace gave way to something.

The list is closed, so that the guard can tell such a body from all others, and look into the object behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.exchange.strict_json import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEPTHS: Final = (2 * MAX_DEPTH, 1_000)
"""How deep values are nested. Recursive readers mostly cannot follow to the second depth."""
_DEEP: Final[Mapping[str, bytes]] = {
    f"{kind} {depth} deep": b', "x": ' + opening * depth + inner + closing * depth + b"}"
    for depth in _DEPTHS
    for kind, opening, inner, closing in (("arrays", b"[", b"", b"]"), ("objects", b'{"x":', b"1", b"}"))
}
NO_JSON: Final = b"hello"
"""A body that is text, and no JSON at all."""
ENDINGS: Final[Mapping[str, bytes]] = {
    "a truncated body": b"",
    "a trailing comma": b",}",
    "NaN": b', "x": NaN}',
    "invalid UTF-8": b', "x": "\xff"}',
    "text after the value": b"} x",
    "a control character in a string": b', "x": "\x01"}',
    # A server may take these or turn them away (see `BeyondReachError`), but must not fall over.
    "half a surrogate pair": b', "x": "\\ud800"}',
    "a key twice": b', "x": null, "x": null}',
    **_DEEP,
}
"""The endings in place of an object's closing brace, by what is wrong then. None holds anything to act on."""


def malform(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Makes malformed bodies of a JSON object with at least one field, each with what is wrong with it."""
    inner = body.rstrip().removesuffix(b"}")
    yield from ((wrong, inner + ending) for wrong, ending in ENDINGS.items())
    yield "text that is no JSON", NO_JSON


def objects_behind(body: bytes) -> Iterator[bytes]:
    """The objects that a malformed body may have been made of by `malform`; none may be JSON."""
    for ending in ENDINGS.values():
        if body.endswith(ending):
            yield body.removesuffix(ending) + b"}"


def without_depth(body: bytes) -> bytes:
    """A body without what `malform` nests deeply in it, which some readers of JSON follow and some do not."""
    ending = next((each for each in _DEEP.values() if body.endswith(each)), None)
    return body if ending is None else body.removesuffix(ending) + b"}"
