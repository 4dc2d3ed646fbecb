"""Accepted causes: until their day, and only as long as they are there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.result.accept import acceptances, tell_use, with_entries, without_entries
from contract_tests.result.baseline import Acceptance, Baseline
from contract_tests.result.baseline_file import read_baseline, write_baseline
from contract_tests.result.earlier import EarlierReport
from contract_tests.result.file_error import FileError
from contract_tests.result.part import decode_part, encode_part
from tests.support.exchanges import altering, conforming, post, sent
from tests.support.results import accepting, result_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result

TODAY: Final = date(2026, 1, 31)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def broken(contract: Contract) -> Result:
    return result_of(contract, *sent(altering(uri=1, status="live"), post()))


def baseline_of(result: Result, until: date) -> Baseline:
    causes = decode_part(encode_part(result), EarlierReport).causes
    return with_entries(Baseline(), causes, Acceptance(reason="mended next week", until=until))


@pytest.mark.parametrize(("until", "is_accepted"), [(TOMORROW, True), (TODAY, True), (YESTERDAY, False)])
def test_a_cause_is_accepted_until_its_day(contract: Contract, until: date, is_accepted: bool) -> None:  # noqa: FBT001 - a row's column
    result = broken(contract)
    accepted = acceptances(baseline_of(result, until), TODAY)
    assert {finding.key in accepted for finding in result.findings} == {is_accepted}


def test_a_run_whose_causes_are_all_accepted_violates_nothing(contract: Contract) -> None:
    exchanges = sent(altering(uri=1, status="live"), post())
    assert result_of(contract, *exchanges).verdict == "violates"
    result = accepting(contract, *exchanges)
    assert (result.verdict, [finding.violates for finding in result.findings]) == ("conforms", [False, False])


def test_a_further_cause_still_violates(contract: Contract) -> None:
    known = broken(contract).findings[0].key
    assert accepting(contract, *sent(altering(uri=1, status="live"), post()), keys=[known]).verdict == "violates"


def test_an_entry_that_is_over_is_told_while_its_cause_is_there(contract: Contract) -> None:
    result = broken(contract)
    use = tell_use(result, baseline_of(result, YESTERDAY), "accepted.json", TODAY)
    assert (len(use.expired), use.unused, use.is_up_to_date) == (2, (), False)


def test_an_entry_without_a_cause_is_told(contract: Contract) -> None:
    mended = result_of(contract, *sent(conforming(), post()))
    use = tell_use(mended, baseline_of(broken(contract), YESTERDAY), "accepted.json", TODAY)
    assert (use.expired, len(use.unused), use.is_up_to_date) == ((), 2, False)


def test_an_entry_that_was_not_looked_for_needs_no_change(contract: Contract) -> None:
    lost = result_of(contract, obstacle="http://127.0.0.1:8000 cannot be reached.")
    use = tell_use(lost, baseline_of(broken(contract), TOMORROW), "accepted.json", TODAY)
    assert (use.unused, len(use.unseen), use.is_up_to_date) == ((), 2, True)


def test_a_cause_that_is_accepted_anew_has_one_entry(contract: Contract) -> None:
    result = broken(contract)
    causes = decode_part(encode_part(result), EarlierReport).causes
    before = baseline_of(result, YESTERDAY)
    after = with_entries(before, causes[:1], Acceptance(reason="later", until=TOMORROW))
    assert [entry.until for entry in after.accepted] == [TOMORROW, YESTERDAY]
    assert without_entries(after, [causes[0].key]).accepted == before.accepted[1:]


def test_a_baseline_is_read_back_as_it_was(contract: Contract, tmp_path: Path) -> None:
    baseline = baseline_of(broken(contract), TOMORROW)
    write_baseline(tmp_path / "new" / "accepted.json", baseline)
    assert read_baseline(tmp_path / "new" / "accepted.json") == baseline


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file or directory\n--accept writes such a file"),
        ('{"accepted": [{"until": "soon"}]}', r"is not a baseline: accepted\[0\]\.until: Invalid RFC3339"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "accepted.json"
    if text:
        path.write_text(text)
    with pytest.raises(FileError, match=said):
        read_baseline(path)
