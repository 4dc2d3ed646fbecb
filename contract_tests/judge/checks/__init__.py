"""The checks: each is one function, in the file of its subject, or a rule of the spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.judge.check import checks_in
from contract_tests.judge.checks import requests, responses, undocumented
from contract_tests.judge.checks.rules import rule_checks
from contract_tests.judge.checks.things import thing_checks

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.judge.check import Check

CHECKS: Final = tuple(found for module in (requests, undocumented, responses) for found in checks_in(vars(module)))
"""The checks of any contract, in the order in which reports name them. To add a function is to add a check."""


def checks_of(contract: Contract) -> tuple[Check, ...]:
    """Every check of a contract: those of any contract, those of its things, then one for each of its rules."""
    return (*CHECKS, *thing_checks(contract), *rule_checks(contract))
