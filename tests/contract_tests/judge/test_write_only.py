"""Responses without a `writeOnly` field that requests must have: they keep all that is stated about them."""

from __future__ import annotations

import json
from pathlib import Path

from contract_tests.contract.contract import Contract
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.judge import judge
from contract_tests.judge.tallies import Tallies
from spec.reader import parse_spec

CARDS = """\
openapi: 3.1.0
info: {title: Cards, version: 1.0.0}
paths:
  /cards:
    get:
      responses:
        '200': {description: A card., content: {application/json: {schema: {$ref: '#/components/schemas/Method'}}}}
components:
  schemas:
    Method: {oneOf: [{$ref: '#/components/schemas/Card'}, {type: 'null'}]}
    Card:
      type: object
      required: [kind, number]
      properties: {kind: {enum: [card]}, number: {type: string, writeOnly: true}}
"""


def test_fields_of_an_object_are_kept_where_a_secret_one_is_left_out() -> None:
    contract = Contract(parse_spec(Path("cards.yaml"), CARDS))
    response = Response(200, Headers([("Content-Type", "application/json")]), json.dumps({"kind": "card"}).encode())
    tallies = Tallies(contract)
    for judged in judge(contract, [Exchange(Request("GET", "/cards"), response)]):
        assert judged.failures == ()
        tallies.note(judged)
    kept = {(fact.kind, fact.label): tallies.counts.kept[fact] for fact in contract.facts}
    assert kept == {("required", "Card.kind"): 1, ("enum", "Card.kind"): 1}
