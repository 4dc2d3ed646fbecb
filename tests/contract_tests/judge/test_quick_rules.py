"""The quick way of judging rules comes to what CEL comes to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from contract_tests.contract.contract import read_contract
from contract_tests.contract.rules import Values
from contract_tests.contract.templates import Gap, Template
from contract_tests.judge.alike import Body
from contract_tests.judge.checks.rules import echoes, find_difference
from contract_tests.judge.quick_bodies import QuickBody
from contract_tests.judge.quick_rules import Bodies, QuickRules
from spec.paths import SPEC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spec.expressions import Function
    from spec.json_value import Json

CONTRACT = read_contract(SPEC)
WITHOUT_PARAMETERS = [each for each in CONTRACT.operations if not each.parameters]
RULES = [rule for rule in CONTRACT.rules if any(map(rule.is_about, WITHOUT_PARAMETERS))]
PAST: dict[str, Json] = {"state": None}
"""What was before the exchange that is judged."""
FUNCTIONS: Mapping[str, Function] = {
    "echoes": echoes,
    "is_new": lambda _: True,
    "previous": lambda *_: PAST["state"],
}
SCALARS = (
    st.none() | st.booleans() | st.sampled_from([0, 1, 1.0, 2**53, 2.5]) | st.sampled_from(["", "a", "b", "ended"])
)
STATES = st.sampled_from([None, "queued", "started", "ended"])
TIMES = st.sampled_from([None, "2026-01-31T09:30:00Z", "2026-01-31T09:31:00Z", "soon"])
NUMBERS = st.fixed_dictionaries({}, optional={"from_number": SCALARS, "to_number": SCALARS})
CONFIGURATIONS = st.none() | st.dictionaries(
    st.sampled_from(["voice", "prompt"]), SCALARS | NUMBERS | st.lists(SCALARS)
)
REQUESTS = NUMBERS.flatmap(
    lambda numbers: st.fixed_dictionaries(
        {},
        optional={"agent_id": SCALARS, "agent_config": CONFIGURATIONS}
        | {name: st.just(v) for name, v in numbers.items()},
    )
)
RESPONSES = st.fixed_dictionaries(
    {},
    optional={
        "agent_id": SCALARS,
        "agent_config": CONFIGURATIONS,
        "phone_call": st.none() | NUMBERS | st.just("x"),
        "type": SCALARS | st.just("outbound_phone_call"),
        "status": SCALARS | STATES,
        "id": SCALARS,
        "started_at": TIMES,
        "ended_at": TIMES,
        "ended_reason": SCALARS,
    },
)
ALIKE = Body((), (), frozenset())
QUICK = QuickRules(RULES, lambda _: FUNCTIONS)


EXCHANGES = st.builds(
    Values,
    request=REQUESTS | SCALARS,
    response=RESPONSES | SCALARS,
    status=st.sampled_from([200, 202, 404]),
)


@given(EXCHANGES, st.fixed_dictionaries({"state": STATES}))
def test_the_same_rules_are_kept(values: Values, past: dict[str, Json]) -> None:
    PAST.update(past)
    outcomes = {rule.name: rule.is_kept(values, FUNCTIONS) for rule in RULES}
    kept = None if False in outcomes.values() else {name for name, is_kept in outcomes.items() if is_kept}
    found = QUICK.judge(bodies_of(values))
    if isinstance(values.request, dict) and isinstance(values.response, dict):
        assert (None if found is None else {*found}) == kept
    else:  # what is no object is for the slow way
        assert found is None or {*found} == kept


def bodies_of(values: Values) -> Bodies:
    sent, received = (QuickBody(json.dumps(body).encode(), ALIKE) for body in (values.request, values.response))
    return Bodies(sent, received, values.status)


def test_most_rules_are_evaluated_once_for_texts_that_are_equal_in_the_same_way() -> None:
    quick = QuickRules(RULES, lambda _: FUNCTIONS)
    for number in range(10):
        values = Values({"agent_id": f"agent {number}"}, {"agent_id": f"agent {number}", "id": str(number)}, 200)
        quick.judge(bodies_of(values))
    assert len(quick._known) == 1  # noqa: SLF001 - how often CEL is asked shows nowhere else


def test_a_text_in_a_gap_is_compared_with_those_around_the_gaps_too() -> None:
    quick = QuickRules(RULES, lambda _: FUNCTIONS)
    gap = Gap(("agent_id",), is_text=True, spelling=b'[^"]*', asked=())
    sent = Template(rb'\{"agent_id": "([^"]*)"\}', [gap], fixed={})
    received = Template(b"", [], fixed={("agent_id",): "agent 1"})
    body = QuickBody(b'{"agent_id": "agent 1", "phone_call": {}, "type": "outbound_phone_call"}', ALIKE, received)
    are_kept = []
    for name in (b"agent 1", b"agent 2"):
        content = b'{"agent_id": "%b"}' % name
        texts = sent.fit(content) or ()
        are_kept.append(quick.judge(Bodies(QuickBody(content, ALIKE, sent, texts), body, 200, texts=texts)))
    assert are_kept[0] is not None
    assert are_kept[1] is None


VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
)


@given(VALUES, VALUES)
def test_what_comes_back_has_no_difference(asked: Json, used: Json) -> None:
    assert echoes(asked, used) == (find_difference(asked, used) is None)
    assert echoes(asked, asked)
