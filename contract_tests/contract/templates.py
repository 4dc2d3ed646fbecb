"""Templates of JSON texts: a text with gaps, in which other texts and numbers may stand without any schema's notice.

All texts that fit a template satisfy the same schemas at the same places as the text that it was made of. Finding out
that a text fits takes a fraction of the time of reading and validating it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from contract_tests.contract.free_values import FreeValues

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from contract_tests.contract.free_values import Path
    from contract_tests.contract.typed_texts import Schemas
    from spec.json_value import Json

EACH: Final = "*"
"""Stands for every item of an array, or every field of an object, in a path."""
_REMEMBERED: Final = 256
"""How many values of a gap are remembered, each with what validators say of it."""
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_PLAIN: Final = rb'[^"\\\x00-\x1f]*+'
# A half of a surrogate pair is for readers that take their time.
_ESCAPED: Final = rb'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+'
# All readers agree on integers of 15 digits (RFC 8259, section 6).
_INTEGER: Final = rb"-?(?:0|[1-9][0-9]{0,14}+)"
_DECIMAL: Final = _INTEGER + rb"\.[0-9]{1,15}+"
_decode: Final = msgspec.json.Decoder().decode
_OPENING: Final = (b"{", b"[")
_CLOSING: Final = (b"}", b"]")
_BETWEEN: Final = (b",", b":")
_WORDS: Final = (b"true", b"false", b"null")


class Gap(NamedTuple):
    """A place of a template in which other texts, or other numbers, may stand."""

    path: Path
    is_text: bool
    spelling: bytes
    """A pattern of what may stand in it."""
    asked: tuple[tuple[Callable[[Json], bool], bool], ...]
    """Validators of the value, each with what it says."""

    def takes(self, spelled: bytes) -> bool:
        """Tells whether the validators say of a value what they must."""
        value = _value(spelled, is_text=self.is_text)
        return all(is_valid(value) is said for is_valid, said in self.asked)


class Template:
    """A JSON text with gaps. It is equal to itself alone."""

    def __init__(self, pattern: bytes, gaps: Sequence[Gap], fixed: Mapping[Path, Json]) -> None:
        self.fixed = dict(fixed)
        """The texts, numbers and words around the gaps."""
        self.paths = tuple(gap.path for gap in gaps)
        """The paths of the gaps."""
        self.plain = {gap.path: index for index, gap in enumerate(gaps) if gap.spelling == _PLAIN}
        """The numbers of the gaps in which texts stand without escapes."""
        self._match = re.compile(pattern).fullmatch
        asking = ((index, gap) for index, gap in enumerate(gaps) if gap.asked)
        self._asking = tuple((index, lru_cache(_REMEMBERED)(gap.takes)) for index, gap in asking)

    def fit(self, content: bytes) -> tuple[bytes, ...] | None:
        """The texts in the gaps, as they are spelled; None if the content, which must be UTF-8, does not fit."""
        found = self._match(content)
        if found is None:
            return None
        texts = found.groups()
        for index, takes in self._asking:
            if not takes(texts[index]):
                return None
        return texts


class TemplateMaker:
    """Makes templates of the valid instances of a schema.

    `compared` are the paths of fields that rules name. There, texts stand without escapes, and numbers are no gaps.
    """

    def __init__(self, schemas: Schemas, pointer: str, compared: Collection[Path]) -> None:
        self._schemas = schemas
        self._free = FreeValues(schemas, pointer)
        self._compared = compared

    def make(self, content: bytes) -> Template:
        """The template of a valid text, in which no key is spelled with escapes or comes twice in one object."""
        pattern, gaps, end = list[bytes](), list[Gap](), 0
        fixed: dict[Path, Json] = {}
        for scalar in _scalars(content):
            if gap := self._gap(scalar):
                pattern += [re.escape(content[end : scalar.start]), b"(", gap.spelling, b")"]
                end = scalar.start + len(scalar.spelled)
                gaps.append(gap)
            else:
                fixed[scalar.path] = _decode(b'"%b"' % scalar.spelled if scalar.is_text else scalar.spelled)
        return Template(b"".join([*pattern, re.escape(content[end:])]), gaps, fixed)

    def _gap(self, scalar: _Scalar) -> Gap | None:
        """The gap in place of a scalar; None where nothing else may stand."""
        if scalar.spelled in _WORDS and not scalar.is_text:
            return None
        pointers = self._free.asking(scalar.path, is_text=scalar.is_text)
        if pointers is None:
            return None
        is_compared = any(is_related(scalar.path, path) for path in self._compared)
        spellings = _spellings(is_text=scalar.is_text, is_compared=is_compared, is_asked=bool(pointers))
        spelling = next((each for each in spellings if re.fullmatch(each, scalar.spelled)), None)
        if spelling is None:
            return None
        value, ask = _value(scalar.spelled, is_text=scalar.is_text), self._schemas.validator
        asked = tuple((ask(pointer).is_valid, ask(pointer).is_valid(value)) for pointer in pointers)
        return Gap(scalar.path, scalar.is_text, spelling, asked)


class _Scalar(NamedTuple):
    """A text, a number or a word in a JSON text."""

    path: Path
    start: int
    """Where it begins; a text, behind its quote."""
    spelled: bytes
    is_text: bool


def _spellings(*, is_text: bool, is_compared: bool, is_asked: bool) -> tuple[bytes, ...]:
    """Patterns of the values that may stand in a gap. Where texts are read, they have no escapes."""
    if is_text:
        return (_PLAIN,) if is_compared or is_asked else (_ESCAPED,)
    return () if is_compared else (_INTEGER, _DECIMAL)


def _value(spelled: bytes, *, is_text: bool) -> str | float:
    if is_text:
        return spelled.decode()
    return float(spelled) if b"." in spelled else int(spelled)


def is_related(path: Sequence[str], other: Sequence[str]) -> bool:
    """Tells whether one of two values is the other, or holds it."""
    return all(one == two or EACH in (one, two) for one, two in zip(path, other, strict=False))


def _scalars(content: bytes) -> Iterator[_Scalar]:
    """The scalars in a JSON text that are no keys, in their order."""
    path, in_object, expects_key = list[str](), list[bool](), False
    for token in _TOKEN.finditer(content):
        mark = token[0]
        if mark in _OPENING:
            path.append("0")
            in_object.append(mark == b"{")
        elif mark in _CLOSING:
            path.pop()
            in_object.pop()
        elif mark == b"," and not in_object[-1]:
            path[-1] = str(int(path[-1]) + 1)
        elif expects_key:
            path[-1] = mark[1:-1].decode()
        elif mark.startswith(b'"'):
            yield _Scalar(tuple(path), token.start() + 1, mark[1:-1], is_text=True)
        elif mark not in _BETWEEN:
            yield _Scalar(tuple(path), token.start(), mark, is_text=False)
        expects_key = mark == b"{" or (mark == b"," and in_object[-1])
