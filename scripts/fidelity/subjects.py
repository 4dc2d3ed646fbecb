"""The schemas of a spec's JSON bodies, with the classes that are generated from them."""

from __future__ import annotations

import importlib
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pydantic
from msgspec import structs

from scripts.generate.held import held_document
from scripts.generate.patterns import explicit
from spec.document import component, keywords, resolve
from spec.operations import json_bodies
from spec.reader import Spec, escape, tokens, value_at
from spec.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jsonschema_rs

    from scripts.generate.unheld import Unheld

MODELS: Final = "voiceos_models"
CLIENT: Final = "voiceos_client.models"


@dataclass(frozen=True)
class Subject:
    """A component that is the schema of a body, with its type adapter in the models and its class in the client."""

    spec: Spec
    name: str
    is_request: bool
    model: pydantic.TypeAdapter[Any]
    client: Any

    @property
    def pointer(self) -> str:
        """The pointer of the schema."""
        return f"/components/schemas/{escape(self.name)}"

    @cached_property
    def validator(self) -> jsonschema_rs.Validator:
        """The validator of the schema, which checks formats too."""
        return _validator(self.spec, self.spec.document, self.pointer)

    @cached_property
    def held(self) -> jsonschema_rs.Validator:
        """The validator of the statements that the models hold."""
        return _validator(self.spec, self._held[0], self.pointer)

    @cached_property
    def told(self) -> set[str]:
        """The pointers of the statements that the models do not hold."""
        return {one.pointer for one in self._held[1]}

    @cached_property
    def _held(self) -> tuple[dict[str, Any], list[Unheld]]:
        return held_document(self.spec)


def _validator(spec: Spec, document: dict[str, Any], pointer: str) -> jsonschema_rs.Validator:
    r"""The validator of a schema, whose patterns mean what ECMA-262 says.

    Beside lookaround, jsonschema-rs takes `\d`, `\w` and `\s` for Unicode's classes.
    """
    copy = deepcopy(document)
    for keyword in list(keywords(copy)):
        if keyword.name == "pattern" and keyword.in_schema and isinstance(keyword.value, str):
            value_at(copy, keyword.pointer.rpartition("/")[0])["pattern"] = explicit(keyword.value)
    return Validators(structs.replace(spec, document=copy)).at(pointer)


def subjects(spec: Spec) -> list[Subject]:
    """The components that are schemas of request or response bodies, each once.

    Raises:
        SpecError: there is none.
    """
    found = {subject.name: subject for subject in reversed(list(_subjects(spec)))}
    if not found:
        message = "has no JSON body whose schema is a component with a class of its own: there is nothing to judge"
        raise spec.error([spec.problem("/paths", message)])
    return list(reversed(found.values()))


def _subjects(spec: Spec) -> Iterator[Subject]:
    for body in json_bodies(spec.document):
        root = component(resolve(spec.document, body.pointer)) or ""
        name = tokens(root)[-1] if root.startswith("/components/schemas/") else ""
        model, client = _class(MODELS, name), _class(CLIENT, name)
        if model is not None and hasattr(client, "from_dict"):
            yield Subject(spec, name, body.direction == "request", pydantic.TypeAdapter(model), client)


def _class(module: str, name: str) -> type | None:
    """The class generated for a component, whatever the generator's convention for names."""
    loaded = importlib.import_module(module)
    names = {_simple(known): known for known in loaded.__all__}
    found: type | None = getattr(loaded, names.get(_simple(name), ""), None)
    return found


def _simple(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
