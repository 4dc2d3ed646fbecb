"""JSON as recorders write it: with NaN, with numbers beyond all bounds, and with halves of surrogate pairs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typing import BinaryIO

BOM: Final = b"\xef\xbb\xbf"
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.?)",
    re.DOTALL,
)
_LONGEST_ESCAPE: Final = 12


class NestedTooDeepError(ValueError):
    """JSON text is nested deeper than Python's reader goes."""

    def __init__(self) -> None:
        super().__init__("it is nested too deep")


def loads(content: bytes) -> Any:  # noqa: ANN401 - JSON of any shape
    """Reads JSON text. Half a surrogate pair becomes U+FFFD, for no UTF-8 can hold it. Raises ValueError."""
    try:
        return json.loads(replace_halves(content.removeprefix(BOM)))
    except RecursionError as error:
        raise NestedTooDeepError from error


def replace_halves(content: bytes) -> bytes:
    r"""JSON text with U+FFFD for each half of a surrogate pair that stands alone (`\ud800`)."""
    if b"\\ud" not in content and b"\\uD" not in content:
        return content
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found["half"] else found[0], content)


class WithoutHalves:
    """A stream of JSON text with U+FFFD for each half of a surrogate pair. A reader in C would write `?` for it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, about as many as asked for; none at the end. No escape is cut in two."""
        if size == 0:
            return b""
        read = self._stream.read(size)
        content = self._rest + read
        cut = _last_cut(content) if read else len(content)
        self._rest = content[cut:]
        return replace_halves(content[:cut]) or (self.read(size) if read else b"")


def _last_cut(content: bytes) -> int:
    """Where to cut a text, such that no escape at its end is cut in two."""
    unsure = len(content) - _LONGEST_ESCAPE
    if b"\\" not in content[max(0, unsure) :]:
        return len(content)
    return next((found.start() for found in _ESCAPE.finditer(content) if found.start() > unsure), len(content))
