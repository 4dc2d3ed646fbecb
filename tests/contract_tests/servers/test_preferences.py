"""Preferences of a request, as RFC 7240 spells them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.servers.preferences import STATUSES, Preferences, read_preferences


@pytest.mark.parametrize(
    ("fields", "preferences"),
    [
        ([], Preferences()),
        (["code=422"], Preferences(code=422)),
        (["code=422, wait=2"], Preferences(code=422, wait=2)),
        (["code=422", "wait=2"], Preferences(code=422, wait=2)),
        (["code=422; wait=2"], Preferences(code=422, wait=2)),
        (["CODE = 422"], Preferences(code=422)),
        (['example="not found"'], Preferences(example="not found")),
        ([r'example="a \"b\", code=500"'], Preferences(example='a "b", code=500')),
        (["dynamic=true"], Preferences(dynamic=True)),
        (["dynamic=false"], Preferences()),
        (["status=ended"], Preferences(status="ended")),
        (["respond-async, handling=lenient"], Preferences()),
        (["code=401, code=422"], Preferences(code=401)),
    ],
)
def test_preferences_are_read(fields: list[str], preferences: Preferences) -> None:
    assert read_preferences(fields) == preferences


@pytest.mark.parametrize("field", ["code=99", "code=600", "code=abc", "status=paused", "wait=-1", "wait=601", "wait=x"])
def test_a_value_that_cannot_be_honoured_is_no_preference(field: str) -> None:
    assert not read_preferences([field])


preferences = st.builds(
    Preferences,
    code=st.none() | st.integers(200, 599),
    example=st.none() | st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1),
    dynamic=st.none() | st.just(value=True),
    status=st.none() | st.sampled_from(STATUSES),
    wait=st.none() | st.integers(0, 600).map(float),
)


@given(preferences)
def test_applied_preferences_are_spelled_as_they_are_read(given: Preferences) -> None:
    assert read_preferences([given.applied("code", "example", "dynamic", "status", "wait")]) == given


@given(st.lists(st.text()))
def test_no_text_is_too_strange_to_be_read(fields: list[str]) -> None:
    read_preferences(fields)
