"""Expressions of rules: CEL over the fields of a request and its response.

Each field is a variable of its own, such as `response.phone_call.to_number`: CEL allows dots in names. So only the fields
that an expression names are handed over, and one that is absent, at whatever depth, reads as null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from cel_expr_python import cel

from spec.cel_tree import Call, Constant, Items, Loop, Name, Select, read_tree

if TYPE_CHECKING:
    from spec.cel_tree import Node
    from spec.json_value import Json

ROOTS: Final = ("request", "response", "status")
"""The names that an expression may begin a field with: both bodies, and the status."""
EACH: Final = "*"
"""Stands for every item of an array, in the path of a field."""
OWN_FUNCTIONS: Final = {"echoes": 2, "is_new": 1}
"""The functions that rules have beyond CEL's own, each with the number of fields that it takes."""
_PLACE: Final = re.compile(r"ERROR: <input>:\d+:(\d+): (.*?)(?: expecting .*| \(in container ''\))?$", re.MULTILINE)

Value = Callable[[tuple[str, ...]], "Json"]
"""Gives the value of a field by its names; None where it is absent."""
Function = Callable[..., bool]
"""A function of `OWN_FUNCTIONS`. It is called with fields."""


@dataclass(frozen=True)
class Field:
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


Scope = Mapping[str, Field]
"""The fields that the variables of loops stand for."""
OwnCall = tuple[str, tuple[Field, ...]]
"""A call of one of `OWN_FUNCTIONS`: its name, and the fields that it takes."""
_Variable = tuple[Field, tuple[tuple[str, ...], ...]]
"""A field that is handed over as a value, and the ways into its items that the expression goes."""


class ExpressionError(ValueError):
    """A text that is no expression for a rule. `column` counts from 1."""

    def __init__(self, column: int, reason: str) -> None:
        super().__init__(f"column {column}: {reason}")
        self.column = column


@dataclass(frozen=True)
class Expression:
    """An expression, ready to evaluate."""

    tree: Node
    fields: tuple[Field, ...]
    """Every field that it names, in its order."""
    calls: tuple[OwnCall, ...]
    _variables: tuple[_Variable, ...]
    _program: cel.Expression

    def evaluate(self, value: Value, functions: Mapping[str, Function]) -> bool | None:
        """The truth of it.

        None where it has none: it compares a text with a number, or reads a time that is no date-time. Then the request
        or the response breaks its schema, which is judged elsewhere.
        """
        data = {field.variable: _completed(value(field.names), ways) for field, ways in self._variables}
        # A function of ours is handed the names of its fields, so that no whole body is converted for CEL and back.
        data |= {field.variable: field.variable for _, fields in self.calls for field in fields}
        called = [_implement(name, functions[name], value) for name in {name for name, _ in self.calls}]
        try:
            found = self._program.eval(data=data, functions=called) if called else self._program.eval(data=data)
        except RuntimeError:
            return None  # a text that is no Unicode
        return found.value() if found.type() == cel.Type.BOOL else None


def compile_expressions(texts: Iterable[str]) -> list[Expression | ExpressionError]:
    """Compiles expressions, each to itself or to what is wrong with it. All at once, for an environment takes long."""
    parsed = [_parse(text) for text in texts]
    names = {field.variable for each in parsed if isinstance(each, _Parsed) for field in each.fields}
    environment = cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN), extensions=[_declarations()])
    return [each if isinstance(each, ExpressionError) else _compile(each, environment) for each in parsed]


@dataclass(frozen=True)
class _Parsed:
    text: str
    tree: Node
    fields: tuple[Field, ...]
    calls: tuple[OwnCall, ...]
    variables: tuple[_Variable, ...]


def _parse(text: str) -> _Parsed | ExpressionError:
    try:
        tree = read_tree(_parser().compile(text, disable_check=True).serialize())
        calls = tuple(dict.fromkeys(_own_calls(tree)))
        values = _variables(_fields(tree, {}, with_own_calls=False))
        _refuse_double_use(calls, values)
    except ExpressionError as error:
        return error
    except RuntimeError as error:
        return _explained(error)
    return _Parsed(text, tree, tuple(dict.fromkeys(_fields(tree, {}, with_own_calls=True))), calls, values)


def _compile(parsed: _Parsed, environment: cel.Env) -> Expression | ExpressionError:
    try:
        program = environment.compile(parsed.text)
    except RuntimeError as error:
        return _explained(error)
    return Expression(parsed.tree, parsed.fields, parsed.calls, parsed.variables, program)


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


def parts_of(node: Node) -> tuple[Node, ...]:
    """The parts directly within a part of an expression, but for those of a loop."""
    if isinstance(node, Select):
        return (node.operand,)
    if isinstance(node, Call):
        return node.arguments
    return node.items if isinstance(node, Items) else ()


def scope_in(loop: Loop, scope: Scope) -> Scope:
    """The scope of what a loop does with each of its items."""
    over = field_of(loop.over, scope)
    inner = {name: field for name, field in scope.items() if name != loop.variable}
    return inner | {loop.variable: over.inside(EACH)} if over else inner


def _fields(node: Node, scope: Scope, *, with_own_calls: bool) -> Iterator[Field]:
    """Yields the fields that a tree names. Of `response.a.b` that is one field, not three."""
    parts = [(part, scope) for part in parts_of(node)]
    if isinstance(node, Loop):
        parts = [(node.over, scope), *((part, scope_in(node, scope)) for part in node.parts)]
    if field := field_of(node, scope):
        yield field
    elif with_own_calls or not _is_own(node):
        for part, inner in parts:
            yield from _fields(part, inner, with_own_calls=with_own_calls)


def _is_own(node: Node) -> bool:
    return isinstance(node, Call) and node.function in OWN_FUNCTIONS


def _refuse_double_use(calls: Iterable[OwnCall], values: Iterable[_Variable]) -> None:
    """Raises ExpressionError if a field is both given to a function of ours, by its name, and read as a value."""
    for name, fields in calls:
        for field in {field for field, _ in values} & {*fields}:
            raise ExpressionError(1, f"`{field}` stands in {name}() and outside of it; move one of them to `when`")


def _own_calls(node: Node) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Yields the calls of our functions. Raises ExpressionError if one is given anything but fields."""
    if isinstance(node, Select) and node.is_has:
        raise ExpressionError(node.column, "has() is not needed: a field that is absent reads as null")
    if isinstance(node, Call) and node.function in OWN_FUNCTIONS:
        fields = [field for each in node.arguments if (field := field_of(each, {})) and not field.inner]
        if len(fields) != len(node.arguments) or len(fields) != OWN_FUNCTIONS[node.function]:
            takes = "one field" if OWN_FUNCTIONS[node.function] == 1 else "two fields"
            raise ExpressionError(node.column, f"{node.function}() takes {takes}, such as `response.id`")
        yield node.function, tuple(fields)
    for part in (node.over, *node.parts) if isinstance(node, Loop) else parts_of(node):
        yield from _own_calls(part)


def _variables(fields: Iterable[Field]) -> tuple[_Variable, ...]:
    found: dict[Field, dict[tuple[str, ...], None]] = {}
    for field in fields:
        found.setdefault(Field(field.names), {})[field.inner] = None
    return tuple((field, tuple(filter(None, ways))) for field, ways in found.items())


def _completed(value: Json, ways: Iterable[tuple[str, ...]]) -> Json:
    """The value, with null at the end of each way where nothing is."""
    for way in ways:
        value = _with_null(value, way)
    return value


def _with_null(value: Json, way: tuple[str, ...]) -> Json:
    if not way:
        return value
    if way[0] == EACH:
        return [_with_null(item, way[1:]) for item in value] if isinstance(value, list) else value
    return value | {way[0]: _with_null(value.get(way[0]), way[1:])} if isinstance(value, dict) else value


def _implement(name: str, function: Function, value: Value) -> cel.Function:
    types = [cel.Type.STRING] * OWN_FUNCTIONS[name]
    return cel.Function(name, types, False, partial(_call, function, value), cel.Type.BOOL)  # noqa: FBT003 - its API


def _call(function: Function, value: Value, *variables: str) -> bool:
    return function(*(value(tuple(variable.split("."))) for variable in variables))


@cache
def _parser() -> cel.Env:
    return cel.NewEnv()


@cache
def _declarations() -> cel.CelExtension:
    """The declarations of `OWN_FUNCTIONS`, whose implementations come with each evaluation."""
    return cel.CelExtension("rules", [_declare(name, count) for name, count in OWN_FUNCTIONS.items()])


def _declare(name: str, count: int) -> cel.FunctionDecl:
    overload = cel.Overload(name, return_type=cel.Type.BOOL, parameters=[cel.Type.STRING] * count)
    return cel.FunctionDecl(name, [overload])


def _explained(error: RuntimeError) -> ExpressionError:
    """The first error that the library names, without the list of all that it would have taken instead."""
    match = _PLACE.search(str(error))
    return ExpressionError(int(match[1]), match[2]) if match else ExpressionError(1, str(error).partition("\n")[0])
