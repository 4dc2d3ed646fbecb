"""Checks a rule's expression against the schemas: it names fields that exist, and compares what can be equal.

CEL's own checker knows types, but no enumerations, and has no type for a text or null. So the tree is walked here.
"""

from __future__ import annotations

import json
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from spec.cel_tree import Call, Constant, Items
from spec.document import resolve
from spec.domains import ANYTHING, NULL, domain_at, find_field, of_value, overlap, union
from spec.fields import GIVING_VALUES, OWN_FUNCTIONS, field_of, own_call, parts_of
from spec.reader import value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spec.cel_tree import Node
    from spec.domains import Domain
    from spec.fields import Field, Scope
    from spec.operations import JsonBody, Operation

_EQUALITY: Final = {"_==_", "_!=_"}
_ORDER: Final = {"_<_", "_<=_", "_>_", "_>=_"}
_LOGIC: Final = {"_&&_", "_||_", "!_"}
_MEMBER: Final = "@in"
_CHOICE: Final = "_?_:_"
_CONTAINERS: Final = {"object", "array"}
_WORDS: Final = {"_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">=", _MEMBER: "in"}
_BOOLEAN: Final[Domain] = {"boolean": None}
_NUMBER: Final[Domain] = {"number": None}
_RESULTS: Final[Mapping[str, Domain]] = {
    **dict.fromkeys(_EQUALITY | _ORDER | _LOGIC | {_MEMBER, *(OWN_FUNCTIONS.keys() - GIVING_VALUES)}, _BOOLEAN),
    **dict.fromkeys(("contains", "endsWith", "matches", "startsWith", "bool"), _BOOLEAN),
    **dict.fromkeys(("size", "int", "uint", "double"), _NUMBER),
    "string": {"string": None},
    "timestamp": {"timestamp": None},
    "duration": {"duration": None},
}


class TypeChecker:
    """Checks expressions against the schemas of an operation, which its `bodies` lead to."""

    def __init__(self, document: dict[str, Any], operation: Operation, bodies: list[JsonBody]) -> None:
        self._document = document
        self._label = operation.label
        self._variables = dict(_variables(document, operation))
        self._bodies: dict[str, list[str]] = {"request": [], "response": []}
        for body in bodies:
            if body.is_of_accepted:
                self._bodies[body.direction].append(body.pointer)

    def find_impossible(self, tree: Node) -> Iterator[str]:
        """Yields what is wrong with an expression, each as a message that `holds` or `when` begins."""
        yield from self._find(tree, {})
        if not overlap(self._domain(tree, {}), _BOOLEAN):
            yield f"gives {self._describe(tree, {})}, which is neither true nor false"

    def _find(self, node: Node, scope: Scope) -> Iterator[str]:
        if field := field_of(node, scope):
            yield from self._missing(field)
            return
        yield from (message for part, inner in parts_of(node, scope) for message in self._find(part, inner))
        if isinstance(node, Call):
            yield from self._impossible(node, scope)

    def _domain(self, node: Node, scope: Scope) -> Domain:
        """The values that a part of the expression may have."""
        if field := field_of(node, scope):
            return self._field_domain(field)
        if isinstance(node, Constant):
            return ANYTHING if isinstance(node.value, bytes) else of_value(node.value)
        if isinstance(node, Call) and node.function == _CHOICE:
            return reduce(union, (self._domain(part, scope) for part in node.arguments[1:]))
        if (call := own_call(node)) and call.function in GIVING_VALUES:
            return union(NULL, self._field_domain(call.fields[1]))
        return _RESULTS.get(node.function, ANYTHING) if isinstance(node, Call) else ANYTHING

    def _describe(self, node: Node, scope: Scope) -> str:
        """The part of an expression in words."""
        if isinstance(node, Constant) and not isinstance(node.value, bytes):
            return json.dumps(node.value, ensure_ascii=False)
        if isinstance(node, Call):
            return f"{node.function}()" if node.function.isidentifier() else "a comparison"
        field = field_of(node, scope)
        return str(field) if field else "a part of it"

    def _missing(self, field: Field) -> Iterator[str]:
        root, *names = field.path
        if root == "path":
            if len(names) != 1 or names[0] not in self._variables:
                yield f"names {field}, which the path of {self._label} does not have"
        elif root != "status" and self._pointers(field) == []:
            yield f"names {field}, which no schema of the {root} of {self._label} has"
        elif root == "status" and names:
            yield f"names {field}, and status is a number"

    def _pointers(self, field: Field) -> list[str] | None:
        root, *names = field.path
        return find_field(self._document, self._bodies.get(root, []), names)

    def _field_domain(self, field: Field) -> Domain:
        """The values of a field: null among them, for it may be absent."""
        if field.path == ("status",):
            return _NUMBER
        if field.path[0] == "path":
            pointer = self._variables.get(field.path[-1])
            return ANYTHING if pointer is None else domain_at(self._document, pointer)
        pointers = self._pointers(field)
        domain: Domain = NULL if pointers else ANYTHING
        for pointer in pointers or ():
            domain = union(domain, domain_at(self._document, pointer))
        return domain

    def _impossible(self, call: Call, scope: Scope) -> Iterator[str]:
        match call.function, call.arguments:
            case function, (left, right) if function in _EQUALITY:
                yield from self._unequal(function, left, right, scope)
            case function, (left, right) if function in _ORDER:
                yield from self._unordered(function, left, right, scope)
            case "@in", (left, Items(items=items)):
                for item in items:
                    yield from self._unequal(_MEMBER, left, item, scope)
            case function, parts if function in _LOGIC:
                yield from self._no_truth(parts, scope)
            case "_?_:_", (condition, _, _):
                yield from self._no_truth([condition], scope)
            case _:
                yield from self._never_remembered(call)

    def _never_remembered(self, call: Call) -> Iterator[str]:
        """Yields why earlier exchanges never have what a call asks them for."""
        asked = own_call(call)
        if asked and asked.function in GIVING_VALUES:
            if not self._field_domain(asked.fields[1]).keys() - NULL.keys() - _CONTAINERS:
                yield f"asks {call.function}() for {asked.fields[1]}, and no object or array is remembered"
        elif asked and asked.function == "is_known" and asked.fields[0].path[0] != "path":
            yield f"asks is_known() for {asked.fields[0]}, and links hand over variables of the path, such as `path.id`"

    def _no_truth(self, parts: Iterable[Node], scope: Scope) -> Iterator[str]:
        for part in parts:
            if not overlap(self._domain(part, scope), _BOOLEAN):
                yield f"takes {self._describe(part, scope)} for true or false, which it never is"

    def _unequal(self, function: str, left: Node, right: Node, scope: Scope) -> Iterator[str]:
        domains = [self._domain(part, scope) for part in (left, right)]
        if all(domain.keys() - NULL.keys() for domain in domains):  # two fields are not compared for being absent
            domains = [{kind: domain[kind] for kind in domain.keys() - NULL.keys()} for domain in domains]
        if not overlap(*domains):
            yield self._compares(function, left, right, scope, "can never be equal")

    def _unordered(self, function: str, left: Node, right: Node, scope: Scope) -> Iterator[str]:
        kinds = [self._domain(part, scope).keys() - NULL.keys() for part in (left, right)]
        if kinds[0].isdisjoint(kinds[1]):
            yield self._compares(function, left, right, scope, "have no order")

    def _compares(self, function: str, left: Node, right: Node, scope: Scope, wrong: str) -> str:
        described = self._describe(right, scope)
        listed = f"[{described}]" if function == _MEMBER else described
        return f"says `{self._describe(left, scope)} {_WORDS[function]} {listed}`, but the two {wrong}"


def _variables(document: dict[str, Any], operation: Operation) -> Iterator[tuple[str, str]]:
    """The variables of an operation's path, each with the pointer of its schema."""
    for above in (operation.pointer.rpartition("/")[0], operation.pointer):
        place = f"{above}/parameters"
        found = value_or_absent(document, place)
        for index, _ in enumerate(found if isinstance(found, list) else ()):
            pointer = resolve(document, f"{place}/{index}")
            parameter = value_or_absent(document, pointer)
            if isinstance(parameter, dict) and parameter.get("in") == "path":
                yield str(parameter.get("name")), f"{pointer}/schema"
