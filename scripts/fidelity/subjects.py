"""The schemas that bodies of a spec have, with the classes that are generated from them."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import pydantic

from spec.reader import Spec, escape, target_of
from spec.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jsonschema_rs

    from scripts.fidelity.sameness import Json

MODELS: Final = "voiceos_models"
CLIENT: Final = "voiceos_client.models"
_JSON: Final = "application/json"


@dataclass(frozen=True)
class Subject:
    """A schema that bodies of the spec have, with the classes generated from it."""

    spec: Spec
    name: str
    is_request: bool
    model: Any
    client: Any

    @property
    def pointer(self) -> str:
        """Where the schema stands."""
        return f"/components/schemas/{escape(self.name)}"

    @cached_property
    def validator(self) -> jsonschema_rs.Validator:
        """The spec's own judge; formats count."""
        return Validators(self.spec).at(self.pointer)


def subjects(spec: Spec) -> list[Subject]:
    """The components that requests and responses of the spec consist of, each once.

    Raises:
        SpecError: there is none.
    """
    found = {subject.name: subject for subject in reversed(list(_subjects(spec)))}
    if not found:
        message = "has no JSON body whose schema is a component with a class of its own: there is nothing to judge"
        raise spec.error([spec.problem("/paths", message)])
    return list(reversed(found.values()))


def _subjects(spec: Spec) -> Iterator[Subject]:
    for is_request, schema in _bodies(spec):
        name = _component(schema)
        model, client = _class(MODELS, name), _class(CLIENT, name)
        if model is not None and hasattr(client, "from_dict"):
            yield Subject(spec, name, is_request, pydantic.TypeAdapter(model), client)


def _bodies(spec: Spec) -> Iterator[tuple[bool, Json]]:
    """The schema of each JSON body, and whether it is a request's."""
    for item in spec.document.get("paths", {}).values():
        for operation in (value for value in item.values() if isinstance(value, dict)):
            requests = [operation["requestBody"]] if "requestBody" in operation else []
            for body in [*requests, *operation.get("responses", {}).values()]:
                resolved = spec.value(target_of(body["$ref"])) if "$ref" in body else body
                yield body in requests, resolved.get("content", {}).get(_JSON, {}).get("schema", {})


def _component(schema: dict[str, Json]) -> str:
    """The name of the component that a schema refers to; empty if it does not."""
    reference = unquote(schema.get("$ref", ""))
    name = reference.removeprefix("#/components/schemas/")
    return name if name != reference else ""


def _class(module: str, name: str) -> Any:  # noqa: ANN401 - a class of generated code
    names = {_simple(known): known for known in importlib.import_module(module).__all__}
    return getattr(sys.modules[module], names.get(_simple(name), ""), None)


def _simple(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
