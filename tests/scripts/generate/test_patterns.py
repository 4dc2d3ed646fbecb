"""Patterns of ECMA-262 mean the same to the engines that models run as to the spec's validator."""

from __future__ import annotations

import re

import jsonschema_rs
import pytest
from pydantic_core import SchemaValidator, core_schema

from scripts.generate.patterns import can_translate, in_python, in_rust

TEXTS = [
    "",
    "a",
    "A",
    "_",
    "1",
    "٣",
    "é",
    " ",
    "\u00a0",
    "\ufeff",
    "\u0085",
    "a\n",
    "\n",
    "\x01",
    "[",
    "&",
    "~",
    "ab",
    "aa",
    "a1",
]
PATTERNS = [
    r"^\d$",
    r"^\D$",
    r"^\w+$",
    r"^\W$",
    r"^\s$",
    r"^\S$",
    r"^[\d_]$",
    r"^[\D]$",
    r"^[^\w]$",
    r"^[\W\d]$",
    r"^[^\s]$",
    r"^[[&&~]$",
    r"^\cA$",
    r"^[\S]$",
    "a$",
    "^a.?$",
]


@pytest.mark.parametrize("pattern", [*PATTERNS, r"^\p{L}+$"])
@pytest.mark.parametrize("text", TEXTS)
def test_rust_agrees_with_the_validator(pattern: str, text: str) -> None:
    schema = core_schema.str_schema(pattern=in_rust(pattern), regex_engine="rust-regex")
    assert SchemaValidator(schema).isinstance_python(text) is _is_valid(pattern, text)


@pytest.mark.parametrize("pattern", [*PATTERNS, r"^(?=a)\w+$", r"^(?!a)[0-9]+$", r"^(a|b)\1$"])
@pytest.mark.parametrize("text", TEXTS)
def test_python_agrees_with_the_validator(pattern: str, text: str) -> None:
    translated = in_python(pattern)
    assert translated
    assert bool(re.search(translated, text)) is _is_valid(pattern, text)


@pytest.mark.parametrize("pattern", [r"^(?=a)\p{L}$"])
def test_no_engine_has_lookaround_and_all_else(pattern: str) -> None:
    assert (in_rust(pattern), in_python(pattern), can_translate(pattern)) == (None, None, False)


def _is_valid(pattern: str, text: str) -> bool:
    return jsonschema_rs.validator_for({"pattern": pattern}).is_valid(text)
