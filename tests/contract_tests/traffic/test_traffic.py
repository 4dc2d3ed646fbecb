"""Recorded entries become exchanges of the contract's operations; the others are counted, by why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.judge.judge import judge
from contract_tests.servers.mock import PATH
from contract_tests.traffic.traffic import Traffic
from tests.support.exchanges import failed, write_contract
from tests.support.recordings import SECRET, make_entry, to_entry, with_request, with_response

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange


class Taken(NamedTuple):
    """What was taken from a recording."""

    traffic: Traffic
    exchanges: list[Exchange]


def read(contract: Contract, *entries: dict[str, Any], url: str | None = None) -> Taken:
    traffic = Traffic(contract, url)
    taken = [traffic.take(f"entry {number}", to_entry(entry)) for number, entry in enumerate(entries, 1)]
    return Taken(traffic, [sketch.exchange() for sketch in taken if sketch])


def read_one(contract: Contract, entry: dict[str, Any]) -> Exchange:
    (exchange,) = read(contract, entry).exchanges
    return exchange


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://other.example/conversations/create_phone_call", "another host"),
        ("https://api.voiceos.io.example/conversations/create_phone_call", "another host"),
        ("https://api.voiceos.io:8443/conversations/create_phone_call", "another host"),
        ("https://api.voiceos.io/conversations", "another path"),
        ("https://api.voiceos.io/v1/conversations/create_phone_call", "another path"),
        ("data:text/plain,hello", "no URL of a server"),
        ("https://[::1/", "no URL of a server"),
    ],
)
def test_an_entry_that_is_not_about_the_contract_is_counted_as_skipped(contract: Contract, url: str, why: str) -> None:
    traffic = read(contract, make_entry(), make_entry(url=url))
    assert (len(traffic.exchanges), traffic.traffic.counts.skipped) == (1, {why: 1})


def test_another_method_is_counted_as_skipped(contract: Contract) -> None:
    traffic = read(contract, make_entry(), with_request(method="OPTIONS"))
    assert (len(traffic.exchanges), traffic.traffic.counts.skipped) == (1, {"another method": 1})


def test_the_hosts_of_skipped_entries_are_counted(contract: Contract) -> None:
    urls = ["https://cdn.example/x", "https://cdn.example/y", "http://cdn.example:81/", "data:,x"]
    assert read(contract, *(make_entry(url=url) for url in urls)).traffic.counts.hosts == {
        "cdn.example": 2,
        "cdn.example:81": 1,
        "no host": 1,
    }


@pytest.mark.parametrize(
    ("url", "recorded"),
    [
        (None, "https://API.voiceos.io:443/conversations/create_phone_call"),
        (None, "http://api.voiceos.io/conversations/create_phone_call?x=1#y"),
        ("https://staging.example/v1/", "https://staging.example/v1/conversations/create_phone_call"),
        ("http://[::1]:8000", "http://[::1]:8000/conversations/create_phone_call"),
    ],
)
def test_a_servers_address_may_be_written_in_several_ways(contract: Contract, url: str | None, recorded: str) -> None:
    (exchange,) = read(contract, make_entry(url=recorded), url=url).exchanges
    assert exchange.request.path == PATH


def test_a_url_takes_the_place_of_the_specs_servers(contract: Contract) -> None:
    traffic = read(contract, make_entry(), url="https://staging.example")
    assert (traffic.exchanges, traffic.traffic.counts.skipped) == ([], {"another host": 1})


@pytest.mark.parametrize(
    ("servers", "url", "base"),
    [
        ("[{url: /v2}]", "http://any.example/v2/things/7", "http://any.example/v2"),
        (
            "[{url: 'https://{region}.example/{stage}', variables: {}}]",
            "https://eu.example/dev/things/7",
            "https://eu.example/dev",
        ),
        ("[]", "http://any.example/things/7", "http://any.example"),
    ],
)
def test_servers_may_be_relative_or_have_variables(tmp_path: Path, servers: str, url: str, base: str) -> None:
    contract = write_contract(
        tmp_path,
        "openapi: 3.1.0\n"
        "info: {title: Another, version: 1.0.0}\n"
        f"servers: {servers}\n"
        "paths:\n"
        "  /things/{id}:\n"
        "    get: {responses: {'200': {description: A., content: {application/json: {schema: {type: integer}}}}}}\n"
        "  /things/none: {get: {responses: {'200': {description: B.}}}}\n",
    )
    entry = make_entry(url=url)
    entry["request"] |= {"method": "GET", "postData": None, "bodySize": 0}
    traffic = read(contract, entry)
    assert list(traffic.traffic.counts.bases) == [base]
    (judged,) = judge(contract, traffic.exchanges)
    assert judged.seen.operation.label == "GET /things/{id}"
    assert {failure.check for failure in judged.failures} == {"response_schema_conformance"}


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (with_response(content={"size": 9000, "mimeType": "application/json"}), "no whole response body"),
        (with_response(content={"size": 9000, "text": '{"uri": '}), "no whole response body"),
        (with_request(postData={"text": '{"from'}, bodySize=9000), "no whole request body"),
        (with_response(status=0), "no response"),
        ({key: value for key, value in make_entry().items() if key != "response"}, "no response"),
        (with_response(headers=[], content={"size": -1, "text": "{"}), "no response header fields"),
    ],
)
def test_an_omitted_part_is_counted_and_violates_nothing(contract: Contract, entry: dict[str, Any], what: str) -> None:
    traffic = read(contract, make_entry(), entry)
    assert traffic.traffic.counts.not_judged == {what: 1}
    assert failed(contract, *traffic.exchanges) == set()


def test_a_request_has_a_token_of_the_readers_in_place_of_the_recorded_one(contract: Contract) -> None:
    headers = read_one(contract, make_entry()).request.headers
    assert headers.all(AUTHORIZATION) == [RIGHT]


def test_nothing_is_known_of_credentials_that_were_recorded(contract: Contract) -> None:
    assert "credentials" in read_one(contract, make_entry()).omitted
    assert "credentials" in read_one(contract, with_request(headers=[])).omitted


def test_other_fields_and_the_query_are_judged_as_they_were_recorded(contract: Contract) -> None:
    request = read_one(contract, make_entry(url=f"http://api.voiceos.io{PATH}?api_key={SECRET}")).request
    assert request.headers.all("Cookie") == [SECRET]
    assert request.query == f"api_key={SECRET}"


def test_an_entry_that_cannot_be_read_is_counted_as_skipped(contract: Contract) -> None:
    traffic = Traffic(contract, None)
    traffic.skip_unreadable()
    assert traffic.take("2", to_entry(make_entry()))
    assert (traffic.counts.entries, traffic.counts.skipped) == (2, {"no exchange that can be read": 1})


def test_an_exchange_is_named_as_its_entry_is(contract: Contract) -> None:
    exchanges = read(contract, make_entry(url="https://cdn.example/x"), make_entry(), make_entry({})).exchanges
    assert [(each.id, each.may_have_rung) for each in exchanges] == [
        ("entry 2", True),
        ("entry 3", False),
    ]
