"""A spec that would keep a generator busy for long stops it after a while, and the message names the place."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts import processor_time
from scripts.generate import largest_part as largest_part_module
from scripts.generate.largest_part import largest_part
from scripts.generate.packages import generate_into
from scripts.generate.run_generator import GenerationError
from spec.reader import parse_spec
from tests.support.minimal import MINIMAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json
    from spec.reader import Spec

LEVELS = 25


def of_colour(schema: dict[str, Any], **others: dict[str, Any]) -> Spec:
    """MINIMAL with another schema of its colours."""
    parts = "".join(f"\n    {name}: {json.dumps(each)}" for name, each in {"Colour": schema, **others}.items())
    return parse_spec(Path("openapi.yaml"), MINIMAL.partition("\n    Colour:")[0] + parts)


def to(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def doubling() -> Spec:
    """A spec in which each of 25 schemas refers to the next one twice."""
    levels = {
        f"Level{level}": {"anyOf": [to(f"Level{level + 1}"), {"type": "array", "items": to(f"Level{level + 1}")}]}
        for level in range(LEVELS)
    }
    return of_colour(to("Level0"), **levels, **{f"Level{LEVELS}": {"type": "string"}})


def test_many_members_of_an_enumeration_are_the_largest_part() -> None:
    spec = of_colour({"enum": [f"colour {number}" for number in range(500)]})
    assert largest_part(spec) == ("/components/schemas/Colour/enum", 501)


def test_the_first_of_many_levels_is_the_largest_part() -> None:
    pointer, count = largest_part(doubling())
    assert pointer == "/components/schemas/Level0/anyOf"
    assert count > 2**LEVELS


def test_schemas_that_refer_to_each_other_have_a_size() -> None:
    tree = {"type": "object", "properties": {"left": to("Colour"), "right": to("Colour")}}
    assert largest_part(of_colour(tree))[1] < 100


def test_a_chain_of_references_may_be_longer_than_the_stack_is_deep() -> None:
    chain = {f"Link{number}": to(f"Link{number + 1}") for number in range(3000)}
    assert largest_part(of_colour(to("Link0"), **chain, Link3000={"type": "string"}))[0]


def looks(members: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many values are searched for references in a spec with a union of so many schemas."""
    searched = Counter[str]()
    search = largest_part_module._targets  # noqa: SLF001 - the work is what is bounded

    def count(value: Json) -> Iterator[str]:
        searched["values"] += 1
        return search(value)

    schemas = {f"Member{number}": {"type": "string"} for number in range(members)}
    with monkeypatch.context() as patched:
        patched.setattr(largest_part_module, "_targets", count)
        largest_part(of_colour(to("Union"), Union={"anyOf": [*map(to, schemas)]}, **schemas))
    return searched["values"]


def test_the_work_grows_with_the_number_of_references(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks(400, monkeypatch) < 5 * looks(100, monkeypatch)


@pytest.mark.slow
def test_a_generator_is_stopped_and_the_place_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor_time, "LIMIT", 1)
    (tmp_path / "scratch").mkdir()
    with pytest.raises(GenerationError) as error:
        generate_into(tmp_path / "new", doubling(), tmp_path / "scratch")
    said = str(error.value)
    assert "openapi.yaml:23:14: openapi-python-client was still at work after 1 s of processor time" in said
    assert "The largest part of the spec is /components/schemas/Level0/anyOf: 335,544,311 values" in said
