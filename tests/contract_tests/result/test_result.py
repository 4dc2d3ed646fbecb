"""The JSON forms of a result and of a finding are as their committed schemas say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from contract_tests.result.baseline import Baseline
from contract_tests.result.part import encode_part
from contract_tests.result.result import FindingFile, Result
from spec.paths import ROOT
from tests.support.exchanges import altering, post, sent
from tests.support.result_schemas import schema_of
from tests.support.results import finding_file, result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.part import Part


def committed(name: str) -> dict[str, Any]:
    """The committed schema of a file's JSON form."""
    schema: dict[str, Any] = json.loads((ROOT / "contract_tests" / "result" / f"{name}.schema.json").read_text())
    return schema


@pytest.mark.parametrize(("name", "part"), [("result", Result), ("finding", FindingFile), ("baseline", Baseline)])
def test_the_schema_of_a_report_is_what_is_committed(name: str, part: type[Part]) -> None:
    assert committed(name) == schema_of(part)
    jsonschema_rs.meta.validate(committed(name))


def test_a_result_and_its_findings_are_as_their_schemas_say(contract: Contract) -> None:
    result = result_of(contract, *sent(altering(id="1", status="live"), post(), post()))
    assert result.findings
    jsonschema_rs.validate(committed("result"), json.loads(encode_part(result)))
    for finding in result.findings:
        jsonschema_rs.validate(committed("finding"), json.loads(encode_part(finding_file(contract, finding))))
