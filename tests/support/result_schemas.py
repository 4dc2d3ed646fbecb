"""JSON Schemas of the files that a run writes, from the classes of their parts."""

from __future__ import annotations

import ast
import inspect
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from contract_tests.result.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterator


def schema_of(part: type[Part]) -> dict[str, Any]:
    """The schema of a part: that of msgspec, with the docstring of each field as its description."""
    schema: dict[str, Any] = json.loads(msgspec.json.encode(msgspec.json.schema(part)))
    known = {each.__name__: each for each in _below(Part)}
    for name, definition in schema["$defs"].items():
        for field, description in _descriptions(known[name]).items():
            definition["properties"][field]["description"] = description
    return schema


def _below(part: type[Part]) -> Iterator[type[Part]]:
    for each in part.__subclasses__():
        yield each
        yield from _below(each)


def _descriptions(part: type[Part]) -> dict[str, str]:
    """The docstrings of the fields of a part and of those that it extends."""
    parents = [each for each in reversed(part.__mro__) if issubclass(each, Part)]
    return {field: text for each in parents for field, text in _documented(each)}


def _documented(part: type[Part]) -> Iterator[tuple[str, str]]:
    """The fields that a class declares itself and documents, each with its docstring on one line."""
    (declared,) = ast.parse(inspect.getsource(part)).body
    if not isinstance(declared, ast.ClassDef):
        raise TypeError(part)
    for field, after in pairwise(declared.body):
        match field, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, " ".join(text.split())
