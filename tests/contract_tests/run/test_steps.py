"""Findings about things are sent again: the things are created anew, and only these are changed and deleted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.exchange.exchange import Exchange, Record, Request
from contract_tests.result.finding_file import requests_of
from contract_tests.run.privacy import mask_personal_findings
from contract_tests.run.replay_judging import judge_replay
from contract_tests.run.steps import operations_behind, send_finding
from contract_tests.servers.any_spec import AnySpec, create_app
from tests.conftest import TOKEN
from tests.support.exchanges import sent, write_contract
from tests.support.zoo_runs import ZOO, contract_of, remembering, run_against
from tests.support.zoo_states import STATE_FAULTS

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.result.result import Finding
    from contract_tests.run.replay_judging import Replay
THINGS = contract_of("things")


@cache
def finding_of(fault: str) -> Finding:
    """The finding of a server that forgets something, by the check that must catch it."""
    server, check = STATE_FAULTS[fault]
    found = run_against("things", server(THINGS, TOKEN)).findings
    return next(each for each in found if each.check == check)


def replay(finding: Finding, server: AnySpec) -> tuple[Replay | str, list[Exchange]]:
    """The outcome of a finding's replay against a server, or why it was stopped; and the exchanges that it took."""
    app, exchanges = create_app(server), list[Exchange]()

    def send(request: Request, name: str) -> Exchange:
        (exchange,) = sent(app, request, token=TOKEN)
        exchanges.append(replace(exchange, id=name))
        return exchanges[-1]

    stopped = send_finding(THINGS, finding, send)
    return stopped or judge_replay(THINGS, finding, Record(tuple(exchanges)), lambda: None), exchanges


@pytest.mark.parametrize("fault", STATE_FAULTS)
def test_a_finding_about_a_thing_stands_for_a_thing_that_is_created_anew(fault: str) -> None:
    server, _ = STATE_FAULTS[fault]
    finding = finding_of(fault)
    outcomes = [replay(finding, each)[0] for each in (server(THINGS, TOKEN), remembering("things"))]
    assert [getattr(each, "verdict", each) for each in outcomes] == ["stands", "gone"]


def with_example(finding: Finding, **changes: object) -> Finding:
    """A finding in a file that somebody edited."""
    return structs.replace(finding, examples=(structs.replace(finding.example, **changes),))


def test_what_the_replay_did_not_create_is_not_deleted() -> None:
    edited = with_example(finding_of("what was deleted is still found"), made_by=())
    stopped, exchanges = replay(edited, remembering("things"))
    (path,) = {each.path for each in requests_of(edited)}
    assert stopped == (
        "A replay changes and deletes only what it created itself, and the finding's file does not hold what created "
        f"{path}. Only a whole run can show it again."
    )
    assert exchanges == []


def test_a_refused_creation_is_named_in_place_of_what_it_was_for() -> None:
    finding = finding_of("what was deleted is still found")
    (creation,) = finding.example.made_by
    edited = with_example(finding, made_by=(structs.replace(creation, body="{}"),))
    stopped, exchanges = replay(edited, remembering("things"))
    assert (
        stopped
        == "A replay changes and deletes only what it created itself, and the target answered 422 to POST /things."
    )
    assert [each.request.method for each in exchanges] == ["POST"]


def test_a_check_that_finds_nothing_to_compare_says_nothing() -> None:
    finding = finding_of("what was updated is as before")
    read, update = finding.example.before
    edited = with_example(finding, before=(read, structs.replace(update, body="{}")))
    replayed, _ = replay(edited, STATE_FAULTS["what was updated is as before"][0](THINGS, TOKEN))
    assert "The check updated_is_kept could not be made: the target answered 422 to PATCH /things/" in str(replayed)


def test_a_thing_that_is_only_read_is_created_anew_where_it_is_there_no_more() -> None:
    finding = finding_of("what was created is not found")
    response = finding.example.response and structs.replace(finding.example.response, status=200)
    read = with_example(finding, made_by=finding.example.before, before=(), response=response)
    _, exchanges = replay(read, remembering("things"))
    assert [each.request.method for each in exchanges] == ["GET", "POST", "GET"]
    _, exchanges = replay(read, AnySpec(THINGS, TOKEN))
    assert [each.request.method for each in exchanges] == ["GET"]


def test_a_request_about_what_nobody_created_stays_as_it_is() -> None:
    finding = finding_of("to update crashes")
    wrong = structs.replace(finding.example.request, target="/things/x")
    _, exchanges = replay(with_example(finding, request=wrong, made_by=()), remembering("things"))
    assert [each.request.target for each in exchanges] == ["/things/x"]


def test_operations_about_other_things_are_none_that_a_finding_takes_before() -> None:
    assert operations_behind(contract_of("things"), "GET /things/{thing_id}") == {
        "POST /things",
        "GET /things",
        "GET /things/{thing_id}",
        "PATCH /things/{thing_id}",
        "DELETE /things/{thing_id}",
    }
    assert operations_behind(contract_of("basic"), contract_of("basic").operations[0].label) == {
        contract_of("basic").operations[0].label
    }


PERSONAL = ("name: {type: string, minLength: 1, maxLength: 20}", "name: {type: string, x-personal: secret}")


def test_the_requests_that_created_a_thing_are_masked_by_their_own_operation(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, (ZOO / "things.yaml").read_text().replace(*PERSONAL))
    finding = finding_of("what was deleted is still found")
    creation = structs.replace(finding.example.made_by[0], body='{"name": "Jane"}')
    (shown,) = mask_personal_findings([with_example(finding, made_by=(creation,))], contract, (), show_text=True)
    assert shown.example.made_by[0].body == '{"name": "[masked]"}'
