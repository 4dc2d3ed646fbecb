"""The names that parts of the spec have in the generated code. They are read from the code itself."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scripts.generate.python_source import parse
from spec.document import component, is_within
from spec.reader import ABSENT, tokens, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scripts.drift.differences import Change
    from spec.operations import Operation
    from spec.reader import Spec

_API: Final = "/api/"
_COMPONENT: Final = 3  # tokens of /components/schemas/Name


@dataclass
class _Class:
    """A class or type alias. `made_of` maps its attributes (or "" for an alias) to the classes in their types."""

    name: str
    made_of: dict[str, set[str]] = field(default_factory=dict)
    in_json: dict[str, str] = field(default_factory=dict)
    """Maps names in JSON to attributes, where the code states both."""

    def attribute(self, name: str) -> str | None:
        """The attribute for the property of this name in JSON."""
        same = (attribute for attribute in self.made_of if attribute and _key(attribute) == _key(name))
        return self.in_json.get(name) or (name if name in self.made_of else next(same, None))


class Package:
    """A generated package: its classes, and a module for each operation."""

    def __init__(self, name: str, files: Mapping[str, str]) -> None:
        self.name = name
        trees = {path: _parse(text) for path, text in files.items() if path.startswith(f"{name}/")}
        self._modules = {path: tree for path, tree in trees.items() if _API in path}
        bodies = [tree.body for path, tree in trees.items() if path not in self._modules]
        classes = [found for body in bodies for node in body if (found := _read(node))]
        self._classes = {found.name: found for found in classes}
        self._keys = {_key(found.name): found for found in classes}

    def module(self, operation: Operation) -> str | None:
        """The module with an operation's functions, or None."""
        path = self._path(operation)
        return path.removesuffix(".py").replace("/", ".") if path else None

    def names(self, pointer: str, operations: tuple[Operation, ...]) -> list[str]:
        """The attribute or class generated from a part of the spec; for a type alias, also the attributes of that type.

        Empty if the package has no name for the part.
        """
        classes, inner = self._start(pointer, operations)
        owner, way = "", iter(inner)
        for name in (next(way, "") for keyword in way if keyword == "properties"):
            holder = next((some for some in classes if some.attribute(name)), None)
            if holder is None:
                return []
            attribute = holder.attribute(name) or ""
            owner = f"{holder.name}.{attribute}"
            classes = [self._classes[made] for made in sorted(holder.made_of[attribute]) if made in self._classes]
        return [owner] if owner else [name for some in classes for name in [some.name, *self._holders(some)]]

    def _start(self, pointer: str, operations: tuple[Operation, ...]) -> tuple[list[_Class], list[str]]:
        """The classes generated from a component or a body, and the tokens from there on."""
        parts = tokens(pointer)
        if (root := component(pointer)) is not None:
            found = self._keys.get(_key(tokens(root)[-1])) if parts[1] == "schemas" else None
            return ([found] if found else []), parts[_COMPONENT:]
        if "schema" not in parts:
            return [], []
        paths = [self._path(operation) for operation in operations if is_within(pointer, operation.pointer)]
        named = {name for path in paths if path for name in _names(self._modules[path])}
        return [self._classes[name] for name in sorted(named & set(self._classes))], parts[parts.index("schema") :]

    def _holders(self, some: _Class) -> Iterator[str]:
        """Yields the attributes of a type that has no attributes itself."""
        if set(some.made_of) - {""}:
            return
        for other in self._classes.values():
            yield from (f"{other.name}.{name}" for name, made in other.made_of.items() if some.name in made and name)

    def _path(self, operation: Operation) -> str | None:
        key = _key(operation.operation_id or f"{operation.method}{operation.path}")
        return next((path for path in self._modules if _key(path.rpartition("/")[2].removesuffix(".py")) == key), None)


@dataclass(frozen=True)
class Names:
    """The names in the code that users know (`known`), and in the code that the spec generates now (`new`)."""

    base: Spec | None
    known: list[Package]
    new: list[Package]

    def of(self, change: Change) -> tuple[str, ...]:
        """The attributes and classes that a change touches, or else the modules of its operations."""
        found = [name for pointer in change.touched for name in self._named(pointer, change.operations)]
        modules = [module for package in self.known for one in change.operations if (module := package.module(one))]
        return tuple(dict.fromkeys(found or modules))

    def _named(self, pointer: str, operations: tuple[Operation, ...]) -> list[str]:
        """The names that users know, or the new ones for a part that the base does not have."""
        was_there = self.base is not None and value_or_absent(self.base.document, pointer) is not ABSENT
        for packages in (self.known, self.new) if was_there else (self.new, self.known):
            named = [f"{one.name}.{name}" for one in packages for name in one.names(pointer, operations)]
            if named:
                return named
        return []


def read_packages(code: Mapping[str, str | bytes | None]) -> list[Package]:
    """Reads the packages of generated code, given by path. Files that are not Python are skipped."""
    files = {path: text for path, text in code.items() if text and path.endswith(".py") and "/" in path}
    texts = {path: text.decode(errors="replace") if isinstance(text, bytes) else text for path, text in files.items()}
    return [Package(name, texts) for name in sorted({path.partition("/")[0] for path in texts})]


def _parse(text: str) -> ast.Module:
    """The module, or an empty one if the text is not Python. A user's edit may have left it so."""
    try:
        return parse(text)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _read(node: ast.stmt) -> _Class | None:
    match node:
        case ast.ClassDef():
            return _read_class(node)
        case ast.Assign(
            targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="TypeAliasType"), args=[_, value])
        ):
            return _Class(name, {"": _names(value)})
    return None


def _read_class(node: ast.ClassDef) -> _Class:
    found = _Class(node.name)
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                found.made_of[name] = _names(annotation)
                found.in_json.update((alias, name) for alias in _aliases(statement))
    return found


def _aliases(statement: ast.AnnAssign) -> Iterator[str]:
    """Yields the names in JSON that Pydantic is given: `Field(alias="…")`."""
    for node in ast.walk(statement):
        match node:
            case ast.keyword(arg="alias", value=ast.Constant(value=str(alias))):
                yield alias


def _names(node: ast.AST) -> set[str]:
    """The names in an annotation, quoted or not, or in a module."""
    found = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    quoted = [
        inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    ]
    return found | {word for text in quoted for word in re.findall(r"\w+", text)}


def _key(name: str) -> str:
    """A name without the conventions of a generator: `make-thing`, `MakeThing` and `make_thing` are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
