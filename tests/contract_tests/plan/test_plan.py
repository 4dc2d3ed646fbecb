"""The plan: valid bodies, few of them, that try every documented choice."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.contract.satisfied import SatisfiedSchemas
from contract_tests.kills.kill import whole_schedule
from contract_tests.plan.plan import Plan, cut_plan, make_plan
from contract_tests.plan.values import HUGE, LONG
from spec.reader import parse_spec
from tests.support.schedules import our_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.plan.choices import Choice
    from spec.json_value import Json

REQUEST = "/components/schemas/CreateCall"
ANOTHER = """\
openapi: 3.1.0
components:
  schemas:
    Order:
      type: object
      required: [size, code]
      properties:
        size: {type: integer, minimum: 1, maximum: 9, default: 2}
        code: {type: string, pattern: '^[a-z]{2,4}$'}
        note: {type: [string, 'null'], minLength: 3, maxLength: 5}
        parts: {type: array, items: {enum: [wheel, bell]}}
        parent: {$ref: '#/components/schemas/Order'}
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return whole_schedule(1, all_known_names=True).plans["POST /conversations/create_phone_call"]


@pytest.fixture(scope="module")
def short_plan() -> Plan:
    return our_plan()


@pytest.fixture(scope="module")
def another() -> Contract:
    return Contract(parse_spec(Path("spec.yaml"), ANOTHER))


def values_at(value: Json, path: str) -> Iterator[Any]:
    """The values at a path such as `a.b[]`, one for each item of an array."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    if not isinstance(value, dict) or key not in value:
        return
    inner = value[key] if name.endswith("[]") else [value[key]]
    for item in inner or []:
        yield from values_at(item, rest) if rest else [item]


def all_values(plan: Plan, path: str) -> list[Any]:
    return [value for planned in plan.bodies for value in values_at(planned.body, path)]


def test_every_body_is_valid(contract: Contract, plan: Plan) -> None:
    for planned in plan.bodies:
        contract.validator(REQUEST).validate(planned.body)


def test_nothing_is_left_untried(plan: Plan, short_plan: Plan) -> None:
    assert plan.untried == short_plan.untried == ()


def test_a_choice_is_first_tried_once(plan: Plan) -> None:
    tries = [choice for planned in plan.bodies for choice in planned.tries]
    assert len(set(tries)) == len(tries)


def test_it_is_short(plan: Plan, short_plan: Plan) -> None:
    assert len(short_plan.bodies) <= 60
    assert len(plan.bodies) <= 150


@pytest.mark.slow
def test_it_follows_from_the_seed(contract: Contract, short_plan: Plan) -> None:
    assert make_plan(contract, REQUEST, all_known_names=False, seed=1) == short_plan
    assert make_plan(contract, REQUEST, all_known_names=False, seed=2) != short_plan


def test_it_says_how_many_combinations_of_three_it_has(short_plan: Plan) -> None:
    assert short_plan.triples.total / 2 < short_plan.triples.covered < short_plan.triples.total


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("agent_config.voice.provider", {"playht", "elevenlabs", "azure", "deepgram", "rime"}),
        ("agent_config.max_duration_seconds", {None, 600, 2**31, 2**53 + 1}),
        ("agent_config.voice.speed_alpha", {None, 0.5, 2, 1.0}),
        ("agent_config.voice.rate", {None, -50, 50, 0}),
        ("agent_config.language_model.temperature", {None, 0, 2}),
        ("agent_config.voice.use_speaker_boost", {None, True, False}),
        ("agent_config.webhooks[].method", {"GET", "POST"}),
        ("agent_config", {None}),
        ("agent_id", {None, ""}),
    ],
)
def test_it_tries_branches_members_bounds_defaults_and_null(plan: Plan, path: str, expected: set[Any]) -> None:
    scalars = {value for value in all_values(plan, path) if not isinstance(value, dict | list)}
    assert expected <= scalars


def test_it_tries_every_member_of_every_enumeration(contract: Contract, plan: Plan) -> None:
    schemas = SatisfiedSchemas(contract)
    sent = defaultdict(list)
    for planned in plan.bodies:
        for kept in schemas.find(REQUEST, planned.body):
            sent[kept.pointer].append(kept.value)
    enumerations = {
        pointer: schema["enum"] for pointer, schema in contract.schemas_below([REQUEST]) if "enum" in schema
    }
    assert len(enumerations) > 20
    for pointer, members in enumerations.items():
        assert [member for member in members if member not in sent[pointer]] == [], pointer


@pytest.mark.parametrize("path", ["agent_config", "agent_config.prompt", "agent_config.voice.speed", "agent_id"])
def test_it_leaves_every_optional_field_out(plan: Plan, path: str) -> None:
    parent, _, name = path.rpartition(".")
    parents = all_values(plan, parent) if parent else [planned.body for planned in plan.bodies]
    assert any(isinstance(value, dict) and name not in value for value in parents)


@pytest.mark.parametrize("path", ["agent_config.webhooks", "agent_config.webhooks[].events", "agent_config.hooks"])
def test_it_tries_arrays_of_none_one_and_two_that_differ(plan: Plan, path: str) -> None:
    arrays = [value for value in all_values(plan, path) if value is not None]
    assert {0, 1, 2} <= {len(array) for array in arrays}
    assert any(len(array) == 2 and array[0] != array[1] for array in arrays)


def test_it_tries_all_events_at_once(contract: Contract, plan: Plan) -> None:
    events = contract.value("/components/schemas/EventName/enum")
    assert events in all_values(plan, "agent_config.webhooks[].events")


def test_it_tries_maps_empty_and_filled(plan: Plan) -> None:
    maps = [value for value in all_values(plan, "agent_config.metadata") if value is not None]
    assert {} in maps
    assert any(maps)


def test_it_tries_every_kind_of_string_in_an_object(plan: Plan) -> None:
    strings = {
        value
        for path in ("initial_message", "prompt")
        for value in all_values(plan, f"agent_config.{path}")
        if value is not None
    }
    assert "" in strings
    assert {len(text) for text in strings} >= {0, 1, LONG}
    assert any(ord(character) > 0xFFFF for text in strings for character in text)


def test_the_bodies_that_try_most_come_first(plan: Plan) -> None:
    fifth = len(plan.bodies) // 5
    tried = [len(planned.tries) for planned in plan.bodies]
    assert sum(tried[:fifth]) > sum(tried) / 2
    cut = cut_plan(plan, fifth)
    assert cut.bodies == plan.bodies[:fifth]
    assert {choice for planned in plan.bodies[fifth:] for choice in planned.tries} == {*cut.untried}


def test_it_tries_later_items_like_first_ones(short_plan: Plan) -> None:
    places: dict[str, set[str]] = {"[0]": set(), "[1]": set()}
    for choice in (choice for planned in short_plan.bodies for choice in planned.tries):
        for index in {"[0]", "[1]"} & {*re.findall(r"\[\d\]", choice.place)}:
            place = choice.place.replace("[0]", "[]").replace("[1]", "[]")
            places[index].add(f"{place}: {choice.value}")
    assert len(places["[0]"]) > 60
    assert places["[0]"] == places["[1]"]


@pytest.mark.parametrize(
    "path", ["agent_config.prompt", "agent_config.webhooks[].filter", "agent_config.hooks[].filter", "to_number"]
)
def test_every_string_is_long_and_of_many_kinds_of_character_once(short_plan: Plan, path: str) -> None:
    texts = [text for text in all_values(short_plan, path) if text is not None]
    many = [text for text in texts if {"\0", "\n", "\t", "\x7f", "🤖", '"'} <= {*text}]
    assert many
    assert all(text[0].isspace() and text[-1].isspace() for text in many)
    assert any(len(text) == LONG for text in texts)


def test_one_string_is_huge(short_plan: Plan) -> None:
    assert "".join(planned.text for planned in short_plan.bodies).count("huge " * (HUGE // 5)) == 1


def test_a_whole_number_is_spelled_with_a_fraction_and_with_an_exponent(short_plan: Plan) -> None:
    written = "\n".join(planned.text for planned in short_plan.bodies)
    for name in ("max_duration_seconds", "max_tokens", "optimize_latency", "pitch", "rate"):
        assert re.search(rf'"{name}": -?\d+\.0[,}}]', written), name
        assert re.search(rf'"{name}": -?[\d.]+e\d', written), name


def test_the_text_of_a_body_says_what_the_body_is(short_plan: Plan) -> None:
    assert all(json.loads(planned.text) == planned.body for planned in short_plan.bodies)


def test_an_optional_object_is_present_and_empty(short_plan: Plan) -> None:
    assert {} in all_values(short_plan, "agent_config")
    assert {"provider": "rime"} in all_values(short_plan, "agent_config.voice")


def test_it_works_for_another_schema(another: Contract) -> None:
    plan = make_plan(another, "/components/schemas/Order", all_known_names=True)
    assert plan.untried == ()
    assert {1, 9, 2} <= set(all_values(plan, "size"))
    assert {2, 4} <= {len(code) for code in all_values(plan, "code")}
    assert {3, 5} <= {len(note) for note in all_values(plan, "note") if note is not None}
    assert ["wheel", "bell"] in all_values(plan, "parts")


def branches_of(choice: Choice) -> dict[str, str]:
    """The branches that lead to a choice, by the place of each: `{"agent.voice": "RimeVoice"}`."""
    return {choice.place[: found.start()]: found[1] for found in re.finditer(r"\((\w+)\)", choice.place)}


def branch_with_member(plan: Plan) -> tuple[set[tuple[Choice, Choice]], set[tuple[Choice, Choice]]]:
    """Each branch with each member of an enumeration elsewhere that can be beside it; and the pairs that met."""
    bodies = [{choice.in_any_item for choice in planned.takes if choice.is_member} for planned in plan.bodies]
    members = set().union(*bodies)
    wanted = {
        (mark, member)
        for mark in members
        for member in members
        if mark.place.endswith(").provider")
        and mark.place != member.place
        and all(branches_of(mark).get(place, branch) == branch for place, branch in branches_of(member).items())
    }
    return wanted, {pair for choices in bodies for pair in itertools.permutations(choices, 2)}


def test_each_branch_meets_each_member_of_the_closed_enumerations_elsewhere(plan: Plan) -> None:
    wanted, met = branch_with_member(plan)
    closed = {pair for pair in wanted if pair[1].is_tag}
    assert len(closed) > 200
    assert closed <= met
    assert len(wanted & met) / len(wanted) > 1 / 2


@pytest.mark.nightly
def test_in_a_thorough_plan_each_branch_meets_each_known_name_too(contract: Contract) -> None:
    wanted, met = branch_with_member(make_plan(contract, REQUEST, all_known_names=True, thorough=True))
    names = {(str(mark).partition(": ")[2], member.value) for mark, member in wanted if member.is_known_name}
    assert ('"azure"', '"fr"') in names
    assert wanted <= met


def test_few_bodies_have_a_number_that_a_server_may_refuse_and_none_of_the_first(short_plan: Plan) -> None:
    may_be_refused = [planned.may_be_refused for planned in short_plan.bodies]
    assert 0 < sum(may_be_refused) <= 6
    assert True not in may_be_refused[:20]


def test_two_choices_that_shape_the_request_mostly_meet(short_plan: Plan) -> None:
    bodies = [{choice.in_any_item for choice in planned.takes} for planned in short_plan.bodies]
    met = {pair for choices in bodies for pair in itertools.permutations(choices, 2)}
    choices = {choice for choices in bodies for choice in choices if choice.is_structural}
    tags = [choice for choice in choices if choice.is_tag and branches_of(choice)]
    assert len(tags) >= 10
    pairs = [
        (tag, other)
        for tag in tags
        for other in choices
        if tag.place != other.place
        and all(branches_of(tag).get(place, branch) == branch for place, branch in branches_of(other).items())
    ]
    members = [pair for pair in pairs if pair[1].is_tag]
    branches = {tag for tag in tags if tag.place.endswith(").provider")}
    assert {pair for pair in members if branches.issuperset(pair)} <= met
    assert len(met & {*members}) / len(members) > 2 / 3
    assert len(met & {*pairs}) / len(pairs) > 1 / 2


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (r"{type: string, pattern: '^\+[1-9][0-9]{1,14}$'}", "+555555555555555"),
        # Nothing simpler than Hypothesis finds a text of this one.
        pytest.param(r"{type: string, pattern: '^[A-Z]{2}-\d{3}$'}", "AA-000", marks=pytest.mark.slow),
        (r"{type: string, pattern: '^(\w+|<text>)$'}", "<text>"),
        ("{type: number, exclusiveMinimum: 0, exclusiveMaximum: 1}", 1 / 1024),
        (r"{type: string, pattern: '^(GET|POST)$'}", "POST"),
        (r"{type: string, pattern: '^\p{Lu}+$'}", "Z"),
        ("{type: integer, exclusiveMinimum: 0, maximum: 3}", 1),
        ("{type: integer, multipleOf: 1000}", 2**31 - 2**31 % 1000),
        ("{type: number, multipleOf: 0.25, minimum: 0.1, maximum: 3}", 0.25),
        ("{type: array, minItems: 3, items: {enum: [a]}}", ["a", "a", "a"]),
        ("{type: array, minItems: 3, uniqueItems: true, items: {enum: [a, b, c]}}", ["a", "b", "c"]),
        ("{type: array, maxItems: 1, items: {enum: [a, b]}}", ["b"]),
        ("{type: array}", []),
        ("{allOf: [{enum: [a, b]}]}", "b"),
        ("{type: object, additionalProperties: true}", {}),
        ("{type: object, properties: {free: true}}", {}),
    ],
)
def test_it_makes_values_for_keywords_of_other_specs(field: str, expected: object) -> None:
    plan = make_plan(spec_with(field), "/components/schemas/Order", all_known_names=True)
    assert plan.untried == ()
    assert expected in all_values(plan, "field")


def test_a_choice_that_no_valid_body_has_is_untried_with_its_keyword() -> None:
    field = "{type: object, properties: {a: {enum: [1, 2]}}, not: {properties: {a: {const: 2}}, required: [a]}}"
    plan = make_plan(spec_with(field), "/components/schemas/Order", all_known_names=True)
    (choice,) = (each for each in plan.untried if each.value == "2")
    assert choice.pointer.endswith("/properties/a/enum")
    assert str(choice).endswith(f"a: 2 (no valid request with it was made: {choice.pointer})")
    assert plan.withheld == ()


@pytest.mark.parametrize(
    "field",
    ["{type: string, not: {maxLength: 200000}}", "{type: array, minItems: 2, uniqueItems: true, items: {enum: [a]}}"],
)
def test_a_schema_without_any_body_is_untried(field: str) -> None:
    plan = make_plan(spec_with(field), "/components/schemas/Order", all_known_names=True)
    assert plan.bodies == ()
    assert any("any valid value" in choice.value for choice in plan.untried)


def test_schemas_that_hold_themselves_thrice_are_planned_for() -> None:
    fields = ", ".join(f"{name}: {{$ref: '#/components/schemas/A~1B%20C'}}" for name in ("left", "right", "next"))
    text = f"openapi: 3.1.0\ncomponents: {{schemas: {{A/B C: {{type: object, properties: {{{fields}}}}}}}}}\n"
    plan = make_plan(Contract(parse_spec(Path("spec.yaml"), text)), "/components/schemas/A~1B C", all_known_names=True)
    assert plan.untried == ()
    assert {} in all_values(plan, "next")


def test_the_plainest_request_and_the_specs_examples_are_among_it(contract: Contract) -> None:
    operation, *_ = contract.operations
    examples = [*contract.examples(operation.contents[0].pointer).values()]
    bodies = [planned.body for planned in make_plan(contract, REQUEST, all_known_names=False, examples=examples).bodies]
    assert len(examples) == 2
    assert all(example in bodies for example in examples)
    assert any(body.keys() == {"from_number", "to_number"} for body in bodies)


def spec_with(field: str) -> Contract:
    schema = f"{{type: object, required: [field, flag], properties: {{field: {field}, flag: {{type: boolean}}}}}}"
    return Contract(parse_spec(Path("spec.yaml"), f"openapi: 3.1.0\ncomponents: {{schemas: {{Order: {schema}}}}}\n"))


def test_a_field_is_absent_beside_others_where_not_all_may_be() -> None:
    field = "{type: object, minProperties: 1, properties: {a: {type: integer}, b: {type: integer}}}"
    plan = make_plan(spec_with(field), "/components/schemas/Order", all_known_names=True)
    assert plan.untried == ()
    assert {frozenset(each) for each in all_values(plan, "field")} >= {frozenset("a"), frozenset("b")}
