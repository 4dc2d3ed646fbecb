"""The scalars of JSON Schema as Pydantic types: what they accept and reject is what the standard says.

Pydantic's own strict types differ from JSON Schema in a few places: 1.0 is an integer there, a date-time is a string of
RFC 3339 and never a number, and a number is kept as it was written, so that no digit of a large one is lost.
"""

from datetime import datetime
from typing import Annotated

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    Strict,
    StrictBool,
    StrictStr,
)
from pydantic_core import PydanticCustomError

from .date_time import DateTime, date_time_text


def _integer(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        raise PydanticCustomError("number_type", "Input should be a finite number")
    return value


def _date_time(value: object) -> datetime:
    try:
        if isinstance(value, str):
            return DateTime.parse(value)
        if isinstance(value, datetime) and date_time_text(value):
            return value
    except ValueError as error:
        raise PydanticCustomError(
            "date_time_format", "Input should be a date-time: {reason}", {"reason": str(error)}
        ) from error
    raise PydanticCustomError("date_time_type", "Input should be a date-time as text")


StrictInt = Annotated[int, Strict(), BeforeValidator(_integer)]
"""An integer: 5 and 5.0, not "5" and not true."""

StrictFloat = Annotated[int | float, BeforeValidator(_number)]
"""A number: 5 and 0.5, not "5", not true, and neither NaN nor infinite."""

AwareDatetime = Annotated[
    datetime,
    PlainValidator(_date_time, json_schema_input_type=str),
    PlainSerializer(date_time_text, when_used="json"),
]
"""A point in time with its offset from UTC, written as RFC 3339 does: 2026-01-31T09:30:00Z."""

__all__ = ["AwareDatetime", "StrictBool", "StrictFloat", "StrictInt", "StrictStr"]
