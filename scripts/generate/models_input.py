"""The spec as datamodel-code-generator needs it, and the types that it does not write."""

from __future__ import annotations

import json
import keyword
import re
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any, Final

from scripts.generate.patterns import in_python, in_rust
from scripts.generate.unheld import FORMATS

FORMAT_TYPES: Final = "formats"
"""The module of the types that check formats."""
_METHODS: Final = {*dir(str), "mro", "name", "value"}
_SPEC_TYPES: Final = "spec_types"


@dataclass
class ModelsInput:
    """The input of the generator of models.

    Attributes:
        document: The document to generate from.
        types: The types of the spec's own, by name, each as Python source. They go into `spec_types.py`.
    """

    document: dict[str, Any]
    types: dict[str, str] = field(default_factory=dict)

    def imports(self) -> dict[str, str]:
        """The module that each type is imported from, by the type's name."""
        return {kind: f".{module}" for kind, module in FORMATS.values()} | dict.fromkeys(self.types, f".{_SPEC_TYPES}")

    def module(self) -> str:
        """The source of `spec_types.py`; empty if the spec needs none."""
        lines = [f"{name} = {source}" for name, source in self.types.items()]
        return "\n".join([_MODULE_HEAD, *lines, "", f"__all__ = {sorted(self.types)!r}", ""]) if lines else ""


_MODULE_HEAD: Final = f'''"""The contract's types that no type of Pydantic's makes."""

from typing import Annotated, Literal

from .{FORMAT_TYPES} import exactly, matching, multiple_of
from .json_types import StrictFloat, StrictInt, StrictStr
'''


def models_input(held: dict[str, Any]) -> ModelsInput:
    """The generator's input for a document whose components the models hold."""
    made = ModelsInput({**held})
    components = held["components"]["schemas"]
    schemas = {name: _encoded(_without_own_name(name, schema), made) for name, schema in components.items()}
    made.document["components"] = {"schemas": schemas}
    return made


def _without_own_name(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A component without a title that repeats its name: that is for viewers of the spec, and the class says it."""
    return {key: value for key, value in schema.items() if (key, value) != ("title", name)}


def _encoded(schema: dict[str, Any], made: ModelsInput) -> dict[str, Any]:
    """A schema with the generator's own keywords in place of those that it reads otherwise."""
    result = {name: _inner(name, value, made) for name, value in schema.items() if name not in {"format", "multipleOf"}}
    types = [schema.get("type")] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if "object" in types:
        result.setdefault("additionalProperties", True)
    if schema.get("format") in FORMATS:
        kind, module = FORMATS[schema["format"]]
        result["customTypePath"] = f"{module}.{kind}"
    if "pattern" in schema and (pattern := in_rust(schema["pattern"])) is not None:
        result["pattern"] = pattern
    elif "pattern" in schema:
        del result["pattern"]
        source = f"Annotated[StrictStr, matching({in_python(schema['pattern'])!r})]"
        result["customTypePath"] = _named("Pattern", source, made)
    if "multipleOf" in schema:
        base = "StrictInt" if "integer" in types else "StrictFloat"
        source = f"Annotated[{base}, multiple_of({json.dumps(schema['multipleOf'])!r})]"
        result["customTypePath"] = _named("MultipleOf", source, made)
    if len(schema.get("enum", [])) == 1 and not isinstance(member := schema["enum"][0], str):
        result["customTypePath"] = _named("Only", f"Annotated[Literal[{member!r}], exactly({member!r})]", made)
        del result["enum"]
    if names := _member_names(schema.get("enum", [])):
        result.setdefault("x-enum-varnames", names)
    return result


def _member_names(members: list[Any]) -> list[str]:
    """Names for members of which one has that of a method of text; none if the generator's own names will do."""
    if not any(isinstance(member, str) and member in _METHODS for member in members):
        return []
    names: list[str] = []
    for member in members:
        words = re.sub(r"\W+", "_", member)
        words = words if re.match(r"[^\W\d_]", words) else f"field_{words}"
        words = f"{words}_" if words in _METHODS or keyword.iskeyword(words) else words
        names.append(
            next(one for one in chain([words], (f"{words}_{number}" for number in count(2))) if one not in names)
        )
    return names


def _inner(name: str, value: Any, made: ModelsInput) -> Any:  # noqa: ANN401 - JSON
    if name == "properties":
        return {key: _encoded(inner, made) for key, inner in value.items()}
    if name in {"anyOf", "oneOf"}:
        return [_encoded(branch, made) for branch in value]
    return _encoded(value, made) if name in {"items", "additionalProperties"} and isinstance(value, dict) else value


def _named(kind: str, source: str, made: ModelsInput) -> str:
    """The path of the type with this source, which gets a name if it has none."""
    known = {text: name for name, text in made.types.items()}
    name = known.get(source) or f"{kind}{1 + sum(other.startswith(kind) for other in made.types)}"
    made.types[name] = source
    return f"{_SPEC_TYPES}.{name}"
