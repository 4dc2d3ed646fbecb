"""The parse tree of a CEL expression, as the CEL library serializes it.

The library shows no tree of its own, but it writes one: `cel.expr.ParsedExpr`, a public format in protocol buffers. The
numbers below are those of its fields.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

_Message = Mapping[int, list[Any]]
"""The values of a message by field number. An inner message is still bytes."""
_VARINT, _FIXED64 = 0, 1
_SIGN: Final = 1 << 63


class Node(Struct, frozen=True, eq=False):
    """A part of an expression. `column` counts from 1; 0 where the parser made the part up.

    Parts are equal wherever they stand.
    """

    column: int

    def __eq__(self, other: object) -> bool:
        """Tells whether two parts say the same."""
        return type(self) is type(other) and self._said == other._said

    def __hash__(self) -> int:
        """Is the same for equal parts."""
        return hash((type(self), self._said))

    @property
    def _said(self) -> tuple[object, ...]:
        """All of it but its column."""
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name != "column")


class Constant(Node, frozen=True, eq=False):
    """A literal."""

    value: bool | int | float | str | bytes | None


class Name(Node, frozen=True, eq=False):
    """A variable."""

    name: str


class Select(Node, frozen=True, eq=False):
    """A field of an operand: `operand.field`, or `has(operand.field)`."""

    operand: Node
    field: str
    is_has: bool


class Call(Node, frozen=True, eq=False):
    """A function or operator with its arguments. The target of a method is the first of them."""

    function: str
    arguments: tuple[Node, ...]


class Items(Node, frozen=True, eq=False):
    """A list literal, or the parts of a map literal."""

    items: tuple[Node, ...]


class Loop(Node, frozen=True, eq=False):
    """A macro over items, such as `all`: the variable, the items, and the parts that may name the variable."""

    variable: str
    over: Node
    parts: tuple[Node, ...]


def read_tree(serialized: bytes) -> Node:
    """Reads the tree of a serialized expression that was parsed, and not checked."""
    parsed = _message(_message(serialized)[2][0])
    entries = [_message(entry) for entry in _message(parsed[3][0])[4]]
    positions = {entry[1][0]: entry.get(2, [0])[0] for entry in entries}
    return _Reader(positions).read(parsed[2][0])


class _Reader(Struct, frozen=True):
    positions: Mapping[int, int]

    def read(self, data: bytes) -> Node:
        message = _message(data)
        column = self.positions.get(message.get(2, [0])[0], -1) + 1
        kinds: dict[int, Callable[[int, _Message], Node]] = {
            3: _constant,
            4: _name,
            5: self._select,
            6: self._call,
            7: self._list,
            8: self._map,
            9: self._loop,
        }
        kind = next(kind for kind in kinds if kind in message)
        return kinds[kind](column, _message(message[kind][0]))

    def _select(self, column: int, message: _Message) -> Node:
        return Select(column, self.read(message[1][0]), _text(message[2][0]), bool(message.get(3)))

    def _call(self, column: int, message: _Message) -> Node:
        arguments = [*message.get(1, []), *message.get(3, [])]
        return Call(column, _text(message[2][0]), tuple(map(self.read, arguments)))

    def _list(self, column: int, message: _Message) -> Node:
        return Items(column, tuple(map(self.read, message.get(1, []))))

    def _map(self, column: int, message: _Message) -> Node:
        entries = [_message(entry) for entry in message.get(2, [])]
        return Items(column, tuple(self.read(entry[part][0]) for entry in entries for part in (3, 4) if part in entry))

    def _loop(self, column: int, message: _Message) -> Node:
        parts = tuple(self.read(message[part][0]) for part in (4, 5, 6, 7))
        return Loop(column, _text(message[1][0]), self.read(message[2][0]), parts)


def _name(column: int, message: _Message) -> Node:
    return Name(column, _text(message[1][0]))


def _constant(column: int, message: _Message) -> Node:
    kinds: dict[int, Callable[[Any], bool | int | float | str | bytes | None]] = {
        1: lambda _: None,
        2: bool,
        3: lambda number: (number ^ _SIGN) - _SIGN,
        4: int,
        5: lambda data: float(struct.unpack("<d", data)[0]),
        6: _text,
        7: bytes,
    }
    kind = next(kind for kind in kinds if kind in message)
    return Constant(column, kinds[kind](message[kind][0]))


def _message(data: bytes) -> _Message:
    """Reads the fields of a message in protocol buffers' wire format."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        if key & 7 == _VARINT:
            value, at = _varint(data, at)
            found[key >> 3].append(value)
            continue
        size, at = (8, at) if key & 7 == _FIXED64 else _varint(data, at)
        found[key >> 3].append(data[at : at + size])
        at += size
    return dict(found)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at an offset, and the offset behind it: seven bits a byte, the lowest first."""
    value = shift = 0
    while True:
        byte = data[at]
        value, shift, at = value | (byte & 0x7F) << shift, shift + 7, at + 1
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more bytes follow
            return value, at


def _text(data: bytes) -> str:
    return data.decode()
