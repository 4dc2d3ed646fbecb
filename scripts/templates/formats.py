"""Formats and bounds of JSON Schema that Pydantic has no type for, or judges otherwise. Text stays as it is written."""

import re
from collections.abc import Callable
from fractions import Fraction
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StrictStr, WrapValidator
from pydantic_core import PydanticCustomError

from .date_time import DateTime, Day

_TIME = r"(\d+S|\d+M(\d+S)?|\d+H(\d+M(\d+S)?)?)"
_DURATION = re.compile(rf"P(\d+W|(\d+D|\d+M(\d+D)?|\d+Y(\d+M(\d+D)?)?)(T{_TIME})?|T{_TIME})", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_JSON_POINTER = re.compile(r"(/([^~/]|~[01])*)*", re.DOTALL)


def _date(text: str) -> str:
    try:
        Day.parse(text)
    except ValueError:
        return _checked(text, "date", is_valid=False)
    return text


def _time(text: str) -> str:
    try:
        DateTime.parse(f"2000-01-01T{text}")
    except ValueError:
        return _checked(text, "time", is_valid=False)
    return text


def _duration(text: str) -> str:
    return _checked(text, "duration", is_valid=bool(_DURATION.fullmatch(text)))


def _uuid(text: str) -> str:
    return _checked(text, "uuid", is_valid=bool(_UUID.fullmatch(text)))


def _json_pointer(text: str) -> str:
    return _checked(text, "json-pointer", is_valid=bool(_JSON_POINTER.fullmatch(text)))


def _ipv4(text: str) -> str:
    try:
        IPv4Address(text)
    except AddressValueError:
        return _checked(text, "ipv4", is_valid=False)
    return text


def _ipv6(text: str) -> str:
    try:
        IPv6Address(text)
    except AddressValueError:
        return _checked(text, "ipv6", is_valid=False)
    return _checked(text, "ipv6", is_valid="%" not in text)  # a zone is no part of the format


def _checked(text: str, name: str, *, is_valid: bool) -> str:
    if not is_valid:
        raise PydanticCustomError("string_format", "Input should be text of the format {format}", {"format": name})
    return text


def multiple_of(divisor: str) -> WrapValidator:
    """Accepts the multiples of a number as decimals: 0.3 is one of 0.1, which it is not as a binary fraction."""

    def check(value: object, validate: Callable[[object], int | float]) -> int | float:
        number = validate(value)
        written = value if isinstance(value, float) else number  # an integer may have been written with a point
        if Fraction(str(written) if isinstance(written, float) else written) % Fraction(divisor):
            raise PydanticCustomError("multiple_of", "Input should be a multiple of {divisor}", {"divisor": divisor})
        return number

    return WrapValidator(check)


def exactly(member: int) -> BeforeValidator:
    """Accepts one integer, or one boolean. To Python, true is 1."""

    def check(value: object) -> int:
        if isinstance(value, bool) is not isinstance(member, bool) or value != member:
            raise PydanticCustomError("literal_error", "Input should be {member}", {"member": repr(member)})
        return member

    return BeforeValidator(check)


def matching(pattern: str) -> AfterValidator:
    """Accepts the texts in which Python's `re` finds a pattern that Pydantic's own engine cannot run."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.search(text):
            raise PydanticCustomError("string_pattern_mismatch", "Input should match {pattern}", {"pattern": pattern})
        return text

    return AfterValidator(check)


Date = Annotated[StrictStr, AfterValidator(_date)]
"""A day, as text: 2026-01-31."""

Time = Annotated[StrictStr, AfterValidator(_time)]
"""A time of day with its offset from UTC, as text: 09:30:00Z."""

Duration = Annotated[StrictStr, AfterValidator(_duration)]
"""A duration of RFC 3339, as text: P1DT12H."""

IPv4 = Annotated[StrictStr, AfterValidator(_ipv4)]
"""An address of IPv4, as text: 192.0.2.1."""

IPv6 = Annotated[StrictStr, AfterValidator(_ipv6)]
"""An address of IPv6, as text: 2001:db8::1."""

UUIDText = Annotated[StrictStr, AfterValidator(_uuid)]
"""A UUID, as text, in the case in which it is written."""

JSONPointer = Annotated[StrictStr, AfterValidator(_json_pointer)]
"""A JSON Pointer, as text: /a/0."""

__all__ = [
    "Date",
    "Duration",
    "IPv4",
    "IPv6",
    "JSONPointer",
    "Time",
    "UUIDText",
    "exactly",
    "matching",
    "multiple_of",
]
