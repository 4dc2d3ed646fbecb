"""Multipart bodies: `multipart/form-data` (RFC 7578) and others whose parts have names, written and read back.

The standard library reads them. It writes mail, and httpx takes long to import, so the few lines that write are here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from contract_tests.contract.media_types import MULTIPART_MEDIA_TYPE, base_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from email.message import Message

BOUNDARY: Final = "contract-tests-7f3a9c"
"""Stands between the parts of our bodies. None of our values has it."""
CONTENT_TYPE: Final = f"{MULTIPART_MEDIA_TYPE}; boundary={BOUNDARY}"
"""The Content-Type of our bodies."""
_DISPOSITION: Final = "Content-Disposition"
_ESCAPES: Final = {'"': "%22", "\r": "%0D", "\n": "%0A"}
"""Characters in names, and how browsers write them (WHATWG HTML, section 4.10.21.8)."""

_SHORT: Final = 1_000
"""How many bytes a part has at most that is remembered."""


@dataclass(frozen=True)
class Part:
    """A part of a body: a field, or a file."""

    name: str
    content: bytes
    media_type: str | None = None
    """As its header field has it; None if it has none."""
    file_name: str | None = None
    """None if it is no file."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further header fields."""
    disposition: str | None = field(default=None, compare=False)
    """The header field that names it, as it came."""

    @property
    def is_of_form(self) -> bool:
        """True if it says that it is a field of a form."""
        return base_of(self.disposition or "") == "form-data"


class UnnamedError(ValueError):
    """A part has no name, or holds parts of its own, so that no schema has a place for it."""


def content_type_of(media_type: str) -> str:
    """The Content-Type of our bodies of a multipart media type."""
    return f"{media_type}; boundary={BOUNDARY}"


def write_multipart(parts: Iterable[Part], boundary: str = BOUNDARY) -> bytes:
    r"""The body that has the parts, with a boundary between them.

    >>> write_multipart([Part("a", b"1")])
    b'--contract-tests-7f3a9c\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--contract-tests-7f3a9c--\r\n'
    """
    return b"".join(_write_part(part, boundary) for part in parts) + end_of(boundary)


def end_of(boundary: str) -> bytes:
    """The last line of a body."""
    return f"--{boundary}--\r\n".encode()


def cut_off(body: bytes) -> bytes:
    """One of our bodies without its last boundary, so that a reader cannot tell whether it is whole."""
    return body.removesuffix(end_of(BOUNDARY))


def read_multipart(body: bytes, content_type: str) -> list[Part]:
    """The parts of a body. Raises ValueError if it is not what its Content-Type says.

    It is UnnamedError if the body has parts, but names do not tell all of them apart.
    """
    from email.parser import BytesParser  # noqa: PLC0415 - it takes 6 ms to import, and few APIs have such bodies

    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", errors="replace")
    message = BytesParser().parsebytes(head + body)
    payload = message.get_payload()
    if not isinstance(payload, list):
        raise ValueError("the body has no parts between boundaries")  # noqa: TRY004 - the body is wrong, not a type
    if message.defects:
        raise ValueError(f"the body is cut off: {type(message.defects[0]).__name__}")
    return [_read_part(part) for part in payload if not isinstance(part, str)]


def reread(parts: Sequence[Part]) -> list[Part]:
    """The parts as they are read from a body of ours. Raises ValueError if they cannot be.

    Planned bodies have the same few parts in ever new company, so the short ones are remembered.
    """
    if not parts:
        raise ValueError("a body has at least one part")
    return [(_reread_short if len(part.content) <= _SHORT else _reread)(part) for part in parts]


def _reread(part: Part) -> Part:
    found = read_multipart(write_multipart([part]), CONTENT_TYPE)
    if len(found) != 1:
        raise ValueError("the part holds a boundary")
    return found[0]


_reread_short = lru_cache(maxsize=256)(_reread)


def _write_part(part: Part, boundary: str) -> bytes:
    file_name = "" if part.file_name is None else f'; filename="{_escape(part.file_name)}"'
    disposition = (_DISPOSITION, f'form-data; name="{_escape(part.name)}"{file_name}')
    media_type = [("Content-Type", part.media_type)] if part.media_type else []
    lines = [f"{name}: {value}" for name, value in (disposition, *media_type, *part.headers)]
    return "\r\n".join([f"--{boundary}", *lines, "", ""]).encode() + part.content + b"\r\n"


def _read_part(part: Message) -> Part:
    fields = [(name, _decode(str(value))) for name, value in part.raw_items()]
    named = type(part)()
    for each in fields:
        named.add_header(*each)
    name, content = _parameter(named, "name"), part.get_payload(decode=True)
    if name is None or not isinstance(content, bytes):
        raise UnnamedError("a part has no name" if name is None else "a part holds parts of its own")
    known = {_DISPOSITION.lower(), "content-type"}
    others = tuple((key, value) for key, value in fields if key.lower() not in known)
    media_type, disposition = _first(fields, "content-type"), _first(fields, _DISPOSITION.lower())
    return Part(name, content, media_type, _parameter(named, "filename"), others, disposition)


def _first(fields: Iterable[tuple[str, str]], wanted: str) -> str | None:
    return next((value for name, value in fields if name.lower() == wanted), None)


def _parameter(message: Message, name: str) -> str | None:
    """A parameter of the field that names a part; None if it is not there."""
    found = message.get_param(name, header=_DISPOSITION)
    return _unescape(found) if isinstance(found, str) else None


def _decode(text: str) -> str:
    """The text of a header field: the parser keeps bytes beyond ASCII aside, and browsers write UTF-8."""
    return text.encode("ascii", errors="surrogateescape").decode(errors="replace")


def _escape(name: str) -> str:
    for character, escape in _ESCAPES.items():
        name = name.replace(character, escape)
    return name


def _unescape(name: str) -> str:
    for character, escape in _ESCAPES.items():
        name = name.replace(escape, character)
    return name
