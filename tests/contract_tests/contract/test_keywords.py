"""The keywords that an instance breaks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.contract.keywords import find_breaches
from spec.reader import parse_spec

if TYPE_CHECKING:
    from spec.json_value import Json

PAGES = """\
openapi: 3.1.0
components:
  schemas:
    Page: {allOf: [{properties: {items: {items: {type: integer}}}}], unevaluatedProperties: false}
"""


@pytest.mark.parametrize(
    ("page", "broken"),
    [
        ({"items": [1]}, []),
        ({"items": ["a"]}, ["type"]),
        ({"items": ["a"], "more": 1}, ["type"]),
        ({"items": [1], "more": 1}, ["unevaluatedProperties"]),
    ],
)
def test_fields_beside_a_schema_that_fails_are_not_unevaluated(page: Json, broken: list[str]) -> None:
    validator = Contract(parse_spec(Path("pages.yaml"), PAGES)).validator("/components/schemas/Page")
    assert [each.pointer.rpartition("/")[2] for each in find_breaches(validator, page)] == broken
