"""Which servers may be tested, and what each must be kept safe from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.plan.plan import make_plan
from contract_tests.target.limits import DurationRule, NumberRule, UrlRule
from contract_tests.target.options import Options, declared_options
from contract_tests.target.settings import Fields, read_fields, read_options
from contract_tests.target.target import Target, TargetError, TokenVariable, fields_in, make_target, require_places
from tests.conftest import ROOT
from tests.support.schedules import our_plan

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from spec.json_value import Json

FIELDS = Fields(
    to_number=("/to",), from_number=("/from",), agent_id=("/agent",), webhook_url=("/hook",), duration=("/s",)
)
HERE = "http://127.0.0.1:8000"
STAGING = "https://staging.example.com/v1"
SERVERS = ["https://api.example.com"]
NUMBERS: dict[str, Any] = {"to_number": ("+4915112345678",), "from_number": "+4930123456", "max_calls": 9}
SPEC_REQUEST = "/components/schemas/CreateCall"


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in declared_options():
        monkeypatch.delenv(option.variable, raising=False)


@pytest.mark.parametrize("url", ["http://localhost:1", "http://[::1]:1/", "https://127.3.2.1/base/"])
def test_a_server_of_this_machine_needs_no_more_than_its_url(url: str) -> None:
    target = make_target(Options(url=url), FIELDS, SERVERS)
    assert target.url == url.rstrip("/")
    assert target.is_on_this_machine
    assert target.token == TokenVariable("VOICEOS_TOKEN")


def test_a_server_of_this_machine_gets_fictional_numbers_alone() -> None:
    limits = make_target(Options(url=HERE), FIELDS, SERVERS).limits
    rule = limits.rules["/to"]
    assert rule.complaint("+13105550199", is_at_place=True) is None
    assert rule.complaint("+13105550299", is_at_place=True)
    assert limits.data == {
        "/to": "+12025550143",
        "/from": "+12025550142",
        "/hook": "https://webhook.invalid/",
        "/s": 60,
    }
    assert not limits.aliases
    with pytest.raises(TargetError, match=r"\*5678 is refused: [\s\S]* --free-numbers lets it"):
        make_target(Options(url=HERE, to_number=NUMBERS["to_number"]), FIELDS, SERVERS)


def test_free_numbers_lift_the_rule_for_numbers_alone() -> None:
    limits = make_target(Options(url=HERE, free_numbers=True), FIELDS, SERVERS).limits
    assert set(limits.rules) == {"/hook", "/s"}
    assert limits.data == make_target(Options(url=HERE), FIELDS, SERVERS).limits.data
    named = make_target(Options(url=HERE, free_numbers=True, **NUMBERS), FIELDS, SERVERS).limits
    assert (named.data["/to"], named.aliases["**********5678"]) == ("**********5678", NUMBERS["to_number"][0])
    with pytest.raises(TargetError, match="only a server on this machine"):
        make_target(Options(url=STAGING, free_numbers=True, **NUMBERS), FIELDS, SERVERS)


def test_a_server_that_rings_nobody_has_no_limits_and_keeps_its_own_values() -> None:
    options = Options(url=HERE, rings_nobody=True, agent_id="a", data=(("/x", "y"),))
    limits = make_target(options, FIELDS, SERVERS).limits
    assert limits.is_free
    assert limits.data == {"/agent": "a", "/x": "y"}
    assert make_target(replace(options, to_number=NUMBERS["to_number"]), FIELDS, SERVERS).limits.is_free
    with pytest.raises(TargetError, match="--rings-nobody is refused: only a server on this machine"):
        make_target(Options(url=STAGING, rings_nobody=True, **NUMBERS), FIELDS, SERVERS)


def test_a_server_that_rings_nobody_is_tried_with_every_known_name() -> None:
    assert read_options({"url": HERE, "rings_nobody": True}, environment={}).all_known_names
    assert not read_options({"url": HERE}, environment={}).all_known_names


ALL_ELSE = "hook: https://webhook.invalid/; s: at most 60 s"
OWN_ALONE = "changes and deletions: what the run creates"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(url=HERE), f"to: fictional numbers; from: fictional numbers; {ALL_ELSE}; calls: any number"),
        (
            Options(url=STAGING, **NUMBERS),
            f"to: **********5678; from: **********5678 or *******3456; {ALL_ELSE}; {OWN_ALONE}; calls: at most 9",
        ),
        (Options(url=HERE, free_numbers=True), f"{ALL_ELSE}; calls: any number"),
        (Options(url=HERE, rings_nobody=True), "none on what is sent; calls: any number"),
    ],
)
def test_the_limits_that_hold_are_told(options: Options, said: str) -> None:
    assert make_target(options, FIELDS, SERVERS).limits.describe(options.max_calls) == f"limits: {said}"


@pytest.mark.parametrize("missing", NUMBERS)
def test_another_machine_must_be_given_numbers_and_a_cap(missing: str) -> None:
    given = {name: value for name, value in NUMBERS.items() if name != missing}
    with pytest.raises(TargetError) as refusal:
        make_target(Options(url=STAGING, **given), FIELDS, SERVERS)
    command = str(refusal.value).splitlines()[-1]
    assert command.startswith(f"  VOICEOS_TOKEN=… pytest contract_tests --url {STAGING} --to-number ")
    assert "--from-number" in command
    assert "--max-calls" in command


def test_the_whole_command_is_the_one_that_was_given_with_the_spec_that_it_names() -> None:
    options = Options(url=STAGING, spec=Path("another.yaml"), started_by="nox -s contract --")
    with pytest.raises(TargetError) as refusal:
        make_target(options, FIELDS, SERVERS)
    command = str(refusal.value).splitlines()[-1]
    assert command.startswith(f"  VOICEOS_TOKEN=… nox -s contract -- --spec another.yaml --url {STAGING} --to-number ")


def test_another_machine_is_held_to_what_it_is_given() -> None:
    settings = Options(url=STAGING, agent_id="a", data=(("/x", "y"),), webhook_url="https://w.example/", **NUMBERS)
    limits = make_target(settings, FIELDS, SERVERS).limits
    assert limits.rules["/to"] == NumberRule(frozenset(NUMBERS["to_number"]))
    assert limits.rules["/hook"] == UrlRule(frozenset({"https://w.example/"}))
    assert limits.rules["/s"] == DurationRule(60)
    assert limits.data["/to"] == "**********5678"
    assert limits.aliases["**********5678"] == NUMBERS["to_number"][0]
    assert (limits.data["/agent"], limits.data["/x"]) == ("a", "y")


@pytest.mark.parametrize(
    "number", ["", "abc", "+1…", "4915112345678", "+49 151 12345678", "+123456", "+1" * 9, "+٠١٢٣٤٥٦٧"]
)
@pytest.mark.parametrize("url", [HERE, STAGING])
def test_what_is_no_phone_number_is_refused(url: str, number: str) -> None:
    for given in ({"to_number": (*NUMBERS["to_number"], number)}, {"from_number": number}):
        with pytest.raises(TargetError, match=r"-number .* is not a phone number, [\s\S]* like \+12025550143"):
            make_target(Options(url=url, **NUMBERS | given), FIELDS, SERVERS)


def test_two_numbers_that_end_alike_are_told_apart() -> None:
    numbers = NUMBERS | {"to_number": ("+4915112345678", "+4915212345678")}
    limits = make_target(Options(url=STAGING, **numbers), FIELDS, SERVERS).limits
    assert len(limits.aliases) == 3
    assert set(limits.aliases.values()) == {*numbers["to_number"], numbers["from_number"]}


def test_no_alias_is_taken_for_another() -> None:
    listed = ("+4915112345678", "+4915212345678", "+4930005678", "+49151123456789", "+4915312345678", "+49340005678")
    settings = Options(url=STAGING, **NUMBERS | {"to_number": listed, "from_number": "+4940005678"})
    disguise = Disguise("placeholder", "token", make_target(settings, FIELDS, SERVERS).limits.aliases)
    for alias, number in disguise.aliases.items():
        sent = disguise.reveal(Request("POST", "/x", Headers(), f"'{alias}'".encode()))
        assert sent.body == f"'{number}'".encode()
        assert disguise.hide_bytes(sent.body) == f"'{alias}'".encode()


def test_production_is_refused_whatever_the_variables_of_the_server_are() -> None:
    servers = ["https://{region}.example.com:{port}/{version}"]
    with pytest.raises(TargetError, match="calls there are real"):
        make_target(Options(url="https://eu.example.com", **NUMBERS), FIELDS, servers)
    assert make_target(Options(url="https://eu.example.org", **NUMBERS), FIELDS, servers).url


@pytest.mark.parametrize("server", ["http://[::bad", "{url}", "https://{a}.{b}", "", "/v1", "None"])
def test_a_server_that_names_no_host_is_no_production(server: str) -> None:
    assert make_target(Options(url="http://127.0.0.1:8000"), FIELDS, [server]).url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("url", ["https://api.example.com", "http://API.example.com:81/x", "https://api.example.com./"])
def test_production_is_refused_until_it_is_asked_for(url: str) -> None:
    with pytest.raises(TargetError, match=r"calls there are real[\s\S]*--allow-production"):
        make_target(Options(url=url, **NUMBERS), FIELDS, SERVERS)
    assert make_target(Options(url=url, allow_production=True, **NUMBERS), FIELDS, SERVERS).name == url


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1",
        "http://",
        "http://192.168.0.1:9000\\@127.0.0.1:8000",
        "http://127.0.0.1@192.168.0.1",
        "http://user:word@127.0.0.1",
        "http://127.0.0.1:abc",
        "http://127.0.0.1:99999",
        "http://[::1",
        "http://127.0.0.1?x=1",
        "http://127.0.0.1 .example",
    ],
)
def test_a_crooked_url_is_refused(url: str) -> None:
    with pytest.raises(TargetError, match="is not a plain http or https URL"):
        make_target(Options(url=url, free_numbers=False), FIELDS, SERVERS)


@pytest.mark.parametrize(
    "url", ["http://192.168.0.1", "http://localhost.example", "http://127.0.0.1.example.org", "http://2130706433"]
)
def test_no_other_address_passes_for_this_machine(url: str) -> None:
    with pytest.raises(TargetError, match="is another machine"):
        make_target(Options(url=url), FIELDS, SERVERS)


@pytest.mark.slow
def test_the_plan_keeps_to_the_limits_and_names_what_it_leaves_out(contract: Contract) -> None:
    limits = make_target(Options(url=STAGING, agent_id="stored", **NUMBERS), read_fields(), SERVERS).limits
    plan = make_plan(contract, SPEC_REQUEST, all_known_names=False, limits=limits)
    assert plan.untried == ()
    for planned in plan.bodies:
        assert planned.body["to_number"] == "**********5678"
        assert planned.body.get("agent_id") in {None, "stored"}
        config = planned.body.get("agent_config") or {"max_duration_seconds": 1}
        assert config["max_duration_seconds"] <= 60
        assert all(hook["url"] == "https://webhook.invalid/" for hook in config.get("webhooks") or [])
        contract.validator(SPEC_REQUEST).validate(planned.body)
    withheld = [str(choice) for choice in plan.withheld]
    assert "agent_config.max_duration_seconds: null" in withheld
    assert "agent_config.max_duration_seconds: absent" in withheld
    assert "to_number: long string" in withheld


def test_every_pointer_of_the_fields_leads_to_something_in_the_contract() -> None:
    plan = our_plan()
    for pointers in structs.asdict(read_fields()).values():
        for pointer in pointers:
            assert any(leads(planned.body, pointer.split("/")[1:]) for planned in plan.bodies), pointer


def test_the_fields_of_another_api_limit_nothing(contract: Contract) -> None:
    another = read_contract(ROOT / "tests" / "zoo" / "multipart.yaml")
    assert fields_in(read_fields(), contract) == read_fields()
    assert fields_in(read_fields(), another) == Fields()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"to_number": ()}, "does not know where a request holds the number to ring"),
        ({"from_number": ("/caller",)}, r"\[fields\] from_number of contract_tests/targets.toml is /caller"),
        ({"webhook_url": ("/agent_config/webhooks/url",)}, r"webhook_url of .* is /agent_config/webhooks/url"),
        ({"duration": ("/agent_config/webhooks/*/seconds",)}, "that limit would hold back nothing"),
    ],
)
def test_limits_that_would_hold_nowhere_are_refused_for_another_machine(
    contract: Contract, given: dict[str, Any], said: str
) -> None:
    fields = structs.replace(read_fields(), **given)
    with pytest.raises(TargetError, match=said):
        require_places(Target("", STAGING, ""), fields, contract, Options(**NUMBERS))
    require_places(Target("", HERE, ""), fields, contract, Options(**NUMBERS))
    require_places(Target("", STAGING, ""), read_fields(), contract, Options(**NUMBERS))


def leads(value: Json, tokens: list[str]) -> bool:
    if not tokens:
        return True
    if tokens[0] == "*":
        return isinstance(value, list) and any(leads(item, tokens[1:]) for item in value)
    return isinstance(value, dict) and tokens[0] in value and leads(value[tokens[0]], tokens[1:])
