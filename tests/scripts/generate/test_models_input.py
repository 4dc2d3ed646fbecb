"""The input of the generator of models leaves out whatever would only make the code longer."""

from __future__ import annotations

from typing import Any

from scripts.generate.models_input import models_input


def components_with(title: str) -> dict[str, Any]:
    """The generator's input of a component `Thing` with a title."""
    schema = {"title": title, "type": "string", "enum": ["a", "b"]}
    made = models_input({"components": {"schemas": {"Thing": schema}}})
    thing: dict[str, Any] = made.document["components"]["schemas"]["Thing"]
    return thing


def test_a_title_that_repeats_the_name_is_left_out() -> None:
    assert components_with("Thing") == {"type": "string", "enum": ["a", "b"]}


def test_any_other_title_stays() -> None:
    assert components_with("A thing")["title"] == "A thing"
