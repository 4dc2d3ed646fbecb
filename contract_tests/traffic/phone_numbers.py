"""Telephone numbers in texts, however people and programs write them."""

from __future__ import annotations

import re
from typing import Final

from contract_tests.target.limits import mask_number

# Blanks, dashes, brackets and the like, as they are and as URLs and JSON write them.
_BETWEEN: Final = (
    r"(?:[ ().\-/\u00a0\u00ad\u2000-\u2015\u202f\u2060]|%(?:25)*(?:2[089DdFf]|C2%A0)|\\u00a0|\\u20[01][0-9a-fA-F]){0,4}"
)
_PLUS: Final = r"(?:[+\uff0b]|%(?:25)*2[Bb]|\\u002[Bb])"
_DATE: Final = r"\d{4}-\d\d-\d\d(?!\d)"
_FRACTION: Final = r"\d{1,2}\.\d+(?![\d.\-])"
_ADDRESS: Final = r"\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
# Digits within hexadecimal ones are those of a hash or a UUID.
_BEFORE: Final = r"(?<![0-9A-Fa-f])(?<![0-9A-Fa-f][.\-])"
_AFTER: Final = r"(?![0-9A-Fa-f]|-[0-9A-Fa-f]{4}\b)"
_CANDIDATE: Final = re.compile(
    rf"{_PLUS}{_BETWEEN}\d(?:{_BETWEEN}\d){{5,}}"
    rf"|{_BEFORE}(?!{_DATE}|{_FRACTION}|{_ADDRESS})\d(?:{_BETWEEN}\d){{9,}}{_AFTER}"
)
_MOST_DIGITS: Final = 15
"""The digits of the longest telephone number (ITU-T E.164)."""


def hide_numbers(text: str) -> str:
    """The text with 4 digits of each telephone number: one with a plus sign, or 10 to 15 digits.

    So many digits no time and few amounts have.

    >>> hide_numbers("call +1 (202) 555-0142 at 09:30:00"), hide_numbers("?to=%2B12025550142")
    ('call *************0142 at 09:30:00', '?to=**********0142')
    """
    return _CANDIDATE.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    text = found[0]
    has_plus = not text[0].isdigit()
    if has_plus or sum(map(str.isdecimal, text)) <= _MOST_DIGITS:
        return mask_number(text)
    parts = re.split(r"(\s+)", text)
    return "".join(map(hide_numbers, parts)) if len(parts) > 1 else text
