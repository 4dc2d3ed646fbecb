"""The base of all that a result is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

Standing = Literal["documented", "sdk", "inferred", "advice"]
Positive = Annotated[int, msgspec.Meta(ge=1)]
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""The errors of a text that is not the JSON of a part."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a result: it never changes, and has no other fields than the declared ones.

    Fields are checked where a part is read, and mypy checks them where it is made.
    """

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """The part with other values."""
        return msgspec.structs.replace(self, **update)

    def model_dump_json(self, *, indent: int = 0) -> str:
        """The part as JSON, on one line unless it is indented."""
        text = msgspec.json.encode(self)
        return (msgspec.json.format(text, indent=indent) if indent else text).decode()

    @classmethod
    def model_validate_json(cls, text: str | bytes) -> Self:
        """Reads a part. Raises one of `UNREADABLE`."""
        return msgspec.json.decode(text, type=cls)
