"""The scalars of JSON Schema as Pydantic types: what they accept and reject is what the standard says.

Pydantic's own strict types differ from JSON Schema in a few places: 1.0 is an integer there, a date-time is a string of
RFC 3339 and never a number, and a number is kept as it was written, so that no digit of a large one is lost.
"""

import enum
from datetime import datetime
from typing import Annotated

import pydantic
from pydantic import (
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainSerializer,
    PlainValidator,
    Strict,
    StrictBool,
    StrictStr,
)
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_before_validator_function

from .date_time import DateTime, date_time_text


class BaseModel(pydantic.BaseModel):
    """A model whose dump has the names that the contract gives its fields, whatever their names in Python."""

    # Names that Pydantic uses itself have been changed already.
    model_config = ConfigDict(serialize_by_alias=True, protected_namespaces=())


def _integer(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _member(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("int_type", "Input should be an integer")
    return _integer(value)


class IntEnum(enum.IntEnum):
    """An enumeration of integers, of which true is none."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(_member, handler(source))


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

__all__ = ["AwareDatetime", "BaseModel", "IntEnum", "StrictBool", "StrictFloat", "StrictInt", "StrictStr"]
