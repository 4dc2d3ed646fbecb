"""The document that the client is generated from, and what is refused before its generator sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.generate.client_input import client_input
from scripts.generate.client_names import generator_path
from spec.reader import parse_spec
from tests.conftest import ROOT
from tests.support.minimal import MINIMAL

TWO = [f"{{type: array, items: {{$ref: '#/components/schemas/{name}'}}}}" for name in "BA"]
NESTED = "[red, green]\n    "


@pytest.mark.parametrize(
    ("schemas", "line"),
    [
        ("A: {type: array, items: {$ref: '#/components/schemas/A'}}", "25:5"),
        ("A: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/A'}}]}", "25:33"),
        (f"A: {TWO[0]}\n    B: {TWO[1]}", "25:5"),
    ],
    ids=["an array", "a branch", "two arrays"],
)
def test_an_array_of_itself_is_refused_once_with_its_line(schemas: str, line: str) -> None:
    spec = parse_spec(Path("openapi.yaml"), MINIMAL.replace("[red, green]", NESTED + schemas))
    (problem,) = client_input(spec).refused
    message = "the client cannot have this array: its items are the array again, with no object between"
    assert (f"{problem.place.line}:{problem.place.column}", problem.message) == (line, message)


def test_an_array_within_an_object_of_its_own_is_not_refused() -> None:
    tree = "A: {type: object, properties: {parts: {type: array, items: {$ref: '#/components/schemas/A'}}}}"
    spec = parse_spec(Path("openapi.yaml"), MINIMAL.replace("[red, green]", NESTED + tree))
    assert client_input(spec).refused == []


def test_names_in_a_path_stay_apart_though_they_would_be_one_identifier() -> None:
    assert generator_path("/{a b}/{a_b}/{aB}/{1}/{ }") == "/{a_b}/{a_b_2}/{aB_3}/{_1}/{_}"


def test_json_bodies_of_one_operation_have_classes_of_their_own() -> None:
    path = ROOT / "tests" / "zoo" / "several_media_types.yaml"
    made = client_input(parse_spec(path, path.read_text()))
    content = made.document["paths"]["/things"]["post"]["requestBody"]["content"]
    titles = {media_type: body["schema"].get("title") for media_type, body in content.items()}
    assert {name: title for name, title in titles.items() if title} == {
        "application/merge-patch+json": "merge patch json body"
    }
    assert not made.missing
