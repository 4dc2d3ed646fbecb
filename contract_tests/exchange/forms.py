"""Bodies of forms: percent-encoded (WHATWG URL) and multipart (RFC 7578), written from fields and read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable

BOUNDARY: Final = "contract-tests-7f3a9c"
"""The line between the parts of our multipart bodies. None of our values has it."""
_BOUNDARY_OF: Final = re.compile(r';\s*boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_NAME_OF: Final = re.compile(r'(?:^|[;\s])name="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A field of a form."""

    name: str
    content: bytes
    media_type: str | None = None
    file_name: str | None = None
    """The name of the file that it stands for; None if it is a plain field."""


def write_form(parts: Iterable[Part]) -> bytes:
    """The percent-encoded form.

    >>> write_form([Part("a b", b"1&2")])
    b'a+b=1%262'
    """
    return urlencode([(part.name, part.content) for part in parts]).encode()


def read_form(body: bytes) -> list[Part]:
    """The fields of a percent-encoded form. Raises ValueError if it is not one."""
    text = body.decode("ascii")
    pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    return [Part(name, value.encode()) for name, value in pairs]


def write_multipart(parts: Iterable[Part]) -> bytes:
    """The multipart body, with `BOUNDARY` between its parts."""
    return b"".join(map(_write_part, parts)) + f"--{BOUNDARY}--\r\n".encode()


def read_multipart(body: bytes, content_type: str) -> list[Part]:
    """The parts of a multipart body. Raises ValueError if it is not one."""
    found = _BOUNDARY_OF.search(content_type)
    if not found:
        raise ValueError("the Content-Type names no boundary")
    delimiter = b"\r\n--" + (found[1] or found[2]).encode()
    _, *pieces = (b"\r\n" + body).split(delimiter)
    if not pieces or not pieces[-1].startswith(b"--"):
        raise ValueError("the last boundary is missing")
    return [_read_part(piece) for piece in pieces[:-1]]


def _write_part(part: Part) -> bytes:
    file_name = "" if part.file_name is None else f'; filename="{part.file_name}"'
    name = part.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    lines = [f"--{BOUNDARY}", f'Content-Disposition: form-data; name="{name}"{file_name}']
    lines += [f"Content-Type: {part.media_type}"] if part.media_type else []
    return "\r\n".join([*lines, "", ""]).encode() + part.content + b"\r\n"


def _read_part(piece: bytes) -> Part:
    head, blank, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    fields = dict(_read_field(line) for line in head.decode().split("\r\n"))
    name = _NAME_OF.search(fields.get("content-disposition", ""))
    if not blank or not name:
        raise ValueError("a part has no name")
    plain = name[1].replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
    file_name = re.search(r'filename="([^"]*)"', fields["content-disposition"])
    return Part(plain, content, fields.get("content-type"), file_name[1] if file_name else None)


def _read_field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()
