"""Annotations of a pull request, and the badge."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from contract_tests.report.badge import make_badge
from contract_tests.report.github import make_annotations
from tests.support.report_results import RESULTS, named
from tests.support.results import without_places

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from tests.support.golden import Golden


@pytest.mark.parametrize("name", ["violates", "compared", "warned", "accepted", "untestable", "out-of-date"])
def test_annotations_as_github_reads_them(contract: Contract, golden: Golden, name: str) -> None:
    said = make_annotations(named(name))
    golden(f"annotations/{name}", re.sub(r"(?<=,line=)\d+", "1", without_places(contract, said)) + "\n")


@pytest.mark.parametrize("name", RESULTS)
def test_each_line_is_one_command(name: str) -> None:
    for line in make_annotations(named(name)).splitlines():
        assert re.match(r"::(error|warning|notice) [^:]*::.", line)
        assert line.isprintable()


@pytest.mark.parametrize(
    ("name", "message", "color"),
    [
        ("conforms", "conforms", "brightgreen"),
        ("violates", "violates: 2 causes", "red"),
        ("accepted", "conforms, 2 accepted", "brightgreen"),
        ("incomplete", "incomplete", "yellow"),
        ("untestable", "untestable", "lightgrey"),
    ],
)
def test_the_badge_of_a_result(name: str, message: str, color: str) -> None:
    badge = {"schemaVersion": 1, "label": "contract", "message": message, "color": color}
    assert json.loads(make_badge(named(name))) == badge
