"""The spec is read so that every tool agrees on it, and mistakes are shown with their place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spec.reader import Place, SpecError, parse_spec, read_spec

PATH = Path("spec.yaml")


def test_keeps_the_place_of_keys_and_items() -> None:
    spec = parse_spec(PATH, "a:\n  b/c: [1,\n    two]\n")
    assert spec.document == {"a": {"b/c": [1, "two"]}}
    assert (spec.places["/a/b~1c"], spec.places["/a/b~1c/1"]) == (Place(2, 3), Place(3, 5))


def test_places_what_is_absent_at_its_nearest_ancestor() -> None:
    assert parse_spec(PATH, "a:\n  b: 1\n").place("/a/b/c/d") == Place(2, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [en, no]", "spec.yaml:1:9: is read by some YAML readers as a bool"),
        ("a: 2026-01-31", "spec.yaml:1:4: is read by some YAML readers as a timestamp"),
        ("a: 12:30", "spec.yaml:1:4: is read by some YAML readers as an int"),
        ("a: .inf", "spec.yaml:1:4: is read by some YAML readers as a float"),
        ("a: 1\na: 2", "spec.yaml:2:1: has the key 'a' a second time"),
        ("a: &x {b: 1}\nc: *x", "spec.yaml:1:4: is an alias of another value"),
        ("200: ok", "spec.yaml:1:1: is a key that YAML does not read as a string; write '200' in quotes"),
        ("a: [1", "spec.yaml:1:4: is not YAML"),
        ("", "spec.yaml:1:1: is not an OpenAPI document"),
        ("- a", "spec.yaml:1:1: is not an OpenAPI document"),
        ("a: !!python/object:os.system x", "spec.yaml:1:4: is read by some YAML readers as a python/object:os.system"),
        ("a: " + "[" * 50_000 + "]" * 50_000, "spec.yaml:1:103: is nested more than 100 levels deep"),
    ],
)
def test_refuses_what_readers_disagree_on(text: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        parse_spec(PATH, text)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", Place(2, 4)),
        ("a: 1\nb: {x: 1\nc: 3\n", Place(2, 4)),
        ('a: 1\nb: "two\nc: "three"\n', Place(2, 4)),
        ("a: 1\nb: 'two\nc: 'three'\n", Place(2, 4)),
        ("a: 1\nb: 'two\nc: 3\n", Place(2, 4)),
        ("a: 1\nb\nc: 2\n", Place(2, 1)),
        ("a:\n  b: 1\n c: 2\n", Place(3, 2)),
        ("a: 1\nb: c: d\n", Place(2, 5)),
    ],
)
def test_a_mistake_is_shown_on_its_own_line(text: str, place: Place) -> None:
    with pytest.raises(SpecError) as error:
        parse_spec(PATH, text)
    assert [problem.place for problem in error.value.problems] == [place]


def test_reads_the_pairs_of_escapes_that_json_has_for_one_character() -> None:
    text = r"""{"a": "\\ \ud83c\udfe1 \\ud83c", "b": 1}"""
    spec = parse_spec(PATH, text)
    assert spec.document == json.loads(text)
    assert spec.places["/b"] == Place(1, text.index('"b"') + 1)


def test_reads_backslashes_in_yaml_as_they_stand() -> None:
    assert parse_spec(PATH, "a: \\ud83c\\udfe1").document == {"a": "\\ud83c\\udfe1"}


def test_shows_the_line_itself() -> None:
    with pytest.raises(SpecError, match=r"\n    languages: \[en, no\]"):
        parse_spec(PATH, "languages: [en, no]")


def test_says_that_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read_spec(tmp_path / "absent.yaml")
    assert str(caught.value) == f"{tmp_path / 'absent.yaml'}:1:1: cannot be read: No such file or directory"


def test_says_that_a_file_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_bytes(b"a: \xff")
    with pytest.raises(SpecError, match="is not UTF-8"):
        read_spec(tmp_path / "spec.yaml")
