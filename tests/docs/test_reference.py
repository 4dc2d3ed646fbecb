"""The pages that are made from the code are up to date. `nox -s tests -- --rewrite-golden` writes them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.docs.reference import pages
from tests.support.golden import REWRITE

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract


@pytest.mark.parametrize("name", ["options.md", "checks.md"])
def test_a_page_is_what_the_code_says(contract: Contract, pytestconfig: pytest.Config, name: str) -> None:
    made, path = dict(pages(contract))[name], ROOT / "docs" / name
    if pytestconfig.getoption(REWRITE):
        path.write_text(made, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made, f"docs/{name} is stale; rewrite it: nox -s tests -- {REWRITE}"
