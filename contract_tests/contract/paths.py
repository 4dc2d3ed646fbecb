"""Paths of requests, matched with the path templates of the spec."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.contract.operations import Operation

_VARIABLE: Final = re.compile(r"\{[^{}]*\}")
_SLASH: Final = re.compile(r"/(?![^{}]*\})")
"""A slash outside of a variable's name."""


class Paths:
    """Finds the operations that a request's path belongs to.

    Paths are compared as they are written, percent-encoding included. A variable stands for one or more characters
    other than a slash. A template that is written out goes before one with variables, as OpenAPI says; of two with
    variables, the one whose variable comes later.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        by_template: dict[str, list[Operation]] = defaultdict(list)
        for operation in operations:
            by_template[operation.path].append(operation)
        self._written_out = {path: tuple(found) for path, found in by_template.items() if not _VARIABLE.search(path)}
        self._matchers: defaultdict[tuple[int, str | None], list[tuple[re.Pattern[str], tuple[Operation, ...]]]]
        self._matchers = defaultdict(list)
        """The templates with variables, by their number of slashes and their first part, or None if that has one."""
        for template in _in_order(path for path in by_template if path not in self._written_out):
            self._matchers[_bucket(template)].append((_pattern(template), tuple(by_template[template])))

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that takes a method at a path; None if none does."""
        return next((operation for operation in self.at(path) if operation.method == method), None)

    def has_another(self, method: str, path: str) -> bool:
        """Tells whether any template that fits a path takes the method, as routers may read it that try all of them."""
        return any(operation.method == method for operations in self._fitting(path) for operation in operations)

    def at(self, path: str) -> tuple[Operation, ...]:
        """All operations of the template that a path belongs to; none if it belongs to none."""
        return next(self._fitting(path), ())

    def _fitting(self, path: str) -> Iterator[tuple[Operation, ...]]:
        """The operations of each template that fits a path, in the order in which templates go."""
        if path in self._written_out:
            yield self._written_out[path]
        slashes, first = _bucket(path)
        for bucket in ((slashes, first), (slashes, None)):
            yield from (operations for pattern, operations in self._matchers.get(bucket, ()) if pattern.fullmatch(path))


def _bucket(path: str) -> tuple[int, str | None]:
    """The number of slashes in a path and its first part, which is None if it has a variable."""
    first = path.lstrip("/").partition("/")[0]
    return path.count("/"), None if _VARIABLE.search(first) else first


def _in_order(templates: Iterable[str]) -> list[str]:
    """The templates, those first that go before others."""
    return sorted(templates, key=lambda template: [bool(_VARIABLE.search(part)) for part in template.split("/")])


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """The paths of a template, with a group for each variable.

    Of several variables in one part, each but the last takes as little as it can, and gives nothing back. So the time
    grows with the length of the path alone, whoever made the two.
    """
    return re.compile("/".join(map(_pattern_of_part, _SLASH.split(template))))


def _pattern_of_part(part: str) -> str:
    first, *others = map(re.escape, _VARIABLE.split(part))
    *inner, last = others or [""]
    return first + "".join(f"(?>([^/]+?){literal})" for literal in inner) + (f"([^/]+){last}" if others else "")


def path_values(template: str, path: str) -> dict[str, str]:
    """The text that stands for each variable of a template in a path, as it is written; empty if they do not match."""
    names = [variable[1:-1] for variable in _VARIABLE.findall(template)]
    found = _pattern(template).fullmatch(path)
    return dict(zip(names, found.groups(), strict=True)) if found else {}


def is_within(path: str, begin: str) -> bool:
    """Tells whether the path of a thing is, or is within, that of another, whatever their variables are called.

    >>> is_within("/shelves/{shelf}/books", "/shelves/{id}"), is_within("/shelves/{shelf}", "/shelves")
    (True, True)
    >>> is_within("/shelves-of/{shelf}", "/shelves")
    False
    """
    path, begin = (_VARIABLE.sub("{}", each) for each in (path, begin))
    return f"{path}/".startswith(f"{begin}/")
