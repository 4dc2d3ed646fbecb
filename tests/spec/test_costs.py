"""Which operations cost, and which may be asked again, by the word of a spec."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.costs import does_cost, find_unsound_costs
from spec.reader import parse_spec
from spec.waiting import find_unsound_waiting

SPEC = """\
openapi: 3.1.0
info: {title: Jobs, version: 1.0.0}
paths:
  /jobs/{id}:
    METHOD:
      EXTENSION
      responses:
        '200':
          description: A
          content: {application/json: {schema: {type: object, required: [state], properties: {state: {type: string}}}}}
"""


def problems(extension: str, method: str = "get") -> list[str]:
    spec = parse_spec(Path("jobs.yaml"), SPEC.replace("EXTENSION", extension).replace("METHOD", method))
    return [problem.message for problem in (*find_unsound_costs(spec), *find_unsound_waiting(spec))]


@pytest.mark.parametrize(("method", "costs"), [("get", False), ("head", False), ("post", True), ("delete", True)])
def test_methods_that_are_not_safe_cost_unless_the_spec_says_otherwise(method: str, *, costs: bool) -> None:
    assert does_cost(method, {}) is costs
    assert does_cost(method, {"x-costs": "call"})
    assert not does_cost(method, {"x-costs": "nothing"})


@pytest.mark.parametrize("word", ["call", "nothing"])
def test_a_cost_is_a_word(word: str) -> None:
    assert problems(f"x-costs: {word}") == []


@pytest.mark.parametrize("word", ["money", "[call]", "{call: 1}", "null", "1"])
def test_another_cost_is_refused(word: str) -> None:
    assert problems(f"x-costs: {word}") == ["`x-costs` must be `call` or `nothing`"]


def test_an_operation_that_costs_nothing_may_be_asked_again() -> None:
    assert problems("x-wait-until: {field: state, is: [done, failed]}") == []


@pytest.mark.parametrize(
    ("extension", "method", "said"),
    [
        ("x-wait-until: {field: state, is: [done]}", "post", "may stand in a GET operation that costs nothing"),
        ("x-wait-until: {field: state, is: [done]}\n      x-costs: call", "get", "GET operation that costs nothing"),
        ("x-wait-until: {field: other, is: [done]}", "get", "no 2xx response of GET /jobs/{id} requires 'other'"),
        ("x-wait-until: {field: state, is: []}", "get", "must be an object of `field`"),
        ("x-wait-until: {field: state, is: ['a\"; import os']}", "get", "must be an object of `field`"),
        ("x-wait-until: {field: state}", "get", "must be an object of `field`"),
        ("x-wait-until: done", "get", "must be an object of `field`"),
        ("x-wait-until: null", "get", "must be an object of `field`"),
    ],
)
def test_a_wait_that_cannot_be_is_refused(extension: str, method: str, said: str) -> None:
    (found,) = problems(extension, method)
    assert said in found
