"""Defaults, marks of provenance and samples are judged by the schemas that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.drift.samples import find_wrong_samples
from scripts.drift.values import find_wrong_values
from spec.reader import parse_spec
from tests.conftest import ROOT
from tests.support.repositories import THINGS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("default: 10", "default: 0", 51, "the default does not fit its schema: 0 is less than the minimum of 1"),
        ("default: 10", "default: ten", 51, "the default does not fit its schema"),
        (
            "{minimum: inferred}",
            "guessed",
            52,
            "x-provenance is 'guessed': it must be one of documented, sdk, inferred",
        ),
        ("{minimum: inferred}", "[sdk]", 52, "x-provenance is ['sdk']: it must be one of"),
        ("{minimum: inferred}", "{minimum: 3}", 52, "x-provenance says 3 of minimum"),
        ("{minimum: inferred}", "{maximum: sdk}", 52, "marks maximum, but there is no maximum here"),
        ("{minimum: inferred}", "{nullable: sdk}", 52, "marks nullable, but null is no member of the type here"),
    ],
)
def test_a_value_that_does_not_fit_is_told(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    spec = parse_spec(tmp_path / "openapi.yaml", THINGS.replace(old, new))
    (found,) = find_wrong_values(spec)
    assert (found.place.line, problem in found.message) == (line, True), found.message


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("make_thing.request.json", '{"colour": "red"}', None),
        (
            "make_thing.response.json",
            '{"id": "1",\n "state": "lost"}',
            ":2:2: does not fit /paths/~1things/post/responses/200",
        ),
        ("make_thing.request.json", "[1]", ":1:1: does not fit /paths/~1things/post/requestBody"),
        ("make_thing.request.json", "{", ":1:2: is not JSON"),
        (
            "make_thing.json",
            "{}",
            ":1:1: is a sample of nothing; it may be called make_thing.request.json, make_thing.resp",
        ),
    ],
)
def test_a_sample_that_does_not_fit_is_told(tmp_path: Path, name: str, text: str, problem: str | None) -> None:
    (tmp_path / name).write_text(text)
    errors = find_wrong_samples(parse_spec(tmp_path / "openapi.yaml", THINGS), tmp_path)
    assert [f"{name}{problem}" in str(error) for error in errors] == [True] if problem else errors == []


def test_a_default_of_a_property_with_any_name_is_judged(tmp_path: Path) -> None:
    text = THINGS.replace("size-in-cm", "'größe in ~/%'").replace("default: 10", "default: 0")
    (found,) = find_wrong_values(parse_spec(tmp_path / "openapi.yaml", text))
    assert "0 is less than the minimum of 1" in found.message


def test_the_small_spec_has_no_wrong_value() -> None:
    assert find_wrong_values(parse_spec(ROOT, THINGS)) == []
