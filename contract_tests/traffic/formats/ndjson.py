"""NDJSON: an exchange on each line, as an entry of HAR or as `{"request": …, "response": …}` (see exchange.schema.json).

Both forms can stand in one file. The second is what this project's own client and proxy write.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import msgspec

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.entry import Entry, response_of, undo_coding
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.formats.har import HarEntry, describe
from contract_tests.traffic.formats.lenient_json import BOM, loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.traffic.entry import RecordedResponse
    from contract_tests.traffic.formats.format import Content

Fields = dict[str, str | list[str]] | list[tuple[str, str]]


class Message(msgspec.Struct, frozen=True):
    """What a request and a response have both."""

    headers: dict[str, str | list[str]] | None = None
    body: str | None = None
    encoding: str | None = None

    @property
    def fields(self) -> Headers | None:
        """The header fields."""
        if self.headers is None:
            return None
        return Headers((name, value) for name, values in self.headers.items() for value in _listed(values))

    @property
    def content(self) -> bytes | None:
        """The bytes of the body as they passed; None if they were not recorded."""
        if self.body is None:
            return None
        return base64.b64decode(self.body, validate=True) if self.encoding == "base64" else self.body.encode()
