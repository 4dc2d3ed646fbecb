"""Tokens, header fields and parameters of recordings as they are shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.credentials import RIGHT
from contract_tests.exchange.exchange import MASKED
from contract_tests.exchange.masking import Mask
from contract_tests.traffic.entry import Entry, RecordedResponse
from contract_tests.traffic.masking import TokenFinder, mask_entry, mask_target, mask_value
from tests.support.exchanges import write_contract
from tests.support.minimal import KEYS
from tests.support.recordings import SECRET, field, to_entry

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract


def tokens_of(contract: Contract, *fields: dict[str, str], url: str = "") -> tuple[str, ...]:
    entry = to_entry({"request": {"method": "GET", "url": url, "headers": [*fields]}})
    return TokenFinder(contract).find(entry)


def test_the_tokens_are_those_of_authorization_fields(contract: Contract) -> None:
    fields = [
        field("authorization", f"Bearer  {SECRET} "),
        field("Authorization", SECRET),
        field("Authorization", "short"),
        field("X-Key", SECRET),
    ]
    assert tokens_of(contract, *fields, url=f"https://a.example/y?key={SECRET}") == (SECRET, SECRET)


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ([field("x-key", f" {SECRET}")], ""),
        ([field("Cookie", f'a=b; crumb="{SECRET}"; c=d')], ""),
        ([], f"https://a.example/y?a=b&key={SECRET}"),
        ([field("Authorization", f"Bearer {SECRET}")], "https://a.example/y?key=short"),
    ],
    ids=["header", "cookie", "query", "Authorization"],
)
def test_the_keys_that_a_spec_asks_for_are_tokens_too(tmp_path: Path, fields: list[dict[str, str]], url: str) -> None:
    assert tokens_of(write_contract(tmp_path, KEYS), *fields, url=url) == (SECRET,)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Content-Type", "text/html", "text/html"),
        ("Authorization", RIGHT, RIGHT),
        ("Authorization", f"Bearer {SECRET}", MASKED),
        ("X-Odd", "1", MASKED),
        ("Location", f"https://h.example/?code={SECRET}", f"https://h.example/{MASKED}"),
        ("location", f"https://user:{SECRET}@h.example/", MASKED),
        ("Location", f"/{SECRET}", MASKED),
    ],
)
def test_a_header_field_shows_its_value_where_that_is_harmless(name: str, value: str, shown: str) -> None:
    assert mask_value(name, value) == shown


def test_a_query_shows_the_values_of_documented_parameters_alone(tmp_path: Path) -> None:
    contract = write_contract(
        tmp_path,
        "openapi: 3.1.0\n"
        "info: {title: Another, version: 1.0.0}\n"
        "paths:\n"
        "  /things:\n"
        "    get:\n"
        "      parameters: [{name: size, in: query, schema: {type: integer}}]\n"
        "      responses: {'200': {description: A.}}\n",
    )
    assert mask_target(contract, f"/things?size=3&api_key={SECRET}") == "/things?size=3&api_key=masked"
    assert mask_target(contract, "/things") == "/things"


def test_an_entry_that_is_kept_shows_4_digits_of_numbers_and_stays_json(contract: Contract) -> None:
    number = "+1 (606) 707-8089"
    fields = {
        "to_number": number,
        "note": f"call {number} or 16067078089",
        "count": 16067078089,
        "id": "conv_1700000000123",
    }
    body = json.dumps(fields).encode()
    url = "https://api.voiceos.io/conversations/%2B16067078089"
    entry = Entry("GET", url, None, body, RecordedResponse(200, None, body))
    kept = mask_entry(entry, contract, Mask([]))
    assert kept.response
    assert kept.body == kept.response.body
    shown = json.loads(kept.body or b"")
    assert "707" not in kept.url + shown["to_number"] + shown["note"]
    assert (shown["to_number"][-4:], shown["count"], shown["id"]) == ("8089", 16067078089, "conv_1700000000123")
