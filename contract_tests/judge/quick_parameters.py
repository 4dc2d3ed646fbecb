"""The parameters of requests, as the quick way of the judge reads them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.contract.parameter_text import Sent
from contract_tests.contract.parameter_values import ParameterReader
from contract_tests.exchange.headers import NO_FIELDS, Headers
from contract_tests.exchange.scalars import read_scalar
from contract_tests.judge.quick_bodies import BY_VALUE
from contract_tests.judge.statement_counts import statements_of_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.statements import Key
    from contract_tests.judge.statement_counts import StatementCounts
    from spec.json_value import Json

_REMEMBERED: Final = 4096
"""How many requests' parameters are remembered: what was begun is asked for again and again."""
_COOKIES: Final = "cookie"
_REPLACED: Final = "host"
"""The header field that a recorded request is judged without."""


class QuickPath(NamedTuple):
    """The valid parameters of a request."""

    values: Mapping[str, Json] | None = None
    """The variables of the path by their names; None of a path without variables."""
    statements: frozenset[Key] = frozenset()
    """The statements about them that a request makes use of, but for those that only values tell about."""


NO_PATH: Final = QuickPath()


def are_read_by_all(operation: Operation) -> bool:
    """Tells whether the parameters of a request are read alike from its sketch, and from the request itself."""
    return _REPLACED not in _fields_of(operation)


def _fields_of(operation: Operation) -> frozenset[str]:
    """The names of the header fields that an operation's parameters stand in, in lower case."""
    of_headers = {each.name.lower() for each in operation.parameters if each.location == "header"}
    has_cookies = any(each.location == "cookie" for each in operation.parameters)
    return frozenset({*of_headers, _COOKIES} if has_cookies else of_headers)


class QuickParameters:
    """The parameters of requests to an operation."""

    def __init__(self, contract: Contract, operation: Operation, statements: StatementCounts) -> None:
        self._operation = operation
        self._statements = statements
        self._read = ParameterReader(contract, read_scalar).read
        self._is_valid = contract.validator(operation.parameters_schema or "").is_valid
        self._fields = _fields_of(operation)
        self._known: dict[frozenset[Key], frozenset[Key]] = {}
        self._found = lru_cache(_REMEMBERED)(self._find)

    def read(self, target: str, headers: Headers) -> QuickPath | None:
        """The parameters of a request, by its target and its header fields; None if they may be invalid."""
        fields = Headers(each for each in headers if each[0].lower() in self._fields) if self._fields else NO_FIELDS
        return self._found(target, fields)

    def _find(self, target: str, fields: Headers) -> QuickPath | None:
        path, _, query = target.partition("?")
        found = self._read(self._operation, Sent(path, query, fields))
        if found.unreadable or not self._is_valid(found.values):
            return None
        keys = statements_of_parameters(self._statements, self._operation, found.values)
        kept = frozenset(key for key in keys if not key.pointer.endswith(BY_VALUE))
        return QuickPath(found.values.get("path"), self._known.setdefault(kept, kept))
