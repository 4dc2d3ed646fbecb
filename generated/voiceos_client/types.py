"""What is common to all operations and models."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping, MutableMapping
from enum import Enum, IntEnum, StrEnum
from typing import IO, Any, BinaryIO, Generic, Literal, Self, TypeGuard, TypeVar

import httpx
from attrs import define, field

from .date_time import DateTime, Day


class Unset:
    """The type of UNSET, which stands for a field that is absent. One that is null is None."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()

# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """Contains information for file uploads"""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return a tuple representation that httpx will accept for multipart/form-data"""
        return self.file_name, self.payload, self.mime_type


T = TypeVar("T")


@define
class Response(Generic[T]):
    """The response of a server, with its body as `parsed`."""

    status_code: int
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str] = field(repr=False)
    parsed: T


@define
class UndocumentedResponse:
    """A response that the contract does not describe: another status, or a body that is not as documented.

    It does not say what the server did with the request: all that was asked, perhaps, unless the status is from 400 to 499.

    Attributes:
        status_code: The HTTP status.
        reason: In which way the response is not as documented.
        content: The body, as it came.
        headers: The header fields.
    """

    status_code: int
    reason: str
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, response: httpx.Response, reason: str) -> Self:
        """What the contract does not describe of a response, and why."""
        return cls(response.status_code, reason, response.content, response.headers)

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 shows as �."""
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.content)


@define
class Undocumented:
    """A branch that the contract does not know, such as another provider's: the JSON value, as it came or is to go."""

    value: Any


class OpenStrEnum(StrEnum):
    """An enumeration that a newer server may know more members of. Those are kept, and are not `is_documented`."""

    @property
    def is_documented(self) -> bool:
        """Whether the contract names this member."""
        return any(member is self for member in type(self))

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_, member._value_ = value, value
        return member

    def __str__(self) -> str:
        return str(self.value)


class OpenIntEnum(IntEnum):
    """An enumeration that a newer server may know more members of. Those are kept, and are not `is_documented`."""

    @property
    def is_documented(self) -> bool:
        """Whether the contract names this member."""
        return any(member is self for member in type(self))

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_, member._value_ = str(value), value
        return member

    def __str__(self) -> str:
        return str(self.value)


def is_member(value: object, enumeration: type[OpenStrEnum] | type[OpenIntEnum]) -> bool:
    """Whether a JSON value is a documented member of an enumeration."""
    return not isinstance(value, bool) and any(member.value == value for member in enumeration)


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """True for a JSON object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """True for a JSON array."""
    return isinstance(value, list)


def as_object(value: object) -> dict[str, Any]:
    """A copy of a JSON object. Raises TypeError for anything else, as do the others below."""
    if is_object(value):
        return dict(value)
    raise _not_a("an object", value)


def as_list(value: object) -> list[Any]:
    if is_list(value):
        return value
    raise _not_a("an array", value)


def as_str(value: object) -> str:
    if isinstance(value, str):
        return value
    raise _not_a("a string", value)


def as_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _not_a("a boolean", value)


def as_int(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _not_a("an integer", value)


def as_float(value: object) -> float:
    """A number; one that is written as an integer stays one, which keeps all its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise _not_a("a finite number", value)


def as_date(value: object) -> datetime.date:
    return Day.parse(as_str(value))


def as_datetime(value: object) -> datetime.datetime:
    return DateTime.parse(as_str(value))


def member_value(value: object) -> Any:
    """The value of a member of an enumeration. A plain value stands for itself."""
    return value.value if isinstance(value, Enum) else value


def to_json_object(value: Any) -> dict[str, Any]:
    """A model as a JSON object. A mapping stands for itself."""
    return as_object(value if is_object(value) else value.to_dict())


def _not_a(kind: str, value: object) -> TypeError:
    return TypeError(f"a value of type {type(value).__name__} stands where {kind} belongs")


__all__ = [
    "UNSET",
    "File",
    "FileTypes",
    "OpenIntEnum",
    "OpenStrEnum",
    "RequestFiles",
    "Response",
    "Undocumented",
    "UndocumentedResponse",
    "Unset",
    "as_bool",
    "as_date",
    "as_datetime",
    "as_float",
    "as_int",
    "as_list",
    "as_object",
    "as_str",
    "is_list",
    "is_member",
    "is_object",
    "member_value",
    "to_json_object",
]
