"""Outputs of `pytest contract_tests` without what differs from run to run and machine to machine, for golden files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.support.golden import without_seconds
from tests.support.results import without_places

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

_MASKS: Final = {
    r"^(?:platform|cachedir|rootdir|configfile|plugins)\b.*\n": "",
    r"^[\w ]+: .*\b(?:about|at most) \d+ (?:s|min) left\n": "",  # progress, which a fast machine never shows
    r"^(?:contract_tests/test_contract\.py ?[.sF]*|[.sF]+)(?: +\[ *\d+%\])?\n": "",
    r"^([=_-])\1* (.*?)(?: in [\d.]+s(?: \([\d:]+\))?)? \1+$": r"\1\1\1 \2 \1\1\1",
    r"[^\s']*/reports\b": "contract-report",
    r"(?<=generated xml file: )\S+": "junit.xml",
    r"http://127\.0\.0\.1:\d+": "http://127.0.0.1:80",
    r"\b\d+(?= (?:requests? sent|calls?|invalid ones|items|passed|skipped)\b)": "N",
    r"(?<=SKIPPED \[)\d+(?=\])": "N",
    r"(?<=test_contract\.py:)\d+": "1",
    r"\b[0-9a-f]{32}\b": "ID",
    r"\b\d{4}-\d\d-\d\dT[\d:.]*(?:Z|\+00:00|(?=…))": "TIME",  # perhaps cut short
    r" +$": "",
}
"""Regular expressions, and what to put in their place."""


def as_golden(contract: Contract, said: str) -> str:
    """The output with one address, folder, id and time for all, and without progress, durations and most counts."""
    for pattern, replacement in _MASKS.items():
        said = re.sub(pattern, replacement, said, flags=re.MULTILINE)
    return without_places(contract, without_seconds(said))
