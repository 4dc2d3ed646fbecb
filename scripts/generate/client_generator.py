"""openapi-python-client, with names and errors of our own. `packages.py` runs it, in a process of its own.

Upstream may name a field as a local variable of its own, or two fields alike. Here each name is apart from all others.
Upstream writes errors for people. Here they are JSON, each with its place in the spec.

    python client_generator.py DOCUMENT OUTPUT CONFIG TEMPLATES
"""

from __future__ import annotations

import builtins
import json
import keyword
import re
import sys
import unicodedata
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openapi_python_client
from attrs import evolve
from openapi_python_client import _get_project_for_url_or_path, strings
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import model_property
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonCode, PythonIdentifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openapi_python_client.parser.bodies import Body
    from openapi_python_client.parser.properties import ModelProperty

PLACE: Final = "x-place"
"""The extension with the pointer of a schema in the spec."""
MISSING: Final = "x-missing"
"""The extension with the reason why the client cannot have an operation."""
WAIT_UNTIL: Final = "x-wait-until"
"""The extension that says until when an operation is asked again (see spec/waiting.py)."""
PREFIX: Final = "field_"
_WITHOUT_CLASS: Final = "Could not find reference in parsed models or enums"
_SAME_CLASS: Final = re.compile(r'(?:conflicting enums named|duplicate models with name) "?(\w+)')
_PATH_NAME: Final = re.compile(r"\{([^{}]*)\}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The names that the templates use in the bodies of functions, and the attributes of every class.
_RESERVED_IN_MODELS: Final = _words(
    """
    additional_keys additional_properties as_bool as_date as_datetime as_float as_int as_list as_object as_str
    cast cls d date_time_text datetime field_dict from_dict is_member is_object member_value prop prop_dict
    prop_name self src_dict to_dict to_json_object
    """
)
_RESERVED_IN_OPERATIONS: Final = _words(
    """
    as_bool as_date as_datetime as_float as_int as_list as_str asyncio asyncio_detailed body cast client
    cookie_pairs cookies date_time_text datetime error errors form_text header_fields headers httpx is_member
    is_object kwargs member_value multipart_parts params path_text query_pairs query_text response sync
    sync_detailed to_json_object url
    """
)
_KEPT: Final = frozenset({"id"})  # upstream leaves these builtins to fields, and so do we
_RESERVED: Final = (frozenset(dir(builtins)) | frozenset(keyword.kwlist)) - _KEPT
# The names that modules of models and operations import or define.
_RESERVED_CLASSES: Final = _words(
    """
    Any AuthenticatedClient BinaryIO BytesIO Client File FileTypes Generator HTTPStatus IO Literal Mapping
    MutableMapping OpenIntEnum OpenStrEnum Response Self TextIO TypeVar UNSET UUID Undocumented
    UndocumentedResponse Unset
    """
)


def main(argv: Sequence[str]) -> int:
    """Generates the client, prints the errors as JSON, and returns 1 if there are any."""
    document, output, config, templates = map(Path, argv)
    _replace_names()
    project = _get_project_for_url_or_path(
        config=Config.from_sources(
            ConfigFile.load_from_path(config), MetaType.NONE, document, "utf-8", overwrite=False, output_path=output
        ),
        custom_template_path=templates,
    )
    if isinstance(project, GeneratorError):
        return _report([project])
    project.env.globals.update(_Operations.read(document, project).helpers(), names_apart=_name_model)
    project.env.filters["in_double_quote_literal"] = _literal
    return _report([*project.build(), *_same_modules(project)])


def _replace_names() -> None:
    """Has upstream take names that are apart, and any type of parameter in any place: the templates write them all."""
    strings.RESERVED_WORDS.update(_RESERVED_CLASSES)
    for owner, name, function in (
        (strings, "in_double_quote_literal", _literal),
        (model_property, "_resolve_naming_conflict", lambda *_: None),
        (PropertyProtocol, "validate_location", lambda *_: None),
        (UnionProperty, "validate_location", lambda *_: None),
        (Endpoint, "_check_parameters_for_conflicts", lambda endpoint, **_: _name_operation(endpoint)),
        (Endpoint, "sort_parameters", staticmethod(_name_path)),
    ):
        setattr(owner, name, function)


def _literal(value: UntrustedString | PythonCode | str) -> str:
    """A text as it stands between the quotes of a literal. Upstream drops characters that do not print."""
    if isinstance(value, UntrustedString):
        value = value.get_untrusted_value()
    text = value.as_unembedded_code() if isinstance(value, PythonCode) else value
    return "".join(
        one
        if one.isprintable() and one not in '"\\'
        else {'"': '\\"'}.get(one) or one.encode("unicode_escape").decode()
        for one in text
    )


def _name_operation(endpoint: Endpoint) -> Endpoint:
    _name_apart([parameter for _, parameter in endpoint.iter_all_parameters()], _RESERVED_IN_OPERATIONS)
    return endpoint


def _name_path(endpoint: Endpoint) -> Endpoint:
    """Puts the names of arguments into a path, all at once, for the new name of one may be the old name of another."""
    path = endpoint.path.get_untrusted_value()
    found = {one.name.get_untrusted_value(): one for one in endpoint.path_parameters}
    endpoint.path_parameters = [found[name] for name in dict.fromkeys(_PATH_NAME.findall(path))]
    endpoint.path = UntrustedString(_PATH_NAME.sub(lambda match: f"{{{found[match[1]].python_name}}}", path))
    return endpoint


def _name_model(model: ModelProperty) -> str:
    """Names a model's fields and its template's variables apart. The template calls it, and so gets an empty text."""
    fields = [*(model.required_properties or []), *(model.optional_properties or [])]
    others = [model.additional_properties] if model.additional_properties else []
    _name_apart(fields, _RESERVED_IN_MODELS, others)
    return ""


def _name_apart(fields: list[Any], reserved: frozenset[str], others: Sequence[Any] = ()) -> None:
    """Gives fields names that are apart from each other, and from those of variables. The first one keeps its own."""
    taken = set(_RESERVED | reserved)
    unions = {PythonIdentifier(one.name, PREFIX) for one in fields if hasattr(one, "inner_properties")}
    taken |= {f"parse_{name}" for name in unions}  # `_parse_name` is a function
    for one in fields:
        _rename(one, _free(unicodedata.normalize("NFKC", PythonIdentifier(one.name, PREFIX)), taken))
    seen: set[int] = set()
    for one in fields:
        _name_inner(one, taken, seen)
    for one in others:
        _rename(one, _free(one.python_name, taken))
        _name_inner(one, taken, seen)


def _name_inner(outer: Any, taken: set[str], seen: set[int]) -> None:  # noqa: ANN401 - any kind of property
    """Names what is inside of lists and unions, which the templates have variables for."""
    inner = [*getattr(outer, "inner_properties", []), *filter(None, [getattr(outer, "inner_property", None)])]
    for one in inner:
        if id(one) not in seen:
            seen.add(id(one))
            _rename(one, _free(one.python_name, taken, ("_data", "_element")))
            _name_inner(one, taken, seen)


def _free(name: str, taken: set[str], suffixes: tuple[str, ...] = ()) -> str:
    """The name, changed until it and its variants are free; from then on they are taken."""
    tries = chain([name, f"{name}_"], (f"{name}_{number}" for number in count(2)))
    found = next(one for one in tries if not taken & {one, *(f"{one}{suffix}" for suffix in suffixes)})
    taken |= {found, *(f"{found}{suffix}" for suffix in suffixes)}
    return found


def _rename(one: Any, name: str) -> None:  # noqa: ANN401 - any kind of property
    object.__setattr__(one, "python_name", str.__new__(PythonIdentifier, name))


@dataclass(frozen=True)
class _Operations:
    """The operations of the document, by the name of their module."""

    by_name: dict[str, dict[str, Any]]
    by_body: dict[int, str]
    """The name of the operation that a body is of, by the body's `id()`."""

    @classmethod
    def read(cls, document: Path, project: openapi_python_client.Project) -> _Operations:
        items = json.loads(document.read_text("utf-8"))["paths"].values()
        operations = [one for item in items for one in item.values()]
        endpoints = [one for group in project.openapi.endpoint_collections_by_tag.values() for one in group.endpoints]
        return cls(
            {PythonIdentifier(operation["operationId"], PREFIX): operation for operation in operations},
            {id(body): endpoint.name for endpoint in endpoints for body in endpoint.bodies},
        )

    def helpers(self) -> dict[str, Any]:
        """The functions that the templates call."""
        return {
            "style": self.style,
            "encodings": self.encodings,
            "missing": lambda endpoint: self.by_name[endpoint.name].get(MISSING, ""),
            "waits": lambda endpoint: self.by_name[endpoint.name].get(WAIT_UNTIL),
            "required": lambda one: evolve(one, required=True),
        }

    def style(self, endpoint: Endpoint, location: str, parameter: Any) -> dict[str, str]:  # noqa: ANN401 - as above
        """The name of a parameter on the wire, and the arguments that say how it is written, as Python source."""
        (found,) = (
            one
            for one in self.by_name[endpoint.name]["parameters"]
            if one["in"] == location and one["name"] == parameter.name.get_untrusted_value()
        )
        reserved = ", reserved=True" if location == "query" and found.get("allowReserved") else ""
        explode = f"explode={found['explode']}"
        return {"name": found["x-name"], "arguments": f'"{found["style"]}", {explode}{reserved}'}

    def encodings(self, body: Body) -> str:
        """How the fields of a form, or the parts of a multipart body, are written, as Python source."""
        content = self.by_name[self.by_body[id(body)]]["requestBody"]["content"]
        encodings = content[body.content_type.get_untrusted_value()].get("x-encodings", {})
        return repr({name: tuple(one) if isinstance(one, list) else one for name, one in encodings.items()})


def _same_modules(project: openapi_python_client.Project) -> Iterator[GeneratorError]:
    """Yields an error for each class that another one's module would overwrite."""
    classes: dict[str, str] = {}
    for one in [*project.openapi.models, *project.openapi.enums]:
        name, module = one.class_info.name, one.class_info.module_name
        if (other := classes.setdefault(module, name)) != name:
            detail = f"the classes {other} and {name} would both be {module}.py: rename a schema"
            yield ParseError(header="", detail=detail, data=getattr(one, "data", None))


def _report(errors: Sequence[GeneratorError]) -> int:
    """Prints the errors, but for those that follow from others: all that refers to a schema without a class has one."""
    said = [{"place": _place(error), "message": _message(error)} for error in errors]
    causes = [each for each in said if _WITHOUT_CLASS not in each["message"]]
    sys.stdout.write(json.dumps(causes or said) + "\n")
    return int(bool(errors))


def _place(error: GeneratorError) -> str:
    extra = getattr(getattr(error, "data", None), "model_extra", None) or {}
    return str(extra.get(PLACE, ""))


def _message(error: GeneratorError) -> str:
    said = " ".join(f"{error.header} {error.detail or ''}".split())
    same = _SAME_CLASS.search(said)
    return (
        f"{same[1]} would be the name of two classes: rename a schema or a property that it is made of"
        if same
        else said
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
