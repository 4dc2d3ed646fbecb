"""Requests with parameters in their paths are judged the quick way, and to the same result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.contract.contract import read_contract
from contract_tests.contract.message_parts import PARAMETERS
from contract_tests.exchange.exchange import Exchange, Request
from contract_tests.exchange.headers import NO_FIELDS, Headers
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import Judging, judge
from contract_tests.judge.quick_bodies import BY_VALUE
from contract_tests.judge.stream import Stream
from contract_tests.judge.tallies import tally
from spec.paths import SPEC
from tests.support.exchanges import JSON, answer, call, read, write_contract

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.tallies import Tallies

CONTRACT = read_contract(SPEC)
NOTHING: Final = Circumstances(lambda _: "")
ITEMS: Final = """
openapi: 3.1.0
info: {title: Items, version: '1'}
paths:
  /items/{number}:
    get:
      parameters:
        - {name: number, in: path, required: true, schema: {type: integer, minimum: 1, maximum: 9}}
      responses:
        '200':
          description: An item.
          content:
            application/json:
              schema: {type: object, required: [name], properties: {name: {type: string}}}
"""
IDS = st.sampled_from(["1", "2", "a%2Fb", "%31", "é", "1?size=2"])
STATES = st.sampled_from([{"status": "queued"}, {"status": "started"}, {"status": "ended"}, {"agent_id": None}])
CALLS = st.builds(lambda name, state: call(id=name, **state), IDS, STATES)
READS = st.builds(lambda path, name, state: read(path, id=name, **state), IDS, IDS, STATES)


def missing(path: str) -> Exchange:
    return replace(read(path), response=answer({"detail": "no such conversation"}, 404))


def recorded(exchanges: Sequence[Exchange]) -> list[Exchange]:
    return [replace(each, id=str(number), omitted=frozenset(["credentials"])) for number, each in enumerate(exchanges)]


def parameters_of(tallies: Tallies) -> dict[object, int]:
    """How often each statement about parameters was tried, but for those whose count takes a look at each value."""
    counts = tallies.counts.tried_statements.items()
    return {key: n for (place, key), n in counts if place.body == PARAMETERS and not key.pointer.endswith(BY_VALUE)}


def assert_alike(contract: Contract, exchanges: Sequence[Exchange]) -> None:
    stream = Stream(contract)
    for exchange in exchanges:
        stream.judge(exchange)
    judged = judge(contract, exchanges)
    whole = tally(contract, judged)
    assert stream.tallies.checks() == whole.checks()
    assert stream.tallies.facts(()) == whole.facts(())
    assert stream.tallies.additions() == whole.additions()
    assert stream.tallies.counts.bodies == whole.counts.bodies
    assert parameters_of(stream.tallies) == parameters_of(whole)
    found, expected = (find_findings(contract, each, NOTHING) for each in (stream.judged(), judged))
    assert [(each.key, each.count) for each in found] == [(each.key, each.count) for each in expected]


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(st.lists(CALLS | READS | st.builds(missing, IDS), max_size=8))
def test_calls_and_what_is_read_of_them_are_judged_alike(exchanges: list[Exchange]) -> None:
    assert_alike(CONTRACT, recorded([*exchanges, read("1", id="1"), *exchanges]))


@pytest.mark.parametrize("target", ["5", "1", "0", "10", "x", "%35", "5?a=1", "5.0", "05"])
def test_a_number_in_a_path_is_judged_alike(tmp_path: Path, target: str) -> None:
    contract = write_contract(tmp_path, ITEMS)
    good, other = (
        Exchange(Request("GET", f"/items/{each}", base_url="http://server"), answer({"name": "a"}))
        for each in ("5", target)
    )
    assert_alike(contract, recorded([good, good, other, good, other]))


SEARCHES: Final = """
openapi: 3.1.0
info: {title: Items, version: '1'}
paths:
  /shops/{shop}/items:
    get:
      parameters:
        - {name: shop, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}}
        - {name: size, in: query, required: true, schema: {type: integer, minimum: 1, maximum: 9}}
        - {name: sort, in: query, schema: {enum: [up, down]}}
        - {name: tags, in: query, schema: {type: array, maxItems: 2, items: {type: string, minLength: 1}}}
        - {name: near, in: query, style: deepObject, schema: {type: object, properties: {x: {type: number}}}}
        - {name: X-Unit, in: header, schema: {enum: [cm, in]}}
        - {name: X-Page, in: header, schema: {type: integer}}
        - {name: theme, in: cookie, schema: {enum: [dark, light]}}
      responses:
        '200':
          description: Items.
          content:
            application/json:
              schema: {type: object, required: [names], properties: {names: {type: array, items: {type: string}}}}
"""
SHOPS: Final = st.sampled_from(["a", "b", "1", "%61"])
PAIRS: Final = (
    *("size=5", "size=1", "size=0", "size=x", "size=", "sort=up", "sort=left", "tags=a", "tags=b", "tags=", "tags=a,b"),
    *("near[x]=1.5", "near[x]=far", "near=1", "near[y]=1", "other=1", "%73ize=5", "size=%35", "&", "="),
)
QUERIES: Final = st.lists(st.sampled_from(PAIRS), max_size=5).map("&".join)
FIELD: Final = st.sampled_from(
    (
        *(("X-Unit", "cm"), ("x-unit", "in"), ("X-Unit", "mile"), ("X-Page", "1"), ("X-Page", "one"), ("X-Other", "1")),
        *(("Cookie", "theme=dark"), ("Cookie", "theme=blue; a=b"), ("Cookie", "theme"), ("Accept", "*/*")),
    )
)
FIELDS: Final = st.lists(FIELD, max_size=3).map(Headers)


def search(shop: str, query: str, headers: Headers = NO_FIELDS) -> Exchange:
    target = f"/shops/{shop}/items{'?' if query else ''}{query}"
    return Exchange(Request("GET", target, headers, base_url="http://server"), answer({"names": ["n"]}))


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.builds(search, SHOPS, QUERIES, FIELDS), max_size=6))
def test_parameters_in_queries_and_header_fields_are_judged_alike(tmp_path: Path, exchanges: list[Exchange]) -> None:
    good = search("a", "size=5")
    assert_alike(write_contract(tmp_path, SEARCHES), recorded([good, *exchanges, good, *exchanges]))


def test_a_query_like_none_before_is_judged_the_quick_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(write_contract(tmp_path, SEARCHES))
    first, *others = recorded(
        [search("a", "size=5"), search("b", "size=2&sort=up"), search("a", "size=3", Headers([("X-Unit", "cm")]))]
    )
    stream.judge(first)
    monkeypatch.setattr(Judging, "judge", lambda *_: pytest.fail("it is judged the slow way"))
    for each in others:
        stream.judge(each)
    assert stream.tallies.requests == 3


def test_what_is_read_like_before_is_judged_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(CONTRACT)
    begun, *polls = recorded([call(id="1"), read("1", id="1"), read("1", id="1")])
    for exchange in (begun, polls[0]):
        stream.judge(exchange)
    monkeypatch.setattr(Judging, "judge", lambda *_: pytest.fail("it is judged the slow way"))
    stream.judge(polls[1])
    assert stream.tallies.requests == 3


NOTES: Final = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      x-rules:
        - name: title_is_another
          says: a title is never the text from before
          holds: previous(response.id, response.text) != response.title
      requestBody:
        content: {application/json: {schema: {type: object}}}
      responses:
        '200':
          description: The note.
          content:
            application/json:
              schema:
                type: object
                required: [id, text, title]
                properties: {id: {type: string}, text: {type: string}, title: {type: string}}
"""


def test_an_empty_text_from_before_is_compared_like_any_other(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, NOTES)
    request = Request("POST", "/notes", JSON, b"{}", "http://server")
    told = [("0", "s", "u"), ("0", "t", "u"), ("a", "", "v"), ("a", "x", "v"), ("b", "", "w"), ("b", "z", "")]
    answers = [answer({"id": name, "text": text, "title": title}) for name, text, title in told]
    assert_alike(contract, recorded([Exchange(request, each) for each in answers]))
