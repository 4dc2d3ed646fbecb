"""The scalars of JSON Schema as Pydantic types: what they accept and reject is what the standard says.

Pydantic's own strict types differ from JSON Schema in a few places: 1.0 is an integer there, a date-time is a string of
RFC 3339 and never a number, and a number is kept as it was written, so that no digit of a large one is lost.
"""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime as _AwareDatetime
from pydantic import BeforeValidator, Strict, StrictBool, StrictStr
from pydantic_core import PydanticCustomError

_RFC_3339 = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


def _integer(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        raise PydanticCustomError("number_type", "Input should be a finite number")
    return value


def _date_time(value: object) -> datetime | str:
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC_3339.fullmatch(value)):
        return value
    raise PydanticCustomError("date_time_format", "Input should be a date-time as RFC 3339 writes it")


StrictInt = Annotated[int, Strict(), BeforeValidator(_integer)]
"""An integer: 5 and 5.0, not "5" and not true."""

StrictFloat = Annotated[int | float, BeforeValidator(_number)]
"""A number: 5 and 0.5, not "5", not true, and neither NaN nor infinite."""

AwareDatetime = Annotated[_AwareDatetime, BeforeValidator(_date_time)]
"""A point in time with its offset from UTC, written as RFC 3339 does: 2026-01-31T09:30:00Z."""

__all__ = ["AwareDatetime", "StrictBool", "StrictFloat", "StrictInt", "StrictStr"]
