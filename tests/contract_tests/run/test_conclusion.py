"""What a run comes to, by what was sent and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.exchange.exchange import Record, Refusal, Untried
from contract_tests.plan.schedule import prepare
from contract_tests.run.conclusion import conclude
from contract_tests.target.options import Options
from contract_tests.target.target import Target

if TYPE_CHECKING:
    from pathlib import Path

TWO_OPERATIONS = """\
openapi: 3.1.0
info: {title: Two, version: 1.0.0}
paths:
  /one: {post: {requestBody: {$ref: '#/components/requestBodies/One'}, responses: {'200': {description: A}}}}
  /two: {post: {requestBody: {$ref: '#/components/requestBodies/One'}, responses: {'200': {description: A}}}}
components: {requestBodies: {One: {content: {application/json: {schema: {const: 1}}}}}}
"""


def test_what_one_operation_is_not_sent_says_nothing_of_another(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(TWO_OPERATIONS)
    options = Options(report_dir=tmp_path, token_env="X", seed=1, spec=spec)
    preparation = prepare(options)
    given = preparation.schedule.requests["POST /one"]
    planned = [request.description for request in given if request.description.startswith("planned")]
    assert planned
    record = Record(untried=tuple(Untried("POST /one", name, Refusal("numbers", "not listed")) for name in planned))
    result = conclude(preparation, record, None, Target("a test's", "", ""), options, 1.0)
    assert result.withheld == tuple(f"{name} (not listed)" for name in planned)
    assert result.untried == tuple(f"{name} (it did not go out as planned)" for name in planned)
    assert result.verdict == "incomplete"
