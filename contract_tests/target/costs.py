"""Which requests are calls, so that the budget counts them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from contract_tests.contract.paths import Paths
from contract_tests.target.credentials import given_schemes
from contract_tests.target.settings import TARGETS, read_costs
from spec.costs import SAFE_METHODS

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.target.options import Options


def read_costed_contract(options: Options, targets: Path = TARGETS) -> Contract:
    """Reads the contract of a run: with the secrets that it has, and with what costs by `[costs]` of targets.toml.

    Raises:
        SpecError: the spec cannot be used.
        SettingsError: targets.toml cannot be read, or a cost in it is no word for one.
    """
    from contract_tests.contract.contract import read_contract  # noqa: PLC0415 - the options are read before the spec

    contract, costs, given = read_contract(options.spec), read_costs(targets), given_schemes(options)
    return replace(contract, costs=costs, given=given) if costs or given else contract


class Costs(Struct, frozen=True, dict=True):
    """The operations of a contract, and which of them cost. Pure data, so that the guard need not read the spec."""

    operations: tuple[Operation, ...]

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self.operations)

    def label_of(self, method: str, path: str) -> str:
        """The label of the operation that a request is for; empty if there is none."""
        operation = self._paths.find(method, path)
        return operation.label if operation else ""

    def may_be_call(self, method: str, path: str) -> bool:
        """Tells whether an accepted request may be a call.

        A server may take an undocumented method for one that the path has, so each costs where any of the path does.
        """
        if operation := self._paths.find(method, path):
            return operation.costs
        return method not in SAFE_METHODS or any(each.costs for each in self._paths.at(path))
