"""Validators of the spec's schemas."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import jsonschema_rs

if TYPE_CHECKING:
    from spec.reader import Spec

_BASE: Final = "urn:spec"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class Validators:
    """The validators of a spec, made on demand. They check formats too."""

    def __init__(self, spec: Spec) -> None:
        self.document: dict[str, Any] = spec.document
        self._made: dict[str, jsonschema_rs.Validator] = {}

    def at(self, pointer: str) -> jsonschema_rs.Validator:
        """The validator of the schema that a JSON Pointer leads to."""
        if pointer not in self._made:
            schema = {"$schema": _DIALECT, "$ref": f"{_BASE}#{quote(pointer)}"}
            self._made[pointer] = jsonschema_rs.validator_for(schema, registry=self._registry, validate_formats=True)
        return self._made[pointer]

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(_BASE, self.document)], draft=jsonschema_rs.Draft202012)
