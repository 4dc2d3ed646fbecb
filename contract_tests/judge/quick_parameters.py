"""The parameters in paths, as the quick way of the judge reads them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.contract.parameter_text import Sent
from contract_tests.contract.parameter_values import ParameterReader
from contract_tests.exchange.headers import NO_FIELDS
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
"""How many paths are remembered: what was begun is asked for again and again."""


class QuickPath(NamedTuple):
    """The valid variables of a path."""

    values: Mapping[str, Json] | None = None
    """By their names; None of a path without variables."""
    statements: frozenset[Key] = frozenset()
    """The statements about them that a request makes use of, but for those that only values tell about."""


NO_PATH: Final = QuickPath()


class QuickParameters:
    """The parameters of requests to an operation, all of which stand in its path."""

    def __init__(self, contract: Contract, operation: Operation, statements: StatementCounts) -> None:
        self._operation = operation
        self._statements = statements
        self._read = ParameterReader(contract, read_scalar).read
        self._is_valid = contract.validator(operation.parameters_schema or "").is_valid
        self._known: dict[frozenset[Key], frozenset[Key]] = {}
        self.read = lru_cache(_REMEMBERED)(self._find)

    def _find(self, target: str) -> QuickPath | None:
        """The variables of a request target; None if they may be invalid, or it has a query."""
        if "?" in target:
            return None
        found = self._read(self._operation, Sent(target, "", NO_FIELDS))
        if found.unreadable or not self._is_valid(found.values):
            return None
        keys = statements_of_parameters(self._statements, self._operation, found.values)
        kept = frozenset(key for key in keys if not key.pointer.endswith(BY_VALUE))
        return QuickPath(found.values.get("path"), self._known.setdefault(kept, kept))
