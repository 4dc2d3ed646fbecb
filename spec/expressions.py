"""Expressions of rules: CEL over the fields of a request and its response.

Each field is a variable of its own, such as `response.phone_call.to_number`: CEL allows dots in names. So only the
fields that an expression names are handed over, and one that is absent, at whatever depth, reads as null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Final, Literal

from cel_expr_python import cel
from msgspec import Struct

from spec.cel_tree import read_tree
from spec.fields import (
    EACH,
    GIVING_VALUES,
    OWN_FUNCTIONS,
    ExpressionError,
    Field,
    OwnCall,
    find_fields,
    find_literals,
    find_own_calls,
    find_values,
    own_call,
)

if TYPE_CHECKING:
    from spec.cel_tree import Node
    from spec.json_value import Json

Value = Callable[[tuple[str, ...]], "Json"]
"""Gives the value of a field by its names; None where it is absent."""
Function = Callable[..., "Json"]
"""A function of `OWN_FUNCTIONS`. `OwnCall.ask` calls it."""

_REMEMBERED: Final = 64
"""Of how many values the outcome is remembered: responses are much alike, and a call of CEL takes microseconds."""
_PLACE: Final = re.compile(r"ERROR: <input>:\d+:(\d+): (.*?)(?: expecting .*| \(in container ''\))?$", re.MULTILINE)


class Expression(Struct, frozen=True, dict=True):
    """An expression, ready to evaluate."""

    tree: Node
    fields: tuple[Field, ...]
    """Every field that it names, in its order."""
    calls: tuple[OwnCall, ...]
    _program: cel.Expression

    def evaluate(self, value: Value, functions: Mapping[str, Function]) -> bool | None:
        """The truth of it.

        None where it has none: it compares a text with a number, or reads a time that is no date-time. Then the request
        or the response breaks its schema, which is judged elsewhere.
        """
        if call := self.only_call:
            outcome = call.ask(functions[call.function], value)
            return outcome if isinstance(outcome, bool) else None
        values = [_given(value(variable.names), variable) for variable in self.variables]
        if self.calls:
            return self._run([_implement(name, functions[name], value) for name in self._functions], *values)
        try:
            return self._remember(*values)
        except TypeError:  # objects and arrays cannot be remembered
            return self._run([], *values)

    @cached_property
    def literals(self) -> frozenset[str] | None:
        """The texts in it, where it only tells whether values are equal; None where it does more with them.

        Then its truth is the same whatever the texts are that fields hold, as long as the same of them are equal.
        """
        return find_literals(self.tree)

    @cached_property
    def only_call(self) -> OwnCall | None:
        """The call of a function of ours that the whole expression is. It needs no CEL."""
        return own_call(self.tree)

    @cached_property
    def _functions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(call.function for call in self.calls))

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The fields that are handed to CEL."""
        return tuple(_find_variables(self.tree, self.fields))

    @cached_property
    def _remember(self) -> Callable[..., bool | None]:
        return lru_cache(_REMEMBERED, typed=True)(partial(self._run, []))  # typed, for 1 is not true

    def _run(self, functions: list[cel.Function], *values: Json) -> bool | None:
        data = {variable.name: given for variable, given in zip(self.variables, values, strict=True)}
        # A function of ours is handed the names of its fields, so that no whole body is converted for CEL and back.
        data |= {each.variable: each.variable for call in self.calls for each in call.fields}
        try:
            found = self._program.eval(data=data, functions=functions)
        except RuntimeError:
            return None  # a text that is no Unicode
        return found.value() if found.type() == cel.Type.BOOL else None


class Variable(Struct, frozen=True):
    """A field that is handed to CEL."""

    name: str
    names: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...]
    """The ways into its items that the expression goes."""
    need: Literal["whole", "parts", "null"]
    """The need for its value: all of it, the parts that the ways lead to, or only whether it is null."""


def compile_expressions(texts: Iterable[str]) -> list[Expression | ExpressionError]:
    """Compiles expressions, each to itself or to what is wrong with it. All at once, for an environment takes long."""
    parsed = [_parse(text) for text in texts]
    names = {each.variable for one in parsed if isinstance(one, _Parsed) for each in one.fields}
    environment = cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN), extensions=[_declarations()])
    return [each if isinstance(each, ExpressionError) else _compile(each, environment) for each in parsed]


def same_meaning(first: str | None, second: str | None) -> bool:
    """Tells whether two expressions differ in spelling alone, such as in space."""
    if first is None or second is None:
        return first is second
    one, other = _parse(first), _parse(second)
    if isinstance(one, _Parsed) and isinstance(other, _Parsed):
        return one.tree == other.tree
    return first == second


class _Parsed(Struct, frozen=True):
    text: str
    tree: Node
    fields: tuple[Field, ...]
    calls: tuple[OwnCall, ...]


def _parse(text: str) -> _Parsed | ExpressionError:
    try:
        tree = read_tree(_parser().compile(text, disable_check=True).serialize())
        calls = tuple(dict.fromkeys(find_own_calls(tree, {})))
        _refuse_double_use(calls, tree)
    except ExpressionError as error:
        return error
    except RuntimeError as error:
        return _explained(error)
    return _Parsed(text, tree, tuple(dict.fromkeys(find_fields(tree, {}))), calls)


def _compile(parsed: _Parsed, environment: cel.Env) -> Expression | ExpressionError:
    try:
        program = environment.compile(parsed.text)
    except RuntimeError as error:
        return _explained(error)
    return Expression(parsed.tree, parsed.fields, parsed.calls, program)


def _refuse_double_use(calls: Iterable[OwnCall], tree: Node) -> None:
    """Raises ExpressionError if a field is both given to a function of ours, by its name, and used besides."""
    used = [each for each in find_fields(tree, {}) if not each.inner]
    for call in calls:
        given = [each for other in calls for each in other.fields]
        for each in call.fields:
            if used.count(each) > given.count(each):
                reason = f"`{each}` stands in {call.function}() and outside of it; move one to `when`"
                raise ExpressionError(1, reason)


def _find_variables(tree: Node, fields: Iterable[Field]) -> Iterable[Variable]:
    """Finds the fields to hand over, without those that functions of ours are given."""
    given = {each for call in find_own_calls(tree, {}) for each in call.fields}
    whole = {each.names for each in find_values(tree, {}) if not each.inner}
    for names in dict.fromkeys(each.names for each in fields if each not in given):
        ways = tuple(each.inner for each in fields if each.names == names and each.inner)
        yield Variable(".".join(names), names, ways, "whole" if names in whole else "parts" if ways else "null")


def _given(value: Json, variable: Variable) -> Json:
    """The value as CEL gets it: no more than is needed, and with null where nothing is."""
    if variable.need == "null":
        return None if value is None else True
    if not variable.ways:
        return value
    keys = {way[0] for way in variable.ways}
    if variable.need == "parts" and EACH not in keys:
        value = {key: value.get(key) if isinstance(value, dict) else None for key in keys}
    named = {*variable.ways, *([()] if variable.need == "whole" else [])}
    for way in variable.ways:
        value = _with_null(value, way, 0, named)
    return value


def _with_null(value: Json, way: tuple[str, ...], done: int, named: Collection[tuple[str, ...]]) -> Json:
    """The value after so much of a way, with null at the way's end where nothing is.

    A null on the way becomes an object to hold that, unless the expression names the null itself.
    """
    if done == len(way):
        return value
    if way[done] == EACH:
        return [_with_null(item, way, done + 1, named) for item in value] if isinstance(value, list) else value
    holder = {} if value is None and way[:done] not in named else value
    if not isinstance(holder, dict):
        return value
    return holder | {way[done]: _with_null(holder.get(way[done]), way, done + 1, named)}


def _implement(name: str, function: Function, value: Value) -> cel.Function:
    types = [cel.Type.STRING] * OWN_FUNCTIONS[name]
    return cel.Function(name, types, False, partial(_call, name, function, value), _type_of(name))  # noqa: FBT003 - its API


def _type_of(function: str) -> cel.Type:
    return cel.Type.DYN if function in GIVING_VALUES else cel.Type.BOOL


def _call(name: str, function: Function, value: Value, *variables: str) -> Json:
    fields = tuple(Field(tuple(variable.split("."))) for variable in variables)
    return OwnCall(name, fields).ask(function, value)


@cache
def _parser() -> cel.Env:
    return cel.NewEnv()


@cache
def _declarations() -> cel.CelExtension:
    """The declarations of `OWN_FUNCTIONS`, whose implementations come with each evaluation."""
    return cel.CelExtension("rules", [_declare(name, count) for name, count in OWN_FUNCTIONS.items()])


def _declare(name: str, count: int) -> cel.FunctionDecl:
    overload = cel.Overload(name, return_type=_type_of(name), parameters=[cel.Type.STRING] * count)
    return cel.FunctionDecl(name, [overload])


def _explained(error: RuntimeError) -> ExpressionError:
    """The first error that the library names, without the list of all that it would have taken instead."""
    match = _PLACE.search(str(error))
    return ExpressionError(int(match[1]), match[2]) if match else ExpressionError(1, str(error).partition("\n")[0])
