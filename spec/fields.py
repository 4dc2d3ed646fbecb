"""The fields that an expression names, found in its tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct

from spec.cel_tree import Call, Constant, Items, Loop, Name, Select

if TYPE_CHECKING:
    from spec.cel_tree import Node
    from spec.json_value import Json

T = TypeVar("T")
ROOTS: Final = ("request", "response", "status", "path")
"""The names that an expression may begin a field with: both bodies, the status, and the variables of the path."""
EACH: Final = "*"
"""Stands for every item of an array, in the path of a field."""
OWN_FUNCTIONS: Final = {"echoes": 2, "is_new": 1, "is_known": 1, "previous": 2}
"""The functions that rules have beyond CEL's own, each with the number of fields that it takes."""
OVER_TIME: Final = frozenset(("is_known", "previous"))
"""Those that ask about earlier exchanges, of other operations too."""
GIVING_VALUES: Final = frozenset(("previous",))
"""Those that give the value that a field had. The others are true or false."""
_EQUALITY: Final = {"_==_", "_!=_"}
_OF_EQUALITY: Final = _EQUALITY | {"_&&_", "_||_", "!_"}
"""Operators that tell of their operands no more than which are equal, and what is true."""


class Field(Struct, frozen=True):
    """A field that an expression names. `inner` leads on from there, into the items of an array."""

    names: tuple[str, ...]
    inner: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The name of the variable that holds its value."""
        return ".".join(self.names)

    @property
    def path(self) -> tuple[str, ...]:
        """The way to it from `request`, `response` or `status`."""
        return (*self.names, *self.inner)

    def __str__(self) -> str:
        return ".".join(self.path).replace(f".{EACH}", "[]")

    def below(self, name: str) -> Field:
        """The field of a name in this one, written `this.name`."""
        return self.inside(name) if self.inner else Field((*self.names, name))

    def inside(self, name: str) -> Field:
        """The field of a name in this one, written `this["name"]`; of `EACH`, its items."""
        return Field(self.names, (*self.inner, name))


class OwnCall(Struct, frozen=True, dict=True):
    """A call of one of `OWN_FUNCTIONS`."""

    function: str
    fields: tuple[Field, ...]

    @cached_property
    def text(self) -> str:
        """The call, as an expression spells it."""
        return f"{self.function}({', '.join(map(str, self.fields))})"

    def ask(self, function: Callable[..., Json], value: Callable[[tuple[str, ...]], Json]) -> Json:
        """Calls a function with the values of its fields; one of `OVER_TIME` with the first, and this call as text."""
        if self.function in OVER_TIME:
            return function(value(self.fields[0].names), self.text)
        return function(*[value(each.names) for each in self.fields])

    def prepare(
        self, function: Callable[..., Json], finder: Callable[[tuple[str, ...]], Callable[[T], Json]]
    ) -> Callable[[T], Json]:
        """A function that asks as `ask` does. `finder` gives, by a field's names, a function that finds its value."""
        first, *others = (finder(each.names) for each in self.fields)
        if self.function in OVER_TIME:
            text = self.text
            return lambda values: function(first(values), text)
        if not others:
            return lambda values: function(first(values))
        return lambda values: function(first(values), *[find(values) for find in others])


Scope = Mapping[str, Field]
"""The fields that the variables of loops stand for."""


class ExpressionError(ValueError):
    """A text that is no expression for a rule. `column` counts from 1."""

    def __init__(self, column: int, reason: str) -> None:
        super().__init__(f"column {column}: {reason}")
        self.column = column


def field_of(node: Node, scope: Scope) -> Field | None:
    """The field that a part of an expression is, if it is one."""
    if isinstance(node, Name):
        return scope.get(node.name) or (Field((node.name,)) if node.name in ROOTS else None)
    if isinstance(node, Select) and not node.is_has:
        above = field_of(node.operand, scope)
        return above and above.below(node.field)
    if isinstance(node, Call) and node.function == "_[_]" and isinstance(node.arguments[1], Constant):
        above, index = field_of(node.arguments[0], scope), node.arguments[1].value
        return above and above.inside(index if isinstance(index, str) else EACH)
    return None


def parts_of(node: Node, scope: Scope) -> list[tuple[Node, Scope]]:
    """The parts directly within a part of an expression, each with its scope."""
    match node:
        case Select():
            return [(node.operand, scope)]
        case Call():
            return [(part, scope) for part in node.arguments]
        case Items():
            return [(part, scope) for part in node.items]
        case Loop():
            return [(node.over, scope), *((part, _scope_in(node, scope)) for part in node.parts)]
    return []


def own_call(node: Node) -> OwnCall | None:
    """The call of a function of ours that a part of an expression is, if it is one.

    Raises:
        ExpressionError: it takes anything but its number of fields.
    """
    if not isinstance(node, Call) or node.function not in OWN_FUNCTIONS:
        return None
    fields = tuple(field for part in node.arguments if (field := field_of(part, {})) and not field.inner)
    count = OWN_FUNCTIONS[node.function]
    if not len(fields) == len(node.arguments) == count:
        takes = "a field" if count == 1 else f"{count} fields"
        raise ExpressionError(node.column, f"{node.function}() takes {takes}, such as `response.id`")
    return OwnCall(node.function, fields)


def find_own_calls(node: Node, scope: Scope) -> Iterator[OwnCall]:
    """Yields the calls of our functions. Raises ExpressionError as `own_call` does, and for a `has()`."""
    if isinstance(node, Select) and node.is_has:
        raise ExpressionError(node.column, "has() is not needed: an absent field reads as null")
    if call := own_call(node):
        yield call
    for part, inner in parts_of(node, scope):
        yield from find_own_calls(part, inner)


def find_fields(node: Node, scope: Scope) -> Iterator[Field]:
    """Yields every field that a tree names. Of `response.a.b` that is one field, not three."""
    if field := field_of(node, scope):
        yield field
        return
    for part, inner in parts_of(node, scope):
        yield from find_fields(part, inner)


def find_values(node: Node, scope: Scope) -> Iterator[Field]:
    """Yields the fields whose values an expression needs: more than their names, or that they are null."""
    if field := field_of(node, scope):
        yield field
    elif not own_call(node) and not null_test(node, scope):
        for part, inner in parts_of(node, scope):
            yield from find_values(part, inner)


def null_test(node: Node, scope: Scope) -> Field | None:
    """The field that a part of an expression compares with null, if it is such a comparison."""
    if not isinstance(node, Call) or node.function not in _EQUALITY:
        return None
    left, right = node.arguments
    is_null = isinstance(right, Constant) and right.value is None
    field = field_of(left, scope) if is_null else None
    return field if field and not field.inner else None


def _scope_in(loop: Loop, scope: Scope) -> Scope:
    """The scope of what a loop does with each of its items."""
    over = field_of(loop.over, scope)
    inner = {name: field for name, field in scope.items() if name != loop.variable}
    return inner | {loop.variable: over.inside(EACH)} if over else inner


def find_literals(node: Node) -> frozenset[str] | None:
    """The texts in an expression that only compares for equality; None for any other.

    It compares fields, values that fields had before, and constants.
    """
    if isinstance(node, Constant):
        return frozenset([node.value]) if isinstance(node.value, str) else frozenset()
    if isinstance(node, Call) and node.function in _OF_EQUALITY:
        inner = [find_literals(argument) for argument in node.arguments]
        return None if None in inner else frozenset().union(*filter(None, inner))
    if isinstance(node, Call) and node.function in GIVING_VALUES:
        return frozenset()
    found = field_of(node, {})
    return frozenset() if found and not found.inner else None
