"""Header fields, whose names are alike in any case (RFC 9110, section 5.1)."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

Field = tuple[str, str]
"""The name and the value of a header field."""
CONTENT_TYPE: Final = "Content-Type"
_LENGTH: Final = re.compile(r"\d{1,18}", re.ASCII)


class Headers(tuple[Field, ...]):  # noqa: SLOT001 - it remembers the values by their names
    """Header fields in their order, as they were written.

    >>> headers = Headers([("Allow", "GET"), ("ALLOW", "POST")])
    >>> headers.joined("allow")
    'GET, POST'
    >>> headers.first("Location") is None
    True
    """

    @cached_property
    def _values(self) -> Mapping[str, list[str]]:
        """The values of each name, in lower case."""
        found: dict[str, list[str]] = {}
        for name, value in self:
            found.setdefault(name.lower(), []).append(value)
        return found

    def __reduce__(self) -> tuple[type[Headers], tuple[tuple[Field, ...]]]:
        """Keeps the fields alone for another process."""
        return Headers, (tuple(self),)

    @property
    def names(self) -> Collection[str]:
        """The names in lower case, each once, in their order."""
        return self._values.keys()

    def all(self, name: str) -> list[str]:
        """The values of every field of a name."""
        return [*self._values.get(name.lower(), ())]

    def first(self, name: str) -> str | None:
        """The first value of a name; None if it has no field."""
        values = self._values.get(name.lower())
        return values[0] if values else None

    def joined(self, name: str) -> str | None:
        """All values of a name as one, as HTTP combines them; None if it has no field."""
        values = self.all(name)
        return ", ".join(values) if values else None

    def without(self, names: Iterable[str]) -> Headers:
        """The other fields."""
        left_out = {name.lower() for name in names}
        return Headers(field for field in self if field[0].lower() not in left_out)

    def changed(self, name: str, change: Callable[[str], str]) -> Headers:
        """The fields, those of a name with another value."""
        wanted = name.lower()
        return Headers((key, change(value) if key.lower() == wanted else value) for key, value in self)

    @cached_property
    def content_coding(self) -> str:
        """The content codings in lower case, as `Content-Encoding` names them; empty if there is none."""
        return ",".join(value.lower() for value in self.all("Content-Encoding") if value.lower() != "identity")

    @cached_property
    def content_length(self) -> int | None:
        """The length that `Content-Length` names; None if it names none that a body can have."""
        length = self.first("Content-Length")
        # A longer number is that of no body, and Python refuses to read one of thousands of digits.
        return int(length) if length and _LENGTH.fullmatch(length) else None

    @property
    def media_type(self) -> str | None:
        """The media type in lower case, without parameters; None if it is not said."""
        value = self.joined(CONTENT_TYPE)
        return None if value is None else value.partition(";")[0].strip().lower()


NO_FIELDS: Final = Headers()
