"""The summary in Markdown, as people see it on a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.report.summary import make_summary
from contract_tests.result.scope import LeftOut
from tests.support.exchanges import CALL, altering, post, sent
from tests.support.golden import without_seconds
from tests.support.report_results import RESULTS, earlier, named
from tests.support.results import result_of, without_places

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result
    from tests.support.golden import Golden

_LIMIT = 60


@pytest.mark.parametrize("name", [name for name in RESULTS if name != "hostile"])
def test_a_summary_in_words(contract: Contract, golden: Golden, name: str) -> None:
    said = make_summary(named(name))
    golden(f"summary/{name}", without_seconds(without_places(contract, said)) + "\n")


def largest() -> Result:
    """A result with more of everything than fits."""
    found = named("compared")
    findings = tuple(structs.replace(found.findings[0], number=number) for number in range(1, 2001))
    assert found.comparison
    causes = earlier(found).causes * 1000
    comparison = structs.replace(found.comparison, new=tuple(range(1, 2001)), gone=causes, unseen=causes)
    use = named("out-of-date").baseline
    assert use
    use = structs.replace(use, expired=use.expired * 1000, unused=use.unused * 1000)
    reason = "\n".join("long " * 100 for _ in range(100))
    left_out = tuple(LeftOut(operation=None, thing="a thing", reason=f"reason {number}") for number in range(100))
    more = {"comparison": comparison, "baseline": use, "reason": reason, "untried": left_out, "withheld": left_out}
    return structs.replace(found, findings=findings, **more)


def test_a_summary_has_fewer_than_60_lines_however_much_there_is_to_tell() -> None:
    assert len(make_summary(largest()).splitlines()) < _LIMIT


def test_things_that_were_not_sent_are_counted_by_reason() -> None:
    reasons = "; ".join(f"reason {number}" for number in range(8))
    last = make_summary(largest()).splitlines()[-1]
    assert last == f"- `withheld from this target (100): {reasons} and 92 more reasons`"


def test_a_summary_opens_with_the_verdict_and_then_what_is_new() -> None:
    headings = re.findall(r"(?m)^#+ (.*)$", make_summary(named("compared")))
    assert headings[:2] == ["❌ Contract: violates", "New: 1"]


def test_texts_of_others_stand_in_code_spans(contract: Contract) -> None:
    result = result_of(contract, *sent(altering(status="`<img src=x>` @all | [a](b)"), post(CALL)))
    said = make_summary(result)
    without_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", said)
    assert not re.search(r"<img|@all|\]\(", without_code)


def test_a_hostile_target_adds_no_line() -> None:
    result = named("hostile")
    lines = make_summary(result).splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("::", "##[", "<script"))]
