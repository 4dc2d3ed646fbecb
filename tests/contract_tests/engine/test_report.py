"""Schemathesis's report, read after its run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from contract_tests.engine.report import EngineLimit, EngineReport, read_report
from contract_tests.exchange import testimony

if TYPE_CHECKING:
    from pathlib import Path


def read(tmp_path: Path, *events: dict[str, Any], rest: str = "") -> EngineReport:
    path = tmp_path / "report.ndjson"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events) + rest)
    return read_report(path)


def scenario(exchange_id: str, value: dict[str, Any], *checks: dict[str, Any]) -> dict[str, Any]:
    recorder = {"cases": {exchange_id: {"value": value}}, "checks": {exchange_id: list(checks)}}
    return {"ScenarioFinished": {"recorder": recorder}}


def failed(name: str, title: str, message: str | None) -> dict[str, Any]:
    return {"name": name, "failure_info": {"failure": {"title": title, "message": message}}}


def phase(name: str, description: str | None) -> dict[str, Any]:
    return {"meta": {"phase": {"name": name, "data": {"description": description}}}}


def test_without_a_file_a_report_is_empty(tmp_path: Path) -> None:
    assert read_report(tmp_path / "none.ndjson") == EngineReport()


def test_a_failed_check_is_testimony_against_its_exchange(tmp_path: Path) -> None:
    passed = {"name": "not_a_server_error", "failure_info": None}
    report = read(tmp_path, scenario("a1", {}, passed, failed("ignored_auth", "Accepted", "  in spite of it\n")))
    assert report.testimony == [testimony.Testimony("a1", "ignored_auth", "Accepted", "in spite of it")]


def test_a_scenario_that_came_to_nothing_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, {"ScenarioFinished": {"recorder": {}}}) == EngineReport()


def test_a_failure_may_have_no_detail(tmp_path: Path) -> None:
    report = read(tmp_path, scenario("a1", {}, failed("ignored_auth", "Accepted", None)))
    assert report.testimony[0].detail == ""


def test_a_request_is_told_by_its_phase_and_description(tmp_path: Path) -> None:
    report = read(tmp_path, scenario("a1", phase("coverage", "a string too long")))
    assert report.purposes == {"a1": "Schemathesis, coverage: a string too long"}
    assert report.phases == {"a1": "coverage"}


def test_a_request_that_a_check_sends_by_itself_is_called_a_probe(tmp_path: Path) -> None:
    events = [scenario("a1", {}), scenario("a2", {"meta": None}), scenario("a3", phase("coverage", None))]
    assert set(read(tmp_path, *events).purposes.values()) == {"a probe by a check of Schemathesis"}


def test_each_error_is_told_once(tmp_path: Path) -> None:
    errors: list[dict[str, Any]] = [
        {"NonFatalError": {"value": {"message": "no connection"}}},
        {"NonFatalError": {"value": {"message": "no connection"}}},
        {"FatalError": {"exception": {"message": "no spec"}}},
        {"FatalError": {"exception": "out of luck"}},
    ]
    assert read(tmp_path, *errors).errors == ["no connection", "no spec", "out of luck"]


def test_of_a_report_that_breaks_off_the_whole_lines_count(tmp_path: Path) -> None:
    whole = [scenario("a1", {}, failed("ignored_auth", "Accepted", "")), scenario("a2", {})]
    report = read(tmp_path, *whole, rest=json.dumps(scenario("a3", {}))[:-9])
    assert set(report.purposes) == {"a1", "a2"}
    assert len(report.testimony) == 1


LIMIT = EngineLimit("POST /pairs", "fuzzing by Schemathesis", "it cannot read the spec there: Invalid Schema Object")


def test_what_schemathesis_cannot_read_in_the_spec_is_a_limit_and_no_error(tmp_path: Path) -> None:
    value = {"type": "InvalidSchema", "message": "Invalid Schema Object\n\nLocation:\n    items"}
    event = {"NonFatalError": {"value": value, "phase": "fuzzing", "label": "POST /pairs"}}
    report = read(tmp_path, event, event)
    assert (report.errors, report.limits) == ([], [LIMIT])
