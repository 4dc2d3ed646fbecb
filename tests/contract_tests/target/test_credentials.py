"""Credentials of requests: which alternatives are tried, and which secret stands where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.plan.schedule import make_schedule
from contract_tests.target.credentials import Credentials, given_schemes
from contract_tests.target.options import Options
from spec.reader import parse_spec

if TYPE_CHECKING:
    from collections.abc import Iterable

SPEC: Final = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
security: [{Token: []}, {User: []}, {Key: [], User: []}, {Old: []}%s]
paths: {/a: {get: {responses: {'200': {description: Done.}}}}}
components:
  securitySchemes:
    Token: {type: http, scheme: bearer}
    User: {type: http, scheme: basic}
    Key: {type: apiKey, in: query, name: key}
    Old: {type: http, scheme: digest}
"""


def contract_with(given: Iterable[str] = (), more: str = "") -> Contract:
    return Contract(parse_spec(Path("spec.yaml"), SPEC % more), given=frozenset(given))


def tried(given: Iterable[str], more: str = "") -> list[list[str]]:
    (operation,) = contract_with(given, more).operations
    return [[scheme.name for scheme in alternative] for alternative in operation.alternatives]


@pytest.mark.parametrize(
    ("given", "alternatives"),
    [
        ([], [["Token"]]),
        (["User"], [["User"]]),
        (["User", ""], [["User"], ["Token"]]),
        (["Key"], [["Token"]]),
        (["Key", "User"], [["User"], ["Key", "User"]]),
        (["Token", "User", "Key", "Old", ""], [["Token"], ["User"], ["Key", "User"]]),
    ],
)
def test_the_alternatives_with_secrets_of_their_own_are_tried_or_else_the_first(
    given: list[str], alternatives: list[list[str]]
) -> None:
    assert tried(given) == alternatives


def test_no_credentials_are_an_alternative_if_the_spec_says_so() -> None:
    assert tried(["User"], ", {}") == [["User"], []]


def test_each_alternative_gets_a_valid_request_and_wrong_ones() -> None:
    contract = contract_with(["User", "Key"], ", {}")
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    sent = {(each.request.target, tuple(each.request.headers.all("Authorization"))) for each in schedule.valid}
    basic = ("Basic {token}",)
    assert sent == {("/a", basic), ("/a?key={token}", basic), ("/a", ())}


def test_a_secret_is_that_of_the_scheme_which_the_value_is_for() -> None:
    contract = contract_with(["User", "Token"])
    secrets = {"User": "me:pass", "Token": "t0ken"}
    places: Any = Credentials(contract.operations, dict.fromkeys(secrets, "VARIABLE"))
    disguise = Disguise("placeholder", "default", {}, places=places, secrets=secrets)
    sent = [Request("GET", "/a", Headers([("Authorization", f"{word} placeholder")])) for word in ("Basic", "Bearer")]
    assert [disguise.reveal(each).headers.first("Authorization") for each in sent] == [
        "Basic bWU6cGFzcw==",
        "Bearer t0ken",
    ]


def test_a_token_counts_beside_named_secrets_if_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def given(*credential: tuple[str, str]) -> frozenset[str]:
        return given_schemes(Options(token_env="SOME_TOKEN", credential=credential))

    assert given(("User", "VARIABLE")) == {"User"}
    monkeypatch.setenv("SOME_TOKEN", "t0ken")
    assert given(("User", "VARIABLE")) == {"User", ""}
    assert given() == frozenset()
