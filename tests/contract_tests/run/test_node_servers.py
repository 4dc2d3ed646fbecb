"""Servers of other making on Node.js: whatever is found of one is really wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.run.suite import run
from contract_tests.target.options import Options
from contract_tests.target.settings import read_fields
from contract_tests.target.target import make_target
from tests.support.node_servers import express, install_servers, prism
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.result.result import Result


OPTIONS: Final = Options(Path("contract-report"), "VOICEOS_TOKEN", 1, fuzzing=False)
"""The options of a run that sends our own requests alone."""
TOKEN: Final = "k7Qw-29xZ-mP4v"  # noqa: S105 - of a server that lives as long as a test
OF_NODE: Final = {
    # Node.js puts U+FFFD in place of bytes that are no UTF-8, and tells nobody.
    "malformed_json_refused": r"A body that is no JSON is accepted \(200\): 'utf-8' codec can't decode byte 0xff .*",
    # RFC 9110, section 15.5.6: a 405 names the methods of its path.
    "unsupported_method": "A 405 has no field Allow",
}
OF_EXPRESS: Final = OF_NODE | {
    # express-openapi-validator refuses media types with 415, which the spec does not have.
    "status_code_conformance": "The status 415 is not in the spec",
    # Node.js keeps the first of two Authorization fields.
    "ignored_auth": "A request with the right token first and a wrong one second (is accepted|gets 404, .*)",
}
OF_PRISM: Final = OF_NODE | {
    # Prism looks whether there is a token, and not at it.
    "ignored_auth": "A request with wrong credentials is accepted",
    # It takes `Bearer` for another scheme than `bearer`. RFC 9110, section 11.1, says that they are one.
    "documented_request_accepted": r"A documented request is refused \(401\)",
    # RFC 9110, section 11.6.1: a 401 says how to authenticate.
    "challenge_with_401": "A 401 has no field WWW-Authenticate",
    # It never answers to a body that it cannot parse, and fails where a media type has a parameter.
    "answers_every_request": "A request gets no HTTP response",
    "not_a_server_error": r"A request makes the server fail \(500\)",
    # Each of its answers is the same example of the spec.
    "agent_id_null_without_stored_agent": ".*the rule: agent_id is null when no stored agent was used",
    "agent_id_echoed": ".*the rule: .*",
    "conversation_asked_for": ".*the rule: the conversation is the one that was asked for",
    "configuration_used": ".*the rule: agent_config is the configuration used, so what the request set comes back",
    "id_is_new": ".*the rule: id is new for every conversation",
}
"""What is really wrong with a server: a headline for each check."""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_servers(tmp_path_factory)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OPTIONS.token_env, TOKEN)


def result_of(url: str, folder: Path, options: Options) -> Result:
    wanted = replace(options, url=url, report_dir=folder)
    return run(make_target(wanted, read_fields(), []), wanted)


def false_findings(result: Result, right: Mapping[str, str]) -> list[str]:
    """The checks and headlines of all findings that are not among the right ones."""
    false = (each for each in result.findings if not re.fullmatch(right.get(each.check, "(?!)"), each.headline))
    return [f"{each.check}: {each.headline} ({each.example.sent})" for each in false]


@pytest.mark.parametrize("seed", share_out(range(1, 21), slow=1))
def test_express_is_held_to_nothing_but_what_it_does_wrong(servers: Path, tmp_path: Path, seed: int) -> None:
    with express(servers, TOKEN) as url:
        result = result_of(url, tmp_path, replace(OPTIONS, seed=seed))
    assert false_findings(result, OF_EXPRESS) == []
    assert {each.check for each in result.findings} == OF_EXPRESS.keys()


@pytest.mark.nightly
def test_express_is_held_to_nothing_else_by_a_whole_run(servers: Path, tmp_path: Path) -> None:
    with express(servers, TOKEN) as url:
        result = result_of(url, tmp_path, replace(OPTIONS, fuzzing=True))
    assert false_findings(result, OF_EXPRESS) == []


@pytest.mark.nightly
def test_express_conforms_where_a_team_mends_what_was_found(servers: Path, tmp_path: Path) -> None:
    with express(servers, TOKEN, "careful") as url:
        result = result_of(url, tmp_path, replace(OPTIONS, fuzzing=True))
    assert (result.verdict, result.findings) == ("conforms", ())


@pytest.mark.parametrize("seed", share_out(range(1, 21), slow=0))  # it lets some requests wait in vain, 10 s each
def test_prism_is_held_to_nothing_but_what_it_does_wrong(servers: Path, tmp_path: Path, seed: int) -> None:
    with prism(servers) as url:
        result = result_of(url, tmp_path, replace(OPTIONS, seed=seed))
    assert false_findings(result, OF_PRISM) == []


@pytest.mark.nightly
def test_prism_is_held_to_nothing_else_by_a_whole_run(servers: Path, tmp_path: Path) -> None:
    with prism(servers) as url:
        result = result_of(url, tmp_path, replace(OPTIONS, fuzzing=True))
    assert false_findings(result, OF_PRISM) == []
