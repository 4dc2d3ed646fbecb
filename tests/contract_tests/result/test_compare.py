"""Two runs beside one another: causes are told apart by what is broken, and one is gone only if it was looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.exchange.exchange import Exchange, Refusal
from contract_tests.report.files import write_result
from contract_tests.report.over_time import describe_comparison
from contract_tests.result.compare import compare
from contract_tests.result.earlier import EarlierReport, read_earlier_report
from contract_tests.result.file_error import FileError
from contract_tests.result.part import decode_part, encode_part
from tests.support.exchanges import altering, answer, conforming, post, sent
from tests.support.results import OPTIONS, result_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result


def earlier(result: Result) -> EarlierReport:
    """What a later run reads of a result."""
    return decode_part(encode_part(result), EarlierReport)


def result_with(contract: Contract, **changes: object) -> Result:
    """The result of two calls to a server that changes members of its responses."""
    return result_of(contract, *sent(altering(**changes), post(), post()))


def test_causes_of_both_runs_are_told_apart(contract: Contract) -> None:
    before, now = result_with(contract, uri=1, status="live"), result_with(contract, account_id=2, status="live")
    found = compare(now, earlier(before))
    headlines = {finding.number: finding.headline for finding in now.findings}
    assert [headlines[number].split(":")[0] for number in found.new] == ["A response is wrong at account_id (200)"]
    assert [headlines[number].split(":")[0] for number in found.unchanged] == ["A response is wrong at status (200)"]
    assert [cause.headline.split(":")[0] for cause in found.gone] == ["A response is wrong at uri (200)"]
    assert found.unseen == ()


def test_a_cause_in_other_words_is_unchanged(contract: Contract) -> None:
    before, now = result_with(contract, status="live"), result_with(contract, status="dead")
    assert before.findings[0].headline != now.findings[0].headline
    assert compare(now, earlier(before)).unchanged == (1,)


def test_the_order_of_requests_and_another_seed_change_nothing(contract: Contract) -> None:
    exchanges = sent(altering(uri=1, id="1", status="live"), post(), post())
    before, now = result_of(contract, *exchanges), result_of(contract, *reversed(exchanges))
    found = compare(structs.replace(now, seed=2), earlier(before))
    assert (found.new, found.gone, found.unseen) == ((), (), ())


def test_nothing_is_gone_from_a_server_that_could_not_be_tested(contract: Contract) -> None:
    now = result_of(contract, obstacle="http://127.0.0.1:8000 cannot be reached.")
    found = compare(now, earlier(result_with(contract, uri=1)))
    assert (found.gone, len(found.unseen)) == ((), 1)


def test_a_cause_whose_check_was_not_made_is_not_gone(contract: Contract) -> None:
    refused = Exchange(post(), answer({"detail": []}, 422))
    found = compare(result_of(contract, refused), earlier(result_with(contract, id="1")))
    assert {cause.check for cause in found.unseen} == {"id_is_new", "started_for_good"}
    assert found.gone == ()


def test_a_cause_whose_field_was_not_met_is_not_gone(contract: Contract) -> None:
    without = result_with(contract, ended_reason="tired", status="ended", ended_at="2026-01-31T09:30:00Z")
    before = earlier(without)
    (cause,) = [each for each in before.causes if "EndedReason" in each.pointer]
    found = compare(result_of(contract, *sent(conforming(), post())), before)
    assert cause in found.unseen


def test_a_cause_is_not_gone_if_a_limit_withheld_all_that_showed_it(contract: Contract) -> None:
    shown = Exchange(post(b'{"from_number": NaN}'), answer({"detail": "boom"}, 500), id="NaN")
    refusal = Refusal("budget", "the limit of calls is reached")
    withheld = Exchange(post(b'{"from_number": NaN}'), id="NaN", refusal=refusal)
    now = result_of(contract, *sent(conforming(), post()), withheld)
    found = compare(now, earlier(result_of(contract, shown)))
    assert "not_a_server_error" in {cause.check for cause in found.unseen}
    tried = Exchange(post(b'{"from_number": NaN}'), answer({"detail": []}, 422), id="NaN")
    found = compare(
        result_of(contract, *sent(conforming(), post()), tried, withheld), earlier(result_of(contract, shown))
    )
    assert "not_a_server_error" in {cause.check for cause in found.unseen}


def test_a_cause_is_gone_once_its_request_is_taken_as_it_should_be(contract: Contract) -> None:
    shown = Exchange(post(b'{"from_number": NaN}'), answer({"detail": "boom"}, 500), id="NaN")
    tried = Exchange(post(b'{"from_number": NaN}'), answer({"detail": []}, 422), id="NaN")
    found = compare(result_of(contract, *sent(conforming(), post()), tried), earlier(result_of(contract, shown)))
    assert "not_a_server_error" in {cause.check for cause in found.gone}


def test_nothing_is_new_beside_a_run_that_could_not_test_its_target(contract: Contract) -> None:
    lost = result_of(contract, obstacle="http://127.0.0.1:8000 cannot be reached.")
    found = compare(result_with(contract, uri=1), earlier(lost))
    assert (found.new, found.unchanged, found.gone, found.unseen) == ((), (), (), ())
    assert describe_comparison(found).startswith("nothing is compared: the run")


def test_another_spec_is_told(contract: Contract) -> None:
    now = result_with(contract, uri=1)
    assert compare(now, earlier(now)).is_same_spec
    assert not compare(now, earlier(structs.replace(now, spec_sha256="0"))).is_same_spec


def test_a_report_of_another_version_is_read_as_far_as_it_is_needed(contract: Contract, tmp_path: Path) -> None:
    result = result_with(contract, uri=1)
    write_result(tmp_path, result)
    path = tmp_path / "result.json"
    path.write_text(path.read_text().replace('{\n  "verdict"', '{\n  "from_another_version": 1,\n  "verdict"', 1))
    assert [cause.key for cause in read_earlier_report(tmp_path, "--against").causes] == [result.findings[0].key]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, r"--against \S+result.json cannot be read: No such file or directory\n--against takes the folder"),
        ("{", r"--against \S+result.json is not the result of a run: the file: Input data was truncated"),
        ('{"findings": []}', r"is not the result of a run: the file: Object missing required field `verdict`"),
    ],
)
def test_a_folder_without_a_report_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    if text:
        (tmp_path / "result.json").write_text(text)
    with pytest.raises(FileError, match=said):
        read_earlier_report(tmp_path, "--against")


def test_the_options_of_the_tests_name_no_earlier_run() -> None:
    assert (OPTIONS.against, OPTIONS.baseline, OPTIONS.history) == (None, None, None)
