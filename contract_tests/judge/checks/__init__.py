"""The checks: each is one function, in the file of its subject. To add a function is to add a check."""

from __future__ import annotations

from typing import Final

from contract_tests.judge.check import checks_in
from contract_tests.judge.checks import requests, responses, rules

CHECKS: Final = tuple(found for module in (requests, responses, rules) for found in checks_in(vars(module)))
"""Every check, in the order in which reports name them."""
