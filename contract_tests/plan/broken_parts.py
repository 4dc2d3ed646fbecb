"""Multipart bodies in which a header field of one part is wrong, where Encoding Objects state these fields."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.contract.multipart import CONTENT_TYPE, read_multipart, write_multipart
from contract_tests.contract.part_headers import DISPOSITION
from contract_tests.exchange.scalars import read_scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.form_fields import FormField
    from contract_tests.contract.multipart import Part
    from contract_tests.contract.operations import Content

_OTHER_TYPES: Final = ("application/vnd.other", "text/plain")
_WRONG_VALUES: Final = ("!", "-1", "x" * 300, "")


def break_parts(contract: Contract, content: Content, body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yields bodies with one part that is wrong, each after a few words about it. `body` is one of ours, and valid."""
    codec, parts = contract.codec(read_scalar), read_multipart(body, CONTENT_TYPE)
    fields = codec.fields(content, "multipart")
    for place, part in enumerate(parts):
        for wrong, candidates in _broken(fields[part.name], part) if part.name in fields else ():
            broken = (each for each in candidates if codec.part_breaches(content, CONTENT_TYPE, _alone(each)))
            if (each := next(broken, None)) is not None:
                yield f"the part {part.name}: {wrong}", write_multipart([*parts[:place], each, *parts[place + 1 :]])


def _alone(part: Part) -> bytes:
    """A body with a part that has these header fields, and nothing more: its content may be long."""
    return write_multipart([replace(part, content=b"")])


def _broken(field: FormField, part: Part) -> Iterator[tuple[str, Iterator[Part]]]:
    """Yields what may be wrong with a part, with parts of which one may break a statement."""
    if field.encoded_as and part.media_type:
        yield "another Content-Type", (replace(part, media_type=each) for each in _OTHER_TYPES)
    for header in (each for each in field.headers if each.name.lower() != DISPOSITION):
        others = tuple(each for each in part.headers if each[0].lower() != header.name.lower())
        if header.is_required:
            yield f"no header field {header.name}", iter([replace(part, headers=others)])
        if header.schema:
            values = ((*others, (header.name, value)) for value in _WRONG_VALUES)
            yield f"a wrong header field {header.name}", (replace(part, headers=each) for each in values)
