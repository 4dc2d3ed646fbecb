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
def test_rust_agrees_with_the_validator(pattern: str) -> None:
    schema = core_schema.str_schema(pattern=in_rust(pattern), regex_engine="rust-regex")
    assert [text for text in TEXTS if SchemaValidator(schema).isinstance_python(text)] == _valid_texts(pattern)


@pytest.mark.parametrize("pattern", [*PATTERNS, r"^(?=a)\w+$", r"^(?!a)[0-9]+$", r"^(a|b)\1$"])
def test_python_agrees_with_the_validator(pattern: str) -> None:
    translated = in_python(pattern)
    assert translated
    assert [text for text in TEXTS if re.search(translated, text)] == _valid_texts(pattern)


@pytest.mark.parametrize("pattern", [r"^(?=a)\p{L}$"])
def test_no_engine_has_lookaround_and_all_else(pattern: str) -> None:
    assert (in_rust(pattern), in_python(pattern), can_translate(pattern)) == (None, None, False)


def _valid_texts(pattern: str) -> list[str]:
    validator = jsonschema_rs.validator_for({"pattern": pattern})
    return [text for text in TEXTS if validator.is_valid(text)]
