"""The verdict on the page: a sentence, what to do next, what the run cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.report.page.verdict import figures, next_steps, say_title, say_verdict
from contract_tests.result.course import Power, Setting
from contract_tests.result.result import Reading
from tests.support.exchanges import conforming, post, sent
from tests.support.pages import lax_result, with_findings
from tests.support.report_results import named
from tests.support.results import ELSEWHERE, result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result


@pytest.fixture
def kept(contract: Contract) -> Result:
    return result_of(contract, *sent(conforming(), post()))


def notes(result: Result) -> dict[str, tuple[str, str]]:
    return {figure.name: (figure.value, figure.note) for figure in figures(result)}


def test_a_server_that_breaks_the_contract_is_told_how_many_causes_there_are() -> None:
    assert say_verdict(lax_result()) == "A test's server breaks the contract. All that is wrong comes from 13 causes."
    one = with_findings(lax_result(), 1)
    assert say_verdict(one).endswith("comes from one cause.")


def test_each_verdict_has_a_sentence_of_its_own(kept: Result) -> None:
    verdicts = ("conforms", "violates", "incomplete", "untestable")
    sentences = {say_verdict(structs.replace(kept, verdict=verdict)) for verdict in verdicts}
    assert len(sentences) == 4
    assert say_verdict(kept) == "A test's server kept the contract in everything that was tried."


def test_accepted_causes_are_named_in_the_verdict_and_leave_nothing_to_do() -> None:
    accepted = named("accepted")
    assert say_title(accepted) == "Keeps the contract but for 2 accepted causes"
    assert say_verdict(accepted).endswith(" kept the contract but for 2 accepted causes in everything that was tried.")
    assert next_steps(accepted) == ()


def test_beside_accepted_causes_an_incomplete_run_does_not_claim_that_all_was_kept() -> None:
    incomplete = structs.replace(named("accepted"), verdict="incomplete")
    assert "kept the contract but for 2 accepted causes in everything that was tried, but" in say_verdict(incomplete)


def test_causes_that_are_not_accepted_are_counted_apart() -> None:
    (accepted, other, *_) = named("accepted").findings
    findings = (accepted, structs.replace(other, accepted=None))
    result = structs.replace(named("accepted"), verdict="violates", findings=findings)
    assert say_verdict(result).endswith("All that is wrong comes from one cause and 1 accepted cause.")
    assert [number for step in next_steps(result) for number, _ in step.findings] == [other.number]


def test_a_baseline_that_is_out_of_date_is_a_thing_to_do() -> None:
    step = next_steps(named("out-of-date"))[-1]
    assert step.words == "Bring the baseline up to date."
    assert [note.rpartition("; ")[2] for note in step.notes] == [
        "mend it, or accept it anew with --accept",
        "remove the entry with --prune",
    ]


def test_the_url_of_a_server_is_written_as_it_is(kept: Result) -> None:
    at_a_url = structs.replace(kept, target="http://127.0.0.1:8000")
    assert say_verdict(at_a_url).startswith("The server at http://127.0.0.1:8000 kept the contract")


def test_the_next_steps_go_from_the_gravest_to_the_least() -> None:
    steps = next_steps(lax_result())
    assert [step.words for step in steps] == [
        "Let nobody in without the right token",
        "Mend what makes the server crash",
        "Correct what is wrong in responses",
        "Refuse the requests that the contract forbids",
        "Settle the formalities",
        "Look at the additive drift: 1 field beyond the spec.",
    ]
    assert [number for step in steps for number, _ in step.findings] == [*range(1, 14)]


def test_a_step_with_many_findings_names_the_first() -> None:
    (step, *_) = next_steps(with_findings(lax_result(), 130))
    assert (len(step.findings), step.more) == (8, 2)


def test_warnings_come_after_all_that_violates(contract: Contract) -> None:
    result = result_of(contract, *sent(conforming(), post()), target=ELSEWHERE)
    warnings = tuple(structs.replace(each, is_warning=True) for each in lax_result().findings)
    steps = next_steps(structs.replace(result, findings=warnings))
    assert [step.words for step in steps] == ["Look at the warnings. They violate nothing."]


def test_the_reason_of_an_untestable_target_is_what_to_do_next(kept: Result) -> None:
    result = structs.replace(kept, verdict="untestable", reason="Nobody answers.\nStart the server.")
    assert [step.words for step in next_steps(result)] == ["Nobody answers.", "Start the server."]


def test_an_incomplete_run_points_to_what_was_left_out(kept: Result) -> None:
    (step,) = next_steps(structs.replace(kept, verdict="incomplete"))
    assert "never tried" in step.words


def test_a_server_that_conforms_leaves_nothing_to_do(kept: Result) -> None:
    assert next_steps(kept) == ()


@pytest.mark.parametrize(("max_calls", "note"), [("none", "no limit was set"), ("60", "of 60 allowed")])
def test_the_calls_stand_beside_those_that_were_allowed(kept: Result, max_calls: str, note: str) -> None:
    setting = Setting(name="--max-calls", value=max_calls, is_default=False)
    assert notes(structs.replace(kept, settings=(setting,)))["calls spent"] == (str(kept.calls), note)


@pytest.mark.parametrize(
    ("caught", "max_calls", "shown"),
    [
        (811, None, ("100%", "811 of 811; measured 2026-01-31 at 1a2b3c4")),
        (810, None, ("99.9%", "810 of 811; measured 2026-01-31 at 1a2b3c4")),
        (640, 5, ("78.9%", "640 of 811 with at most 5 calls; measured 2026-01-31 at 1a2b3c4")),
    ],
)
def test_the_power_of_the_run_is_told_with_its_date_and_commit(
    kept: Result, caught: int, max_calls: int | None, shown: tuple[str, str]
) -> None:
    power = Power(caught=caught, faults=811, max_calls=max_calls, date="2026-01-31", commit="1a2b3c4")
    assert notes(structs.replace(kept, power=power))["broken servers caught by such a run"] == shown


def test_a_run_whose_power_nobody_measured_claims_none(kept: Result) -> None:
    assert "broken servers caught by such a run" not in notes(structs.replace(kept, power=None))


def test_a_recording_tells_what_was_judged_of_it(kept: Result) -> None:
    reading = Reading(entries=9, skipped={"elsewhere": 8}, not_judged={})
    assert notes(structs.replace(kept, recording=reading))["requests judged"] == ("2", "of 9 entries")


def test_what_could_not_be_tested_beside_violations_is_a_step_after_them() -> None:
    result = structs.replace(lax_result(), reason="GET /a: no valid request was accepted.")
    step = next_steps(result)[5]
    assert step.words == "Then test again, for this could not be tested yet:"
    assert step.notes == ("GET /a: no valid request was accepted.",)
