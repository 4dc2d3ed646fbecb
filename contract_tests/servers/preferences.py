"""The header field `Prefer` (RFC 7240): how a client asks the mock for another answer than the usual one."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PREFER: Final = "prefer"
APPLIED: Final = "Preference-Applied"
STATUSES: Final = ("queued", "started", "ended")
"""The states of a conversation."""
LONGEST_WAIT: Final = 600.0
"""The longest wait that a client may ask for, in seconds."""
_WORD: Final = r"[\w!#$%&'*+.^`|~-]+"
"""The pattern of a token of HTTP."""
_PREFERENCE: Final = re.compile(rf"({_WORD})(?:\s*=\s*(?:({_WORD})|\"((?:[^\"\\]|\\.)*)\"))?")
_STATUS_CODES: Final = range(200, 600)


@dataclass(frozen=True)
class Preferences:
    """The preferences of a request that the mock knows. A preference with a value that it cannot honour is None."""

    code: int | None = None
    """The status code of the answer."""
    example: str | None = None
    """The name of the spec's example that the answer has as its body."""
    dynamic: bool | None = None
    """True for a body that is made up from the schema, in place of the usual one."""
    status: str | None = None
    """The state of the conversation in the answer: one of `STATUSES`."""
    wait: float | None = None
    """How much later the answer comes, in seconds."""

    def __bool__(self) -> bool:
        return self != _NONE

    def applied(self, *names: str) -> str:
        """The value of `Preference-Applied` for those of the named preferences that the request has.

        >>> Preferences(code=422, wait=0.5).applied("code", "example", "wait")
        'code=422, wait=0.5'
        """
        values = [(each.name, getattr(self, each.name)) for each in fields(self) if each.name in names]
        return ", ".join(f"{name}={_spell(value)}" for name, value in values if value is not None)


_NONE: Final = Preferences()


def read_preferences(field_values: Iterable[str]) -> Preferences:
    """The preferences in all `Prefer` fields of a request. Of a preference that comes twice, the first counts.

    >>> read_preferences(["code=422, wait=0.5", "respond-async"])
    Preferences(code=422, example=None, dynamic=None, status=None, wait=0.5)
    """
    given: dict[str, str] = {}
    for value in field_values:
        for name, text in _split(value):
            given.setdefault(name, text)
    return Preferences(
        code=_code(given.get("code", "")),
        example=given.get("example"),
        dynamic=True if given.get("dynamic", "").lower() == "true" else None,
        status=given["status"] if given.get("status") in STATUSES else None,
        wait=_seconds(given.get("wait", "")),
    )


def of_headers(headers: Iterable[tuple[str, str]]) -> Preferences:
    """The preferences in a request's header fields, whose names are in lower case."""
    values = [value for name, value in headers if name == PREFER]
    return read_preferences(values) if values else _NONE


def describe(preferences: Preferences) -> Mapping[str, object]:
    """The preferences that a request has, by their names."""
    return {each.name: value for each in fields(preferences) if (value := getattr(preferences, each.name)) is not None}


def _split(value: str) -> Iterator[tuple[str, str]]:
    for found in _PREFERENCE.finditer(value):
        name, token, quoted = found.groups()
        yield name.lower(), token if token is not None else re.sub(r"\\(.)", r"\1", quoted or "")


def _code(text: str) -> int | None:
    code = int(text) if re.fullmatch("[0-9]{3}", text) else 0
    return code if code in _STATUS_CODES else None


def _seconds(text: str) -> float | None:
    seconds = float(text) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) else None
    return seconds if seconds is not None and seconds <= LONGEST_WAIT else None


def _spell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    text = "true" if value is True else str(value)
    return text if re.fullmatch(_WORD, text) else '"{}"'.format(re.sub(r'(["\\])', r"\\\1", text))
