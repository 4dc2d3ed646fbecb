"""Header fields, whose names are alike in any case (RFC 9110, section 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Field = tuple[str, str]
"""The name and the value of a header field."""
CONTENT_TYPE: Final = "Content-Type"


class Headers(tuple[Field, ...]):
    """Header fields in their order, as they were written.

    >>> headers = Headers([("Allow", "GET"), ("ALLOW", "POST")])
    >>> headers.joined("allow")
    'GET, POST'
    >>> headers.first("Location") is None
    True
    """

    __slots__ = ()

    def all(self, name: str) -> list[str]:
        """The values of every field of a name."""
        wanted = name.lower()
        return [value for key, value in self if key.lower() == wanted]

    def first(self, name: str) -> str | None:
        """The first value of a name; None if it has no field."""
        return next(iter(self.all(name)), None)

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

    @property
    def media_type(self) -> str | None:
        """The media type in lower case, without parameters; None if it is not said."""
        value = self.joined(CONTENT_TYPE)
        return None if value is None else value.partition(";")[0].strip().lower()


NO_FIELDS: Final = Headers()
