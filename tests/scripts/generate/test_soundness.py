"""An unsafe or invalid spec is refused, with its line, before any generator sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.generate.soundness import find_invalid, find_unsafe
from spec.reader import parse_spec
from tests.support.minimal import MINIMAL
from tests.support.repositories import THINGS

PATH = Path("spec", "openapi.yaml")
UNSAFE = {
    "no OpenAPI 3.1": (MINIMAL.replace("3.1.0", "3.0.3"), ":1:1: is not an OpenAPI 3.1 document"),
    "a reference to nothing": (MINIMAL.replace("schemas/Colour'", "schemas/Color'"), ":21:11: $ref "),
    "a reference to itself": (
        MINIMAL.replace("type: string\n      enum: [red, green]", "$ref: '#/components/schemas/Colour'"),
        ":23:7: $ref '#/components/schemas/Colour' leads in a circle",
    ),
    "a reference to a host": (
        MINIMAL.replace("#/components/schemas/Colour", "http://127.0.0.1/colour.yaml"),
        ":21:11: $ref 'http://127.0.0.1/colour.yaml' is refused: it leads to another host",
    ),
    "a reference out of the folder": (
        MINIMAL.replace("#/components/schemas/Colour", "../../secret.yaml"),
        ":21:11: $ref '../../secret.yaml' is refused: it leads out of ",
    ),
    "a reference to a file": (
        MINIMAL.replace("#/components/schemas/Colour", "colour.yaml"),
        ":21:11: $ref 'colour.yaml' is refused: it leads into another file",
    ),
    "a reference that is none": (
        MINIMAL.replace("#/components/schemas/Colour", "http://[::1"),
        ":21:11: 'http://[::1' is refused: it is no reference",
    ),
    "a reference to a host in a default response": (
        MINIMAL.replace("'204': {description: Made.}", "default: {$ref: 'http://127.0.0.1/r'}"),
        ":14:19: $ref 'http://127.0.0.1/r' is refused: it leads to another host",
    ),
    **{
        keyword: (
            MINIMAL.replace("enum: [red, green]", f"enum: [red, green]\n      {keyword}: os.system"),
            f":25:7: {keyword} is refused: it writes code of the spec's choice",
        )
        for keyword in ("x-python-import", "x-python-type", "customTypePath", "customBasePath", "default_factory")
    },
}
INVALID = {
    "an unknown type": (MINIMAL.replace("type: string", "type: strin"), ":23:7: "),
    "an invalid document": (MINIMAL.replace("{description: Made.}", "3"), ':14:9: 3 is not of type "object"'),
    "two names that are one to Python": (
        MINIMAL.replace("        colour:", "        fi: {type: string}\n        ﬁ: {type: string}\n        colour:"),
        ": 'ﬁ' is refused: to Python it is the same name as 'fi'",
    ),
    "a pattern that is none": (
        MINIMAL.replace("enum: [red, green]", "pattern: '('"),
        ":24:7: is not a pattern that validators can read",
    ),
}


@pytest.mark.parametrize(("text", "message"), UNSAFE.values(), ids=UNSAFE.keys())
def test_an_unsafe_spec_is_refused_with_its_line(text: str, message: str) -> None:
    spec = parse_spec(PATH, text)
    assert f"{PATH}{message}" in str(spec.error(find_unsafe(spec)))


UNSOUND_RULE = "{name: a, says: b, holds: response.state == 'lost'}"


@pytest.mark.parametrize(("text", "message"), INVALID.values(), ids=INVALID.keys())
def test_an_invalid_spec_is_refused_with_its_line(text: str, message: str) -> None:
    spec = parse_spec(PATH, text)
    assert find_unsafe(spec) == []
    said = str(spec.error(find_invalid(spec)))
    assert str(PATH) in said
    assert message in said


def test_an_unsound_rule_is_refused_with_its_line() -> None:
    spec = parse_spec(PATH, THINGS.replace("summary: Make a thing", f"x-rules: [{UNSOUND_RULE}]"))
    said = f'{PATH}:16:36: `holds` says `response.state == "lost"`, but the two can never be equal'
    assert said in str(spec.error(find_invalid(spec)))


@pytest.mark.parametrize("text", [MINIMAL, THINGS, MINIMAL.replace("        colour:", "        default_factory:")])
def test_a_sound_spec_has_no_problem(text: str) -> None:
    spec = parse_spec(PATH, text)
    assert [*find_unsafe(spec), *find_invalid(spec)] == []
