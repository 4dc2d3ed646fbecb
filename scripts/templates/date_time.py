"""A point in time, and a day, that remember how they were written.

Python's datetime holds microseconds, no leap second, and no year 0; RFC 3339, which `format: date-time` means, has any
number of digits, and both. What cannot be held is kept as text beside the nearest instant that can.
"""

import re
from datetime import date, datetime
from typing import Self, SupportsIndex

_RFC_3339 = re.compile(
    r"(?P<date>\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))[Tt]"
    r"(?P<minute>([01]\d|2[0-3]):[0-5]\d):(?P<second>[0-5]\d|60)(\.(?P<fraction>\d+))?"
    r"(?P<offset>[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LAST_MICROSECOND = "59.999999"
_YEAR_0 = re.compile("^0000")
_LEAP_YEAR = "2000"
"""A year with the days of year 0, which is a leap year too."""


class DateTime(datetime):
    """A datetime with an offset from UTC, and the RFC 3339 text that it was read from.

    `isoformat()` gives that text back, digit by digit. A leap second (23:59:60) counts as the last microsecond before
    the next minute. One of the year 0 counts as the first moment of the year 1.
    """

    text: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the text of a date-time, as RFC 3339 defines it.

        Raises:
            ValueError: the text is no date-time.
        """
        match = _RFC_3339.fullmatch(text)
        if not match:
            raise ValueError("not a date-time as RFC 3339 writes it: 2026-01-31T09:30:00Z")
        second = f"{match['second']}.{(match['fraction'] or '')[:6]:0<6}"
        if match["second"] == "60":
            second = _LAST_MICROSECOND
        day = _YEAR_0.sub(_LEAP_YEAR, match["date"])
        instant = cls.fromisoformat(f"{day}T{match['minute']}:{second}{match['offset'].upper()}")
        if match["second"] == "60" and not _ends_a_day(instant):
            raise ValueError("a leap second is at 23:59:60 UTC")
        if _YEAR_0.match(text):
            instant = cls(1, 1, 1, tzinfo=instant.tzinfo)
        instant.text = text
        return instant

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """The text that it was read from; else, or when a format is asked for, as datetime writes it."""
        if self.text is not None and (sep, timespec) == ("T", "auto"):
            return self.text
        return super().isoformat(sep, timespec)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[object, ...]:
        return super().__reduce_ex__(protocol) if self.text is None else (type(self).parse, (self.text,))


class Day(date):
    """A date. One of the year 0 counts as the first day of the year 1, and `isoformat()` gives its text back."""

    text: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the text of a day, as RFC 3339 defines it.

        Raises:
            ValueError: the text is no day.
        """
        if not _DATE.fullmatch(text):
            raise ValueError("not a date as RFC 3339 writes it: 2026-01-31")
        day = cls.fromisoformat(_YEAR_0.sub(_LEAP_YEAR, text))
        if _YEAR_0.match(text):
            day = cls(1, 1, 1)
            day.text = text
        return day

    def isoformat(self) -> str:
        """The text of a day of the year 0; else as date writes it."""
        return super().isoformat() if self.text is None else self.text

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[object, ...]:
        return super().__reduce_ex__(protocol) if self.text is None else (type(self).parse, (self.text,))


def date_time_text(value: datetime) -> str:
    """How JSON carries a datetime.

    Raises:
        ValueError: it has no offset from UTC, or one that is no whole number of minutes.
    """
    text = value.isoformat()
    if not _RFC_3339.fullmatch(text):
        raise ValueError("a date-time needs an offset from UTC, in whole minutes: datetime.now(UTC) has one")
    return text


def _ends_a_day(instant: datetime) -> bool:
    offset = instant.utcoffset()
    minutes = instant.hour * 60 + instant.minute - (offset.total_seconds() // 60 if offset else 0)
    return minutes % (24 * 60) == 24 * 60 - 1


__all__ = ["DateTime", "Day", "date_time_text"]
