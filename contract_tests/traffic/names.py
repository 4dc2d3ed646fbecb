"""Names of recordings and servers as they are shown: without credentials, and of telephone numbers with 4 digits."""

from __future__ import annotations

import re
from typing import Final

from contract_tests.traffic.phone_numbers import hide_numbers

_CREDENTIALS: Final = re.compile(r"(?<=://)[^/?#\s]*@|(?<=[^/?])[?#]\S*\Z")
"""The parts of a URL that may hold credentials: before its host, and all behind its path, as in signed URLs."""
_TIME: Final = re.compile(r"(?:19|20)\d\d([-_.]?)[01]\d\1[0-3]\d[-_. ]?[0-2]\d(?:[-_.]?[0-5]\d){1,2}\d{0,3}")
"""A date and a time, as they stand in the names of logs."""


def without_credentials(text: str) -> str:
    """A URL without its credentials; any other text as it is."""
    return _CREDENTIALS.sub("", text) if "://" in text else text


def shown_name(name: str) -> str:
    """The name of a file, or a URL, as it is shown.

    >>> shown_name("calls/+12025550142.har"), shown_name("s3://key:secret@logs/calls.har?signature=1")
    ('calls/********0142.har', 's3://logs/calls.har')
    >>> shown_name("traffic-20260131093000.har")
    'traffic-20260131093000.har'
    """
    plain = without_credentials(name)
    parts, done = [], 0
    for found in _TIME.finditer(plain):
        parts += [hide_numbers(plain[done : found.start()]), found[0]]
        done = found.end()
    return "".join([*parts, hide_numbers(plain[done:])])
