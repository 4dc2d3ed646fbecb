"""The base of all that a result is made of, and its JSON."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeVar

import msgspec

Standing = Literal["documented", "sdk", "inferred", "advice"]
Positive = Annotated[int, msgspec.Meta(ge=1)]
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""The errors of a text that is not the JSON of a part."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a result: it never changes, and has no other fields than the declared ones.

    Fields are checked where a part is read, and mypy checks them where it is made.
    """


_P = TypeVar("_P", bound=Part)


def encode_part(part: Part, *, indent: int = 0) -> str:
    """The JSON of a part, on one line unless it is indented."""
    text = msgspec.json.encode(part)
    return (msgspec.json.format(text, indent=indent) if indent else text).decode()


def decode_part(text: str | bytes, kind: type[_P]) -> _P:
    """Reads a part of this kind. Raises one of `UNREADABLE`."""
    return msgspec.json.decode(text, type=kind)
